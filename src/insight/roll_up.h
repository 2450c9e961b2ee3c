#pragma once
// Roll-up: how many presses stand behind each day, point, button and person, so that a year of a
// million is answered. A job counts a day anew when facts tell that one of its presses changed;
// what facts tell and the job has not counted yet is read from rows, in the reader's own
// transaction, so that a sum is never older than the rows it stands for. Owns: figure_day,
// figure_cell. Thread: any.
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/time.h"
#include "kinds/rights.h"

namespace otklik {

class Store;
class Tx;

/// Presses of one local day, point, button and person.
struct FigureCell {
    std::int64_t local_day = 0;
    std::int64_t point_id = 0;
    std::int64_t button_id = 0;  // 0: the key had no meaning
    Place place;
    std::int64_t n = 0;
    std::int64_t left_out = 0;  // withdrawn
    std::int64_t coded = 0;     // of the n: somebody wrote what exactly was said
};

class FigureRollUp {
public:
    explicit FigureRollUp(Store& store) : store_(store) {}
    /// Stage figures.roll: counts the days that new facts tell of. Returns when to look again:
    /// at once while there are more facts than one look takes.
    std::optional<Instant> roll();
    /// Stage figures.fill: counts days of the company that were never counted, some at a time.
    std::optional<Instant> fill(std::int64_t company_id);

private:
    Store& store_;
};

/// Days within [from, to] whose sums hold in this transaction.
std::set<std::int64_t> days_rolled(Tx& tx, std::int64_t company_id, std::int64_t from,
                                   std::int64_t to);
/// The sums of the days, of one point or (0) of all; the caller drops days that do not hold and
/// asks allows() for each.
std::vector<FigureCell> cells_of_days(Tx& tx, std::int64_t company_id, std::int64_t point_id,
                                      std::int64_t from, std::int64_t to);
/// The first local day after `day` with a press.
std::optional<std::int64_t> next_day_of_presses(Tx& tx, std::int64_t company_id, std::int64_t day);

}  // namespace otklik
