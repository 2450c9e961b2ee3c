#include "recording/live_rows.h"

#include <algorithm>

#include "media/opus_encoder.h"
#include "recording/live_sql.h"

namespace otklik {
namespace {

constexpr Duration pause_length_max = Duration::hours(24);
constexpr Duration pause_width_max =
    Duration::hours(1);  // a panel with a worse clock knows nothing

}  // namespace

LiveSession live_of(const Row& row) {
    LiveSession live;
    live.session_id = row.id<RecordingSession>(0);
    live.company_id = row.integer(1);
    live.unit = row.id<Unit>(2);
    live.recorder_id = row.id<Recorder>(3);
    live.point_id = row.id<Point>(4);
    live.incarnation = row.integer(5);
    live.channels = static_cast<int>(row.integer(6));
    live.rate = static_cast<std::uint32_t>(row.integer(7));
    live.state = row.text(8);
    live.next_sequence = row.integer(9);
    live.next_packet = row.integer(10);
    live.whole_sequence = row.integer(11);
    live.whole_sample = row.integer(12);
    live.heard_until = row.instant(13);
    return live;
}

std::optional<LiveSession> find_live(Tx& tx, Id<RecordingSession> session) {
    const auto row = tx.row(live_sql::live_of_session, {{"session", session}});
    return row ? std::optional(live_of(*row)) : std::nullopt;
}

TailRow tail_row(const Row& row) {
    TailRow tail;
    tail.id = row.integer(0);
    tail.sequence = row.integer(1);
    tail.span = row.integer(2);
    tail.kind = row.text(3);
    tail.first_sample = row.integer(4);
    tail.sample_count = row.integer(5);
    tail.content = row.blob(6);
    return tail;
}

TailSound tail_sound(const Row& row) {
    TailSound sound;
    static_cast<TailRow&>(sound) = tail_row(row);
    sound.packet_count = static_cast<int>(row.integer(7));
    sound.bytes = row.blob(8);
    sound.ended_at = row.instant(9);
    sound.created_at = row.instant(10);
    return sound;
}

std::vector<TimeRange> pauses_at(Tx& tx, Id<Point> point, TimeRange range) {
    std::vector<TimeRange> found;
    for (const Row& row :
         tx.rows(live_sql::pauses_meeting, {{"point", point},
                                            {"from", range.begin - pause_length_max},
                                            {"begin", range.begin - pause_width_max},
                                            {"end", range.end + pause_width_max}})) {
        const Duration width = std::min(row.duration(2), pause_width_max);
        const Instant end = row.is_null(1) ? row.instant(0) + pause_length_max : row.instant(1);
        const TimeRange pause{row.instant(0) - width, end + width};
        if (pause.overlaps(range)) found.push_back(pause);
    }
    return found;
}

std::int64_t media_of(std::int64_t raw_sample) {
    return std::max<std::int64_t>(0, raw_sample - opus_pre_skip);
}

bool silence_packets(TailSound& sound, int channels, const ClockMap& map,
                     const std::vector<TimeRange>& pauses) {
    if (sound.kind != "sound" || pauses.empty()) return false;
    auto tracks = chunk_tracks(sound.bytes, channels, sound.packet_count);
    bool any = false;
    for (int i = 0; i < sound.packet_count; ++i) {
        const std::int64_t raw = sound.first_sample + std::int64_t{i} * opus_packet_samples_48k;
        const TimeRange at{map.at(media_of(raw)), map.at(raw + opus_packet_samples_48k)};
        if (std::none_of(pauses.begin(), pauses.end(),
                         [&](const TimeRange& pause) { return pause.overlaps(at); }))
            continue;
        for (ChunkTrack& track : tracks) {
            auto& packet = track.packets[static_cast<std::size_t>(i)];
            any |= !packet.empty();
            packet = {};
            track.peaks[static_cast<std::size_t>(i)] = Peak{};
        }
    }
    if (any) sound.bytes = chunk_track_bytes(tracks);
    return any;
}

}  // namespace otklik
