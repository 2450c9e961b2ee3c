#pragma once
// Whether points answer as often as the company's goal (goal.response) wants: of the seven whole
// days before today, and only where chance cannot explain it: the upper end of Wilson's interval
// lies below the goal. A point with fewer than figure_n_few contacts is not judged. Looked at once
// an hour, and when the goal was changed. Thread: one.
#include <optional>
#include <vector>

#include "alarms/alarms.h"
#include "base/clock.h"
#include "base/every.h"

namespace otklik {

class DayDesk;
class Insight;
class Store;

inline constexpr std::int64_t response_days = 7;

class ResponseJudge {
public:
    ResponseJudge(Store& store, const DayDesk& day, const Insight& insight, const Sites& sites,
                  const Clock& clock)
        : store_(store), day_(day), insight_(insight), sites_(sites), clock_(clock) {}
    /// Every point that can be judged; nothing when it is not due.
    std::optional<std::vector<Judged>> judge(std::int64_t company_id);

private:
    std::vector<Judged> look(Tx& tx, std::int64_t company_id, std::int64_t goal_percent) const;

    Store& store_;
    const DayDesk& day_;
    const Insight& insight_;
    const Sites& sites_;
    const Clock& clock_;
    Every looking_{Duration::hours(1)};
    std::optional<std::int64_t> goal_;
};

}  // namespace otklik
