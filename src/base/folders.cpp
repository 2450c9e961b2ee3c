#include "base/folders.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/guarded.h"

namespace otklik {
namespace {

using Folders = Guarded<std::set<std::string>, 32>;

/// A few dozen in a process: a folder a day and kind of file.
Folders& durable_ones() {
    static Folders folders;
    return folders;
}

/// The name of a mount, and one in a folder that we may not read, is not ours to keep.
bool is_ours(const std::filesystem::path& place, const std::filesystem::path& parent) {
    struct stat above {
    }, here{};
    if (::stat(parent.c_str(), &above) != 0 || ::stat(place.c_str(), &here) != 0) return false;
    return above.st_dev == here.st_dev && ::access(parent.c_str(), R_OK) == 0;
}

}  // namespace

void make_folders(const std::string& folder) {
    namespace fs = std::filesystem;
    fs::path place = fs::absolute(folder).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();  // it ended in /
    const fs::path parent = place.parent_path();
    if (parent == place) return;
    if (!fs::exists(parent)) make_folders(parent.string());
    const bool is_new = ::mkdir(place.c_str(), 0700) == 0;
    if (!is_new && errno != EEXIST) throw_errno("mkdir " + place.string());
    if (!is_new && durable_ones().lock()->contains(place.string())) return;
    if (is_new || is_ours(place, parent)) durable_folder(parent.string());
    durable_ones().lock()->insert(place.string());
}

}  // namespace otklik
