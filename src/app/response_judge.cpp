#include "app/response_judge.h"

#include <fmt/format.h>

#include <cmath>

#include "base/calendar.h"
#include "desk/my_day.h"
#include "insight/insight.h"
#include "store/store.h"

namespace otklik {
namespace {

/// "27.11".
std::string shown_day(std::int64_t day) {
    const std::string text = format_day(day);  // 2026-11-27
    return text.substr(8, 2) + "." + text.substr(5, 2);
}

}  // namespace

std::optional<std::vector<Judged>> ResponseJudge::judge(std::int64_t company_id) {
    const auto goal =
        store_.read([&](Tx& tx) { return day_.goals(Scope::console(company_id), tx).response; });
    const bool due = looking_.is_due(clock_.now());
    if (!due && goal == goal_) return std::nullopt;
    goal_ = goal;
    if (!goal) return std::vector<Judged>{};
    return store_.read([&](Tx& tx) { return look(tx, company_id, *goal); });
}

std::vector<Judged> ResponseJudge::look(Tx& tx, std::int64_t company_id,
                                        std::int64_t goal_percent) const {
    const Scope scope = Scope::console(company_id);
    const std::string zone = sites_.home_zone(tx, company_id);
    FigureQuery query;
    query.day_to = local_day(clock_.now(), zone) - 1;
    query.day_from = query.day_to - response_days + 1;
    const FigureResult result =
        insight_.compute(scope, tx, get_figure("response"), query, Grouping::point);
    std::vector<Judged> judged;
    for (const FigureGroup& group : result.groups) {
        const auto id = parse_id_word(id_prefix<Point>, group.key);
        const auto point = id ? sites_.find_point(scope, tx, {*id}) : std::nullopt;
        const FigureValue& value = group.value;
        if (!point || point->archived_at || value.n < figure_n_few || !value.interval) continue;
        Judged each;
        each.cause = AlarmCause::response;
        each.subject = point->id.value;
        each.unit = point->unit;
        each.point_id = point->id;
        each.wrong = value.interval->high < static_cast<double>(goal_percent);
        each.since = local_midnight(query.day_from, point->zone);
        each.params = {{"percent", fmt::format("{:.0f}", std::floor(value.value.value_or(0)))},
                       {"goal", fmt::format("{}", goal_percent)},
                       {"day", shown_day(query.day_to)}};
        judged.push_back(std::move(each));
    }
    return judged;
}

}  // namespace otklik
