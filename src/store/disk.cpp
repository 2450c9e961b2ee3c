#include "store/disk.h"

#include <sys/statvfs.h>

#include "base/error.h"

namespace otklik {
namespace {

constexpr std::int64_t gib = std::int64_t{1} << 30;
constexpr std::int64_t low_percent = 15, low_bytes = 20 * gib;
constexpr std::int64_t scarce_percent = 7, scarce_bytes = 5 * gib;

}  // namespace

DiskState DiskRoom::state() const {
    const auto below = [&](std::int64_t percent, std::int64_t bytes) {
        return free_bytes < bytes && free_bytes < total_bytes / 100 * percent;
    };
    if (below(scarce_percent, scarce_bytes)) return DiskState::scarce;
    return below(low_percent, low_bytes) ? DiskState::low : DiskState::ample;
}

DiskRoom disk_room(const std::string& folder) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) throw_errno("statvfs " + folder);
    const auto block = static_cast<std::int64_t>(info.f_frsize);
    return {static_cast<std::int64_t>(info.f_bavail) * block,
            static_cast<std::int64_t>(info.f_blocks) * block};
}

}  // namespace otklik
