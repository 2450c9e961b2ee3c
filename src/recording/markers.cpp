#include "recording/markers.h"

#include <algorithm>

#include "align/marker.h"
#include "base/error.h"
#include "recording/markers_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

namespace {

using markers_sql::find_marker;
using markers_sql::insert_marker;
using markers_sql::same_marker;
using markers_sql::sessions_of_point;
using markers_sql::turns_of_session;

constexpr std::size_t mark_id_length_max = 64;
constexpr Duration ahead_max = Duration::seconds(60);
constexpr Duration behind_max = Duration::days(366);
constexpr Duration uncertainty_max = Duration::hours(24);
constexpr Duration latency_max = Duration::seconds(10);
constexpr std::int64_t markers_max = 4'000;
constexpr Duration reach_min = Duration::hours(1), reach_max = Duration::hours(24);
constexpr Duration session_length_max = Duration::hours(25);

Marker marker_of(const Row& row) {
    return {row.id<Marker>(0), row.id<Point>(1), row.integer(2),  row.text(3),
            row.integer(4),    row.instant(5),   row.duration(6), row.duration(7)};
}

void require_sound(const Marker& marker, Instant now) {
    const auto visible = [](char c) { return c > ' ' && c < 127; };
    if (marker.mark_id.empty() || marker.mark_id.size() > mark_id_length_max ||
        !std::all_of(marker.mark_id.begin(), marker.mark_id.end(), visible))
        throw Error(Fault::invalid, "marker.id").at("mark_id");
    if (marker.code < 0 || marker.code >= align::marker_codes)
        throw Error(Fault::invalid, "marker.code").at("code");
    if (marker.at > now + ahead_max || marker.at < now - behind_max)
        throw Error(Fault::invalid, "marker.time").at("played_at");
}

}  // namespace

Duration marker_reach(Duration uncertainty) {
    return std::clamp(uncertainty * 2, reach_min, reach_max);
}

Id<Marker> keep_marker(Tx& tx, const Point& point, const Marker& marker) {
    require_sound(marker, tx.now());
    const auto id = tx.make_id<Marker>();
    const bool fresh =
        tx.run(insert_marker,
               {{"id", id},
                {"company", point.company_id},
                {"unit", point.unit},
                {"point", point.id},
                {"device", marker.device_id},
                {"mark", marker.mark_id},
                {"code", marker.code},
                {"played", marker.at},
                {"uncertainty", std::clamp(marker.uncertainty, Duration{}, uncertainty_max)},
                {"latency", std::clamp(marker.latency, Duration{}, latency_max)},
                {"at", tx.now()}}) == 1;
    if (fresh) {
        tell(tx, "marker.played", point.company_id, point.unit.value, id.value);
        return id;
    }
    const auto row = tx.row(same_marker, {{"device", marker.device_id}, {"mark", marker.mark_id}});
    if (!row) throw Error(Fault::busy, "press.moved");
    // Its instant is reckoned anew at each sending and may differ by what nobody knows of it.
    if (row->integer(1) != marker.code) throw Error(Fault::conflict, "marker.differs").at("code");
    return row->id<Marker>(0);
}

std::vector<Marker> markers_played(Tx& tx, std::int64_t company, Id<Point> point, TimeRange range) {
    std::vector<Marker> all;
    Params within{{"begin", range.begin}, {"end", range.end}, {"count", markers_max}};
    within.emplace_back("point", point);
    for (const Row& row : tx.rows(markers_sql::markers_of_point, within))
        all.push_back(marker_of(row));
    within.back() = {"company", company};
    for (const Row& row : tx.rows(markers_sql::markers_between, within))
        if (Marker other = marker_of(row); other.point_id != point) all.push_back(std::move(other));
    std::stable_sort(all.begin(), all.end(),
                     [](const Marker& a, const Marker& b) { return a.at < b.at; });
    return all;
}

std::vector<Id<RecordingSession>> recordings_near(Tx& tx, Id<Marker> id) {
    std::vector<Id<RecordingSession>> near;
    const auto row = tx.row(find_marker, {{"id", id}});
    if (!row) return near;
    const Marker marker = marker_of(*row);
    for (const Row& each :
         tx.rows(sessions_of_point, {{"point", marker.point_id},
                                     {"from", marker.at - reach_max - session_length_max},
                                     {"end", marker.at + reach_max}})) {
        const Duration reach = marker_reach(each.duration(3)) + marker.uncertainty;
        if (TimeRange{each.instant(1) - reach, each.instant(2) + reach}.contains(marker.at))
            near.push_back(each.id<RecordingSession>(0));
    }
    return near;
}

std::vector<MarkerJudgement> marker_judgements(Tx& tx, Id<RecordingSession> id) {
    std::vector<MarkerJudgement> all;
    for (const Row& row : tx.rows(turns_of_session, {{"session", id}}))
        all.push_back({marker_of(row), row.text(8), row.text(9), row.maybe_integer(10)});
    std::sort(all.begin(), all.end(), [](const MarkerJudgement& a, const MarkerJudgement& b) {
        return a.marker.at < b.marker.at;
    });
    return all;
}

}  // namespace otklik
