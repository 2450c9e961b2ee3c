#include "recording/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/hash.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/text.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr Duration still_for = Duration::seconds(10);  // a copy over a slow share pauses for less
constexpr std::size_t strange_max = 20;                // named in the desk
constexpr std::size_t names_max = 10'000;              // of one sub-folder in one round
constexpr std::size_t copy_bytes = 1 << 20;
constexpr std::string_view done_name = "done", refused_name = "refused";

std::string strerror_of(int code) {
    return std::strerror(code);
}

/// The names in a folder, sorted, without hidden ones.
std::vector<std::string> names_in(const Fd& folder) {
    const int copy = ::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> open(copy < 0 ? nullptr : ::fdopendir(copy),
                                                   &::closedir);
    if (!open) throw_errno("read folder");
    ::rewinddir(open.get());
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(open.get()))
        if (entry->d_name[0] != '.' && names.size() < names_max) names.emplace_back(entry->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

Fd folder_below(const Fd& folder, const std::string& name) {
    return Fd(
        ::openat(folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// As people may read it, whatever bytes the name has.
std::string shown(const std::string& name) {
    return is_utf8(name) ? name : percent_encode(name);
}

bool is_unfinished_name(std::string_view name) {
    for (const std::string_view end : {".part", ".tmp", ".partial", ".crdownload"})
        if (name.ends_with(end)) return true;
    return false;
}

/// The first free one of "a.wav", "a (2).wav", ...
std::string free_name(const Fd& folder, const std::string& name) {
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    std::string free = name;
    struct stat info {};
    for (int n = 2; ::fstatat(folder.get(), free.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0; ++n)
        free = name.substr(0, dot) + " (" + std::to_string(n) + ")" + name.substr(dot);
    return free;
}

}  // namespace

struct WatchedFolder::File {
    std::string name;
    std::string mark;
    std::int64_t bytes = 0;
    Instant modified_at;

    static std::optional<File> of(const std::string& name, const struct stat& info) {
        if (!S_ISREG(info.st_mode)) return std::nullopt;
        File file;
        file.name = name;
        file.bytes = info.st_size;
        file.modified_at = {info.st_mtim.tv_sec * std::int64_t{1'000'000} +
                            info.st_mtim.tv_nsec / 1'000};
        // Another file of the same name, length and time has another number or another change.
        for (const std::int64_t part :
             {std::int64_t{info.st_size}, std::int64_t{info.st_mtim.tv_sec},
              std::int64_t{info.st_mtim.tv_nsec}, std::int64_t{info.st_ctim.tv_sec},
              std::int64_t{info.st_ctim.tv_nsec}, static_cast<std::int64_t>(info.st_ino)})
            file.mark += (file.mark.empty() ? "" : ":") + std::to_string(part);
        return file;
    }
    std::string path() const { return percent_encode(name); }
};

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
    for (auto& [name, seen] : seen_) seen.now = false;
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
                next_.strange.push_back(shown(name));
        }
    } catch (const Error& error) {
        next_.problem = error.code();
        next_.problem_params = error.params();
    }
    std::erase_if(seen_, [](const auto& each) { return !each.second.now; });
    next_.looked_at = clock_.now();
    *state_.lock() = next_;
}

void WatchedFolder::look_at_recorder(const Recorder& recorder, const std::string& name,
                                     const Fd& root) {
    const Fd folder = folder_below(root, name);
    if (!folder) {
        if (next_.strange.size() < strange_max) next_.strange.push_back(shown(name));
        return;
    }
    for (const std::string& each : names_in(folder)) {
        if (each == done_name || each == refused_name || is_unfinished_name(each)) continue;
        struct stat info {};
        if (::fstatat(folder.get(), each.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        const auto file = File::of(each, info);
        if (!file) {
            if (next_.strange.size() < strange_max)
                next_.strange.push_back(shown(name) + "/" + shown(each));
            continue;
        }
        try {
            look_at_file(recorder, folder, *file);
        } catch (const Error& error) {
            log_warning("folder.file_failed", {{"detail", error.what()}});
            next_.problem = error.code();
            next_.problem_params = error.params();
        }
    }
}

void WatchedFolder::look_at_file(const Recorder& recorder, const Fd& folder, const File& file) {
    const auto upload =
        store_.read([&](Tx& tx) { return uploads_.of_path(tx, recorder.id, file.path()); });
    if (!upload || upload->mark != file.mark) {
        if (stands_still(recorder, file)) take(recorder, folder, file);
        ++next_.files_waiting;
        return;
    }
    switch (upload->state) {
        case UploadState::done:
            return move(folder, file, done_name, {});
        case UploadState::refused:
        case UploadState::gone:
            return move(folder, file, refused_name, words_of(*upload));
        default:
            ++next_.files_waiting;
    }
}

bool WatchedFolder::stands_still(const Recorder& recorder, const File& file) {
    Seen& seen = seen_[word(recorder.id) + "/" + file.name];
    seen.now = true;
    if (seen.mark != file.mark) {
        seen.mark = file.mark;
        seen.since = clock_.now();
    }
    return clock_.now() >= seen.since + still_for;
}

void WatchedFolder::take(const Recorder& recorder, const Fd& folder, const File& file) {
    if (file.bytes > upload_bytes_max) {
        Upload upload;
        upload.reason = "upload.too_large";
        upload.reason_params = {{"max", std::to_string(upload_bytes_max)}};
        return move(folder, file, refused_name, words_of(upload));
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
        const auto still = File::of(file.name, after);
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
        upload.name = cut_bytes(shown(file.name), 400);
        upload.bytes_total = upload.bytes_done = file.bytes;
        upload.modified_at = file.modified_at;
        upload.sha256 = hash.finish();
        upload.path = file.path();
        upload.mark = file.mark;
        store_.write([&](Tx& tx) { uploads_.bring(tx, upload); });
    } catch (...) {
        ::unlink(path.c_str());
        throw;
    }
}

/// The reason stands there before the file does; both steps may be repeated.
void WatchedFolder::move(const Fd& folder, const File& file, std::string_view into,
                         const std::string& words) {
    const std::string name(into);
    if (::mkdirat(folder.get(), name.c_str(), 0750) != 0 && errno != EEXIST)
        throw Error(Fault::unavailable, "folder.not_writable",
                    {{"path", path_}, {"why", strerror_of(errno)}});
    const Fd target = folder_below(folder, name);
    if (!target)
        throw Error(Fault::unavailable, "folder.not_writable",
                    {{"path", path_}, {"why", strerror_of(errno)}});
    const std::string free = free_name(target, file.name);
    if (!words.empty()) {
        const Fd reason(::openat(target.get(), (free + ".txt").c_str(),
                                 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640));
        if (reason) {
            write_all(reason.get(), words + "\n");
            durable(reason.get(), "reason beside a refused file");
        }
    }
    if (::renameat(folder.get(), file.name.c_str(), target.get(), free.c_str()) != 0)
        throw Error(Fault::unavailable, "folder.not_writable",
                    {{"path", path_}, {"why", strerror_of(errno)}});
    durable(target.get(), "watched folder");
    durable(folder.get(), "watched folder");
}

std::string WatchedFolder::words_of(const Upload& upload) const {
    const std::string key = "error." + upload.reason;
    return messages_.message("ru", key, upload.reason_params) + "\n" +
           messages_.message("en", key, upload.reason_params) + "\n(" + upload.reason + ")";
}

}  // namespace otklik
