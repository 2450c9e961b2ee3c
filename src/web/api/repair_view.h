#pragma once
// What the routes of repairs take and give, and how a preview is put together. Thread: any worker.
#include <optional>
#include <string>
#include <vector>

#include "checks/checks.h"
#include "clips/clips.h"
#include "recording/repair.h"
#include "web/api/gap_view.h"
#include "web/api/route.h"

namespace otklik {

struct SeenFields {
    SeenRecording seen;
    void fields(FieldSink& f) {
        f.id("recording_id", seen.session_id);
        f.integer("map_number", seen.map_number, {.min = 1}, "as the page showed it");
        f.integer("repair_number", seen.repair_number, {.min = 0}, "the same; 0: never repaired");
    }
};
struct UndoneFields {
    Id<Repair> id;
    void fields(FieldSink& f) { f.id("repair_id", id); }
};
struct RepairRequest {
    std::vector<SeenFields> recordings;
    std::optional<std::vector<UndoneFields>> undo;
    std::optional<Duration> shift, heard_uncertainty;
    std::optional<std::int64_t> heard_sample;
    std::optional<Instant> heard_at;
    std::optional<Id<Recorder>> recorder_id;
    std::optional<Id<Point>> point_id;
    std::optional<std::string> reason, heard_source;
    void fields(FieldSink& f);
};

struct RepairSide {
    Id<Recorder> recorder_id;
    std::string recorder_name;
    Id<Point> point_id;
    std::string point_name, zone;
    Instant begin_at, end_at;
    Duration uncertainty;
    void fields(FieldSink& f);
};
struct RepairOverlapView {
    Id<RecordingSession> recording_id;
    std::string recorder_name;
    bool same_recorder = false;
    Instant begin_at, end_at;
    void fields(FieldSink& f);
};
struct RepairPart {
    Id<RecordingSession> recording_id;
    RepairSide before, after;
    std::optional<std::string> placed_at;
    std::vector<RepairOverlapView> overlaps;
    std::vector<GapView> gaps;
    void fields(FieldSink& f);
};
struct RepairClip {
    Id<Clip> clip_id;
    Id<Signal> signal_id;
    std::string point_name, zone;
    Instant pressed_at;
    std::optional<SignalKind> kind;
    ClipTurn turn = ClipTurn::changes;
    std::optional<Duration> moved_by;
    ClipState state = ClipState::final, state_after = ClipState::final;
    Duration missing, missing_after;
    std::int64_t checks_done = 0;
    void fields(FieldSink& f);
};
struct RepairCheck {
    Id<Check> check_id;
    std::string form_name;
    CheckState state = CheckState::done;
    Purpose purpose = Purpose::signal;
    bool over_press = false, other_point = false;
    void fields(FieldSink& f);
};
struct RepairPreview {
    std::vector<RepairPart> recordings;
    std::vector<RepairClip> clips;
    bool clips_cut_short = false;
    std::vector<RepairCheck> checks;
    void fields(FieldSink& f);
};

/// What the request would do. Throws as Repairs::plan; Error{invalid, "repair.one_only"} when one
/// instant is stated for several recordings, "repair.none" for none.
std::vector<RepairPlan> plans_of(Call& call, Tx& tx, const RepairRequest& in);
RepairPreview preview_of(Call& call, Tx& tx, const std::vector<RepairPlan>& plans);
RepairSide side_of(Call& call, Tx& tx, const RecordingSession& session);

}  // namespace otklik
