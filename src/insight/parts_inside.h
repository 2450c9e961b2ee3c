#pragma once
// Names of groups, rows and sums of a figure, and their tally; private to the room.
// Thread: values; a GroupNames belongs to one request.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "insight/insight.h"
#include "insight/roll_up.h"

namespace otklik {

inline constexpr std::string_view no_group = "none";

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

/// What stands for one or many rows of the same place, day, point and button.
struct FigurePart {
    FigureRow row;  // of a sum only its place, day, point and button
    std::int64_t n = 0, missing = 0, left_out = 0;
    std::int64_t hits = 0;  // of the n, with the value 100
};

/// Collects parts and gives the number with its n and interval.
class Tally {
public:
    void add(const FigurePart& part);
    FigureValue finish(const FigureDef& figure) const;

private:
    FigureValue share(FigureValue value) const;

    FigureValue value_;
    std::vector<double> values_;
};

inline bool figure_applies(const FigureDef& figure, std::optional<Grouping> by) {
    const bool by_press = by == Grouping::button || by == Grouping::kind;
    return by && (!by_press || figure.has_buttons) && (by != Grouping::point || figure.has_points);
}

/// Rows of the query that the reader may see.
std::vector<FigureRow> rows_of_figure(Tx& tx, const Scope& scope, const FigureDef& figure,
                                      const FigureQuery& query, const GroupNames& names);
/// The same as parts: sums for the days in `rolled`, single rows for all others. `take` may be
/// given them in any order.
template <class Take>
void each_part(Tx& tx, const Scope& scope, const FigureDef& figure, const FigureQuery& query,
               const GroupNames& names, const std::set<std::int64_t>& rolled, Take&& take);

/// Days of the query whose sums hold; none where the figure has no sums.
std::set<std::int64_t> rolled_of(Tx& tx, const Scope& scope, const FigureDef& figure,
                                 const FigureQuery& query);
/// A sum as a part; nothing when the reader or the query leaves it out.
std::optional<FigurePart> part_of_cell(const Scope& scope, const FigureDef& figure,
                                       const FigureQuery& query, const GroupNames& names,
                                       const FigureCell& cell);
FigurePart part_of_row(const FigureRow& row);
/// Runs of days of the query that are not in `rolled`, both ends included.
std::vector<std::pair<std::int64_t, std::int64_t>> days_unrolled(
    const FigureQuery& query, const std::set<std::int64_t>& rolled);

template <class Take>
void each_part(Tx& tx, const Scope& scope, const FigureDef& figure, const FigureQuery& query,
               const GroupNames& names, const std::set<std::int64_t>& rolled, Take&& take) {
    if (!rolled.empty())
        for (const FigureCell& cell : cells_of_days(tx, scope.company_id(), query.point_id.value,
                                                    query.day_from, query.day_to)) {
            if (!rolled.contains(cell.local_day)) continue;
            if (const auto part = part_of_cell(scope, figure, query, names, cell)) take(*part);
        }
    FigureQuery run = query;
    for (const auto& [from, to] : days_unrolled(query, rolled)) {
        run.day_from = from;
        run.day_to = to;
        for (const FigureRow& row : rows_of_figure(tx, scope, figure, run, names))
            take(part_of_row(row));
    }
}

}  // namespace otklik
