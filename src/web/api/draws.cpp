// Draws: an interval of the recording, chosen by chance for a check of staff.
#include "clips/clips.h"
#include "sampling/sampling.h"
#include "store/store.h"
#include "web/api/draw_view.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {

void DrawTrack::fields(FieldSink& f) {
    f.integer("channel", channel);
    f.text("role", role, {}, "mix, left, right, client or employee");
    f.flag("silent", silent);
    f.text("peaks_url", peaks_url);
    f.text("audio_url", audio_url);
    f.text("words_url", words_url);
}

void DrawView::fields(FieldSink& f) {
    f.id("id", id);
    f.text("seed", seed, {}, "with the frame it gives the same interval again");
    f.id("point_id", point_id);
    f.text("point_name", point_name);
    f.id("recording_id", recording_id);
    f.integer("channel", channel, {}, "of the sound that is offered first");
    f.integer("begin_sample", begin_sample, {}, "in the recording, 48 kHz");
    f.integer("end_sample", end_sample);
    f.instant("begin_at", begin_at);
    f.instant("end_at", end_at);
    f.text("person_name", person_name);
    f.number("frame_minutes", frame_minutes, "how much sound could have been drawn");
    f.flag("overlaps_press", overlaps_press,
           "by chance a press lies within; it was not looked for");
    f.text("zone", zone);
    f.text("peaks_url", peaks_url);
    f.text("audio_url", audio_url);
    f.text("words_url", words_url);
    f.list("tracks", tracks, 2,
           "every track of the interval; the three addresses above are the first's");
    f.instant("created_at", created_at);
    f.instant("erased_at", erased_at, "the term of its recording was over");
}

DrawView draw_view(Call& call, Tx& tx, const Draw& draw) {
    const Point point = call.rooms.sites.get_point(call.scope, tx, draw.point_id);
    const DrawFrame frame = parse_frame(draw.frame);
    DrawView view;
    view.id = draw.id;
    view.seed = draw.seed;
    view.point_id = draw.point_id;
    view.point_name = point.name;
    view.recording_id = draw.session_id;
    view.begin_sample = draw.samples.begin;
    view.end_sample = draw.samples.end;
    view.begin_at = draw.at.begin;
    view.end_at = draw.at.end;
    if (draw.person_id) view.person_name = call.rooms.people.person_name(tx, draw.person_id);
    view.frame_minutes = static_cast<double>(frame.samples()) / samples_per_second / 60;
    view.overlaps_press = call.rooms.clips.press_meets(tx, draw.point_id, draw.at);
    view.zone = point.zone;
    const std::string recording = "/api/v1/recordings/" + word(draw.session_id);
    for (const Track& track : call.rooms.recording.tracks(tx, draw.session_id)) {
        const std::string part = "?channel=" + std::to_string(track.channel) +
                                 "&from_sample=" + std::to_string(draw.samples.begin) +
                                 "&to_sample=" + std::to_string(draw.samples.end);
        view.tracks.push_back({track.channel, track.role, recording + "/peaks" + part,
                               recording + "/audio" + part, recording + "/words" + part,
                               track.silent});
    }
    if (!view.tracks.empty()) {
        const DrawTrack& first = view.tracks.front();
        view.channel = first.channel;
        view.peaks_url = first.peaks_url;
        view.audio_url = first.audio_url;
        view.words_url = first.words_url;
    }
    view.created_at = draw.created_at;
    if (const auto session = call.rooms.recording.find_session(call.scope, tx, draw.session_id))
        view.erased_at = session->erased_at;
    return view;
}

namespace {

struct DrawRequest {
    std::optional<Id<Point>> point_id;
    Instant from, to;
    std::optional<Duration> length;
    std::optional<std::string> seed;
    void fields(FieldSink& f) {
        f.id("point_id", point_id, "absent: every point the reader sees");
        f.instant("from", from);
        f.instant("to", to);
        f.length_ms("length_ms", length, {.min = 1, .max = 86'400'000}, "two minutes when absent");
        f.text("seed", seed, {.bytes_max = 100}, "absent: a new one by chance");
    }
};

DrawView make_draw(Call& call, DrawRequest& in) {
    call.status = 201;
    // One seed for every run of the closure, or a retry would draw again.
    const std::string seed = in.seed && !in.seed->empty() ? *in.seed : make_seed();
    return call.rooms.store.write([&](Tx& tx) {
        const Draw draw =
            call.rooms.sampling.draw(call.scope, tx,
                                     {.point_id = in.point_id.value_or(Id<Point>{}),
                                      .range = {in.from, in.to},
                                      .length = in.length.value_or(Duration::seconds(120)),
                                      .seed = seed,
                                      .by = call.account_id()});
        journal(call, tx, "draw.made", "draw", draw.id.value, draw.unit.value);
        return draw_view(call, tx, draw);
    });
}

DrawView show_draw(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        return draw_view(call, tx, call.rooms.sampling.get(call.scope, tx, call.id<Draw>()));
    });
}

constexpr Route draw_table[] = {
    route<&make_draw>("POST", "/draws", Right::check,
                      "Draws an interval by chance over recorded time; presses are ignored."),
    route<&show_draw>("GET", "/draws/{id}", Right::check, "A stored draw."),
};

}  // namespace

const std::span<const Route> draw_routes = draw_table;

}  // namespace otklik
