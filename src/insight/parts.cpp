// Rows and sums of figures as parts of one tally.
#include "insight/insight_sql.h"
#include "insight/parts_inside.h"

namespace otklik {
namespace {

constexpr double share_half = 50;  // values of a share are 0 and 100

}  // namespace

void Tally::add(const FigurePart& part) {
    value_.n += part.n;
    value_.missing += part.missing;
    value_.left_out += part.left_out;
    value_.hits += part.hits;
    if (part.missing > 0) value_.missing_by[part.row.reason] += part.missing;
    if (part.row.value && part.n > 0) values_.push_back(*part.row.value);
}

FigureValue Tally::finish(const FigureDef& figure) const {
    FigureValue value = value_;
    if (!figure.mean) {
        value.value = static_cast<double>(value.n);
        return value;
    }
    if (figure.share) return share(value);
    const MeanEstimate estimate = estimate_mean(values_);
    value.value = estimate.mean;
    value.interval = estimate.interval;
    value.deviation = estimate.deviation;
    if (value.interval && figure.unit == "percent") {  // no score lies beyond the scale
        value.interval->low = std::max(value.interval->low, 0.0);
        value.interval->high = std::min(value.interval->high, 100.0);
    }
    return value;
}

FigureValue Tally::share(FigureValue value) const {
    const ShareEstimate estimate = estimate_share(value.hits, value.n);
    if (estimate.share) value.value = 100 * *estimate.share;
    if (estimate.interval)
        value.interval = {100 * estimate.interval->low, 100 * estimate.interval->high};
    return value;
}

std::vector<FigureRow> rows_of_figure(Tx& tx, const Scope& scope, const FigureDef& figure,
                                      const FigureQuery& query, const GroupNames& names) {
    std::vector<FigureRow> rows = figure.rows(tx, scope, query);
    std::erase_if(rows, [&](const FigureRow& row) { return !names.fits(query, row); });
    return rows;
}

std::set<std::int64_t> rolled_of(Tx& tx, const Scope& scope, const FigureDef& figure,
                                 const FigureQuery& query) {
    if (figure.sums == FigureSums::none) return {};
    return days_rolled(tx, scope.company_id(), query.day_from, query.day_to);
}

std::optional<FigurePart> part_of_cell(const Scope& scope, const FigureDef& figure,
                                       const FigureQuery& query, const GroupNames& names,
                                       const FigureCell& cell) {
    if (!allows(scope, cell.place)) return std::nullopt;
    FigurePart part;
    part.row.place = cell.place;
    part.row.point_id = cell.point_id;
    part.row.button_id = cell.button_id;
    part.row.local_day = cell.local_day;
    if (!names.fits(query, part.row)) return std::nullopt;
    part.n = cell.n;
    part.left_out = cell.left_out;
    if (figure.sums == FigureSums::coded) part.hits = cell.coded;
    return part;
}

FigurePart part_of_row(const FigureRow& row) {
    FigurePart part{row};
    if (row.part == RowPart::left_out)
        part.left_out = 1;
    else if (row.part == RowPart::missing)
        part.missing = 1;
    else
        part.n = 1;
    if (part.n > 0 && row.value && *row.value > share_half) part.hits = 1;
    return part;
}

std::vector<std::pair<std::int64_t, std::int64_t>> days_unrolled(
    const FigureQuery& query, const std::set<std::int64_t>& rolled) {
    std::vector<std::pair<std::int64_t, std::int64_t>> runs;
    std::int64_t from = query.day_from;
    for (const std::int64_t day : rolled) {
        if (day > from) runs.emplace_back(from, day - 1);
        from = day + 1;
    }
    if (from <= query.day_to) runs.emplace_back(from, query.day_to);
    return runs;
}

}  // namespace otklik
