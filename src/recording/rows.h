#pragma once
// What the sources of the room recording share: reading a row, and writing a whole new session.
// Private to the room. Thread: any; the transaction is the lock.
#include <span>
#include <string>
#include <vector>

#include "media/segment.h"
#include "recording/recording.h"
#include "store/store.h"

namespace otklik {

/// Columns of recording_sql::find_session.
RecordingSession session_of(const Row& row);

/// Error{invalid, "start.impossible"} at starts_at, told in local time of `zone`: before 2005, or
/// more than a day ahead.
void require_possible_start(Instant start, Instant now, std::string_view zone);

struct NewSegment {
    StoredFile file;
    std::int64_t byte_begin = 0, byte_count = 0;
    std::int64_t first_packet = 0, packet_count = 0;
    std::int64_t first_sample = 0, sample_count = 0;
    std::string sha256;      // raw
    std::string page_index;  // as media/segment.h makes it
};
NewSegment segment_in(const StoredFile& file, const SegmentRow& row);
struct NewTrack {
    std::int64_t channel = 0;
    std::string role;
    StoredFile peaks;
    std::int64_t rms_centidb = 0, peak_centidb = 0, clipped_samples = 0;
    bool silent = false;
    std::vector<NewSegment> segments;
};
struct NewSession {
    Instant begin_at;
    Duration uncertainty;
    std::int64_t length_samples = 0;
    std::string start_source;
    std::vector<NewTrack> tracks;
    bool is_open = false;  // it is being recorded
};
/// What a channel of so many is.
std::string_view role_of(int channel, int channels);

/// The open minute of a track that a recorder goes on with: packets of [first, last), not sealed.
void add_tail(Tx& tx, Id<Track> track, std::int64_t first_packet, std::int64_t last_packet,
              std::vector<Recording::SegmentRef>& all);

void insert_segments(Tx& tx, std::int64_t company, Id<Unit> unit, Id<Track> track,
                     std::span<const NewSegment> segments);
/// Session, tracks, segments, anchor, map 1, sight and fact recording.covered. The files must be
/// kept already, by Blobs::keep in the same transaction.
Id<RecordingSession> insert_new_session(Tx& tx, const Point& point, Id<Recorder> recorder,
                                        std::optional<std::int64_t> original,
                                        const NewSession& session);

}  // namespace otklik
