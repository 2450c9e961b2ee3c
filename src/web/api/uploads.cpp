// Files sent in pieces: tus 1.0. The desk's own questions about them stand in upload_views.cpp.
#include "recording/uploads.h"

#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"
#include "web/api/tus.h"
#include "web/api/upload_view.h"
#include "web/http_answer.h"
#include "web/http_sink.h"

namespace otklik {
namespace {

constexpr std::int64_t doubt_ms_max = 86'400'000;

/// What comes in goes straight into the file of the upload.
class UploadBody : public BodySink {
public:
    explicit UploadBody(std::unique_ptr<UploadWriter> to) : writer_(std::move(to)) {}
    std::int64_t bytes_max() const override { return writer_->bytes_max(); }
    void add(std::string_view bytes) override { writer_->add(bytes); }
    void cut() noexcept override { writer_->cut(); }
    Upload finish() { return writer_->finish(); }

private:
    std::unique_ptr<UploadWriter> writer_;
};

std::string upload_address(const Upload& upload) {
    return "/api/v1/uploads/" + word(upload.id);
}

/// The recorder's id word in the metadata of a client.
Id<Recorder> recorder_of(const TusMetadata& metadata) {
    const auto text = tus_value(metadata, "recorder");
    const auto id = text ? parse_id_word(id_prefix<Recorder>, *text) : std::nullopt;
    if (!id) throw Error(Fault::invalid, "upload.no_recorder").at("Upload-Metadata");
    return {*id};
}

std::optional<Instant> instant_of(const TusMetadata& metadata, std::string_view key) {
    const auto text = tus_value(metadata, key);
    if (!text || text->empty()) return std::nullopt;
    const auto at = parse_instant(*text);
    if (!at) throw Error(Fault::invalid, "field.instant", {{"field", std::string(key)}}).at(key);
    return at;
}

Duration doubt_of(const TusMetadata& metadata) {
    const auto text = tus_value(metadata, "start_uncertainty_ms").value_or("0");
    std::int64_t ms = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || ms > doubt_ms_max)
            throw Error(Fault::invalid, "field.range",
                        {{"field", "start_uncertainty_ms"},
                         {"min", "0"},
                         {"max", std::to_string(doubt_ms_max)}});
        ms = ms * 10 + (c - '0');
    }
    return Duration::ms(std::min(ms, doubt_ms_max));
}

Upload begin_upload(Call& call) {
    const std::int64_t bytes = parse_tus_number(call.request, "Upload-Length");
    const std::string_view sent = call.request.header("Upload-Metadata");
    const TusMetadata metadata = parse_tus_metadata(sent);
    Uploads::Wish wish;
    wish.recorder_id = recorder_of(metadata);
    wish.owner = call.actor.word;
    wish.name = tus_value(metadata, "filename").value_or("");
    wish.metadata = sent;
    wish.bytes = bytes;
    wish.starts_at = instant_of(metadata, "starts_at");
    wish.uncertainty = doubt_of(metadata);
    wish.sure = tus_value(metadata, "sure") == "1";
    wish.modified_at = instant_of(metadata, "modified_at");
    Upload upload = call.rooms.uploads.begin(call.scope, wish);
    call.rooms.store.write([&](Tx& tx) {
        journal(call, tx, "upload.begun", "upload", upload.id.value, upload.unit.value);
    });
    return upload;
}

void open_body(Call& call, Id<Upload> id, std::int64_t offset) {
    const UploadChecksum checksum = parse_tus_checksum(call.request.header("Upload-Checksum"));
    call.request.sink = std::make_shared<UploadBody>(
        call.rooms.uploads.write(call.scope, call.actor.word, id, offset, checksum));
}

/// Creation with a body must know where to put it before it comes.
void may_create(Call& call) {
    require_tus(call.request);
    const std::string_view type = call.request.header("Content-Type");
    if (type != tus_content_type) return;
    const Upload upload = begin_upload(call);
    call.request.params["made"] = word(upload.id);
    if (upload.state == UploadState::open) open_body(call, upload.id, 0);
}

Upload upload_now(Call& call, Id<Upload> id) {
    return call.rooms.store.read(
        [&](Tx& tx) { return call.rooms.uploads.get(call.scope, tx, call.actor.word, id); });
}

void tell_offset(Response& response, const Upload& upload) {
    response.set("Upload-Offset", std::to_string(upload.bytes_done));
    response.set("Cache-Control", "no-store");
    if (upload.state == UploadState::open)
        response.set("Upload-Expires", http_date(upload.expires_at.us / 1'000'000));
}

Response create_upload(Call& call) {
    Upload upload;
    if (!call.request.params.contains("made")) {
        upload = begin_upload(call);
    } else if (call.request.sink) {
        upload = static_cast<UploadBody&>(*call.request.sink).finish();
    } else {
        upload = upload_now(call, call.id<Upload>("made"));
    }
    Response response = Response::empty(201);
    response.set("Location", upload_address(upload));
    tell_offset(response, upload);
    return response;
}

/// PATCH, also by a POST that says so.
void may_write(Call& call) {
    require_tus(call.request);
    const std::string method = tus_method(call.request);
    if (method != "PATCH") {
        if (method != "DELETE" && method != "HEAD")
            throw Error(Fault::method, "method.wrong",
                        {{"method", method}, {"allowed", "DELETE, GET, HEAD, PATCH"}});
        return;
    }
    if (call.request.header("Content-Type") != tus_content_type)
        throw Error(Fault::invalid, "upload.content_type").at("Content-Type");
    open_body(call, call.id<Upload>(), parse_tus_number(call.request, "Upload-Offset"));
}

Response show_offset(Call& call) {
    require_tus(call.request);
    const Upload upload = call.rooms.uploads.halt(call.scope, call.actor.word, call.id<Upload>());
    Response response = Response::empty(200);
    tell_offset(response, upload);
    response.set("Upload-Length", std::to_string(upload.bytes_total));
    if (!upload.metadata.empty()) response.set("Upload-Metadata", upload.metadata);
    return response;
}

Response end_upload(Call& call) {
    require_tus(call.request);
    const auto id = call.id<Upload>();
    const Upload upload = upload_now(call, id);
    call.rooms.uploads.end(call.scope, call.actor.word, id);
    call.rooms.store.write(
        [&](Tx& tx) { journal(call, tx, "upload.ended", "upload", id.value, upload.unit.value); });
    return Response::empty(204);
}

Response write_upload(Call& call) {
    const std::string method = tus_method(call.request);
    if (method == "DELETE") return end_upload(call);
    if (method == "HEAD") return show_offset(call);
    Response response = Response::empty(204);
    tell_offset(response, static_cast<UploadBody&>(*call.request.sink).finish());
    return response;
}

Response tus_options(Call&) {
    return Response::empty(204);
}

constexpr Route with_body(Route route, void (*before_body)(Call&)) {
    route.before_body = before_body;
    return route;
}

constexpr Route uploads_table[] = {
    raw_route<&tus_options>("OPTIONS", "/uploads", Right::anyone, "What this tus server can do."),
    raw_route<&tus_options>("OPTIONS", "/uploads/{id}", Right::anyone,
                            "What this tus server can do."),
    with_body(raw_route<&create_upload>(
                  "POST", "/uploads", Right::import_audio,
                  "tus: begins a file (Upload-Length; Upload-Metadata with recorder and filename, "
                  "maybe starts_at, start_uncertainty_ms, modified_at, sure). Once whole it is "
                  "imported, or asks for what is not known.",
                  BodyRule{0, false}),
              &may_create),
    raw_route<&show_offset>("HEAD", "/uploads/{id}", Right::import_audio,
                            "tus: how much is kept; a request that hangs is let go."),
    with_body(raw_route<&write_upload>("PATCH", "/uploads/{id}", Right::import_audio,
                                       "tus: the next bytes (Upload-Offset, Upload-Checksum).",
                                       BodyRule{0, false}),
              &may_write),
    with_body(raw_route<&write_upload>("POST", "/uploads/{id}", Right::import_audio,
                                       "tus: X-HTTP-Method-Override, PATCH, DELETE or HEAD.",
                                       BodyRule{0, false}),
              &may_write),
    raw_route<&end_upload>("DELETE", "/uploads/{id}", Right::import_audio,
                           "tus: gives up the file; of a finished one, forgets what became of it."),
    show_upload_route,
    show_folder_route,
    list_uploads_route,
    answer_upload_route,
    preview_upload_route,
    preview_recording_route,
};

}  // namespace

const std::span<const Route> upload_routes{uploads_table};

}  // namespace otklik
