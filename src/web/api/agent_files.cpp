// Files that an agent carries from a folder beside a dictaphone or line recorder: announced by name
// and mark, sent in pieces from the offset the server has, and told what became of them. Announced
// again, the same file is the same upload, so a killed agent goes on where it stood.
#include "base/messages.h"
#include "base/text.h"
#include "recording/agents.h"
#include "recording/uploads.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t announce_bytes_max = 8192;
constexpr std::int64_t piece_bytes_max = 8 << 20;
/// Apart from the files of the server's own watched folder.
constexpr std::string_view path_prefix = "agent:";

struct AgentFileRequest {
    std::string name, path, mark;
    std::int64_t bytes = 0;
    std::optional<Instant> modified_at;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 400, .may_be_empty = false}, "as people read it");
        f.text("path", path, {.bytes_max = 4'000, .may_be_empty = false},
               "one file of the folder: folder and name with what is no word percent-encoded");
        f.text("mark", mark, {.bytes_max = 200, .may_be_empty = false},
               "another file of the same path has another");
        f.integer("bytes", bytes, {.min = 0});
        f.instant("modified_at", modified_at);
    }
};
struct AgentFileView {
    Id<Upload> id;
    UploadState state = UploadState::open;
    std::int64_t bytes_done = 0;
    std::string reason, reason_text;
    std::optional<Id<RecordingSession>> recording_id;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.choice("state", state,
                 "open: send from bytes_done; whole: it is read; asking: a person answers in the "
                 "desk; done, refused, gone: it may leave the folder");
        f.integer("bytes_done", bytes_done);
        f.text("reason", reason, {}, "code");
        f.text("reason_text", reason_text);
        f.id("recording_id", recording_id);
    }
};

const Agent& agent_of_call(const Call& call) {
    if (!call.actor.agent) throw Error(Fault::invalid, "agent.token");
    return *call.actor.agent;
}

AgentFileView file_view(const Call& call, const Upload& upload) {
    AgentFileView view{upload.id, upload.state, upload.bytes_done, upload.reason, {}, {}};
    if (!upload.reason.empty())
        view.reason_text = call.rooms.messages.message(
            enum_word(call.actor.language), "error." + upload.reason, upload.reason_params);
    if (upload.session_id) view.recording_id = upload.session_id;
    return view;
}

AgentFileView announce_file(Call& call, AgentFileRequest& in) {
    const Agent& agent = agent_of_call(call);
    const std::string path = std::string(path_prefix) + in.path;
    const auto known = call.rooms.store.read(
        [&](Tx& tx) { return call.rooms.uploads.of_path(tx, agent.recorder_id, path); });
    if (known && known->mark == in.mark && known->bytes_total == in.bytes)
        return file_view(call, *known);
    Uploads::Wish wish;
    wish.recorder_id = agent.recorder_id;
    wish.owner = folder_actor;
    wish.name = in.name;
    wish.bytes = in.bytes;
    wish.modified_at = in.modified_at;
    wish.path = path;
    wish.mark = in.mark;
    call.status = 201;
    return file_view(call, call.rooms.uploads.begin(Scope::console(agent.company_id), wish));
}

/// The agent's own; those of another recorder are not there.
Upload get_own(Call& call, const Agent& agent) {
    return call.rooms.store.read([&](Tx& tx) {
        Upload upload = call.rooms.uploads.get(Scope::console(agent.company_id), tx, folder_actor,
                                               call.id<Upload>());
        if (upload.recorder_id != agent.recorder_id || !upload.path.starts_with(path_prefix))
            throw Error(Fault::not_found, "not_found");
        return upload;
    });
}

Response take_piece(Call& call) {
    const Agent& agent = agent_of_call(call);
    const Upload upload = get_own(call, agent);
    const auto offset = call.query_integer("offset", 0, upload_bytes_max);
    if (!offset) throw Error(Fault::invalid, "field.missing", {{"field", "offset"}}).at("offset");
    const auto digest = parse_hex(call.request.query_value("sha256").value_or(""));
    if (!digest || digest->size() != 32)
        throw Error(Fault::invalid, "upload.checksum").at("sha256");
    const auto writer =
        call.rooms.uploads.write(Scope::console(agent.company_id), folder_actor, upload.id, *offset,
                                 {ChecksumKind::sha256, *digest});
    writer->add(call.request.body);
    return Response::json(200, to_json(file_view(call, writer->finish())));
}

constexpr Route piece_route = [] {
    Route r = raw_route<&take_piece>(
        "PUT", "/agent/files/{id}", Right::hand_over,
        "A piece of an announced file (?offset=, ?sha256= of the piece in hex). The answer comes "
        "after the disk's sync. Another offset than the server has: 409 with the one it has.",
        BodyRule{piece_bytes_max});
    r.output = +[](SchemaBook& book) { return book.add<AgentFileView>(); };
    return r;
}();

constexpr Route agent_files_table[] = {
    route<&announce_file>("POST", "/agent/files", Right::hand_over,
                          "A file of the folder beside the recorder; the same path and mark again "
                          "tells how it stands.",
                          announce_bytes_max),
    piece_route,
};

}  // namespace

const std::span<const Route> agent_file_routes = agent_files_table;

}  // namespace otklik
