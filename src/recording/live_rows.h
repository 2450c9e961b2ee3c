#pragma once
// What the sources of live recording share: rows of live_session and tail_chunk, and the pauses
// that cut into them. Private to the room. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <vector>

#include "recording/live.h"
#include "store/store.h"

namespace otklik {

struct LiveSession {
    Id<RecordingSession> session_id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Recorder> recorder_id;
    Id<Point> point_id;
    std::int64_t incarnation = 0;
    int channels = 1;
    std::uint32_t rate = 48'000;
    std::string state;  // open | closing | sealed
    std::int64_t next_sequence = 0, next_packet = 0;
    std::int64_t whole_sequence = 0, whole_sample = 0;
    Instant heard_until;
};
LiveSession live_of(const Row& row);
std::optional<LiveSession> find_live(Tx& tx, Id<RecordingSession> session);

/// A row of the tail, without its bytes.
struct TailRow {
    std::int64_t id = 0;
    std::int64_t sequence = 0, span = 1;
    std::string kind;  // sound | lost | end
    std::int64_t first_sample = 0, sample_count = 0;
    std::string content;
    std::int64_t end_sequence() const { return sequence + span; }
    std::int64_t end_sample() const {
        return kind == "end" ? first_sample : first_sample + sample_count;
    }
};
TailRow tail_row(const Row& row);
/// With them.
struct TailSound : TailRow {
    int packet_count = 0;
    std::string bytes;
    Instant ended_at, created_at;
};
TailSound tail_sound(const Row& row);

/// Private talks at the point that meet the range, each wider by what its panel's clock did not
/// know. One that nobody ended goes on, for a day at most.
std::vector<TimeRange> pauses_at(Tx& tx, Id<Point> point, TimeRange range);
/// Media time of a raw sample's packet: what lies before it is decodable.
std::int64_t media_of(std::int64_t raw_sample);
/// Takes the packets out that meet a pause. True when any was there to take.
bool silence_packets(TailSound& sound, int channels, const ClockMap& map,
                     const std::vector<TimeRange>& pauses);

}  // namespace otklik
