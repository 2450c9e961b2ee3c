#pragma once
// What a clip consists of and how it stands: a pure function of what is known, without database and
// files. Rule version 1. Of the sessions that overlap, the one that covers most of the window goes
// first, then the one whose clock is better known, then the one that arrived earlier; the others
// fill what it misses. Thread: values.
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "clips/clips.h"

namespace otklik {

inline constexpr std::int64_t clip_rule_version = 1;

/// One session, as the planner sees it.
struct ClipSource {
    RecordingSession session;
    ClockMap map;
    std::vector<SampleRange> covered;  // media time that has packets on every track, rising
};

/// All that decides over a clip.
struct ClipWorld {
    TimeRange asked;
    Duration uncertainty;  // the window is asked, wider by it on both sides; see widening()
    std::vector<ClipSource> sources;
    std::vector<Gap> gaps;              // declared
    bool known_before = false;          // the point has a session that begins before the window
    bool known_after = false;           // … one that begins at or after its end
    bool has_recorder = false;          // a recorder stood at the point at the press
    bool is_logged = false;             // the log of another system told of the press
    std::optional<Instant> open_since;  // a live recorder goes on with a session begun then
    Instant now;
    Instant give_up_at;
};

struct PlannedPiece {
    std::string gap_cause;  // empty: sound
    std::int64_t clip_sample = 0;
    std::int64_t sample_count = 0;
    Instant begin_at;
    std::size_t source = 0;  // index into the world's sources
    SampleRange range;       // media time
    bool is_gap() const { return !gap_cause.empty(); }
};

struct ClipPlan {
    TimeRange window;  // asked, widened
    std::vector<PlannedPiece> pieces;
    std::int64_t length_samples = 0;
    std::int64_t missing_samples = 0;
    ClipState state = ClipState::waiting_upload;
    std::string reason;
    std::optional<Instant> look_again_at;
    /// Changes when the sound of the clip would: a hash of rule version, window and pieces.
    std::string input_version;
    bool has_sound() const { return missing_samples < length_samples; }
};

/// By how much the window is widened: the press's uncertainty and the worst of the clocks that meet
/// the window of the press alone (a session that only the widening meets must not widen further).
Duration widening(Duration press, const std::vector<Stretch>& stretches);
ClipPlan plan_clip(const ClipWorld& world);

/// Whether the term of a recording that the window lies in was over: a cut made before holds more.
bool meets_erased(const ClipPlan& plan);

/// Whether a final clip that was cut as `made` must be cut again as `plan`: a border moved more
/// than 50 ms, or less is missing. `sessions` are those of the plan's sources.
bool differs_enough(const ClipVersion& made, const ClipPlan& plan,
                    const std::vector<ClipSource>& sources);

/// The rows of what the cutter really made: it may begin a piece some ms later than planned, and
/// says so.
struct MadePiece {
    std::int64_t clip_sample = 0;
    std::int64_t sample_count = 0;
};
std::vector<ClipPieceRow> piece_rows(const ClipPlan& plan, const std::vector<ClipSource>& sources,
                                     const std::vector<MadePiece>& sounds,
                                     std::int64_t length_samples);

}  // namespace otklik
