#include "recording/uploads.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/files.h"
#include "base/folders.h"
#include "base/text.h"
#include "recording/uploads_sql.h"
#include "store/blobs.h"
#include "store/disk.h"
#include "store/jobs.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace uploads_sql;

constexpr std::int64_t new_upload_free_min = 64
                                             << 20;  // left on the disk beside all that is to come
constexpr Duration given_up_after = Duration::days(7);
constexpr std::size_t name_bytes_max = 400;

struct ReasonParam {
    std::string name, value;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.text("value", value);
    }
};
struct ReasonParams {
    std::vector<ReasonParam> items;
    void fields(FieldSink& f) { f.list("items", items, 20); }
};

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

Upload upload_of(const Row& row) {
    Upload u;
    u.id = row.id<Upload>(0);
    u.company_id = row.integer(1);
    u.unit = row.id<Unit>(2);
    u.recorder_id = row.id<Recorder>(3);
    u.owner = row.text(4);
    u.state = parse_enum<UploadState>(row.text(5)).value_or(UploadState::gone);
    u.name = row.text(6);
    u.bytes_total = row.integer(7);
    u.bytes_done = row.integer(8);
    u.metadata = row.text(9);
    u.starts_at = row.maybe_instant(10);
    u.uncertainty = row.duration(11);
    u.sure = row.flag(12);
    u.modified_at = row.maybe_instant(13);
    if (!row.is_null(14)) u.sha256 = row.blob(14);
    if (!row.is_null(15)) u.length = row.duration(15);
    u.tag = row.text(16);
    u.reason = row.text(17);
    for (ReasonParam& each : from_json<ReasonParams>(row.text(18)).items)
        u.reason_params.emplace_back(std::move(each.name), std::move(each.value));
    u.session_id = row.id<RecordingSession>(19);
    u.already_there = row.flag(20);
    u.warnings = words_of(row.text(21));
    u.path = row.text(22);
    u.mark = row.text(23);
    u.created_at = row.instant(24);
    u.changed_at = row.instant(25);
    u.expires_at = row.instant(26);
    return u;
}

void insert_row(Tx& tx, const Upload& u) {
    tx.run(insert_upload,
           {{"id", u.id},
            {"company", u.company_id},
            {"unit", u.unit},
            {"recorder", u.recorder_id},
            {"owner", u.owner},
            {"state", enum_word(u.state)},
            {"name", u.name},
            {"total", u.bytes_total},
            {"done", u.bytes_done},
            {"metadata", u.metadata},
            {"starts", u.starts_at},
            {"uncertainty", u.uncertainty},
            {"sure", u.sure},
            {"modified", u.modified_at},
            {"sha256", u.sha256.empty() ? std::nullopt : std::optional(Bytes{u.sha256})},
            {"path", u.path},
            {"mark", u.mark},
            {"at", tx.now()},
            {"expires", tx.now() + given_up_after}});
}

/// Whose it is; of the watched folder, whoever may see its unit.
bool is_of(const Scope& scope, std::string_view owner, const Upload& upload) {
    if (upload.owner != folder_actor) return upload.owner == owner;
    return allows(scope, {upload.company_id, upload.unit.value, 0});
}

}  // namespace

std::string reason_params_json(const ErrorParams& params) {
    ReasonParams all;
    for (const auto& [name, value] : params) all.items.push_back({name, value});
    return to_json(all);
}

Uploads::Uploads(Store& store, Blobs& blobs, Importer& importer, Recording& recording,
                 const Clock& clock)
    : store_(store),
      blobs_(blobs),
      importer_(importer),
      recording_(recording),
      clock_(clock),
      folder_(blobs.folder() + "/uploads") {
    make_folders(folder_);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
}

std::string Uploads::path_of(Id<Upload> id) const {
    return folder_ + "/" + word(id);
}

Upload Uploads::begin(const Scope& scope, const Wish& wish) {
    if (wish.bytes > upload_bytes_max)
        throw Error(Fault::too_large, "upload.too_large",
                    {{"max", std::to_string(upload_bytes_max)}});
    importer_.require_ready(scope, wish.recorder_id, wish.name, wish.starts_at);
    require_room(wish.bytes);
    Upload upload;
    upload.id = make_id<Upload>(clock_);
    const std::string path = path_of(upload.id);
    const Fd file = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
    durable_folder(folder_);
    try {
        return store_.write([&](Tx& tx) {
            const auto recorder = recording_.find_recorder(scope, tx, wish.recorder_id);
            if (!recorder) throw Error(Fault::not_found, "not_found");
            const bool from_folder = wish.owner == folder_actor;
            const auto open =
                from_folder ? tx.row(open_of_folder, {{"recorder", recorder->id}})
                            : tx.row(open_of_owner,
                                     {{"company", recorder->company_id}, {"owner", wish.owner}});
            if (open->integer(0) >= uploads_open_max)
                throw Error(Fault::busy, "upload.too_many",
                            {{"max", std::to_string(uploads_open_max)}});
            upload.company_id = recorder->company_id;
            upload.unit = recorder->unit;
            upload.recorder_id = recorder->id;
            upload.owner = wish.owner;
            upload.name = cut_bytes(wish.name, name_bytes_max);
            upload.bytes_total = wish.bytes;
            upload.metadata = wish.metadata;
            upload.starts_at = wish.starts_at;
            upload.uncertainty = wish.uncertainty;
            upload.sure = wish.sure;
            upload.modified_at = wish.modified_at;
            upload.path = wish.path;
            upload.mark = wish.mark;
            if (wish.bytes == 0) upload.state = UploadState::whole;
            insert_row(tx, upload);
            want_job(tx, "recording.upload", upload.id.value,
                     wish.bytes == 0 ? tx.now() : tx.now() + given_up_after);
            return *find(tx, upload.id);
        });
    } catch (...) {
        ::unlink(path.c_str());
        throw;
    }
}

void Uploads::require_room(std::int64_t bytes) {
    if (disk_room(blobs_.folder()).state() == DiskState::scarce)
        throw Error(Fault::full, "disk.scarce");
    const std::int64_t to_come =
        store_.read([](Tx& tx) { return tx.row(bytes_to_come)->integer(0); });
    if (blobs_.free_bytes() < to_come + bytes + new_upload_free_min)
        throw Error(Fault::full, "disk.full");
}

void Uploads::bring(Tx& tx, const Upload& upload) {
    insert_row(tx, upload);
    want_job(tx, "recording.upload", upload.id.value, tx.now());
}

std::optional<Upload> Uploads::find(Tx& tx, Id<Upload> id) const {
    const auto row = tx.row(find_upload, {{"id", id}});
    return row ? std::optional(upload_of(*row)) : std::nullopt;
}

std::optional<Upload> Uploads::of_path(Tx& tx, Id<Recorder> recorder, std::string_view path) const {
    const auto row = tx.row(upload_of_path, {{"recorder", recorder}, {"path", path}});
    return row ? find(tx, row->id<Upload>(0)) : std::nullopt;
}

Upload Uploads::get(const Scope& scope, Tx& tx, std::string_view owner, Id<Upload> id) const {
    auto upload = find(tx, id);
    if (!upload || !is_of(scope, owner, *upload)) throw Error(Fault::not_found, "not_found");
    return std::move(*upload);
}

Upload Uploads::find_open(const Scope& scope, std::string_view owner, Id<Upload> id) {
    Upload upload = store_.read([&](Tx& tx) { return get(scope, tx, owner, id); });
    const bool over = upload.state == UploadState::open && upload.expires_at <= clock_.now();
    if (over || upload.state == UploadState::gone) throw Error(Fault::not_found, "upload.gone");
    return upload;
}

std::vector<Upload> Uploads::list(const Scope& scope, Tx& tx, std::string_view owner,
                                  int count_max) const {
    std::vector<Upload> all;
    const auto add = [&](const Sql& statement, std::pair<const char*, std::int64_t> from,
                         UploadState state) {
        const Params params{{"company", scope.company_id()},
                            {from.first, from.second},
                            {"owner", owner},
                            {"state", enum_word(state)},
                            {"count", count_max}};
        for (const Row& row : tx.rows(statement, params))
            if (auto upload = find(tx, row.id<Upload>(0)); upload && is_of(scope, owner, *upload))
                all.push_back(std::move(*upload));
    };
    for (const auto state : {UploadState::open, UploadState::whole, UploadState::asking})
        add(uploads_in_state, {"after", 0}, state);
    for (const auto state : {UploadState::refused, UploadState::done})
        add(newest_settled, {"before_id", INT64_MAX}, state);
    return all;
}

void Uploads::end(const Scope& scope, std::string_view owner, Id<Upload> id) {
    const Upload upload = store_.read([&](Tx& tx) { return get(scope, tx, owner, id); });
    take_turn(upload);
    store_.write([&](Tx& tx) {
        const Upload now = get(scope, tx, owner, id);
        if (now.state == UploadState::whole) throw Error(Fault::conflict, "upload.reading");
        if (now.state == UploadState::open || now.state == UploadState::asking)
            tx.run(end_upload, {{"reason", "upload.gone"}, {"at", tx.now()}, {"id", id}});
        else
            tx.run(forget_upload, {{"id", id}, {"state", enum_word(now.state)}});
        want_job(tx, "recording.upload", id.value, tx.now());
    });
}

Upload Uploads::answer(const Scope& scope, std::string_view owner, Id<Upload> id,
                       const Answer& answer) {
    return store_.write([&](Tx& tx) {
        const Upload upload = get(scope, tx, owner, id);
        if (upload.state != UploadState::asking) throw Error(Fault::conflict, "upload.not_asking");
        tx.run(answer_upload,
               {{"starts", answer.starts_at ? answer.starts_at : upload.starts_at},
                {"uncertainty", answer.starts_at ? answer.uncertainty : upload.uncertainty},
                {"sure", answer.sure},
                {"at", tx.now()},
                {"id", id}});
        want_job(tx, "recording.upload", id.value, tx.now());
        return *find(tx, id);
    });
}

ImportRequest Uploads::request_of(const Upload& upload) const {
    ImportRequest request;
    request.recorder_id = upload.recorder_id;
    request.draft_path = path_of(upload.id);
    request.bytes = upload.bytes_total;
    request.sha256 = upload.sha256;
    request.name = upload.name;
    request.tag = upload.tag;
    request.starts_at = upload.starts_at;
    request.start_uncertainty = upload.uncertainty;
    request.second = upload.sure;
    request.imported_by = upload.owner;
    return request;
}

}  // namespace otklik
