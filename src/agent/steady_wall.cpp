#include "agent/steady_wall.h"

#include <charconv>
#include <filesystem>

#include "base/boot_clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"

namespace otklik {
namespace {

constexpr std::size_t kept_bytes_max = 200;

}  // namespace

SteadyWall::SteadyWall(const std::string& folder)
    : ahead_(SystemClock().now() - Instant{since_boot().us}) {
    const std::string path = folder + "/boot";
    try {
        const std::string boot = boot_name() + ' ';
        const std::string kept =
            std::filesystem::exists(path) ? read_file(path, kept_bytes_max) : std::string();
        if (kept.starts_with(boot)) {
            std::from_chars(kept.data() + boot.size(), kept.data() + kept.size(), ahead_.us);
            return;
        }
        write_file_durably(path, boot + std::to_string(ahead_.us));
    } catch (const Error& error) {  // a full disk: the sound is worth more than its place
        log_warning("record.clock_not_kept", {{"detail", error.what()}});
    }
}

Instant SteadyWall::now() const {
    return Instant{since_boot().us} + ahead_;
}

}  // namespace otklik
