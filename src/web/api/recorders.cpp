// Recorders, where they stand, and files they recorded.
#include "recording/agents.h"
#include "recording/import.h"
#include "recording/live.h"
#include "recording/recording.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t upload_bytes_max = std::int64_t{4} << 30;  // what a WAV head can say

struct RecorderRequest {
    std::string name;
    std::optional<std::string> model, clock_source, format, pickup;
    std::optional<std::int64_t> channels;
    std::optional<bool> archived;
    std::optional<Id<Point>> point_id;
    std::optional<Instant> begin_at;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 300, .may_be_empty = false});
        f.text("model", model, {.bytes_max = 300});
        f.text("clock_source", clock_source, {.bytes_max = 300},
               "what its clock follows, in words");
        f.integer("channels", channels, {1, 2});
        f.text("format", format, {.bytes_max = 100});
        f.text("pickup", pickup, {.bytes_max = 20}, "upload, folder, stream or agent");
        f.flag("archived", archived);
        f.id("point_id", point_id, "of a new recorder: where it stands");
        f.instant("begin_at", begin_at,
                  "of a new recorder: since when it stands there; now when "
                  "absent");
    }
};
struct AgentView {
    std::optional<Instant> paired_at, seen_at, refused_at;
    std::string program, refused_code;
    std::int64_t ring_bytes = 0, ring_bytes_max = 0, refused_count = 0;
    void fields(FieldSink& f) {
        f.instant("paired_at", paired_at, "when it came in by a code last");
        f.instant("seen_at", seen_at, "its last call");
        f.text("program", program, {}, "name and version, as it says");
        f.integer("ring_bytes", ring_bytes, {}, "held on its disk, not received yet");
        f.integer("ring_bytes_max", ring_bytes_max, {}, "0: it does not tell");
        f.integer("refused_count", refused_count, {}, "chunks that could not be taken, ever");
        f.text("refused_code", refused_code, {}, "why, of the last one");
        f.instant("refused_at", refused_at);
    }
};
struct RecorderView {
    Recorder recorder;
    std::optional<Id<Point>> point_id;
    std::optional<std::string> point_name;
    std::optional<Instant> newest_end_at, live_until;
    LiveState live_state = LiveState::none;
    std::optional<AgentView> agent;
    std::int64_t sessions_count = 0;
    void fields(FieldSink& f) {
        f.id("id", recorder.id);
        f.text("name", recorder.name);
        f.text("model", recorder.model);
        f.text("clock_source", recorder.clock_source);
        f.integer("channels", recorder.channels);
        f.text("format", recorder.format);
        f.text("pickup", recorder.pickup);
        f.id("point_id", point_id, "where it stands by its newest placement");
        f.text("point_name", point_name);
        f.integer("version", recorder.version);
        f.instant("archived_at", recorder.archived_at);
        f.instant("newest_end_at", newest_end_at, "end of what it recorded last");
        f.choice("live_state", live_state,
                 "none: it hands over files; recording, late (5 s), silent (2 minutes), paused");
        f.instant("live_until", live_until, "end of the newest sound it handed over");
        f.object("agent", agent);
        f.integer("sessions_count", sessions_count);
    }
};
struct RecorderList {
    std::vector<RecorderView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct PlacementRequest {
    Id<Point> point_id;
    std::optional<Instant> begin_at;
    void fields(FieldSink& f) {
        f.id("point_id", point_id);
        f.instant("begin_at", begin_at, "now when absent; the open placement ends there");
    }
};
struct GapRequest {
    Instant begin_at, end_at;
    std::string cause;
    void fields(FieldSink& f) {
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at, "the first moment after the gap; not in the future");
        f.text("cause", cause, {.bytes_max = 40, .may_be_empty = false},
               "off, network, overflow, torn, not_uploaded, dead_microphone, paused or erased");
    }
};
struct GapReply {
    std::int64_t id = 0;
    Id<Point> point_id;
    void fields(FieldSink& f) {
        f.any_id("id", id, "gap");
        f.id("point_id", point_id, "where the recorder stood");
    }
};
struct UploadReply {
    Id<RecordingSession> recording_id;
    bool already_there = false;
    std::vector<std::string> warnings;
    void fields(FieldSink& f) {
        f.id("recording_id", recording_id);
        f.flag("already_there", already_there,
               "same recorder, content and start: nothing was stored");
        f.texts("warnings", warnings, 10, {}, "audio.silent, audio.torn");
    }
};

void add_live(Call& call, Tx& tx, RecorderView& view) {
    const auto agent = find_agent(tx, view.recorder.id);
    if (!agent || agent->revoked_at) return;
    view.agent = AgentView{agent->paired_at,      agent->seen_at,      agent->refused_at,
                           agent->program,        agent->refused_code, agent->ring_bytes,
                           agent->ring_bytes_max, agent->refused_count};
    if (!agent->paired_at) return;
    view.live_until = live_until(tx, view.recorder.id);
    view.live_state =
        live_state(tx, view.recorder.point_id, view.live_until, call.rooms.clock.now());
}

RecorderView view_of(Call& call, Tx& tx, const Recorder& recorder) {
    RecorderView view;
    view.recorder = recorder;
    if (recorder.point_id) {
        view.point_id = recorder.point_id;
        const auto point = call.rooms.sites.find_point(call.scope, tx, recorder.point_id);
        if (point) view.point_name = point->name;
    }
    const auto counts = call.rooms.recording.counts(tx, recorder.id);
    view.sessions_count = counts.sessions;
    view.newest_end_at = counts.newest_end_at;
    add_live(call, tx, view);
    return view;
}

Recorder get_recorder(Call& call, Tx& tx) {
    const auto recorder = call.rooms.recording.find_recorder(call.scope, tx, call.id<Recorder>());
    if (!recorder) throw Error(Fault::not_found, "not_found");
    return *recorder;
}

void read_into(Recorder& recorder, const RecorderRequest& in) {
    recorder.name = in.name;
    recorder.model = in.model.value_or(recorder.model);
    recorder.clock_source = in.clock_source.value_or(recorder.clock_source);
    recorder.channels = in.channels.value_or(recorder.channels);
    recorder.format = in.format.value_or(recorder.format);
    recorder.pickup = in.pickup.value_or(recorder.pickup);
}

RecorderList list_recorders(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        RecorderList list;
        for (const Recorder& recorder : call.rooms.recording.recorders(call.scope, tx))
            list.items.push_back(view_of(call, tx, recorder));
        return list;
    });
}

RecorderView make_recorder(Call& call, RecorderRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        Recorder recorder;
        recorder.company_id = call.company_id();
        recorder.unit = call.rooms.people.root_unit(tx, call.company_id());
        std::optional<Point> point;
        if (in.point_id) {
            point = call.rooms.sites.find_point(call.scope, tx, *in.point_id);
            if (!point) throw Error(Fault::not_found, "not_found").at("point_id");
            recorder.unit = point->unit;
        }
        require(call.scope, {recorder.company_id, recorder.unit.value, 0});
        read_into(recorder, in);
        const auto id = call.rooms.recording.make_recorder(tx, recorder);
        journal(call, tx, "recorder.made", "recorder", id.value, recorder.unit.value);
        if (point) call.rooms.recording.place(tx, id, *point, in.begin_at.value_or(tx.now()));
        return view_of(call, tx, *call.rooms.recording.find_recorder(call.scope, tx, id));
    });
}

RecorderView change_recorder(Call& call, RecorderRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        Recorder recorder = get_recorder(call, tx);
        call.require_version(recorder.version);
        read_into(recorder, in);
        if (in.archived)
            recorder.archived_at = *in.archived ? std::optional(tx.now()) : std::nullopt;
        call.rooms.recording.change_recorder(call.scope, tx, recorder);
        journal(call, tx, "recorder.changed", "recorder", recorder.id.value, recorder.unit.value);
        call.set_version(++recorder.version);
        return view_of(call, tx, recorder);
    });
}

RecorderView place_recorder(Call& call, PlacementRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const Recorder recorder = get_recorder(call, tx);
        const auto point = call.rooms.sites.find_point(call.scope, tx, in.point_id);
        if (!point) throw Error(Fault::not_found, "not_found").at("point_id");
        call.rooms.recording.place(tx, recorder.id, *point, in.begin_at.value_or(tx.now()));
        journal(call, tx, "recorder.placed", "recorder", recorder.id.value, point->unit.value);
        return view_of(call, tx, get_recorder(call, tx));
    });
}

/// A loss is for good: clips that waited for this sound become final without it.
GapReply declare_gap(Call& call, GapRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Recorder recorder = get_recorder(call, tx);
        if (in.end_at > tx.now()) throw Error(Fault::invalid, "gap.future").at("end_at");
        const auto placement = call.rooms.recording.placement_at(tx, recorder.id, in.begin_at);
        if (!placement)
            throw Error(Fault::conflict, "recorder.not_placed", {{"recorder", recorder.name}});
        if (placement->end_at && *placement->end_at < in.end_at)
            throw Error(Fault::conflict, "gap.moved", {{"recorder", recorder.name}}).at("end_at");
        const auto point = call.rooms.sites.find_point(call.scope, tx, placement->point_id);
        if (!point) throw Error(Fault::not_found, "not_found");
        GapReply reply;
        reply.id = call.rooms.recording.declare_gap(tx, *point, recorder.id,
                                                    {in.begin_at, in.end_at}, in.cause);
        reply.point_id = point->id;
        journal(call, tx, "recording.gap", "gap", reply.id, point->unit.value);
        return reply;
    });
}

/// Basis, placement and a possible start are asked before gigabytes come in.
void may_upload(Call& call) {
    call.rooms.importer.require_ready(call.scope, call.id<Recorder>(),
                                      call.request.query_value("name").value_or(""),
                                      call.query_instant("starts_at"));
}

Response upload(Call& call) {
    ImportRequest request;
    request.recorder_id = call.id<Recorder>();
    request.name = call.request.query_value("name").value_or("");
    request.starts_at = call.query_instant("starts_at");
    request.start_uncertainty =
        Duration::ms(call.query_integer("start_uncertainty_ms", 0, 86'400'000).value_or(0));
    request.second = call.request.query_value("confirm") == "1";
    request.imported_by = call.actor.word;
    auto& body = call.request.spooled;
    if (!body || body->bytes == 0) throw Error(Fault::invalid, "audio.empty");
    request.bytes = body->bytes;
    request.sha256 = body->sha256;
    request.draft_path = std::exchange(body->path, {});
    const ImportResult result = call.rooms.importer.import(call.scope, request);
    UploadReply reply{result.session_id, result.already_there, result.warnings};
    return Response::json(result.already_there ? 200 : 201, to_json(reply));
}

constexpr Route upload_route = [] {
    Route r = raw_route<&upload>("POST", "/recorders/{id}/recordings", Right::import_audio,
                                 "A file of the recorder (?name, ?starts_at, "
                                 "?start_uncertainty_ms; the body is the file). The start is the "
                                 "stated one, else it is read from the name, else from the file. "
                                 "?confirm=1 keeps the same sound with another "
                                 "start as a second recording.",
                                 BodyRule{upload_bytes_max, true});
    r.output = +[](SchemaBook& book) { return book.add<UploadReply>(); };
    r.before_body = &may_upload;
    return r;
}();

constexpr Route recorders_table[] = {
    route<&list_recorders>("GET", "/recorders", Right::see_recording,
                           "Recorders and where they stand."),
    route<&make_recorder>("POST", "/recorders", Right::manage, "A new recorder."),
    route<&change_recorder>("PUT", "/recorders/{id}", Right::manage,
                            "Changes a recorder; If-Match."),
    route<&place_recorder>("PUT", "/recorders/{id}/placement", Right::manage,
                           "The recorder stands at a point from a moment on."),
    route<&declare_gap>("POST", "/recorders/{id}/gaps", Right::manage,
                        "An interval whose sound will never come; waiting clips become final."),
    upload_route,
};

}  // namespace

const std::span<const Route> recorder_routes{recorders_table};

}  // namespace otklik
