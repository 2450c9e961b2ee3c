#include "recording/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/text.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t strange_max = 20;  // named in the desk
constexpr std::size_t copy_bytes = 1 << 20;

std::string strerror_of(int code) {
    return std::strerror(code);
}

}  // namespace

WatchedFolder::WatchedFolder(std::string path, Store& store, Uploads& uploads, Recording& recording,
                             People& people, const Messages& messages, const Clock& clock)
    : path_(std::move(path)),
      store_(store),
      uploads_(uploads),
      recording_(recording),
      people_(people),
      messages_(messages),
      clock_(clock) {
    state_.lock()->path = path_;
}

FolderState WatchedFolder::state() {
    return *state_.lock();
}

void WatchedFolder::look() {
    if (!is_watched()) return;
    next_ = {};
    next_.path = path_;
    still_.begin_round();
    try {
        const Fd root(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!root)
            throw Error(Fault::unavailable, "folder.unreadable",
                        {{"path", path_}, {"why", strerror_of(errno)}});
        const auto recorders = store_.read([&](Tx& tx) {
            const auto company = people_.company(tx);
            return company ? recording_.recorders(Scope::console(company->id.value), tx)
                           : std::vector<Recorder>{};
        });
        for (const std::string& name : names_in(root)) {
            const auto is_of = [&](const Recorder& r) {
                return !r.archived_at && is_utf8(name) && fold(r.name) == fold(name);
            };
            const auto found = std::find_if(recorders.begin(), recorders.end(), is_of);
            if (found != recorders.end())
                look_at_recorder(*found, name, root);
            else if (next_.strange.size() < strange_max)
                next_.strange.push_back(shown_name(name));
        }
    } catch (const Error& error) {
        next_.problem = error.code();
        next_.problem_params = error.params();
    }
    still_.end_round();
    next_.looked_at = clock_.now();
    *state_.lock() = next_;
}

void WatchedFolder::look_at_recorder(const Recorder& recorder, const std::string& name,
                                     const Fd& root) {
    const Fd folder = folder_below(root, name);
    if (!folder) {
        if (next_.strange.size() < strange_max) next_.strange.push_back(shown_name(name));
        return;
    }
    std::vector<std::string> strange;
    each_file(folder, strange, [&](const Fd& at, const DropFile& file) {
        try {
            look_at_file(recorder, at, file);
        } catch (const Error& error) {
            log_warning("folder.file_failed", {{"detail", error.what()}});
            next_.problem = error.code();
            next_.problem_params = error.params();
        }
    });
    for (const std::string& each : strange)
        if (next_.strange.size() < strange_max)
            next_.strange.push_back(shown_name(name) + "/" + each);
}

void WatchedFolder::look_at_file(const Recorder& recorder, const Fd& folder, const DropFile& file) {
    const auto upload =
        store_.read([&](Tx& tx) { return uploads_.of_path(tx, recorder.id, file.word()); });
    if (!upload || upload->mark != file.mark) {
        const std::string key = word(recorder.id) + "/" + file.below + file.name;
        if (still_.stands_still(key, file, clock_.now())) take(recorder, folder, file);
        ++next_.files_waiting;
        return;
    }
    switch (upload->state) {
        case UploadState::done:
            return move(folder, file, drop_done, {});
        case UploadState::refused:
        case UploadState::gone:
            return move(folder, file, drop_refused, words_of(*upload));
        default:
            ++next_.files_waiting;
    }
}

void WatchedFolder::take(const Recorder& recorder, const Fd& folder, const DropFile& file) {
    if (file.bytes > upload_bytes_max) {
        Upload upload;
        upload.reason = "upload.too_large";
        upload.reason_params = {{"max", std::to_string(upload_bytes_max)}};
        return move(folder, file, drop_refused, words_of(upload));
    }
    const Fd from(
        ::openat(folder.get(), file.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!from) throw_errno("open in the watched folder");
    Upload upload;
    upload.id = make_id<Upload>(clock_);
    const std::string path = uploads_.path_of(upload.id);
    try {
        const Fd to = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
        uploads_.require_room(file.bytes);
        Sha256 hash;
        std::string chunk(copy_bytes, '\0');
        for (std::int64_t at = 0;;) {
            const std::size_t count = read_at(from.get(), at, chunk);
            if (count == 0) break;
            const std::string_view bytes = std::string_view(chunk).substr(0, count);
            hash.add(bytes);
            write_all(to.get(), bytes);
            at += static_cast<std::int64_t>(count);
            if (at > file.bytes) break;
        }
        struct stat after {};
        if (::fstat(from.get(), &after) != 0) throw_errno("stat in the watched folder");
        const auto still = DropFile::of(file.name, after);
        if (!still || still->mark != file.mark) {
            ::unlink(path.c_str());  // it grew after all
            return;
        }
        durable(to.get(), "upload");
        durable_folder(path.substr(0, path.rfind('/')));
        upload.company_id = recorder.company_id;
        upload.unit = recorder.unit;
        upload.recorder_id = recorder.id;
        upload.owner = folder_actor;
        upload.state = UploadState::whole;
        upload.name = cut_bytes(shown_name(file.name), 400);
        upload.bytes_total = upload.bytes_done = file.bytes;
        upload.modified_at = file.modified_at;
        upload.sha256 = hash.finish();
        upload.path = file.word();
        upload.mark = file.mark;
        store_.write([&](Tx& tx) { uploads_.bring(tx, upload); });
    } catch (...) {
        ::unlink(path.c_str());
        throw;
    }
}

void WatchedFolder::move(const Fd& folder, const DropFile& file, std::string_view into,
                         const std::string& words) const {
    move_aside(folder, file, into, words, path_);
}

std::string WatchedFolder::words_of(const Upload& upload) const {
    const std::string key = "error." + upload.reason;
    return messages_.message("ru", key, upload.reason_params) + "\n" +
           messages_.message("en", key, upload.reason_params) + "\n(" + upload.reason + ")";
}

}  // namespace otklik
