#pragma once
// What otklik-decode and the server say to each other. The server trusts none of it.
// argv: otklik-decode <seconds_max> [probe]. Descriptors: 3 input, 4 PCM, 5 status.
// PCM: a WireFormat, then interleaved samples of this machine's byte order to the end.
// Status: lines "key value", at most status_bytes_max; keys: result, begins, what, container,
// codec, frames, failed, filled, torn; of a probe: length_ms, begun. No "result" line: it died.
#include <cstddef>
#include <cstdint>

namespace otklik::wire {

inline constexpr int input_fd = 3;
inline constexpr int pcm_fd = 4;
inline constexpr int status_fd = 5;
inline constexpr std::size_t status_bytes_max = 4'096;
inline constexpr int rate_min = 4'000;
inline constexpr int rate_max = 192'000;
/// CPU of the child: the worst format measured runs at 1 480 times real time.
inline constexpr std::int64_t cpu_seconds(std::int64_t seconds_max) {
    return 60 + seconds_max / 500;
}

enum class Sample : std::uint32_t { int16 = 1, float32 = 2 };

struct WireFormat {
    char magic[4] = {'P', 'C', 'M', '1'};
    std::uint32_t rate = 0;
    std::uint32_t channels = 0;
    Sample sample = Sample::int16;
};
static_assert(sizeof(WireFormat) == 16);

}  // namespace otklik::wire
