#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "recording/recording.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace recording_sql;

constexpr Duration session_length_max = Duration::hours(25);  // 24 h, and a clock that runs late

ClockMap map_of(const Row& row, std::size_t first) {
    return {row.id<ClockMap>(first), row.integer(first + 1), parse_map_points(row.text(first + 2)),
            row.duration(first + 3)};
}

/// Equal coverage gives equal words; anything the cutter reads changes it.
std::string version_of(const Coverage& c) {
    std::string text;
    const auto add = [&](std::int64_t n) { text += std::to_string(n) + ' '; };
    for (const Stretch& s : c.stretches) {
        add(s.session.id.value);
        add(s.map.id.value);
        add(s.session.length_samples);
        add(s.session.at.begin.us);
        add(s.session.at.end.us);
    }
    text += '|';
    for (const Gap& g : c.gaps) {
        add(g.id);
        add(g.at.begin.us);
        add(g.at.end.us);
    }
    text += '|';
    if (c.next_begin) add(c.next_begin->us);
    text += '|';
    if (c.newest_end) add(c.newest_end->us);
    text += '|';
    if (c.open_since) add(c.open_since->us);
    return hex(sha256(text)).substr(0, 32);
}

bool is_supposed(std::span<const Stretch> supposed, Id<RecordingSession> id) {
    return std::any_of(supposed.begin(), supposed.end(),
                       [&](const Stretch& s) { return s.session.id == id; });
}

/// Begin of the point's first session at or after `at`.
std::optional<Instant> next_begin(Tx& tx, Id<Point> point, Instant at,
                                  std::span<const Stretch> supposed) {
    std::optional<Instant> next;
    for (const Row& row :
         tx.rows(next_sessions, {{"point", point},
                                 {"at", at},
                                 {"count", static_cast<std::int64_t>(supposed.size()) + 1}})) {
        if (is_supposed(supposed, row.id<RecordingSession>(0))) continue;
        next = row.instant(1);
        break;
    }
    for (const Stretch& s : supposed)
        if (s.session.point_id == point && s.session.at.begin >= at && !s.session.is_fragment)
            next = std::min(next.value_or(s.session.at.begin), s.session.at.begin);
    return next;
}

/// The newest end of the point's sessions that began before `at`: 25 h before the last of them are
/// enough within a working week, and months of them when the point was silent for long.
std::optional<Instant> newest_end(Tx& tx, Id<Point> point, Instant at,
                                  std::span<const Stretch> supposed) {
    std::optional<Instant> newest;
    for (const Stretch& s : supposed)
        if (s.session.point_id == point && s.session.at.begin < at && !s.session.is_fragment)
            newest = std::max(newest.value_or(s.session.at.end), s.session.at.end);
    for (const Duration back : {session_length_max, Duration::days(31), Duration::days(4000)}) {
        const Params within{{"point", point}, {"from", at - back}, {"at", at}};
        std::optional<Instant> found;
        if (supposed.empty()) {
            const auto row = tx.row(newest_session, within);
            if (row && !row->is_null(0)) found = row->instant(0);
        } else {
            for (const Row& row : tx.rows(ends_of_sessions, within))
                if (!is_supposed(supposed, row.id<RecordingSession>(0)))
                    found = std::max(found.value_or(row.instant(1)), row.instant(1));
        }
        if (found) return std::max(newest.value_or(*found), *found);
    }
    return newest;
}

constexpr std::string_view gap_causes[] = {
    "off", "network", "overflow", "torn", "dead_microphone", "paused", "erased", "not_uploaded"};

}  // namespace

Coverage Recording::coverage(const Scope& scope, Tx& tx, Id<Point> point, TimeRange range,
                             std::span<const Stretch> supposed) const {
    Coverage c;
    if (!sites_.find_point(scope, tx, point)) return c;
    const auto add = [&](const RecordingSession& session, ClockMap map) {
        if (!allows(scope, {session.company_id, session.unit.value, 0})) return;
        c.stretches.push_back({session, std::move(map)});
    };
    for (const Row& row : tx.rows(sessions_meeting, {{"point", point},
                                                     {"from", range.begin - session_length_max},
                                                     {"begin", range.begin},
                                                     {"end", range.end}}))
        if (!is_supposed(supposed, row.id<RecordingSession>(0)))
            add(session_of(row), map_of(row, 14));
    for (const Stretch& s : supposed)
        if (s.session.point_id == point && s.session.at.overlaps(range) && !s.session.is_fragment)
            add(s.session, s.map);
    if (!supposed.empty())
        std::sort(c.stretches.begin(), c.stretches.end(), [](const Stretch& a, const Stretch& b) {
            return std::pair(a.session.at.begin, a.session.id) <
                   std::pair(b.session.at.begin, b.session.id);
        });
    for (const Row& row :
         tx.rows(gaps_meeting, {{"point", point}, {"begin", range.begin}, {"end", range.end}}))
        c.gaps.push_back({row.integer(0),
                          {row.instant(1), row.instant(2)},
                          row.text(3),
                          row.id<Recorder>(4),
                          row.instant(5)});
    c.next_begin = next_begin(tx, point, range.end, supposed);
    c.newest_end = newest_end(tx, point, range.end, supposed);
    if (const auto row = tx.row(open_session, {{"point", point}}))
        c.open_since = row->maybe_instant(0);
    c.sources_version = version_of(c);
    return c;
}

std::optional<RecordingSession> Recording::find_session(const Scope& scope, Tx& tx,
                                                        Id<RecordingSession> id) const {
    const auto row = tx.row(recording_sql::find_session, {{"id", id}});
    if (!row) return std::nullopt;
    RecordingSession session = session_of(*row);
    if (!allows(scope, {session.company_id, session.unit.value, 0})) return std::nullopt;
    return session;
}

std::optional<PageKey> Recording::sessions(const Scope& scope, Tx& tx, const SessionFilter& filter,
                                           std::optional<PageKey> after, int count_max,
                                           std::vector<RecordingSession>& out) const {
    std::map<std::int64_t, std::string> zones;  // by point: a page meets few of them
    const auto in_days = [&](const RecordingSession& s) {
        auto [at, fresh] = zones.try_emplace(s.point_id.value);
        if (fresh) at->second = sites_.get_point(Scope::system(), tx, s.point_id).zone;
        const std::int64_t day = local_day(s.at.begin, at->second);
        return day >= filter.first_day.value_or(day) && day <= filter.last_day.value_or(day);
    };
    return walk_sight(tx, scope, "recording", filter.begin_in, after, count_max,
                      [&](const Seen& seen) {
                          auto s = find_session(scope, tx, {seen.id});
                          if (!s) return false;
                          if (filter.point && s->point_id != filter.point) return false;
                          if (filter.recorder && s->recorder_id != filter.recorder) return false;
                          if ((filter.first_day || filter.last_day) && !in_days(*s)) return false;
                          out.push_back(*s);
                          return true;
                      });
}

std::optional<Original> Recording::original(Tx& tx, const RecordingSession& session) const {
    if (session.original_id == 0) return std::nullopt;
    const auto row = tx.row(find_original, {{"id", session.original_id}});
    if (!row) return std::nullopt;
    Original o;
    o.id = row->integer(0);
    o.media_file_id = row->id<StoredFile>(1);
    o.sha256 = row->blob(2);
    o.started_at = row->instant(3);
    o.start_source = row->text(4);
    o.name = row->text(5);
    o.format = row->text(6);
    o.sample_rate = row->integer(7);
    o.channels = row->integer(8);
    const std::string& words = row->text(9);
    for (std::size_t i = 0; i < words.size();) {
        const std::size_t end = std::min(words.find(' ', i), words.size());
        o.warnings.push_back(words.substr(i, end - i));
        i = end + 1;
    }
    o.silent = row->flag(10);
    o.imported_by = row->text(11);
    o.imported_at = row->instant(12);
    return o;
}

std::vector<Track> Recording::tracks(Tx& tx, Id<RecordingSession> id) const {
    std::vector<Track> all;
    for (const Row& row : tx.rows(tracks_of_session, {{"session", id}}))
        all.push_back({row.id<Track>(0), row.integer(1), row.text(2), row.integer(3),
                       row.id<StoredFile>(4), row.flag(5)});
    return all;
}

ClockMap Recording::clock_map(Tx& tx, Id<RecordingSession> id) const {
    const auto row = tx.row(newest_map, {{"session", id}});
    if (!row) throw Error(Fault::not_found, "not_found");
    return map_of(*row, 0);
}

ClockMap Recording::find_map(Tx& tx, Id<ClockMap> id) const {
    const auto row = tx.row(recording_sql::find_map, {{"id", id}});
    if (!row) throw Error(Fault::not_found, "not_found");
    return map_of(*row, 0);
}

Id<ClockMap> Recording::append_map(Tx& tx, const RecordingSession& session, const ClockMap& map,
                                   std::string_view anchors) {
    const auto id = tx.make_id<ClockMap>();
    const std::int64_t number = clock_map(tx, session.id).number + 1;
    const TimeRange at{map.at(0), map.at(session.length_samples)};
    tx.run(insert_map, {{"id", id},
                        {"company", session.company_id},
                        {"unit", session.unit},
                        {"session", session.id},
                        {"number", number},
                        {"points", map_points_text(map)},
                        {"anchors", anchors},
                        {"uncertainty", map.uncertainty},
                        {"at", tx.now()}});
    tx.run(follow_map, {{"id", session.id},
                        {"begin", at.begin},
                        {"end", at.end},
                        {"uncertainty", map.uncertainty}});
    move_in_sight(tx, "recording", session.id.value, at.begin);
    return id;
}

std::vector<Recording::SegmentRef> Recording::segments(Tx& tx, Id<Track> track,
                                                       std::int64_t first_packet,
                                                       std::int64_t last_packet) const {
    constexpr std::int64_t packet = 960, minute = 60 * samples_per_second;
    std::vector<SegmentRef> all;
    for (const Row& row :
         tx.rows(segments_of_track, {{"track", track},
                                     {"first", first_packet},
                                     {"last", last_packet},
                                     {"from_sample", first_packet * packet - 2 * minute},
                                     {"to_sample", last_packet * packet}}))
        all.push_back({row.id<StoredFile>(0), row.integer(1), row.integer(2), row.integer(3),
                       row.integer(4), row.blob(5), row.integer(6), row.integer(7), nullptr});
    add_tail(tx, track, first_packet, last_packet, all);
    return all;
}

std::string Recording::original_sha256(Tx& tx, Id<RecordingSession> id) const {
    const auto row = tx.row(original_of_session, {{"id", id}});
    return row ? row->blob(0) : std::string();
}

std::int64_t Recording::declare_gap(Tx& tx, const Point& point, Id<Recorder> recorder,
                                    TimeRange range, std::string_view cause) {
    if (range.empty()) throw Error(Fault::invalid, "range.empty").at("end_at");
    if (std::find(std::begin(gap_causes), std::end(gap_causes), cause) == std::end(gap_causes))
        throw Error(Fault::invalid, "gap.cause").at("cause");
    const std::int64_t id = tx.next_id();
    tx.run(insert_gap, {{"id", id},
                        {"company", point.company_id},
                        {"unit", point.unit},
                        {"point", point.id},
                        {"recorder", recorder.value},  // 0: whichever stands at the point
                        {"begin", range.begin},
                        {"end", range.end},
                        {"cause", cause},
                        {"at", tx.now()}});
    tell(tx, "recording.gap", point.company_id, point.unit.value, id);
    return id;
}

std::optional<std::pair<Id<Point>, Gap>> Recording::find_gap(Tx& tx, std::int64_t id) const {
    const auto row = tx.row(recording_sql::find_gap, {{"id", id}});
    if (!row) return std::nullopt;
    return std::pair{row->id<Point>(0),
                     Gap{id, {row->instant(1), row->instant(2)}, row->text(3), {}, {}}};
}

}  // namespace otklik
