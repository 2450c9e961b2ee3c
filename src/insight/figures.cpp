// The registry: a figure is one line. A new one needs its texts in i18n and its oracle in
// insight_test.cpp; the test fails for a figure without.
#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "base/error.h"
#include "forms/form_body.h"
#include "insight/insight.h"
#include "insight/insight_sql.h"

namespace otklik {
namespace {

using namespace insight_sql;

Params params_of(const Scope& scope, const FigureQuery& query) {
    return {{"company", scope.company_id()},
            {"day_from", query.day_from},
            {"day_to", query.day_to},
            {"point", query.point_id.value}};
}

/// The columns that all statements share; rows outside the scope are dropped here.
template <class Each>
std::vector<FigureRow> read_rows(Tx& tx, const Scope& scope, Sql sql, const Params& params,
                                 Each&& each) {
    std::vector<FigureRow> rows;
    for (const Row& row : tx.rows(sql, params)) {
        FigureRow r;
        r.id = row.integer(0);
        r.place = {scope.company_id(), row.integer(1), row.maybe_integer(2).value_or(0)};
        if (!allows(scope, r.place)) continue;
        r.point_id = row.integer(3);
        r.local_day = row.integer(4);
        r.at = row.instant(5);
        if (row.flag(6)) r.part = RowPart::left_out;
        r.button_id = row.maybe_integer(7).value_or(0);
        each(row, r);
        rows.push_back(r);
    }
    return rows;
}

template <const Sql& sql>
std::vector<FigureRow> counted(Tx& tx, const Scope& scope, const FigureQuery& query) {
    return read_rows(tx, scope, sql, params_of(scope, query), [](const Row&, FigureRow&) {});
}

std::vector<FigureRow> codings(Tx& tx, const Scope& scope, const FigureQuery& query) {
    return read_rows(tx, scope, coded_signals, params_of(scope, query),
                     [](const Row& row, FigureRow& r) { r.value = row.flag(8) ? 100.0 : 0.0; });
}

template <Purpose purpose>
std::vector<FigureRow> scores(Tx& tx, const Scope& scope, const FigureQuery& query) {
    Params params = params_of(scope, query);
    params.emplace_back("purpose", enum_word(purpose));
    return read_rows(tx, scope, scored_checks, params, [](const Row& row, FigureRow& r) {
        if (!row.is_null(10))
            r.value =
                100.0 * static_cast<double>(row.integer(8)) / static_cast<double>(row.integer(9));
        else if (r.part == RowPart::counted)
            r.part = RowPart::missing;
        if (r.part != RowPart::missing) return;
        const auto why = row.maybe_text(11);
        r.reason = why ? "cannot_assess." + *why : row.is_null(8) ? "no_score" : "no_scale";
    });
}

/// Scores of an earlier system: a line of their own, in no figure of ours. They have no point.
std::vector<FigureRow> past_scores(Tx& tx, const Scope& scope, const FigureQuery& query) {
    return read_rows(
        tx, scope, imported_scores, params_of(scope, query), [](const Row& row, FigureRow& r) {
            r.value =
                100.0 * static_cast<double>(row.integer(8)) / static_cast<double>(row.integer(9));
        });
}

struct ContactAt {
    FigureRow row;
    Instant begin, end;  // a press of these instants belongs to it
};
/// Which presses belong to which contacts: X08, S3-12.
struct Served {
    std::vector<FigureRow> contacts;  // 100: a press belongs to it, 0: none
    std::vector<FigureRow> outside;   // presses of no contact, where contacts are known of the day
};

/// One press to one contact. The earliest press first takes, of the contacts that it may belong to,
/// the one that ends first: no other choice serves more of them (interval scheduling by earliest
/// deadline).
void match_point(std::vector<ContactAt>& contacts, const std::vector<FigureRow>& presses,
                 std::set<std::int64_t>& matched) {
    std::sort(contacts.begin(), contacts.end(), [](const ContactAt& a, const ContactAt& b) {
        return std::pair(a.begin, a.row.id) < std::pair(b.begin, b.row.id);
    });
    const auto ends_later = [&](std::size_t a, std::size_t b) {
        return std::pair(contacts[a].end, contacts[a].row.id) >
               std::pair(contacts[b].end, contacts[b].row.id);
    };
    std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(ends_later)> open(
        ends_later);
    std::size_t next = 0;
    for (const FigureRow& press : presses) {
        for (; next < contacts.size() && contacts[next].begin <= press.at; ++next) open.push(next);
        while (!open.empty() && contacts[open.top()].end < press.at) open.pop();
        if (open.empty()) continue;
        contacts[open.top()].row.value = 100;
        open.pop();
        matched.insert(press.id);
    }
}

/// Of the days and one more on both sides, so that a press after midnight finds its contact, and a
/// day counts the same alone and among others.
Served serve(Tx& tx, const Scope& scope, const FigureQuery& query) {
    FigureQuery wide = query;
    --wide.day_from;
    ++wide.day_to;
    std::map<std::int64_t, std::vector<ContactAt>> contacts;
    std::set<std::pair<std::int64_t, std::int64_t>> known;  // point, day
    read_rows(tx, scope, contacts_of_days, params_of(scope, wide),
              [&](const Row& row, FigureRow& r) {
                  r.value = 0;
                  known.emplace(r.point_id, r.local_day);
                  contacts[r.point_id].push_back({r, row.instant(8), row.instant(9)});
              });
    std::map<std::int64_t, std::vector<FigureRow>> presses;
    for (FigureRow& press : read_rows(tx, scope, signals_of_days, params_of(scope, wide),
                                      [](const Row&, FigureRow&) {}))
        if (press.part == RowPart::counted && contacts.contains(press.point_id))
            presses[press.point_id].push_back(std::move(press));
    Served served;
    const auto asked = [&](const FigureRow& row) {
        return row.local_day >= query.day_from && row.local_day <= query.day_to;
    };
    for (auto& [point, of_point] : contacts) {
        std::set<std::int64_t> matched;
        std::vector<FigureRow>& pressed = presses[point];
        std::sort(pressed.begin(), pressed.end(), [](const FigureRow& a, const FigureRow& b) {
            return std::pair(a.at, a.id) < std::pair(b.at, b.id);
        });
        match_point(of_point, pressed, matched);
        for (const ContactAt& each : of_point)
            if (asked(each.row)) served.contacts.push_back(each.row);
        for (const FigureRow& press : pressed)
            if (asked(press) && !matched.contains(press.id) &&
                known.contains({point, press.local_day}))
                served.outside.push_back(press);
    }
    return served;
}

std::vector<FigureRow> answered_contacts(Tx& tx, const Scope& scope, const FigureQuery& query) {
    return serve(tx, scope, query).contacts;
}
std::vector<FigureRow> presses_outside(Tx& tx, const Scope& scope, const FigureQuery& query) {
    return serve(tx, scope, query).outside;
}

constexpr FigureDef registry[] = {
    {.name = "signals",
     .kind = "signal",
     .unit = "count",
     .sums = FigureSums::presses,
     .rows = &counted<signals_of_days>},
    {.name = "signals_waiting", .kind = "clip", .unit = "count", .rows = &counted<waiting_clips>},
    {.name = "signals_failed", .kind = "clip", .unit = "count", .rows = &counted<failed_clips>},
    {.name = "check_score_standard",
     .kind = "check",
     .unit = "percent",
     .mean = true,
     .has_buttons = false,
     .rows = &scores<Purpose::standard>},
    {.name = "check_score_signal",
     .kind = "check",
     .unit = "percent",
     .mean = true,
     .rows = &scores<Purpose::signal>},
    {.name = "coding_complete",
     .kind = "signal",
     .unit = "percent",
     .mean = true,
     .share = true,
     .sums = FigureSums::coded,
     .rows = &codings},
    {.name = "past_score",
     .kind = "past",
     .unit = "percent",
     .mean = true,
     .has_buttons = false,
     .has_points = false,
     .on_demand = true,
     .rows = &past_scores},
    {.name = "response",
     .kind = "contact",
     .unit = "percent",
     .mean = true,
     .share = true,
     .has_buttons = false,
     .on_demand = true,
     .rows = &answered_contacts},
    {.name = "signals_outside",
     .kind = "signal",
     .unit = "count",
     .on_demand = true,
     .rows = &presses_outside},
};

}  // namespace

std::span<const FigureDef> figures() {
    return registry;
}

const FigureDef& get_figure(std::string_view name) {
    for (const FigureDef& figure : registry)
        if (figure.name == name) return figure;
    throw Error(Fault::not_found, "not_found");
}

}  // namespace otklik
