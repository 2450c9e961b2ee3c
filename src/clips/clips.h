#pragma once
// Clips: pieces of the endless recording that a press asked to keep.
// A clip is a pure function of (segments, resolved instant, button's window, rule version); stage
// clips.cut closes the difference between what is known and what was cut. Run twice, it gives the
// same rows. Owns: clip, clip_signal, clip_version, clip_piece, clip_track. Facts: clip.wanted,
// clip.changed, clip.final. States: waiting_tail | waiting_upload -> partial -> final, or failed
// with a reason. Thread: any.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clips/clip.h"
#include "kinds/kinds.h"
#include "signals/signals.h"

namespace otklik {

/// Every reason a clip can carry, and the state it goes with; the words stand in the catalogue
/// under "clip.reason.<code>" (why) and "clip.todo.<code>" (what to do).
struct ClipReason {
    std::string_view code;
    ClipState state;
};
std::span<const ClipReason> clip_reasons();
/// Every cause of a gap inside a clip; words under "clip.gap.<cause>".
std::span<const std::string_view> clip_gap_causes();

/// How far a person may widen a clip around its press, unless its button asks for more.
inline constexpr Duration recut_before_max = Duration::seconds(120);
inline constexpr Duration recut_after_max = Duration::seconds(180);

/// What a repair would do to one clip.
enum class ClipTurn { gains, loses, moves, changes };
template <>
inline constexpr std::pair<ClipTurn, std::string_view> enum_words<ClipTurn>[4] = {
    {ClipTurn::gains, "gains"},       // sound where there was none
    {ClipTurn::loses, "loses"},       // none where there was
    {ClipTurn::moves, "moves"},       // the same recording, another second of it
    {ClipTurn::changes, "changes"}};  // other sound, or more or less of it, or another state
struct ClipForecast {
    Clip clip;  // as it stands
    ClipTurn turn = ClipTurn::changes;
    Duration moved_by;  // of its sound, later is above 0
    ClipState state_after = ClipState::waiting_upload;
    std::int64_t missing_after = 0;
};
struct ClipForecasts {
    std::vector<ClipForecast> turns;  // clips that stay as they are stand not here
    bool cut_short = false;           // there are more than were looked at
};

class Clips {
public:
    Clips(Store& store, Blobs& blobs, Recording& recording, Repairs& repairs, Signals& signals,
          Sites& sites, const Clock& clock);
    /// The clip of a signal: a new one, the one that is there, or, by the button's setting merge,
    /// that of an earlier press of the same device and key whose window it meets (at most 10
    /// minutes together). Writes fact clip.wanted.
    Id<Clip> want(Tx& tx, Id<Signal> signal_id);
    /// Stage clips.cut: looks at the clip, cuts what can be cut, moves its state. Returns when to
    /// look again.
    std::optional<Instant> cut(std::int64_t clip_id);
    /// Clips whose window meets the range at the point and that are not whole (a recording
    /// arrived).
    std::vector<Id<Clip>> open_clips(Tx& tx, Id<Point> point, TimeRange range) const;
    /// Stage clips.meet: clips that a session (new, or with a new map) may change. Those within it,
    /// and open ones up to its neighbours, since a known neighbour says that nothing comes between.
    std::vector<Id<Clip>> clips_to_meet(Tx& tx, Id<RecordingSession> session) const;
    /// The same for a declared gap: nothing comes there any more.
    std::vector<Id<Clip>> clips_to_meet_gap(Tx& tx, std::int64_t gap_id) const;
    /// Sets the window anew around the press; what was cut stays as a version. Writes clip.wanted.
    /// Error{not_found}, Error{invalid, "clip.recut"} {seconds_max} at before_ms or after_ms;
    /// Error{conflict, "clip.source_erased"}: the recording around it is gone; "clip.is_fragment":
    /// it is all that another system cut.
    void recut(const Scope& scope, Tx& tx, Id<Clip> id, Duration before, Duration after);
    /// The clip of the press is this fragment of another system, whole, unless it is final already.
    /// Writes clip.wanted.
    void become_fragment(Tx& tx, Id<Signal> signal_id, const RecordingSession& fragment);
    /// Its presses, the first one first.
    std::vector<Id<Signal>> signals_of(Tx& tx, Id<Clip> id) const;
    /// A private talk leaves the cuts that hold it: their files go, their rows tell what was. The
    /// clips wait to be cut anew. Asked twice, it changes nothing.
    void forget_private(Tx& tx, std::int64_t gap_id);
    /// A file of a cut is gone or changed. The newest cut is made anew from the recordings where
    /// they still give as much; what is left of an older one, or of one that cannot be made again,
    /// stays. False: no cut has the file.
    bool mend(Tx& tx, const StoredFile& file);
    /// Stage clips.ask_anew: clips of the old and of the new place of a repaired recording. They
    /// are looked at as if nothing had been cut: a final one may wait again, or lose its sound.
    std::vector<Id<Clip>> ask_anew(Tx& tx, Id<Repair> repair);
    /// What the plans would do, nothing is written; looks at `count_max` clips at most.
    ClipForecasts foresee(Tx& tx, std::span<const RepairPlan> plans, int count_max) const;
    std::optional<Clip> find(const Scope& scope, Tx& tx, Id<Clip> id) const;
    /// A clip whose tail is still recorded, as far as it is there: version 0, state "live", cut in
    /// memory; with a length, exactly so much of it, so that a player's ranges fit each other.
    /// Nothing when the clip has a cut, or no sound of it is there.
    struct LiveSound {
        ClipVersion version;           // no files
        std::vector<std::string> ogg;  // of each channel
    };
    std::optional<LiveSound> live_sound(const Scope& scope, Id<Clip> id,
                                        std::optional<std::int64_t> length_samples);
    std::optional<Clip> of_signal(const Scope& scope, Tx& tx, Id<Signal> id) const;
    /// Nothing when a recording in it was put where the reader may not see it.
    std::optional<ClipVersion> version(const Scope& scope, Tx& tx, Id<ClipVersion> id) const;
    std::vector<ClipVersion> versions(const Scope& scope, Tx& tx, Id<Clip> id) const;
    /// Clips of presses that still wait for their recording, by the filter of the inbox.
    std::int64_t waiting(const Scope& scope, Tx& tx, const SignalFilter& filter) const;
    /// Recordings that its cuts were made of.
    std::vector<Id<RecordingSession>> sources_of(Tx& tx, Id<Clip> id) const;
    /// What cuts whose term is not over hold of a recording.
    std::vector<SampleRange> kept_of(Tx& tx, Id<RecordingSession> session) const;
    /// Follows an undo of its signal.
    void follow_signal(Tx& tx, Id<Signal> signal_id);
    /// Stage clips.recognise: compares a short recording with the press clips of about its length
    /// and keeps what it found. Looks once: a clip comes back after it was cut. At most 15 minutes
    /// of recording and 20 000 cuts; the rest of the limits in media/likeness.h.
    void recognise(std::int64_t session_id);
    /// The press clip that this recording is: by equal bytes of its file, or as recognised.
    std::optional<Id<Clip>> returned_clip(Tx& tx, Id<RecordingSession> session) const;
    /// Press windows that meet the range at the point (for the guard of standard checks).
    bool press_meets(Tx& tx, Id<Point> point, TimeRange range) const;

private:
    struct Look;
    void set_window(Tx& tx, const Clip& clip, TimeRange asked);
    std::optional<Id<Clip>> merge(Tx& tx, const Signal& signal, TimeRange asked);
    std::optional<Look> look_at(Tx& tx, Id<Clip> id, std::span<const Stretch> supposed = {}) const;
    Coverage fragment_alone(Tx& tx, const Clip& clip, std::span<const Stretch> supposed) const;
    void add_source(Tx& tx, Look& look, Stretch stretch, TimeRange window) const;
    std::vector<Id<Clip>> clips_around(Tx& tx, Id<Point> point, TimeRange range,
                                       std::span<const Stretch> supposed = {}) const;
    bool may_hear(const Scope& scope, Tx& tx, const Clip& clip, const ClipVersion& version) const;
    void pin_clip(Tx& tx, const Point& point, Id<Clip> id, TimeRange range);
    ClipVersion make_cut(const Look& look);
    void store_look(const Look& look, std::optional<ClipVersion>& made);
    void write_version(Tx& tx, const Look& look, const ClipVersion& made);
    void write_state(Tx& tx, const Look& look, Id<ClipVersion> version);
    std::optional<ClipVersion> latest(Tx& tx, Id<Clip> id) const;
    void read_parts(Tx& tx, ClipVersion& version) const;
    bool is_cut_from(Tx& tx, Id<ClipVersion> version, const RecordingSession& session) const;

    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    Repairs& repairs_;
    Signals& signals_;
    Sites& sites_;
    const Clock& clock_;
};

extern const std::span<const Kind> clip_kinds;

}  // namespace otklik
