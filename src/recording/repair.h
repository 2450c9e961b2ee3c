#pragma once
// Repair: a recording that came with a wrong time, recorder or point is put right by a person.
// Nothing is edited: a new time is a new clock map, and every correction is a row that says what
// was before it; undo is one more row that brings that back. What a repair would do is planned
// first, so that a person sees it before anything changes; applying makes the same plan again.
// Owns: repair, repair_ask. Fact: repair.made (subject: repair). Thread: any; the transaction is
// the lock.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recording/clock_fit.h"
#include "recording/recording.h"

namespace otklik {

/// One correction of one recording.
struct Repair {
    Id<Repair> id;
    Id<RecordingSession> session_id;
    std::int64_t number = 0;
    Id<Recorder> recorder_before, recorder_id;
    Id<Point> point_before, point_id;
    Id<ClockMap> map_before, map_id;
    Id<Repair> undoes;
    std::string reason;
    std::string made_by;  // actor
    Instant made_at;
    bool moves_time() const { return map_before != map_id; }
    bool moves_place() const { return recorder_before != recorder_id || point_before != point_id; }
};
struct RepairAsk {
    Id<RepairAsk> id;
    Id<RecordingSession> session_id;
    std::string text;
    Id<Person> asked_by;
    Instant asked_at;
};
template <>
inline constexpr std::string_view id_prefix<Repair> = "repair";
template <>
inline constexpr std::string_view id_prefix<RepairAsk> = "ask";

/// What the person saw: any of it changed meanwhile means that somebody was faster.
struct SeenRecording {
    Id<RecordingSession> session_id;
    std::int64_t map_number = 0;
    std::int64_t repair_number = 0;  // 0: never repaired
};
/// This sample was heard at that instant. Said by a `person` it stands against all that was known;
/// every other source (recording/clock_fit.h) is weighed with the evidence in force.
struct HeardAt {
    std::int64_t sample = 0;
    Instant at;
    Duration uncertainty;
    std::string source = "person";
};
/// What is to be put right; what is absent stays.
struct RepairWish {
    SeenRecording seen;
    std::optional<HeardAt> heard;  // either of these two
    std::optional<Duration> shift_by;
    std::vector<HeardAt> along;  // more evidence beside `heard`, all weighed at once
    std::optional<Id<Recorder>> recorder_id;
    std::optional<Id<Point>> point_id;
};

/// One recording as it stands, and as it would.
struct RepairPlan {
    RecordingSession before, after;
    ClockMap map_before, map_after;  // map_after has no id when the time moves: it is not written
    std::int64_t number = 1;         // of the repair
    Id<Repair> undoes;
    HeardAt anchor;              // of a time that moves, but not of an undo
    std::vector<HeardAt> along;  // more that the new map holds
    // When the anchor was weighed: it stands in it with id 0, what came along with -1, -2, …
    std::optional<ClockFit> fit;
    std::vector<std::int64_t> anchors;  // in force after it, without the new one
    bool moves_time() const { return map_after.id != map_before.id; }
    bool moves_place() const {
        return before.recorder_id != after.recorder_id || before.point_id != after.point_id;
    }
};

/// The plans as coverage() takes them.
std::vector<Stretch> supposed_by(std::span<const RepairPlan> plans);

class Repairs {
public:
    Repairs(Recording& recording, Sites& sites) : recording_(recording), sites_(sites) {}

    /// Without a stated point the recording goes where its recorder stood at its new begin; one
    /// that a person had put elsewhere stays there. Error{not_found}: recording, recorder, point;
    /// Error{conflict}: "recording.repaired_meanwhile", "recorder.not_placed", "basis.missing",
    /// "repair.live" (it is still recorded), "repair.erased", "repair.same_there" (the same file of
    /// that recorder and time is there); Error{invalid}: "repair.nothing", "start.impossible",
    /// "sample.outside", "clock.source"; evidence that contradicts better evidence: Error{conflict,
    /// "clock.contradicts" | "clock.adds_nothing"}.
    RepairPlan plan(const Scope& scope, Tx& tx, const RepairWish& wish) const;
    /// The same for several, each once; the other recordings that a long file gave go along.
    std::vector<RepairPlan> plan_all(const Scope& scope, Tx& tx,
                                     const std::vector<RepairWish>& wishes) const;
    /// Back to what was before that repair. Error{not_found}; Error{conflict, "repair.not_newest"}
    /// when what it changed was changed again; "basis.missing".
    RepairPlan plan_undo(const Scope& scope, Tx& tx, Id<Repair> repair) const;
    /// Writes map, repair, sight and the facts. `made_by` is the actor.
    Id<Repair> apply(Tx& tx, const RepairPlan& plan, std::string_view reason,
                     std::string_view made_by);

    std::optional<Repair> find(Tx& tx, Id<Repair> id) const;
    /// Newest first; nothing when the reader may not see the recording.
    std::vector<Repair> of_session(const Scope& scope, Tx& tx, Id<RecordingSession> id) const;
    /// Whether plan_undo would be refused because it was changed again.
    bool is_newest(Tx& tx, const RecordingSession& session, const Repair& repair) const;
    /// All evidence of a recording, those in force and those refused, as the rows say.
    std::vector<ClockAnchor> anchors(Tx& tx, Id<RecordingSession> id) const;
    /// The evidence in force weighed anew; what the newest map left out stays refused.
    ClockFit fit(Tx& tx, const RecordingSession& session) const;
    /// Of the newest; 0: never repaired.
    std::int64_t newest_number(Tx& tx, Id<RecordingSession> id) const;
    /// The other recordings that one long file gave.
    std::vector<Id<RecordingSession>> siblings(Tx& tx, const RecordingSession& session) const;
    /// Recordings of the point that the plan's would lie over.
    std::vector<RecordingSession> overlapping(const Scope& scope, Tx& tx,
                                              std::span<const RepairPlan> plans,
                                              const RepairPlan& plan) const;

    /// Error{not_found}; Error{invalid, "text.empty"}; Error{conflict, "repair.asked"}: somebody
    /// has asked already and nobody answered.
    Id<RepairAsk> ask(const Scope& scope, Tx& tx, Id<RecordingSession> id, std::string_view text);
    /// Unanswered ones that the reader may see, oldest first, at most 200.
    std::vector<RepairAsk> asks(const Scope& scope, Tx& tx) const;
    std::optional<RepairAsk> open_ask(const Scope& scope, Tx& tx, Id<RecordingSession> id) const;
    /// The recording stays as it is. Error{not_found}.
    RepairAsk leave(const Scope& scope, Tx& tx, Id<RepairAsk> id);

private:
    void move_place(const Scope& scope, Tx& tx, RepairPlan& plan, const RepairWish& wish) const;
    void go_to(Tx& tx, RepairPlan& plan, const Point& point) const;
    void move_time(Tx& tx, RepairPlan& plan, const RepairWish& wish) const;
    void weigh(Tx& tx, RepairPlan& plan, const std::vector<HeardAt>& along) const;
    void restore_time(Tx& tx, RepairPlan& plan, Id<ClockMap> map) const;
    Id<ClockMap> write_map(Tx& tx, const RepairPlan& plan, std::string_view made_by);

    Recording& recording_;
    Sites& sites_;
};

}  // namespace otklik
