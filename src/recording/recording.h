#pragma once
// Recording: recorders, where they stood, what they recorded, and when it was.
// Media time = samples at 48 kHz since the session's start; a clock map leads to instants. Owns:
// recorder, placement, original, recording_session, track, segment, gap, clock_anchor, clock_map,
// pin, bookmark. Facts: recording.covered (session), recording.gap (gap). Thread: any.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "recording/clock_map.h"
#include "sites/sites.h"
#include "store/blobs.h"

namespace otklik {

struct Recorder {
    Id<Recorder> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // of the point where it stands, else what its maker said
    std::string name;
    std::string model;
    std::string clock_source;
    std::int64_t channels = 1;
    std::string format;
    std::string pickup = "upload";  // upload | folder | stream | agent
    std::int64_t version = 1;
    std::optional<Instant> archived_at;
    Id<Point> point_id;  // where it stands now, by its newest placement
};
struct Placement {
    Id<Placement> id;
    Id<Recorder> recorder_id;
    Id<Point> point_id;
    Instant begin_at;
    std::optional<Instant> end_at;
};
/// The imported file, bit-exact. One original may give several sessions (over 24 h).
struct Original {
    std::int64_t id = 0;
    Id<StoredFile> media_file_id;
    std::string sha256;  // raw
    Instant started_at;
    std::string start_source;  // stated | name | tag | agent
    std::string name;          // as the person called it
    std::string format;        // container and codec: "wav pcm_s16le"
    std::int64_t sample_rate = 0, channels = 1;
    std::vector<std::string> warnings;  // message codes: audio.silent, audio.torn
    bool silent = false;
    std::string imported_by;
    Instant imported_at;
};
struct RecordingSession {
    Id<RecordingSession> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Recorder> recorder_id;
    Id<Point> point_id;
    std::int64_t original_id = 0;
    TimeRange at;  // by the newest clock map
    Duration uncertainty;
    std::int64_t length_samples = 0;
    Instant created_at;                     // arrival
    bool is_open = false;                   // it grows
    std::optional<Instant> erased_at = {};  // its term was over, no sound of it is left
    bool is_fragment = false;               // cut by another system: it covers only its press
};
struct Track {
    Id<Track> id;
    std::int64_t channel = 0;
    std::string role;  // mix | left | right | client | employee
    std::int64_t pre_skip = 312;
    Id<StoredFile> peaks_file_id;
    bool silent = false;
};
struct Gap {
    std::int64_t id = 0;
    TimeRange at;
    std::string cause;  // off | network | overflow | torn | dead_microphone | paused | erased
    Id<Recorder> recorder_id = {};
    Instant created_at = {};
};
struct Bookmark {
    Id<Bookmark> id;
    Id<RecordingSession> session_id;
    std::int64_t channel = 0;
    std::int64_t media_sample = 0;
    std::string text;
    Id<Person> person_id;
    Instant created_at;
};
template <>
inline constexpr std::string_view id_prefix<Recorder> = "recorder";
template <>
inline constexpr std::string_view id_prefix<Placement> = "placement";
template <>
inline constexpr std::string_view id_prefix<RecordingSession> = "recording";
template <>
inline constexpr std::string_view id_prefix<Track> = "track";
template <>
inline constexpr std::string_view id_prefix<Bookmark> = "bookmark";

/// One session seen through its newest map.
struct Stretch {
    RecordingSession session;
    ClockMap map;
};

/// What is known of an interval at a point, for the cutter. A hole between two files is no gap row:
/// the missing file may still come; next_begin says that the recorder went on.
struct Coverage {
    std::vector<Stretch> stretches;     // sessions that meet the range, by begin
    std::vector<Gap> gaps;              // declared gaps that meet the range, by begin
    std::optional<Instant> next_begin;  // of the first session that starts at or after range's end
    std::optional<Instant> newest_end;  // latest end of the point's sessions that begin before it
    std::optional<Instant> open_since;  // begin of the first session that a recorder goes on with
    std::string sources_version;        // changes when any of it changes (a hash)
};

struct SessionFilter {
    Id<Point> point;
    Id<Recorder> recorder;
    TimeRange begin_in;                               // sessions that begin within
    std::optional<std::int64_t> first_day, last_day;  // local days of their begin, both included
};

class Recording {
public:
    explicit Recording(Sites& sites) : sites_(sites) {}
    /// Error{invalid, "name.empty"}, "recorder.channels", "recorder.pickup" with the field.
    Id<Recorder> make_recorder(Tx& tx, const Recorder& recorder);
    /// Error{not_found}; Error{precondition, "row.changed"} when the version is not the newest.
    void change_recorder(const Scope& scope, Tx& tx, const Recorder& recorder);
    std::optional<Recorder> find_recorder(const Scope& scope, Tx& tx, Id<Recorder> id) const;
    std::vector<Recorder> recorders(const Scope& scope, Tx& tx) const;
    struct RecorderCounts {
        std::int64_t sessions = 0;
        std::optional<Instant> newest_end_at;
    };
    RecorderCounts counts(Tx& tx, Id<Recorder> id) const;
    /// Ends the open placement at begin_at. Error{conflict, "placement.before"} when a placement
    /// that begins at or after begin_at is there: history is not rewritten.
    Id<Placement> place(Tx& tx, Id<Recorder> recorder, const Point& point, Instant begin_at);
    std::optional<Placement> placement_at(Tx& tx, Id<Recorder> recorder, Instant at) const;
    bool point_has_recorder(Tx& tx, Id<Point> point, Instant at) const;

    /// `supposed`: sessions as a repair would have them, in place of what the rows say.
    Coverage coverage(const Scope& scope, Tx& tx, Id<Point> point, TimeRange range,
                      std::span<const Stretch> supposed = {}) const;
    std::optional<RecordingSession> find_session(const Scope& scope, Tx& tx,
                                                 Id<RecordingSession> id) const;
    /// Newest first, at most count_max; returns the key to go on from.
    std::optional<PageKey> sessions(const Scope& scope, Tx& tx, const SessionFilter& filter,
                                    std::optional<PageKey> after, int count_max,
                                    std::vector<RecordingSession>& out) const;
    std::optional<Original> original(Tx& tx, const RecordingSession& session) const;
    std::vector<Track> tracks(Tx& tx, Id<RecordingSession> id) const;
    ClockMap clock_map(Tx& tx, Id<RecordingSession> id) const;  // the newest
    ClockMap find_map(Tx& tx, Id<ClockMap> id) const;           // Error{not_found}
    /// Appends a map with the next number; begin and end of the session follow it, and so does its
    /// place in lists. Who calls tells what it means. `anchors`: JSON list of anchor ids.
    Id<ClockMap> append_map(Tx& tx, const RecordingSession& session, const ClockMap& map,
                            std::string_view anchors);
    /// Segments of a track that hold any packet of [first, last), in order.
    struct SegmentRef {
        Id<StoredFile> file;
        std::int64_t byte_begin = 0, byte_count = 0;
        std::int64_t first_packet = 0, packet_count = 0;
        std::string page_index;
        std::int64_t first_sample = 0, sample_count = 0;
        std::shared_ptr<const MediaFile> tail;  // of an open minute: here are its bytes, no file
    };
    std::vector<SegmentRef> segments(Tx& tx, Id<Track> track, std::int64_t first_packet,
                                     std::int64_t last_packet) const;
    std::string original_sha256(Tx& tx, Id<RecordingSession> id) const;  // raw; empty: none

    /// A known interval without sound. Error{invalid, "gap.cause"}, "range.empty".
    std::int64_t declare_gap(Tx& tx, const Point& point, Id<Recorder> recorder, TimeRange range,
                             std::string_view cause);
    std::optional<std::pair<Id<Point>, Gap>> find_gap(Tx& tx, std::int64_t id) const;
    void pin(Tx& tx, const Point& point, TimeRange range, std::string_view reason,
             std::string_view subject_kind, std::int64_t subject, std::optional<Instant> until);
    void unpin(Tx& tx, std::string_view subject_kind, std::int64_t subject);
    bool is_pinned(Tx& tx, Id<Point> point, TimeRange range) const;
    std::vector<Bookmark> bookmarks(const Scope& scope, Tx& tx, Id<RecordingSession> id) const;
    /// Error{not_found} for the session, Error{invalid, "sample.outside"} and "channel.unknown".
    Id<Bookmark> make_bookmark(const Scope& scope, Tx& tx, const Bookmark& bookmark);
    void remove_bookmark(const Scope& scope, Tx& tx, Id<Bookmark> id);

private:
    Sites& sites_;
};

extern const std::span<const Kind> recording_kinds;
}  // namespace otklik
