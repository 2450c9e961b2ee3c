// The registry: a figure is one line. A new one needs its texts in i18n and its oracle in
// insight_test.cpp; the test fails for a figure without.
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
     .rows = &past_scores},
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
