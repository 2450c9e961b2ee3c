#include "insight/insight.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/error.h"
#include "insight/insight_sql.h"
#include "signals/signals.h"

namespace otklik {
namespace {

constexpr std::int64_t figure_days_max = 400;
constexpr std::int64_t empty_days_max = 92;  // days without rows are listed in ranges up to this
constexpr std::string_view no_group = "none";

struct ButtonName {
    std::string key;
    std::string label;
};

/// Keys and labels of groups. Buttons of one kind and label are one group, over all devices and map
/// versions.
class GroupNames {
public:
    GroupNames(Tx& tx, const Scope& scope, const Sites& sites) {
        for (const Row& row :
             tx.rows(insight_sql::buttons_of_company, {{"company", scope.company_id()}}))
            buttons_.emplace(row.integer(0),
                             ButtonName{row.text(1) + ":" + row.text(2), row.text(2)});
        for (const Point& point : sites.points(scope, tx))
            points_.emplace(point.id.value, point.name);
    }
    std::string key(Grouping by, const FigureRow& row) const {
        if (by == Grouping::day) return format_day(row.local_day);
        if (by == Grouping::point) return word(Id<Point>{row.point_id});
        const auto found = buttons_.find(row.button_id);
        return found == buttons_.end() ? std::string(no_group) : found->second.key;
    }
    std::string label(Grouping by, const FigureRow& row) const {
        if (by == Grouping::day) return format_day(row.local_day);
        return by == Grouping::point ? point(row) : button(row);
    }
    std::string point(const FigureRow& row) const {
        const auto found = points_.find(row.point_id);
        return found == points_.end() ? "" : found->second;
    }
    std::string button(const FigureRow& row) const {
        const auto found = buttons_.find(row.button_id);
        return found == buttons_.end() ? "" : found->second.label;
    }

private:
    std::unordered_map<std::int64_t, ButtonName> buttons_;
    std::unordered_map<std::int64_t, std::string> points_;
};

/// Collects rows and gives the number with its n and interval.
class Tally {
public:
    void add(const FigureRow& row) {
        if (row.part == RowPart::left_out) {
            ++value_.left_out;
        } else if (row.part == RowPart::missing) {
            ++value_.missing;
        } else {
            ++value_.n;
            if (row.value) values_.push_back(*row.value);
        }
    }
    FigureValue finish(const FigureDef& figure) const {
        FigureValue value = value_;
        if (!figure.mean) {
            value.value = static_cast<double>(value.n);
            return value;
        }
        const MeanEstimate estimate = estimate_mean(values_);
        value.value = estimate.mean;
        value.interval = estimate.interval;
        if (value.interval && figure.unit == "percent") {  // no score lies beyond the scale
            value.interval->low = std::max(value.interval->low, 0.0);
            value.interval->high = std::min(value.interval->high, 100.0);
        }
        return value;
    }

private:
    FigureValue value_;
    std::vector<double> values_;
};

struct Group {
    std::string label;
    Tally tally;
};

bool applies(const FigureDef& figure, std::optional<Grouping> by) {
    return by && (*by != Grouping::button || figure.has_buttons);
}

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
    const bool grouped = applies(figure, by);
    std::map<std::string, Group> groups;
    if (grouped && *by == Grouping::day && query.day_to - query.day_from < empty_days_max)
        for (std::int64_t day = query.day_from; day <= query.day_to; ++day)
            groups[format_day(day)].label = format_day(day);
    Tally all;
    for (const FigureRow& row : figure.rows(tx, scope, query)) {
        all.add(row);
        if (!grouped) continue;
        Group& group = groups[names.key(*by, row)];
        if (group.label.empty()) group.label = names.label(*by, row);
        group.tally.add(row);
    }
    FigureResult result{.value = all.finish(figure)};
    for (const auto& [key, group] : groups)
        result.groups.push_back({key, group.label, group.tally.finish(figure)});
    return result;
}

FigurePage Insight::rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                         const RowsWish& wish) const {
    check_figure_query(wish.query);
    const GroupNames names(tx, scope, sites_);
    const bool one_group = applies(figure, wish.by) && !wish.group.empty();
    std::vector<FigureRow> rows;
    for (const FigureRow& row : figure.rows(tx, scope, wish.query))
        if (row.part == wish.part && (!one_group || names.key(*wish.by, row) == wish.group))
            rows.push_back(row);
    std::sort(rows.begin(), rows.end(), [](const FigureRow& a, const FigureRow& b) {
        return std::pair(b.at, b.id) < std::pair(a.at, a.id);
    });
    FigurePage page;
    page.total = static_cast<std::int64_t>(rows.size());
    for (const FigureRow& row : rows) {
        if (wish.after && std::pair(row.at, row.id) >= std::pair(wish.after->at, wish.after->id))
            continue;
        if (static_cast<int>(page.items.size()) == wish.count_max) {
            page.next = PageKey{page.items.back().row.at, page.items.back().row.id};
            break;
        }
        page.items.push_back({row, names.point(row), names.button(row)});
    }
    return page;
}

}  // namespace otklik
