// Agents: programs beside a recorder. They come in by a one-time code and hand over chunks; the
// answer is the receipt. An agent sees nothing but its own recorder.
#include "recording/agents.h"

#include "media/chunk.h"
#include "recording/live.h"
#include "recording/pauses.h"
#include "recording/recording.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t agent_body_max = 4096;

struct AgentCodeView {
    std::string code;
    Instant expires_at;
    void fields(FieldSink& f) {
        f.text("code", code, {}, "8 letters, once; only its hash is kept");
        f.instant("expires_at", expires_at);
    }
};
struct AgentPairRequest {
    std::string code;
    std::optional<std::string> program;
    void fields(FieldSink& f) {
        f.text("code", code, {.bytes_max = 20, .may_be_empty = false});
        f.text("program", program, {.bytes_max = 100}, "name and version of the agent");
    }
};
struct AgentPairView {
    Id<Recorder> recorder_id;
    std::string name, token;
    void fields(FieldSink& f) {
        f.id("recorder_id", recorder_id);
        f.text("name", name, {}, "of the recorder");
        f.text("token", token, {}, "given once; only its hash is kept");
    }
};
struct ReceivedView {
    std::int64_t begin = 0, end = 0;
    void fields(FieldSink& f) {
        f.integer("begin", begin, {}, "sequence");
        f.integer("end", end, {}, "the first sequence behind it");
    }
};
struct AgentStateView {
    Id<Recorder> recorder_id;
    std::string name;
    std::optional<std::string> point_name;
    Instant server_at;
    std::optional<Instant> paused_since, live_until;
    std::vector<ReceivedView> received;
    void fields(FieldSink& f) {
        f.id("recorder_id", recorder_id);
        f.text("name", name, {}, "of the recorder");
        f.text("point_name", point_name, {}, "where it stands");
        f.instant("server_at", server_at);
        f.instant("paused_since", paused_since, "a private talk goes on since then");
        f.instant("live_until", live_until, "end of the newest sound that it handed over");
        f.list("received", received, 1'000'000, "what is received of ?incarnation=, by sequence");
    }
};
struct ChunkView {
    std::int64_t sequence = 0;
    ChunkAnswer answer = ChunkAnswer::stored;
    std::optional<std::string> code, field;
    void fields(FieldSink& f) {
        f.integer("sequence", sequence);
        f.choice("answer", answer);
        f.text("code", code, {}, "why it was refused");
        f.text("field", field);
    }
};
struct ChunksView {
    Instant server_at;
    std::vector<ChunkView> items;
    bool begin_anew = false;
    std::optional<Instant> paused_since;
    void fields(FieldSink& f) {
        f.instant("server_at", server_at);
        f.list("items", items, batch_chunks_max);
        f.flag("begin_anew", begin_anew, "the recorder was moved: begin a new incarnation");
        f.instant("paused_since", paused_since, "a private talk goes on: sound is not kept");
    }
};

const Agent& agent_of(const Call& call) {
    if (!call.actor.agent) throw Error(Fault::invalid, "agent.token");
    return *call.actor.agent;
}

AgentCodeView make_agent_code_of(Call& call) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto recorder =
            call.rooms.recording.find_recorder(call.scope, tx, call.id<Recorder>());
        if (!recorder) throw Error(Fault::not_found, "not_found");
        const AgentCode made = make_agent_code(tx, *recorder, call.actor.word);
        journal(call, tx, "recorder.code", "recorder", recorder->id.value, recorder->unit.value);
        return AgentCodeView{made.code, made.expires_at};
    });
}

Nothing revoke_agent_of(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto recorder =
            call.rooms.recording.find_recorder(call.scope, tx, call.id<Recorder>());
        if (!recorder) throw Error(Fault::not_found, "not_found");
        revoke_agent(tx, recorder->id);
        journal(call, tx, "recorder.revoked", "recorder", recorder->id.value, recorder->unit.value);
    });
    return {};
}

AgentPairView pair_agent_in(Call& call, AgentPairRequest& in) {
    const std::string key = "pair:" + call.request.peer;
    call.rooms.store.write([&](Tx& tx) { call.rooms.people.count_try(tx, key, "pair.throttled"); });
    const auto paired = call.rooms.store.write([&](Tx& tx) -> std::optional<AgentPairView> {
        const auto found = pair_agent(tx, call.rooms.recording, in.code, in.program.value_or(""));
        if (!found) return std::nullopt;
        call.rooms.people.forget_tries(tx, key);
        const auto recorder = call.rooms.recording.find_recorder(
            Scope::console(found->agent.company_id), tx, found->agent.recorder_id);
        AuditEntry entry;
        entry.company_id = found->agent.company_id;
        entry.unit = found->agent.unit.value;
        entry.actor = word(found->agent.recorder_id);
        entry.verb = "recorder.paired";
        entry.subject = found->agent.recorder_id.value;
        entry.subject_kind = "recorder";
        entry.detail = "{}";
        audit(tx, entry);
        return AgentPairView{found->agent.recorder_id, recorder ? recorder->name : "",
                             found->token};
    });
    if (!paired) throw Error(Fault::not_found, "pair.code").at("code");
    return *paired;
}

AgentStateView show_agent(Call& call) {
    const Agent& agent = agent_of(call);
    const Scope reader = Scope::console(agent.company_id);
    const auto incarnation = call.query_integer("incarnation", 1, INT64_MAX);
    return call.rooms.store.read([&](Tx& tx) {
        AgentStateView view;
        view.recorder_id = agent.recorder_id;
        view.server_at = call.rooms.clock.now();
        const auto recorder = call.rooms.recording.find_recorder(reader, tx, agent.recorder_id);
        if (!recorder) throw Error(Fault::not_found, "not_found");
        view.name = recorder->name;
        if (const auto point = call.rooms.sites.find_point(reader, tx, recorder->point_id)) {
            view.point_name = point->name;
            if (const auto pause = open_pause(tx, point->id)) view.paused_since = pause->at;
        }
        view.live_until = live_until(tx, agent.recorder_id);
        if (incarnation)
            for (const SequenceRange& range : call.rooms.live.received(
                     tx, agent.recorder_id, static_cast<std::uint64_t>(*incarnation)))
                view.received.push_back({range.begin, range.end});
        return view;
    });
}

Response take_chunks(Call& call) {
    const Agent& agent = agent_of(call);
    const ChunkBatch batch = parse_batch(call.request.body);
    const LiveReply reply = call.rooms.live.take(agent, batch);
    // One chunk alone is answered by the status, as one press is.
    if (reply.results.size() == 1 && reply.results[0].answer == ChunkAnswer::refused)
        throw Error(Fault::conflict, reply.results[0].error_code,
                    {{"sequence", std::to_string(reply.results[0].sequence)}})
            .at(reply.results[0].field);
    ChunksView view;
    view.server_at = call.rooms.clock.now();
    view.begin_anew = reply.begin_anew;
    view.paused_since = reply.paused_since;
    for (const ChunkResult& each : reply.results) {
        ChunkView item{each.sequence, each.answer, {}, {}};
        if (each.answer == ChunkAnswer::refused) {
            item.code = each.error_code;
            item.field = each.field;
        }
        view.items.push_back(std::move(item));
    }
    return Response::json(200, to_json(view));
}

constexpr Route chunks_route = [] {
    Route r = raw_route<&take_chunks>(
        "POST", "/agent/chunks", Right::hand_over,
        "Chunks of a live recorder, as media/chunk.h lays them out. The answer comes after the "
        "disk's sync and is the receipt; the same chunk again is `known`. One chunk alone that "
        "cannot be taken: 409.",
        BodyRule{batch_bytes_max});
    r.output = +[](SchemaBook& book) { return book.add<ChunksView>(); };
    return r;
}();

constexpr Route agents_table[] = {
    route<&make_agent_code_of>("POST", "/recorders/{id}/agent", Right::manage,
                               "A one-time code for the recorder's agent; holds 10 minutes, the "
                               "code before is void."),
    route<&revoke_agent_of>("DELETE", "/recorders/{id}/agent", Right::manage,
                            "The agent's token is void; what it handed over stays."),
    route<&pair_agent_in>("POST", "/agent/pair", Right::anyone,
                          "Exchanges a one-time code for the token of the recorder's agent.",
                          agent_body_max),
    route<&show_agent>("GET", "/agent", Right::hand_over,
                       "The recorder of this token, and with ?incarnation= what is received."),
    chunks_route,
};

}  // namespace

const std::span<const Route> agent_routes = agents_table;

}  // namespace otklik
