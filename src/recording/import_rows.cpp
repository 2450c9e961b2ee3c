#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "store/facts.h"

namespace otklik {
namespace {

using namespace recording_sql;

constexpr Instant earliest_start{1'104'537'600'000'000};  // 2005-01-01: older clocks were never set
constexpr Duration ahead_max = Duration::hours(24);       // a zone mistaken, a clock fast by hours

void insert_new_track(Tx& tx, const Point& point, Id<RecordingSession> session,
                      const NewTrack& track) {
    const auto id = tx.make_id<Track>();
    tx.run(insert_track, {{"id", id},
                          {"company", point.company_id},
                          {"unit", point.unit},
                          {"session", session},
                          {"channel", track.channel},
                          {"role", track.role},
                          {"pre_skip", 312},
                          {"peaks", track.peaks.id},
                          {"rms", track.rms_centidb},
                          {"peak", track.peak_centidb},
                          {"clipped", track.clipped_samples},
                          {"silent", track.silent}});
    insert_segments(tx, point.company_id, point.unit, id, track.segments);
}

}  // namespace

NewSegment segment_in(const StoredFile& file, const SegmentRow& row) {
    const std::int64_t first = first_packet(row);
    return {file,
            row.byte_begin,
            row.byte_count,
            first,
            end_packet(row) - first,
            row.first_sample,
            row.sample_count,
            parse_hex(row.sha256).value_or(""),
            page_index_bytes(row.pages)};
}

void insert_segments(Tx& tx, std::int64_t company, Id<Unit> unit, Id<Track> track,
                     std::span<const NewSegment> segments) {
    std::vector<Params> rows;
    for (const NewSegment& s : segments)
        rows.push_back({{"id", tx.next_id()},
                        {"company", company},
                        {"unit", unit},
                        {"track", track},
                        {"file", s.file.id},
                        {"byte_begin", s.byte_begin},
                        {"byte_count", s.byte_count},
                        {"first_packet", s.first_packet},
                        {"packet_count", s.packet_count},
                        {"first_sample", s.first_sample},
                        {"sample_count", s.sample_count},
                        {"sha256", Bytes{s.sha256}},
                        {"page_index", Bytes{s.page_index}}});
    tx.run_many(insert_segment, rows);
}

void require_possible_start(Instant start, Instant now, std::string_view zone) {
    if (start < earliest_start || start > now + ahead_max)
        throw Error(Fault::invalid, "start.impossible", {{"start", format_local(start, zone)}})
            .at("starts_at");
}

std::string_view role_of(int channel, int channels) {
    if (channels == 1) return "mix";
    return channel == 0 ? "left" : "right";
}

Id<RecordingSession> insert_new_session(Tx& tx, const Point& point, Id<Recorder> recorder,
                                        std::optional<std::int64_t> original, const NewSession& s) {
    const auto id = tx.make_id<RecordingSession>();
    ClockMap map;
    map.points = {{0, s.begin_at}};
    tx.run(insert_session, {{"id", id},
                            {"company", point.company_id},
                            {"unit", point.unit},
                            {"recorder", recorder},
                            {"point", point.id},
                            {"original", original},
                            {"begin", s.begin_at},
                            {"end", map.at(s.length_samples)},
                            {"uncertainty", s.uncertainty},
                            {"length", s.length_samples},
                            {"state", s.is_open ? "open" : "closed"},
                            {"at", tx.now()}});
    const std::int64_t anchor = tx.next_id();
    tx.run(insert_anchor, {{"id", anchor},
                           {"company", point.company_id},
                           {"unit", point.unit},
                           {"session", id},
                           {"sample", 0},
                           {"begin", s.begin_at},
                           {"uncertainty", s.uncertainty},
                           {"source", s.start_source},
                           {"by", ""},
                           {"at", tx.now()}});
    tx.run(insert_map, {{"id", tx.make_id<ClockMap>()},
                        {"company", point.company_id},
                        {"unit", point.unit},
                        {"session", id},
                        {"number", 1},
                        {"points", map_points_text(map)},
                        {"anchors", '[' + std::to_string(anchor) + ']'},
                        {"uncertainty", s.uncertainty},
                        {"at", tx.now()}});
    for (const NewTrack& track : s.tracks) insert_new_track(tx, point, id, track);
    make_visible(tx, "recording", id.value, {point.company_id, point.unit.value, 0}, s.begin_at);
    tell(tx, "recording.covered", point.company_id, point.unit.value, id.value);
    return id;
}

}  // namespace otklik
