#include "base/boot_clock.h"

#include <ctime>

#include "base/files.h"
#include "base/text.h"

namespace otklik {

Duration since_boot() {
    timespec passed{};
    ::clock_gettime(CLOCK_BOOTTIME, &passed);
    return {std::int64_t{passed.tv_sec} * 1'000'000 + passed.tv_nsec / 1'000};
}

std::string boot_name() {
    constexpr std::size_t name_bytes_max = 200;
    return std::string(trim(read_file("/proc/sys/kernel/random/boot_id", name_bytes_max)));
}

}  // namespace otklik
