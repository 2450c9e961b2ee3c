// The company's own numbers: how soon things are to be done, how many contacts are to be answered.
#include <array>
#include <charconv>
#include <cstdlib>

#include "base/error.h"
#include "desk/my_day.h"
#include "people/people.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::int64_t goal_minute_us = 60'000'000;

struct GoalName {
    std::string_view setting;
    std::string_view field;
    Duration DayGoals::*goal;
};
constexpr std::string_view response_goal = "goal.response";
constexpr std::array<GoalName, 3> goal_names{{
    {"goal.signal_min", "signal_min", &DayGoals::signal},
    {"goal.complaint_min", "complaint_min", &DayGoals::complaint},
    {"goal.check_min", "check_min", &DayGoals::check},
}};

}  // namespace

DayGoals DayDesk::goals(const Scope& scope, Tx& tx) const {
    DayGoals goals;
    for (const GoalName& each : goal_names) {
        const auto text = uses_.people.setting(tx, scope.company_id(), each.setting);
        if (!text) continue;
        std::int64_t minutes = 0;
        const auto [end, error] =
            std::from_chars(text->data(), text->data() + text->size(), minutes);
        if (error == std::errc{} && end == text->data() + text->size())
            goals.*each.goal = Duration{minutes * goal_minute_us};
    }
    if (const auto text = uses_.people.setting(tx, scope.company_id(), response_goal);
        text && !text->empty())
        goals.response = std::strtoll(text->c_str(), nullptr, 10);
    return goals;
}

void DayDesk::set_goals(const Scope& scope, Tx& tx, const DayGoals& goals, std::string_view by) {
    for (const GoalName& each : goal_names) {
        const Duration goal = goals.*each.goal;
        if (goal < goal_min || goal > goal_max)
            throw Error(Fault::invalid, "day.goal",
                        {{"min", std::to_string(goal_min.us / goal_minute_us)},
                         {"max", std::to_string(goal_max.us / goal_minute_us)}})
                .at(each.field);
        uses_.people.set_setting(tx, scope.company_id(), each.setting,
                                 std::to_string(goal.us / goal_minute_us), by);
    }
    uses_.people.set_setting(tx, scope.company_id(), response_goal,
                             goals.response ? std::to_string(*goals.response) : "", by);
    tell(tx, "day.changed", scope.company_id(),
         uses_.people.root_unit(tx, scope.company_id()).value, 1);
}

}  // namespace otklik
