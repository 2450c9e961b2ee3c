#pragma once
// Insight: figures people can trust. Every figure is a set of rows: the number is computed from the
// same rows that its drill-down lists, or from their sums by day (roll_up.h), which hold only while
// no row of the day changed, so they cannot differ; every figure shows n, what is missing and, for
// a mean, its interval. Days are local days of the site. Reads views of other rooms' tables, writes
// none of them. Thread: any.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "base/time.h"
#include "kinds/rights.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "stats/estimate.h"

namespace otklik {

class Tx;

enum class Grouping { day, point, button, kind, person };
template <>
inline constexpr std::pair<Grouping, std::string_view> enum_words<Grouping>[5] = {
    {Grouping::day, "day"},
    {Grouping::point, "point"},
    {Grouping::button, "button"},
    {Grouping::kind, "kind"},
    {Grouping::person, "person"}};

/// Local days, both included; at most 400 of them.
struct FigureQuery {
    std::int64_t day_from = 0;
    std::int64_t day_to = 0;
    Id<Point> point_id;                     // 0: all that the reader sees
    std::optional<SignalKind> signal_kind;  // only presses of this kind
    std::string button;  // only presses of this group of buttons, by its key; empty: all
};

/// Error{invalid, "figure.range"}.
void check_figure_query(const FigureQuery& query);

enum class RowPart {
    counted,   // one of the n
    missing,   // should count but has no value
    left_out,  // withdrawn: shown aside, in no number
};
struct FigureRow {
    std::int64_t id = 0;
    Instant at;
    Place place;
    std::int64_t point_id = 0;
    std::int64_t button_id = 0;  // 0: the key had no meaning, or no press is behind it
    std::int64_t local_day = 0;
    std::optional<double> value;  // percent; nothing where rows are only counted
    RowPart part = RowPart::counted;
    std::string reason;  // of a missing row: "no_score", "cannot_assess.<why>"
};

/// Which sums of the roll-up stand for a figure's rows.
enum class FigureSums {
    none,     // its rows are few enough to be read each time
    presses,  // one counted row per press
    coded,    // the same, with 100 for a press that has words and 0 for one that has none
};

/// A registered figure. Texts: "figure.<name>.title" and "figure.<name>.formula" of the catalogue.
struct FigureDef {
    std::string_view name;
    std::string_view kind;    // of its rows: "signal", "clip", "check"
    std::string_view unit;    // "count" or "percent"
    bool mean = false;        // of the rows' values; false: how many rows
    bool share = false;       // a mean of 0 and 100 only: Wilson's interval
    bool has_buttons = true;  // its rows stand behind a press
    bool has_points = true;   // its rows happened at a point
    bool on_demand = false;   // a line for those who have brought such rows
    FigureSums sums = FigureSums::none;
    std::vector<FigureRow> (*rows)(Tx& tx, const Scope& scope, const FigureQuery& query);
};
/// All figures, in the order of the board.
std::span<const FigureDef> figures();
/// Error{not_found}.
const FigureDef& get_figure(std::string_view name);

/// Under so many values a mean is shown as "few data".
inline constexpr std::int64_t figure_n_few = 20;

struct FigureValue {
    std::optional<double> value;  // nothing: undefined, never 0
    std::int64_t n = 0;
    std::int64_t missing = 0;
    std::int64_t left_out = 0;
    std::optional<Interval> interval;
    std::optional<double> deviation;                 // of the values of a mean that is no share
    std::int64_t hits = 0;                           // of a share
    std::map<std::string, std::int64_t> missing_by;  // by reason; their sum is `missing`
};
/// How a figure moved from one range of days to another of the same length: the difference of
/// values, in the figure's unit, with its 95 % interval.
struct FigureChange {
    std::optional<double> difference;  // nothing where one of both is undefined
    std::optional<Interval> interval;
    /// The interval leaves out 0: there is more to it than chance.
    bool is_clear() const;
};
/// Counts: as two Poisson counts. Shares: Newcombe's interval. Means: Welch's.
FigureChange change_of(const FigureDef& figure, const FigureValue& now, const FigureValue& before);
struct FigureGroup {
    // The day, the point's id word, "complaint:<label>", "complaint", the person's, or "none".
    std::string key;
    std::string label;  // empty for the key "none"
    FigureValue value;
};
struct FigureResult {
    FigureValue value;
    std::vector<FigureGroup>
        groups;  // every row is in exactly one; empty where the grouping does not apply
};
struct FigurePage {
    struct Item {
        FigureRow row;
        std::string point_name;
        std::string button_label;
    };
    std::vector<Item> items;  // newest first
    std::optional<PageKey> next;
    std::int64_t total = 0;
};

class Insight {
public:
    explicit Insight(Sites& sites) : sites_(sites) {}
    /// Error{invalid, "figure.range"}.
    FigureResult compute(const Scope& scope, Tx& tx, const FigureDef& figure,
                         const FigureQuery& query, std::optional<Grouping> by) const;
    struct RowsWish {
        FigureQuery query;
        std::optional<Grouping> by;
        std::string group;  // key of one group; empty: all
        RowPart part = RowPart::counted;
        std::string reason;  // of missing rows; empty: all
        std::optional<PageKey> after;
        int count_max = 50;
    };
    /// How many rows of a figure of presses are counted, by local day, point and button.
    struct Cell {
        std::int64_t local_day = 0;
        std::int64_t point_id = 0;
        std::string button;  // key of its group
        std::string button_label;
        std::string point_name;
        std::int64_t n = 0;
    };
    std::vector<Cell> cells(const Scope& scope, Tx& tx, const FigureDef& figure,
                            const FigureQuery& query) const;
    /// Keys of all groups of buttons, sorted.
    std::vector<std::string> button_keys(const Scope& scope, Tx& tx) const;
    /// The rows behind the figure or one group of it.
    FigurePage rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                    const RowsWish& wish) const;

private:
    FigurePage pressed_rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                            const RowsWish& wish) const;

    Sites& sites_;
};

}  // namespace otklik
