#pragma once
// A clip as its rows say: the press's window, what was cut of it, and from what.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "recording/recording.h"
#include "recording/repair.h"
#include "signals/signals.h"

namespace otklik {

enum class ClipState { waiting_tail, waiting_upload, partial, final, failed };
template <>
inline constexpr std::pair<ClipState, std::string_view> enum_words<ClipState>[5] = {
    {ClipState::waiting_tail, "waiting_tail"},
    {ClipState::waiting_upload, "waiting_upload"},
    {ClipState::partial, "partial"},
    {ClipState::final, "final"},
    {ClipState::failed, "failed"}};

struct ClipVersion;
struct Clip {
    Id<Clip> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Point> point_id;
    Id<Person> person_id;
    Id<Signal> signal_id;
    TimeRange asked;       // the window of the button around the resolved instant
    Duration uncertainty;  // the cut is widened by it on both sides: of the press and, once known,
                           // of the clocks
    ClipState state = ClipState::waiting_upload;
    std::string reason;  // code, one of clip_reasons()
    Instant give_up_at;
    Id<ClipVersion> version_id;
    std::int64_t missing_samples = 0;
    bool undone = false;
    std::optional<Instant> first_playable_at;
    std::optional<Instant> final_at;
    Instant created_at;
    Id<Repair> reopened_by;            // asks it anew; 0: none
    std::optional<Instant> erased_at;  // its term was over: no cut has a file, none is made
    Id<RecordingSession> fragment_id;  // it is this one, whole; 0: it is cut by its window
};
struct ClipPieceRow {
    std::int64_t ordinal = 0;
    bool is_gap = false;
    std::string gap_cause;  // "not_uploaded", "before_recording", "after_recording",
                            // "between_recordings", "joint" (up to 50 ms between two files, never
                            // counted as missing), or a declared cause
    std::int64_t clip_sample = 0;
    std::int64_t sample_count = 0;
    Instant begin_at;
    Id<RecordingSession> session_id;
    std::int64_t session_sample = 0;
    Id<ClockMap> map_id;
};
struct ClipTrackRow {
    std::int64_t channel = 0;
    StoredFile file;
    std::string loudness;  // as media/likeness.h; only while it is made
};
struct ClipVersion {
    Id<ClipVersion> id;
    Id<Clip> clip_id;
    std::int64_t number = 1;
    TimeRange at;
    std::int64_t length_samples = 0;
    std::int64_t missing_samples = 0;
    std::string state;  // partial | final
    std::int64_t rule_version = 1;
    std::string input_version;  // hash of what it was cut from
    Instant made_at;
    std::vector<ClipPieceRow> pieces;
    std::vector<ClipTrackRow> tracks;
};
template <>
inline constexpr std::string_view id_prefix<Clip> = "clip";
template <>
inline constexpr std::string_view id_prefix<ClipVersion> = "cut";

}  // namespace otklik
