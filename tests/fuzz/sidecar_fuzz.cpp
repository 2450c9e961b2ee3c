// Sidecars from anywhere: the first byte chooses the format. Words lie within the recording, or it
// is refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "speech/sidecar.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace otklik;
    if (size == 0) return 0;
    constexpr std::int64_t length = 3600 * samples_per_second;
    const auto format = static_cast<SidecarFormat>(data[0] % 3);
    try {
        std::int64_t before = 0;
        const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
        for (const Word& w : parse_sidecar(format, bytes, length)) {
            if (w.at.begin < before || w.at.empty() || w.at.end > length || w.text.empty())
                std::abort();
            before = w.at.begin;
        }
    } catch (const Error& e) {
        if (e.fault() == Fault::internal) std::abort();
    }
    return 0;
}
