// Stage recording.upload: what becomes of an upload, once nothing more has to come.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "recording/uploads.h"
#include "recording/uploads_sql.h"
#include "store/blobs.h"
#include "store/hash_file.h"
#include "store/jobs.h"
#include "store/store.h"

namespace otklik {

std::string reason_params_json(const ErrorParams& params);  // uploads.cpp

namespace {

using namespace uploads_sql;

constexpr Duration remembered_for = Duration::days(30);  // "what became of it?"

/// What a person can mend: the file stays, and is read again after an answer.
constexpr std::string_view questions[] = {"start.unknown",     "start.impossible",
                                          "start.ahead",       "recorder.not_placed",
                                          "recorder.archived", "recording.same_content_other_start",
                                          "basis.missing"};

/// A failed one is tried again with the job: somebody's talk must not lie there for weeks.
void remove_upload_bytes(const std::string& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_errno("unlink " + path);
}

bool is_question(const Error& error) {
    return std::find(std::begin(questions), std::end(questions), error.code()) !=
           std::end(questions);
}

bool is_verdict(const Error& error) {
    return error.fault() == Fault::invalid || error.fault() == Fault::too_large ||
           error.fault() == Fault::not_found;
}

}  // namespace

bool Uploads::is_here(const Upload& upload) const {
    struct stat info {};
    return ::stat(path_of(upload.id).c_str(), &info) == 0 && info.st_size == upload.bytes_total;
}

std::optional<Instant> Uploads::settle(std::int64_t id) {
    const auto upload = store_.read([&](Tx& tx) { return find(tx, {id}); });
    if (!upload) {
        remove_upload_bytes(path_of({id}));
        return std::nullopt;
    }
    switch (upload->state) {
        case UploadState::open:
            if (upload->expires_at > clock_.now()) return upload->expires_at;
            store_.write([&](Tx& tx) {
                tx.run(end_upload,
                       {{"reason", "upload.expired"}, {"at", tx.now()}, {"id", upload->id}});
            });
            return clock_.now();
        case UploadState::asking:
            return std::nullopt;
        case UploadState::whole:
            return import(*upload);
        default:
            break;
    }
    remove_upload_bytes(path_of(upload->id));
    const Instant forgotten = upload->changed_at + remembered_for;
    if (forgotten > clock_.now()) return forgotten;
    store_.write([&](Tx& tx) {
        tx.run(forget_upload, {{"id", upload->id}, {"state", enum_word(upload->state)}});
    });
    return std::nullopt;
}

void Uploads::look_into(Upload& upload) {
    if (upload.bytes_total == 0) throw Error(Fault::invalid, "audio.empty");
    if (!is_here(upload)) throw Error(Fault::not_found, "upload.gone");
    if (upload.sha256.empty()) upload.sha256 = hash_file(path_of(upload.id));
    const AudioHead head = importer_.look_at(path_of(upload.id));
    upload.length = head.length;
    upload.tag = head.begun;
    store_.write([&](Tx& tx) {
        tx.run(look_into_upload, {{"sha256", Bytes{upload.sha256}},
                                  {"length", upload.length},
                                  {"tag", upload.tag},
                                  {"id", upload.id}});
    });
}

std::optional<Instant> Uploads::import(const Upload& whole) {
    Upload upload = whole;
    try {
        look_into(upload);
        ImportRequest request = request_of(upload);
        const bool ahead = store_.read([&](Tx& tx) {
            return importer_
                .preview(Scope::system(), tx, request, upload.length, upload.modified_at)
                .ahead;
        });
        if (ahead && !upload.sure) throw Error(Fault::conflict, "start.ahead");
        // The import takes its draft away, come what may; a crash in it must leave the upload.
        request.draft_path = blobs_.draft_path();
        if (::link(path_of(upload.id).c_str(), request.draft_path.c_str()) != 0)
            throw_errno("link upload");
        const ImportResult result = importer_.import(Scope::system(), request);
        upload.session_id = result.session_id;
        upload.already_there = result.already_there;
        upload.warnings = result.warnings;
        finish(upload, UploadState::done, nullptr);
    } catch (const Error& error) {
        if (is_question(error))
            finish(upload, UploadState::asking, &error);
        else if (is_verdict(error))
            finish(upload, UploadState::refused, &error);
        else
            throw;  // the disk is full, the helper died: tried again
    }
    return settle(upload.id.value);
}

void Uploads::finish(const Upload& upload, UploadState state, const Error* why) {
    std::string warnings;
    for (const std::string& word : upload.warnings)
        warnings += (warnings.empty() ? "" : " ") + word;
    store_.write([&](Tx& tx) {
        const std::string reason = why ? why->code() : "";
        const std::string params = reason_params_json(why ? why->params() : ErrorParams{});
        if (state == UploadState::asking)
            tx.run(ask_upload,
                   {{"reason", reason}, {"params", params}, {"at", tx.now()}, {"id", upload.id}});
        else
            tx.run(settle_upload, {{"state", enum_word(state)},
                                   {"reason", reason},
                                   {"params", params},
                                   {"session", upload.session_id},
                                   {"already", upload.already_there},
                                   {"warnings", warnings},
                                   {"at", tx.now()},
                                   {"id", upload.id}});
    });
}

int Uploads::sweep() {
    int count = 0;
    for (const auto& each : std::filesystem::directory_iterator(folder_)) {
        const auto id = parse_id_word(id_prefix<Upload>, each.path().filename().string());
        const bool known = id && store_.read([&](Tx& tx) {
            return tx.row(any_upload, {{"id", *id}}).has_value();
        });
        if (known) continue;
        std::error_code ignored;
        count += std::filesystem::remove(each.path(), ignored) ? 1 : 0;
    }
    return count;
}

}  // namespace otklik
