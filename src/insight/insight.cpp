// Figures: the number, its groups, its cells.
#include "insight/insight.h"

#include <map>
#include <tuple>

#include "base/error.h"
#include "insight/insight_sql.h"
#include "insight/parts_inside.h"

namespace otklik {
namespace {

constexpr std::int64_t figure_days_max = 400;
constexpr std::int64_t empty_days_max = 92;  // days without rows are listed in ranges up to this

struct Group {
    std::string label;
    Tally tally;
};

}  // namespace

void check_figure_query(const FigureQuery& query) {
    if (query.day_to < query.day_from || query.day_to - query.day_from >= figure_days_max)
        throw Error(Fault::invalid, "figure.range", {{"days", std::to_string(figure_days_max)}})
            .at("to");
}

FigureResult Insight::compute(const Scope& scope, Tx& tx, const FigureDef& figure,
                              const FigureQuery& query, std::optional<Grouping> by) const {
    check_figure_query(query);
    const GroupNames names(tx, scope, sites_);
    const bool grouped = figure_applies(figure, by);
    std::map<std::string, Group> groups;
    if (grouped && *by == Grouping::day && query.day_to - query.day_from < empty_days_max)
        for (std::int64_t day = query.day_from; day <= query.day_to; ++day)
            groups[format_day(day)].label = format_day(day);
    Tally all;
    each_part(tx, scope, figure, query, names, rolled_of(tx, scope, figure, query),
              [&](const FigurePart& part) {
                  all.add(part);
                  if (!grouped) return;
                  Group& group = groups[names.key(*by, part.row)];
                  if (group.label.empty()) group.label = names.label(*by, part.row);
                  group.tally.add(part);
              });
    FigureResult result{.value = all.finish(figure)};
    for (const auto& [key, group] : groups)
        result.groups.push_back({key, group.label, group.tally.finish(figure)});
    return result;
}

std::vector<Insight::Cell> Insight::cells(const Scope& scope, Tx& tx, const FigureDef& figure,
                                          const FigureQuery& query) const {
    check_figure_query(query);
    const GroupNames names(tx, scope, sites_);
    std::map<std::tuple<std::int64_t, std::int64_t, std::string>, Cell> found;
    each_part(tx, scope, figure, query, names, rolled_of(tx, scope, figure, query),
              [&](const FigurePart& part) {
                  if (part.n == 0) return;
                  const FigureRow& row = part.row;
                  Cell& cell = found[{row.local_day, row.point_id, names.button_key(row)}];
                  if (cell.n == 0)
                      cell = {row.local_day,     row.point_id,     names.button_key(row),
                              names.button(row), names.point(row), 0};
                  cell.n += part.n;
              });
    std::vector<Cell> all;
    for (auto& [key, cell] : found) all.push_back(std::move(cell));
    return all;
}

std::vector<std::string> Insight::button_keys(const Scope& scope, Tx& tx) const {
    const auto keys = GroupNames(tx, scope, sites_).button_keys();
    return {keys.begin(), keys.end()};
}

}  // namespace otklik
