#include "sites/question_plan.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"
#include "sites/sites.h"
#include "sites/sites_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace sites_sql;

constexpr std::size_t prompts_max = 3;
constexpr std::size_t prompt_length_max = 200;
constexpr std::int64_t days_of_week = 7;

}  // namespace

std::int64_t weekday_of(std::int64_t day) {
    return ((day + 3) % days_of_week + days_of_week) % days_of_week;  // 1970-01-01: a Thursday
}

bool PlannedQuestion::holds(Id<Point> point, std::int64_t day) const {
    if (archived_at || (point_id && point_id != point)) return false;
    if ((weekdays >> weekday_of(day) & 1) == 0) return false;
    return day >= day_from.value_or(day) && day <= day_to.value_or(day);
}

const PlannedQuestion* planned_for(std::span<const PlannedQuestion> plan, Id<Point> point,
                                   std::int64_t day) {
    const auto rank = [](const PlannedQuestion& each) {
        return std::tuple(each.point_id.value != 0, each.day_from || each.day_to, each.id.value);
    };
    const PlannedQuestion* best = nullptr;
    for (const PlannedQuestion& each : plan)
        if (each.holds(point, day) && (!best || rank(each) > rank(*best))) best = &each;
    return best;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end != 0) lines.emplace_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

std::string text_of_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

bool prompts_are_few(const std::vector<std::string>& prompts) {
    return prompts.size() <= prompts_max &&
           std::all_of(prompts.begin(), prompts.end(), [](const std::string& line) {
               return !line.empty() && line.size() <= prompt_length_max &&
                      line.find('\n') == std::string::npos;
           });
}

Id<PlannedQuestion> Sites::plan_question(Tx& tx, const PlannedQuestion& wanted,
                                         std::string_view by) {
    const auto row = tx.row(question_of_plan, {{"id", wanted.question_id}});
    if (!row || row->integer(0) != wanted.company_id)
        throw Error(Fault::not_found, "not_found").at("question_id");
    if (wanted.weekdays < 1 || wanted.weekdays > every_weekday)
        throw Error(Fault::invalid, "plan.weekdays").at("weekdays");
    if (wanted.day_from && wanted.day_to && *wanted.day_to < *wanted.day_from)
        throw Error(Fault::invalid, "plan.days").at("day_to");
    const bool is_organic = row->flag(1);
    if (!is_organic && wanted.weekdays == every_weekday && !wanted.day_to)
        throw Error(Fault::invalid, "plan.daily").at("weekdays");
    const auto id = tx.make_id<PlannedQuestion>();
    tx.run(insert_plan, {{"id", id},
                         {"company", wanted.company_id},
                         {"unit", people_.root_unit(tx, wanted.company_id)},
                         {"point", wanted.point_id},
                         {"question", wanted.question_id},
                         {"weekdays", wanted.weekdays},
                         {"from", wanted.day_from},
                         {"to", wanted.day_to},
                         {"by", by},
                         {"at", tx.now()}});
    return id;
}

void Sites::drop_planned(Tx& tx, std::int64_t company_id, Id<PlannedQuestion> id) {
    if (tx.run(archive_plan, {{"id", id}, {"company", company_id}, {"at", tx.now()}}) == 0)
        throw Error(Fault::not_found, "not_found");
}

std::vector<PlannedQuestion> Sites::question_plan(Tx& tx, std::int64_t company_id) const {
    std::vector<PlannedQuestion> plan;
    for (const Row& row : tx.rows(plan_of_company, {{"company", company_id}}))
        plan.push_back({row.id<PlannedQuestion>(0), company_id, row.id<Point>(1),
                        row.id<Question>(2), row.integer(3), row.maybe_integer(4),
                        row.maybe_integer(5), std::nullopt});
    return plan;
}

}  // namespace otklik
