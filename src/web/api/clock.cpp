// The clock of a recording: what is known of its time, how well, and what was refused.
#include "base/messages.h"
#include "recording/markers.h"
#include "recording/repair.h"
#include "recording/scenes.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {

template <>
inline constexpr std::pair<AnchorVerdict, std::string_view> enum_words<AnchorVerdict>[3] = {
    {AnchorVerdict::used, "used"},      // a point of the map
    {AnchorVerdict::agrees, "agrees"},  // the map holds without it
    {AnchorVerdict::refused, "refused"}};

namespace {

constexpr Duration in_step_max = Duration::ms(50);

struct ClockPointView {
    std::int64_t media_sample = 0;
    Instant at;
    Duration uncertainty;
    void fields(FieldSink& f) {
        f.integer("media_sample", media_sample);
        f.instant("at", at);
        f.length_ms("uncertainty_ms", uncertainty);
    }
};
struct ClockEvidenceView {
    JudgedAnchor judged;
    std::string reason_text;
    void fields(FieldSink& f) {
        f.text("source", judged.anchor.source, {},
               "stated, name, tag, agent, reading, marker, correlation, clap, nudge or person");
        f.integer("media_sample", judged.anchor.media_sample);
        f.instant("at", judged.anchor.at);
        f.length_ms("uncertainty_ms", judged.anchor.uncertainty);
        f.choice("verdict", judged.verdict);
        f.text("reason", judged.reason, {}, "code, of a refused one");
        f.text("reason_text", reason_text, {}, "the same in words");
        f.length_ms("off_ms", judged.off, {}, "from the fit, later is above 0");
        f.instant("created_at", judged.anchor.created_at);
    }
};
struct ClockMarkerView {
    MarkerJudgement judged;
    std::string turn_text;
    void fields(FieldSink& f) {
        f.id("marker_id", judged.marker.id);
        f.instant("played_at", judged.marker.at);
        f.length_ms("uncertainty_ms", judged.marker.uncertainty);
        f.integer("code", judged.marker.code);
        f.integer("media_sample", judged.media_sample, {}, "where it was heard");
        f.text("turn", judged.turn, {}, "used, agrees, refused, unheard, ambiguous or doubtful");
        f.text("reason", judged.reason, {}, "code, of a refused one");
        f.text("turn_text", turn_text, {}, "both in words");
    }
};
struct ClockSceneView {
    SceneJudgement judged;
    std::string turn_text;
    void fields(FieldSink& f) {
        f.id("other_id", judged.other_id, "the recording it was laid over");
        f.text("turn", judged.turn, {}, "used, agrees or refused");
        f.text("reason", judged.reason, {}, "code, of a refused one");
        f.text("turn_text", turn_text, {}, "both in words");
        f.integer("pieces_agree", judged.pieces_agree, {}, "whose places lie on one line");
        f.integer("pieces", judged.pieces, {}, "that were looked for");
        f.integer("windows_agree", judged.windows_agree, {}, "of 16 s, within 5 ms of one line");
        f.integer("windows_clear", judged.windows_clear, {}, "in which both heard the same");
    }
};
struct ClockView {
    Id<RecordingSession> id;
    std::string zone;
    std::int64_t map_number = 1;
    Instant begin_at;
    Duration uncertainty, fit_uncertainty;
    std::optional<double> drift_ppm;
    bool in_step = true;
    std::vector<ClockPointView> points;
    std::vector<ClockEvidenceView> evidence;
    std::vector<ClockMarkerView> markers;
    std::vector<ClockSceneView> scenes;
    void fields(FieldSink& f) {
        f.id("recording_id", id);
        f.text("zone", zone);
        f.integer("map_number", map_number, {}, "the map that holds");
        f.instant("begin_at", begin_at, "by the map that holds");
        f.length_ms("uncertainty_ms", uncertainty, {}, "of the map that holds");
        f.number("drift_ppm", drift_ppm, "the recorder runs slow by so much; null: not known");
        f.length_ms("fit_uncertainty_ms", fit_uncertainty, {},
                    "the worst within the recording, with the drift that nothing tells");
        f.flag("in_step", in_step, "the map that holds is what the evidence gives, within 50 ms");
        f.list("points", points, 1000, "of the fit over the evidence in force");
        f.list("evidence", evidence, 10'000, "best first, refused ones last");
        f.list("markers", markers, 400,
               "marks that panels of its point played, and what became of them");
        f.list("scenes", scenes, 1000, "recordings of its point that it was laid over");
    }
};

void add_markers(Call& call, Tx& tx, ClockView& view) {
    const auto words = [&](const std::string& key) {
        return call.rooms.messages.message(enum_word(call.actor.language), key);
    };
    for (const MarkerJudgement& judged : marker_judgements(tx, view.id))
        view.markers.push_back({judged, judged.reason.empty()
                                            ? words("clock.marker." + judged.turn)
                                            : words("clock.reason." + judged.reason)});
}

void add_scenes(Call& call, Tx& tx, ClockView& view) {
    for (const SceneJudgement& judged : scene_judgements(tx, view.id)) {
        if (!call.rooms.recording.find_session(call.scope, tx, judged.other_id)) continue;
        view.scenes.push_back(
            {judged,
             call.rooms.messages.message(enum_word(call.actor.language),
                                         judged.reason.empty() ? "clock.scene." + judged.turn
                                                               : "clock.reason." + judged.reason)});
    }
}

ClockView show_clock(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const auto session =
            call.rooms.recording.find_session(call.scope, tx, call.id<RecordingSession>());
        if (!session) throw Error(Fault::not_found, "not_found");
        const ClockMap map = call.rooms.recording.clock_map(tx, session->id);
        const ClockFit fit = call.rooms.repairs.fit(tx, *session);
        const auto point = call.rooms.sites.find_point(call.scope, tx, session->point_id);
        ClockView view;
        view.id = session->id;
        view.zone = point ? point->zone : "UTC";
        view.map_number = map.number;
        view.begin_at = session->at.begin;
        view.uncertainty = map.uncertainty;
        view.fit_uncertainty = fit.map.uncertainty;
        if (fit.drift_known) view.drift_ppm = fit.drift_ppm;
        for (const std::int64_t sample : {std::int64_t{0}, session->length_samples}) {
            const Duration off = fit.map.at(sample) - map.at(sample);
            view.in_step = view.in_step && off <= in_step_max && -off <= in_step_max;
        }
        for (std::size_t i = 0; i < fit.map.points.size(); ++i)
            view.points.push_back(
                {fit.map.points[i].first, fit.map.points[i].second, fit.knot_doubts[i]});
        for (const JudgedAnchor& judged : fit.anchors) {
            const std::string words = judged.reason.empty() ? std::string()
                                                            : call.rooms.messages.message(
                                                                  enum_word(call.actor.language),
                                                                  "clock.reason." + judged.reason);
            view.evidence.push_back({judged, words});
        }
        add_markers(call, tx, view);
        add_scenes(call, tx, view);
        return view;
    });
}

constexpr Route clock_table[] = {
    route<&show_clock>("GET", "/recordings/{id}/clock", Right::see_recording,
                       "Evidence of its time, the fit over it, and what was refused."),
};

}  // namespace

const std::span<const Route> clock_routes{clock_table};

}  // namespace otklik
