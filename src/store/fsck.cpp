// fsck of files: every row has its file, every file its row or its garbage row. And the sweep of
// what a killed run left: files that were adopted before the transaction of their row.
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/log.h"
#include "store/blobs.h"
#include "store/blobs_inside.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

// A killed import of a week in stereo leaves fewer; more of them means another database.
constexpr std::size_t leftovers_max = 1'000;

void check_file(const Blobs& blobs, const StoredFile& file, int level,
                std::vector<FsckFinding>& found) {
    if (level == 0) return;  // rows only
    const std::string path = blobs.path_of(file);
    std::error_code error;
    const auto bytes = std::filesystem::file_size(path, error);
    const auto tell = [&](std::string_view what) {
        found.push_back({std::string(what), file.path, file.id.value});
    };
    if (error) return tell("missing");
    // A file that grows may stand ahead of its row: what is behind is cut off when it grows again.
    const bool grows = file.kind == "track" || file.kind == "peaks";
    const auto there = static_cast<std::int64_t>(bytes);
    if (level >= 2 && there != file.bytes && !(grows && there > file.bytes)) return tell("size");
    if (level >= 3 && hash_file(path, file.bytes) != file.sha256) tell("changed");
}

/// Checks each row; returns the paths that rows know.
std::set<std::string> check_rows(Store& store, const Blobs& blobs, int level,
                                 std::vector<FsckFinding>& found) {
    std::set<std::string> known;
    for (std::int64_t after = 0;;) {
        const auto files =
            store.read([&](Tx& tx) { return stored_files(tx, after, sql::page_rows); });
        if (files.empty()) break;
        for (const StoredFile& file : files) {
            check_file(blobs, file, level, found);
            known.insert(file.path);
            after = file.id.value;
        }
    }
    for (std::int64_t after = 0;;) {
        const auto rows = store.read([&](Tx& tx) {
            return tx.rows(sql::garbage, {{"after", after}, {"count", sql::page_rows}});
        });
        if (rows.empty()) return known;
        for (const auto& row : rows) known.insert(row.text(1));
        after = rows.back().integer(0);
    }
}

}  // namespace

std::vector<StoredFile> stored_files(Tx& tx, std::int64_t after, int count_max) {
    std::vector<StoredFile> files;
    for (const Row& row : tx.rows(sql::files_page, {{"after", after}, {"count", count_max}}))
        files.push_back(read_stored_file(row));
    return files;
}

std::vector<std::string> media_files(const Blobs& blobs) {
    const std::filesystem::path media = blobs.folder() + "/media";
    std::vector<std::string> files;
    for (const auto& each : std::filesystem::recursive_directory_iterator(media))
        if (!each.is_directory()) files.push_back(each.path().lexically_relative(media).string());
    return files;
}

int sweep_leftovers(Store& store, const Blobs& blobs, const std::vector<std::string>& before) {
    if (before.empty()) return 0;
    std::vector<FsckFinding> ignored;
    const auto known = check_rows(store, blobs, 0, ignored);
    std::vector<std::string> leftovers;
    for (const auto& path : before)
        if (!known.contains(path)) leftovers.push_back(path);
    // Nothing known, or very much unknown: the folder belongs to another database (a wrong setting,
    // an old copy). Then nothing is touched; fsck tells what stands there.
    const bool is_ours = leftovers.size() < before.size() && leftovers.size() <= leftovers_max;
    if (!leftovers.empty() && !is_ours) {
        log_warning("media.leftovers_kept", {{"files", std::to_string(leftovers.size())}});
        return 0;
    }
    for (const auto& path : leftovers) std::filesystem::remove(blobs.folder() + "/media/" + path);
    return int(leftovers.size());
}

bool quarantine(const Blobs& blobs, const std::string& path, Instant now) {
    namespace fs = std::filesystem;
    const std::string from = blobs.folder() + "/media/" + path;
    const std::string folder = blobs.folder() + "/quarantine";
    struct stat info {};
    if (::lstat(from.c_str(), &info) != 0) return false;
    const Instant changed{info.st_mtim.tv_sec * std::int64_t{1'000'000}};
    if (now < changed + Duration::hours(1)) return false;
    make_folders(folder);
    fs::permissions(folder, fs::perms::owner_all);
    std::string name = path;
    std::replace(name.begin(), name.end(), '/', '_');
    std::string to = folder + "/" + name;
    for (int n = 2; fs::exists(fs::symlink_status(to)); ++n)
        to = folder + "/" + name + "." + std::to_string(n);
    if (::rename(from.c_str(), to.c_str()) != 0) throw_errno("move into quarantine");
    durable_folder(folder);
    durable_folder(from.substr(0, from.rfind('/')));
    return true;
}

std::vector<FsckFinding> fsck_files(Store& store, const Blobs& blobs, int level) {
    std::vector<FsckFinding> found;
    const std::filesystem::path media = blobs.folder() + "/media";
    // Files first: what is adopted while the rows are read has its row or is not in the list yet.
    const auto files = media_files(blobs);
    const auto known = check_rows(store, blobs, level, found);
    for (const auto& path : files) {
        if (known.contains(path)) continue;
        std::error_code gone;
        const bool is_there = std::filesystem::exists(media / path, gone);  // swept meanwhile?
        if (is_there) found.push_back({"foreign", path, 0});
    }
    return found;
}

}  // namespace otklik
