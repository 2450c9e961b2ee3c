// The reading half of recording/live.h: the open minute as segments in memory, receipts, the lamp.
#include <algorithm>
#include <list>

#include "media/tail.h"
#include "recording/live_rows.h"
#include "recording/live_sql.h"
#include "recording/pauses.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"

namespace otklik {
namespace {

// The cutter may want pre-roll; a row that begins behind it may begin as after a loss.
constexpr std::int64_t tail_packets_before = 6'000;

/// A chunk of the open minute; the tracks look into its bytes.
struct OpenSound {
    TailSound row;
    std::size_t channel = 0;
    std::vector<ChunkTrack> tracks;
};
std::list<OpenSound> tail_sounds(Tx& tx, Id<Track> track, std::int64_t first_packet,
                                 std::int64_t last_packet) {
    std::list<OpenSound> sounds;
    const auto live = tx.row(live_sql::live_of_track, {{"track", track}});
    if (!live) return sounds;
    for (const Row& row : tx.rows(live_sql::tail_meeting,
                                  {{"session", live->id<RecordingSession>(0)},
                                   {"from_sample", std::max<std::int64_t>(0, first_packet) * 960},
                                   {"to_sample", last_packet * 960}})) {
        OpenSound& sound = sounds.emplace_back();
        sound.row = tail_sound(row);
        sound.channel = static_cast<std::size_t>(live->integer(2));
        if (sound.row.kind == "sound")
            sound.tracks = chunk_tracks(sound.row.bytes, static_cast<int>(live->integer(1)),
                                        sound.row.packet_count);
        else
            sounds.pop_back();
    }
    return sounds;
}

}  // namespace

void add_tail(Tx& tx, Id<Track> track, std::int64_t first_packet, std::int64_t last_packet,
              std::vector<Recording::SegmentRef>& all) {
    const auto sounds = tail_sounds(tx, track, first_packet - tail_packets_before, last_packet);
    std::vector<TailPacket> packets;
    for (const OpenSound& sound : sounds) {
        std::int64_t number = sound.row.first_sample / 960;
        for (const ByteView packet : sound.tracks.at(sound.channel).packets) {
            if (!packet.empty()) packets.push_back({number, packet});
            ++number;
        }
    }
    if (packets.empty()) return;
    TailPlace place;
    const auto sealed = tx.row(live_sql::last_segment, {{"track", track}});
    if (sealed) place.next_packet = sealed->integer(1);
    // Between two reads of one transaction nothing moves; what is sealed is not in the tail.
    Tail tail = make_tail(packets, place);
    const auto file = std::make_shared<const MemoryMediaFile>(std::move(tail.bytes));
    for (const SegmentRow& row : tail.rows) {
        const std::int64_t first = otklik::first_packet(row);
        const std::int64_t count = end_packet(row) - first;
        if (first >= last_packet || first + count <= first_packet) continue;
        all.push_back({{},
                       row.byte_begin,
                       row.byte_count,
                       first,
                       count,
                       page_index_bytes(row.pages),
                       row.first_sample,
                       row.sample_count,
                       file});
    }
}

std::string tail_peaks(Tx& tx, Id<Track> track, SampleRange range) {
    const auto sounds =
        tail_sounds(tx, track, range.begin / peak_bucket_samples - chunk_packets_max,
                    range.end / peak_bucket_samples + 1);
    if (sounds.empty()) return {};
    const std::int64_t first = sounds.front().row.first_sample / peak_bucket_samples;
    std::vector<Peak> peaks;
    for (const OpenSound& sound : sounds) {
        peaks.resize(
            static_cast<std::size_t>(sound.row.first_sample / peak_bucket_samples - first));
        const auto& more = sound.tracks.at(sound.channel).peaks;
        peaks.insert(peaks.end(), more.begin(), more.end());
    }
    std::string bytes =
        PeakBuilder(static_cast<int>(samples_per_second), first * peak_bucket_samples).file_bytes();
    for (const Peak& peak : peaks) {
        bytes += static_cast<char>(peak.low);
        bytes += static_cast<char>(peak.high);
    }
    return bytes;
}

std::vector<SequenceRange> Live::received(Tx& tx, Id<Recorder> recorder,
                                          std::uint64_t incarnation) const {
    Params asked;
    asked.emplace_back("recorder", recorder);
    asked.emplace_back("incarnation", static_cast<std::int64_t>(incarnation));
    const auto row = tx.row(live_sql::live_of_incarnation, asked);
    if (!row) return {};
    const LiveSession live = live_of(*row);
    std::vector<SequenceRange> ranges;
    if (live.whole_sequence > 0) ranges.push_back({0, live.whole_sequence});
    for (const Row& each : tx.rows(live_sql::tail_between, {{"session", live.session_id},
                                                            {"sequence", live.whole_sequence},
                                                            {"until", INT32_MAX}})) {
        const TailRow there = tail_row(each);
        if (!ranges.empty() && ranges.back().end == there.sequence)
            ranges.back().end = there.end_sequence();
        else
            ranges.push_back({there.sequence, there.end_sequence()});
    }
    return ranges;
}

LiveState live_state(Tx& tx, Id<Point> point, std::optional<Instant> until, Instant now) {
    if (point && otklik::open_pause(tx, point)) return LiveState::paused;
    if (until && now - *until <= live_late_after) return LiveState::recording;
    if (until && now - *until <= live_silent_after) return LiveState::late;
    return LiveState::silent;
}

std::optional<Id<RecordingSession>> live_session_of(Tx& tx, Id<Recorder> recorder) {
    const auto rows = tx.rows(live_sql::unsealed_of_recorder, {{"recorder", recorder}});
    if (rows.empty()) return std::nullopt;
    return rows.back().id<RecordingSession>(0);  // by id: the newest
}

std::optional<Instant> live_until(Tx& tx, Id<Point> point) {
    const auto row = tx.row(live_sql::heard_at_point, {{"point", point}});
    return row ? std::optional(row->instant(0)) : std::nullopt;
}

std::optional<Instant> live_until(Tx& tx, Id<Recorder> recorder) {
    const auto row = tx.row(live_sql::heard_of_recorder, {{"recorder", recorder}});
    return row ? row->maybe_instant(0) : std::nullopt;
}

}  // namespace otklik
