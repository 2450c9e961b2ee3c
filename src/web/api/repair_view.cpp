#include "web/api/repair_view.h"

#include "signals/signals.h"
#include "sites/sites.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr std::size_t recordings_max = 50;
constexpr int clips_looked_max = 1'000;  // half a second of reading at most
constexpr std::int64_t shift_ms_max = std::int64_t{100} * 366 * 86'400'000;

std::string recorder_name_of(Call& call, Tx& tx, Id<Recorder> id) {
    const auto recorder = call.rooms.recording.find_recorder(call.scope, tx, id);
    return recorder ? recorder->name : "";
}

RepairPart part_of(Call& call, Tx& tx, const std::vector<RepairPlan>& plans,
                   const RepairPlan& plan) {
    RepairPart part;
    part.recording_id = plan.before.id;
    part.before = side_of(call, tx, plan.before);
    part.after = side_of(call, tx, plan.after);
    const auto stood =
        call.rooms.recording.placement_at(tx, plan.after.recorder_id, plan.after.at.begin);
    if (!stood || stood->point_id != plan.after.point_id) {
        const auto point =
            stood ? call.rooms.sites.find_point(call.scope, tx, stood->point_id) : std::nullopt;
        part.placed_at = point ? point->name : "";
    }
    for (const RecordingSession& s : call.rooms.repairs.overlapping(call.scope, tx, plans, plan))
        part.overlaps.push_back({s.id, recorder_name_of(call, tx, s.recorder_id),
                                 s.recorder_id == plan.after.recorder_id, s.at.begin, s.at.end});
    for (const Gap& gap :
         call.rooms.recording.coverage(call.scope, tx, plan.after.point_id, plan.after.at).gaps)
        part.gaps.push_back({gap.at.begin, gap.at.end, gap.cause});
    return part;
}

std::optional<RepairClip> clip_of(Call& call, Tx& tx, const ClipForecast& forecast) {
    const Clip& clip = forecast.clip;
    const auto signal = call.rooms.signals.find(call.scope, tx, clip.signal_id);
    if (!signal) return std::nullopt;
    const auto point = call.rooms.sites.find_point(call.scope, tx, clip.point_id);
    RepairClip view;
    view.clip_id = clip.id;
    view.signal_id = clip.signal_id;
    view.point_name = point ? point->name : "";
    view.zone = point ? point->zone : "UTC";
    view.pressed_at = signal->pressed_at;
    view.kind = signal->signal_kind;
    view.turn = forecast.turn;
    if (forecast.turn == ClipTurn::moves) view.moved_by = forecast.moved_by;
    view.state = clip.state;
    view.state_after = forecast.state_after;
    view.missing = duration_of_samples(clip.missing_samples);
    view.missing_after = duration_of_samples(forecast.missing_after);
    for (const Check& check : call.rooms.checks.of_clip(call.scope, tx, clip.id))
        view.checks_done += check.state == CheckState::done ? 1 : 0;
    return view;
}

void add_checks(Call& call, Tx& tx, const RepairPlan& plan, std::vector<RepairCheck>& checks) {
    for (const Check& check : call.rooms.checks.on_recording(call.scope, tx, plan.before.id)) {
        RepairCheck view;
        view.check_id = check.id;
        const auto form = call.rooms.forms.find(call.scope, tx, check.form_id);
        view.form_name = form ? form->name : "";
        view.state = check.state;
        view.purpose = check.purpose;
        view.other_point = plan.after.point_id != check.point_id;
        const auto draw =
            check.draw_id ? call.rooms.sampling.find(call.scope, tx, check.draw_id) : std::nullopt;
        if (draw)
            view.over_press = call.rooms.clips.press_meets(
                tx, plan.after.point_id,
                {plan.map_after.at(draw->samples.begin), plan.map_after.at(draw->samples.end)});
        checks.push_back(std::move(view));
    }
}

}  // namespace

void RepairRequest::fields(FieldSink& f) {
    f.list("recordings", recordings, recordings_max, "to be put right; empty when undone");
    f.list("undo", undo, recordings_max, "repairs to be undone, and nothing else");
    f.length_ms("shift_ms", shift, {-shift_ms_max, shift_ms_max}, "every recording by this");
    f.integer("heard_sample", heard_sample, {.min = 0},
              "a sample of the one recording, 0 for its begin, …");
    f.instant("heard_at", heard_at, "… that was heard at this instant");
    f.length_ms("heard_uncertainty_ms", heard_uncertainty, {0, 86'400'000},
                "how well that is known, ±; 1 s when absent");
    f.text(
        "heard_source", heard_source, {.bytes_max = 20},
        "person: it stands against all else; reading, marker, correlation, clap or nudge: weighed "
        "with what is known");
    f.id("recorder_id", recorder_id, "which recorded it");
    f.id("point_id", point_id, "where; when absent, where the recorder stood then");
    f.text("reason", reason, {.bytes_max = 1000}, "why, in words; a preview needs none");
}
void RepairSide::fields(FieldSink& f) {
    f.id("recorder_id", recorder_id);
    f.text("recorder_name", recorder_name);
    f.id("point_id", point_id);
    f.text("point_name", point_name);
    f.text("zone", zone, {}, "of the site, IANA");
    f.instant("begin_at", begin_at);
    f.instant("end_at", end_at);
    f.length_ms("uncertainty_ms", uncertainty);
}
void RepairOverlapView::fields(FieldSink& f) {
    f.id("recording_id", recording_id);
    f.text("recorder_name", recorder_name);
    f.flag("same_recorder", same_recorder, "one recorder cannot record twice at a time");
    f.instant("begin_at", begin_at);
    f.instant("end_at", end_at);
}
void RepairPart::fields(FieldSink& f) {
    f.id("recording_id", recording_id);
    f.object("before", before);
    f.object("after", after);
    f.text("placed_at", placed_at, {},
           "where the recorder stood then by its placements, when that is another point; empty: "
           "nowhere");
    f.list("overlaps", overlaps, 1000, "recordings of the point that it would lie over");
    f.list("gaps", gaps, 1000, "declared gaps and pauses of the point that it would lie over");
}
void RepairClip::fields(FieldSink& f) {
    f.id("clip_id", clip_id);
    f.id("signal_id", signal_id);
    f.text("point_name", point_name);
    f.text("zone", zone);
    f.instant("pressed_at", pressed_at);
    f.choice("kind", kind);
    f.choice("turn", turn, "what happens to it");
    f.length_ms("moved_ms", moved_by, {}, "by how much its sound goes to a later time");
    f.choice("state", state);
    f.choice("state_after", state_after);
    f.length_ms("missing_ms", missing);
    f.length_ms("missing_after_ms", missing_after);
    f.integer("checks_done", checks_done);
}
void RepairCheck::fields(FieldSink& f) {
    f.id("check_id", check_id);
    f.text("form_name", form_name);
    f.choice("state", state);
    f.choice("purpose", purpose);
    f.flag("over_press", over_press, "its drawn interval would lie over the window of a press");
    f.flag("other_point", other_point, "it was made for another point than the new one");
}
void RepairPreview::fields(FieldSink& f) {
    f.list("recordings", recordings, 1000);
    f.list("clips", clips, 1000, "those that change");
    f.flag("clips_cut_short", clips_cut_short, "there are more than were looked at");
    f.list("checks", checks, 1000, "with evidence there; it stays at its second of sound");
}

RepairSide side_of(Call& call, Tx& tx, const RecordingSession& session) {
    const auto point = call.rooms.sites.find_point(call.scope, tx, session.point_id);
    return {session.recorder_id,
            recorder_name_of(call, tx, session.recorder_id),
            session.point_id,
            point ? point->name : "",
            point ? point->zone : "UTC",
            session.at.begin,
            session.at.end,
            session.uncertainty};
}

std::vector<RepairPlan> plans_of(Call& call, Tx& tx, const RepairRequest& in) {
    std::vector<RepairPlan> plans;
    if (in.undo) {
        for (const UndoneFields& each : *in.undo)
            plans.push_back(call.rooms.repairs.plan_undo(call.scope, tx, each.id));
    } else {
        if (in.heard_at && in.recordings.size() > 1)
            throw Error(Fault::invalid, "repair.one_only").at("heard_at");
        std::vector<RepairWish> wishes;
        for (const SeenFields& each : in.recordings) {
            RepairWish wish{each.seen, {}, in.shift, {}, in.recorder_id, in.point_id};
            if (in.heard_at)
                wish.heard = {in.heard_sample.value_or(0), *in.heard_at,
                              in.heard_uncertainty.value_or(Duration::seconds(1)),
                              in.heard_source.value_or("person")};
            wishes.push_back(std::move(wish));
        }
        plans = call.rooms.repairs.plan_all(call.scope, tx, wishes);
    }
    if (plans.empty()) throw Error(Fault::invalid, "repair.none").at("recordings");
    return plans;
}

RepairPreview preview_of(Call& call, Tx& tx, const std::vector<RepairPlan>& plans) {
    RepairPreview view;
    for (const RepairPlan& plan : plans) {
        view.recordings.push_back(part_of(call, tx, plans, plan));
        add_checks(call, tx, plan, view.checks);
    }
    const ClipForecasts forecasts = call.rooms.clips.foresee(tx, plans, clips_looked_max);
    view.clips_cut_short = forecasts.cut_short;
    for (const ClipForecast& forecast : forecasts.turns)
        if (auto clip = clip_of(call, tx, forecast)) view.clips.push_back(*std::move(clip));
    return view;
}

}  // namespace otklik
