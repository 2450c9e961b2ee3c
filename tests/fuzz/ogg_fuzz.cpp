// Fuzz target of the Ogg page and packet readers (media/ogg.h): ./dev fuzz 60 ogg.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "media/ogg.h"

using namespace otklik;

namespace {

/// The CRC keeps a fuzzer out: with the first bit set the page heads are given right ones.
void mend_crcs(std::span<std::uint8_t> bytes) {
    for (std::size_t at = 0; at + 27 < bytes.size(); ++at) {
        if (std::memcmp(bytes.data() + at, "OggS", 4) != 0) continue;
        std::size_t size = 27u + bytes[at + 26];
        if (at + size > bytes.size()) return;
        for (std::size_t i = 27, end = size; i < end; ++i) size += bytes[at + i];
        if (at + size > bytes.size()) continue;
        std::memset(bytes.data() + at + 22, 0, 4);
        const std::uint32_t crc = ogg_crc(0, bytes.subspan(at, size));
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[at + 22 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
        }
    }
}

std::size_t drain(OggPacketReader& reader) {
    std::size_t total = 0;
    while (const auto packet = reader.next()) {
        if (packet->bytes.size() > ogg_packet_bytes_max) std::abort();
        total += packet->bytes.size();
        parse_opus_head(packet->bytes);
        opus_packet_samples(packet->bytes);
    }
    return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::vector<std::uint8_t> bytes(data + 1, data + size);
    if (data[0] & 1) mend_crcs(bytes);
    OggPacketReader from_span{ByteView(bytes)};
    const std::size_t total = drain(from_span);
    if (total > bytes.size()) std::abort();
    // Through a callback with odd reads the same packets must come.
    std::size_t at = 0;
    const std::size_t step = 1u + data[0];
    OggPacketReader from_callback([&](std::span<std::uint8_t> place) {
        const std::size_t count = std::min({place.size(), bytes.size() - at, step});
        if (count > 0) std::memcpy(place.data(), bytes.data() + at, count);
        at += count;
        return count;
    });
    if (drain(from_callback) != total) std::abort();
    return 0;
}
