// The rows behind a figure: exactly those that its number counts.
#include <algorithm>
#include <map>

#include "insight/insight_sql.h"
#include "insight/parts_inside.h"

namespace otklik {
namespace {

bool is_newer(const FigureRow& a, const FigureRow& b) {
    return std::pair(b.at, b.id) < std::pair(a.at, a.id);
}

bool is_passed(const Insight::RowsWish& wish, const FigureRow& row) {
    return wish.after && std::pair(row.at, row.id) >= std::pair(wish.after->at, wish.after->id);
}

/// The page of sorted rows, of which the passed ones may still stand in front.
void fill_page(FigurePage& page, const Insight::RowsWish& wish, const GroupNames& names,
               const std::vector<FigureRow>& rows) {
    for (const FigureRow& row : rows) {
        if (is_passed(wish, row)) continue;
        if (static_cast<int>(page.items.size()) == wish.count_max) {
            page.next = PageKey{page.items.back().row.at, page.items.back().row.id};
            break;
        }
        page.items.push_back({row, names.point(row), names.button(row)});
    }
}

std::int64_t count_of(const FigurePart& part, RowPart wanted) {
    if (wanted == RowPart::counted) return part.n;
    return wanted == RowPart::missing ? part.missing : part.left_out;
}

// A local day lies within these instants whatever the zone (UTC-12 to UTC+14).
constexpr Duration one_day = Duration::hours(24);
Instant day_begins(std::int64_t day) {
    return Instant{} + one_day * day - Duration::hours(14);
}
Instant day_ends(std::int64_t day) {
    return Instant{} + one_day * (day + 1) + Duration::hours(12);
}

}  // namespace

/// Presses are too many to be sorted: the sums tell which days hold some, and those are read from
/// the newest on until the page is full and no older day can reach into it.
FigurePage Insight::pressed_rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                                 const RowsWish& wish) const {
    const GroupNames names(tx, scope, sites_);
    const bool one_group = figure_applies(figure, wish.by) && !wish.group.empty();
    const auto wanted = [&](const FigureRow& row) {
        return !one_group || names.key(*wish.by, row) == wish.group;
    };
    FigurePage page;
    std::map<std::int64_t, std::int64_t, std::greater<>> days;  // how many rows each holds
    each_part(tx, scope, figure, wish.query, names, rolled_of(tx, scope, figure, wish.query),
              [&](const FigurePart& part) {
                  const std::int64_t n = count_of(part, wish.part);
                  if (n == 0 || !wanted(part.row)) return;
                  days[part.row.local_day] += n;
                  page.total += n;
              });
    std::vector<FigureRow> rows;
    FigureQuery of_day = wish.query;
    for (auto day = days.begin(); day != days.end(); ++day) {
        if (wish.after && day_begins(day->first) > wish.after->at) continue;
        of_day.day_from = of_day.day_to = day->first;
        for (const FigureRow& row : rows_of_figure(tx, scope, figure, of_day, names))
            if (row.part == wish.part && wanted(row) && !is_passed(wish, row)) rows.push_back(row);
        std::sort(rows.begin(), rows.end(), is_newer);
        const auto older = std::next(day);
        const auto needed = static_cast<std::size_t>(wish.count_max) + 1;
        if (older == days.end()) break;
        if (rows.size() >= needed && rows[needed - 1].at >= day_ends(older->first)) break;
    }
    fill_page(page, wish, names, rows);
    return page;
}

FigurePage Insight::rows(const Scope& scope, Tx& tx, const FigureDef& figure,
                         const RowsWish& wish) const {
    check_figure_query(wish.query);
    if (figure.sums != FigureSums::none) return pressed_rows(scope, tx, figure, wish);
    const GroupNames names(tx, scope, sites_);
    const bool one_group = figure_applies(figure, wish.by) && !wish.group.empty();
    std::vector<FigureRow> rows;
    for (const FigureRow& row : rows_of_figure(tx, scope, figure, wish.query, names))
        if (row.part == wish.part && (wish.reason.empty() || row.reason == wish.reason) &&
            (!one_group || names.key(*wish.by, row) == wish.group))
            rows.push_back(row);
    std::sort(rows.begin(), rows.end(), is_newer);
    FigurePage page;
    page.total = static_cast<std::int64_t>(rows.size());
    fill_page(page, wish, names, rows);
    return page;
}

}  // namespace otklik
