#include "base/drop_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr Duration still_for = Duration::seconds(10);
constexpr std::size_t names_max = 10'000;  // of one folder in one round

/// The first free one of "a.wav", "a (2).wav", ...
std::string free_name(const Fd& folder, const std::string& name) {
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    std::string free = name;
    struct stat info {};
    for (int n = 2; ::fstatat(folder.get(), free.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0; ++n)
        free = name.substr(0, dot) + " (" + std::to_string(n) + ")" + name.substr(dot);
    return free;
}

struct Walk {
    std::vector<std::string>& strange;
    const EachFile& each;
    int files_left = drop_files_max, folders_left = drop_folders_max;

    void look(const Fd& folder, const std::string& below, int depth) {
        for (const std::string& name : names_in(folder)) {
            if (name == drop_done || name == drop_refused || is_unfinished_name(name)) continue;
            struct stat info {};
            if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
            if (auto file = DropFile::of(name, info)) {
                if (files_left-- <= 0) return;  // the next round finds those that moved away
                file->below = below;
                each(folder, *file);
            } else if (S_ISDIR(info.st_mode) && depth < drop_depth_max && folders_left-- > 0) {
                if (const Fd inside = folder_below(folder, name))
                    look(inside, below + name + "/", depth + 1);
            } else {
                strange.push_back(shown_name(below + name));
            }
        }
    }
};

}  // namespace

std::optional<DropFile> DropFile::of(const std::string& name, const struct stat& info) {
    if (!S_ISREG(info.st_mode)) return std::nullopt;
    DropFile file;
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

std::string DropFile::word() const {
    return percent_encode(below + name);
}

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

std::string shown_name(const std::string& name) {
    return is_utf8(name) ? name : percent_encode(name);
}

bool is_unfinished_name(std::string_view name) {
    for (const std::string_view end : {".part", ".tmp", ".partial", ".crdownload"})
        if (name.ends_with(end)) return true;
    return false;
}

void each_file(const Fd& folder, std::vector<std::string>& strange, const EachFile& each) {
    Walk{strange, each}.look(folder, "", 0);
}

bool move_aside(const Fd& folder, const DropFile& file, std::string_view into,
                const std::string& words, const std::string& path) {
    const std::string& name = file.name;
    const auto not_writable = [&] {
        return Error(Fault::unavailable, "folder.not_writable",
                     {{"path", path}, {"why", std::strerror(errno)}});
    };
    const std::string below(into);
    if (::mkdirat(folder.get(), below.c_str(), 0750) != 0 && errno != EEXIST) throw not_writable();
    const Fd target = folder_below(folder, below);
    if (!target) throw not_writable();
    const std::string free = free_name(target, name);
    struct stat info {};
    if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
    const auto now = DropFile::of(name, info);
    if (!now || now->mark != file.mark) return false;
    if (!words.empty()) {
        // The reason stands there before the file does.
        const Fd reason(::openat(target.get(), (free + ".txt").c_str(),
                                 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640));
        if (reason) {
            write_all(reason.get(), words + "\n");
            durable(reason.get(), "reason beside a refused file");
        }
    }
    if (::renameat(folder.get(), name.c_str(), target.get(), free.c_str()) != 0)
        throw not_writable();
    durable(target.get(), "folder of files");
    durable(folder.get(), "folder of files");
    return true;
}

void StillFiles::begin_round() {
    for (auto& [key, seen] : seen_) seen.now = false;
}

bool StillFiles::stands_still(const std::string& key, const DropFile& file, Instant now) {
    Seen& seen = seen_[key];
    seen.now = true;
    if (seen.mark != file.mark) {
        seen.mark = file.mark;
        seen.since = now;
    }
    return now >= seen.since + still_for;
}

void StillFiles::end_round() {
    std::erase_if(seen_, [](const auto& each) { return !each.second.now; });
}

}  // namespace otklik
