#include "insight/insight.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/error.h"
#include "insight/insight_sql.h"

namespace otklik {
namespace {

constexpr std::int64_t figure_days_max = 400;
constexpr std::int64_t empty_days_max = 92;  // days without rows are listed in ranges up to this
constexpr double share_half = 50;            // values of a share are 0 and 100
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
        for (const Row& row :
             tx.rows(insight_sql::names_of_company, {{"company", scope.company_id()}}))
            people_.emplace(row.integer(0), row.text(1));
    }
    std::string key(Grouping by, const FigureRow& row) const {
        if (by == Grouping::day) return format_day(row.local_day);
        if (by == Grouping::point) return word(Id<Point>{row.point_id});
        if (by == Grouping::person)
            return row.place.person_id ? word(Id<Person>{row.place.person_id})
                                       : std::string(no_group);
        const std::string key = button_key(row);
        return by == Grouping::kind ? key.substr(0, key.find(':')) : key;
    }
    std::string button_key(const FigureRow& row) const {
        const auto found = buttons_.find(row.button_id);
        return found == buttons_.end() ? std::string(no_group) : found->second.key;
    }
    /// What the query asks beyond days and point.
    bool fits(const FigureQuery& query, const FigureRow& row) const {
        if (!query.button.empty() && button_key(row) != query.button) return false;
        return !query.signal_kind || key(Grouping::kind, row) == enum_word(*query.signal_kind);
    }
    std::set<std::string> button_keys() const {
        std::set<std::string> keys;
        for (const auto& [id, name] : buttons_) keys.insert(name.key);
        return keys;
    }
    std::string label(Grouping by, const FigureRow& row) const {
        if (by == Grouping::day) return format_day(row.local_day);
        if (by == Grouping::kind) return key(by, row) == no_group ? "" : key(by, row);
        if (by == Grouping::person) return person(row);
        return by == Grouping::point ? point(row) : button(row);
    }
    std::string point(const FigureRow& row) const {
        const auto found = points_.find(row.point_id);
        return found == points_.end() ? "" : found->second;
    }
    std::string person(const FigureRow& row) const {
        const auto found = people_.find(row.place.person_id);
        return found == people_.end() ? "" : found->second;
    }
    std::string button(const FigureRow& row) const {
        const auto found = buttons_.find(row.button_id);
        return found == buttons_.end() ? "" : found->second.label;
    }

private:
    std::unordered_map<std::int64_t, ButtonName> buttons_;
    std::unordered_map<std::int64_t, std::string> points_, people_;
};

/// Collects rows and gives the number with its n and interval.
class Tally {
public:
    void add(const FigureRow& row) {
        if (row.part == RowPart::left_out) {
            ++value_.left_out;
        } else if (row.part == RowPart::missing) {
            ++value_.missing;
            ++value_.missing_by[row.reason];
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
        if (figure.share) return share(value);
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
    FigureValue share(FigureValue value) const {
        const auto hits = std::count_if(values_.begin(), values_.end(),
                                        [](double each) { return each > share_half; });
        const ShareEstimate estimate = estimate_share(hits, value.n);
        if (estimate.share) value.value = 100 * *estimate.share;
        if (estimate.interval)
            value.interval = {100 * estimate.interval->low, 100 * estimate.interval->high};
        return value;
    }

    FigureValue value_;
    std::vector<double> values_;
};

struct Group {
    std::string label;
    Tally tally;
};

bool applies(const FigureDef& figure, std::optional<Grouping> by) {
    const bool by_press = by == Grouping::button || by == Grouping::kind;
    return by && (!by_press || figure.has_buttons) && (by != Grouping::point || figure.has_points);
}

std::vector<FigureRow> rows_of(Tx& tx, const Scope& scope, const FigureDef& figure,
                               const FigureQuery& query, const GroupNames& names) {
    std::vector<FigureRow> rows = figure.rows(tx, scope, query);
    std::erase_if(rows, [&](const FigureRow& row) { return !names.fits(query, row); });
    return rows;
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
    for (const FigureRow& row : rows_of(tx, scope, figure, query, names)) {
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

std::vector<Insight::Cell> Insight::cells(const Scope& scope, Tx& tx, const FigureDef& figure,
                                          const FigureQuery& query) const {
    check_figure_query(query);
    const GroupNames names(tx, scope, sites_);
    std::map<std::tuple<std::int64_t, std::int64_t, std::string>, Cell> found;
    for (const FigureRow& row : rows_of(tx, scope, figure, query, names)) {
        if (row.part != RowPart::counted) continue;
        Cell& cell = found[{row.local_day, row.point_id, names.button_key(row)}];
        if (cell.n++ == 0)
            cell = {row.local_day,     row.point_id,     names.button_key(row),
                    names.button(row), names.point(row), 1};
    }
    std::vector<Cell> all;
    for (auto& [key, cell] : found) all.push_back(std::move(cell));
    return all;
}

std::vector<std::string> Insight::button_keys(const Scope& scope, Tx& tx) const {
    const auto keys = GroupNames(tx, scope, sites_).button_keys();
    return {keys.begin(), keys.end()};
}

FigurePage Insight::rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                         const RowsWish& wish) const {
    check_figure_query(wish.query);
    const GroupNames names(tx, scope, sites_);
    const bool one_group = applies(figure, wish.by) && !wish.group.empty();
    std::vector<FigureRow> rows;
    for (const FigureRow& row : rows_of(tx, scope, figure, wish.query, names))
        if (row.part == wish.part && (wish.reason.empty() || row.reason == wish.reason) &&
            (!one_group || names.key(*wish.by, row) == wish.group))
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
