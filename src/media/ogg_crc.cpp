// The CRC of Ogg pages (RFC 3533: polynomial 0x04C11DB7, not reflected, begins with 0). A cut takes
// it of every page it reads and of every page it writes, so it is most of what a cut computes.
#include <cstddef>

#include "media/ogg.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace otklik {

namespace {

constexpr std::uint32_t polynomial = 0x04C11DB7u;

constexpr std::uint32_t times_x(std::uint32_t value) {
    return (value & 0x80000000u) ? (value << 1) ^ polynomial : value << 1;
}

// Eight tables: eight bytes a step, on every processor.
struct CrcTables {
    std::uint32_t of[8][256];
    CrcTables() {
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            std::uint32_t crc = byte << 24;
            for (int bit = 0; bit < 8; ++bit) crc = times_x(crc);
            of[0][byte] = crc;
        }
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            for (int step = 1; step < 8; ++step) {
                of[step][byte] = (of[step - 1][byte] << 8) ^ of[0][of[step - 1][byte] >> 24];
            }
        }
    }
};

const CrcTables crc_tables;

std::uint32_t load_be32(const std::uint8_t* at) {
    return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
           static_cast<std::uint32_t>(at[2]) << 8 | static_cast<std::uint32_t>(at[3]);
}

std::uint32_t crc_by_tables(std::uint32_t crc, ByteView bytes) {
    const auto& t = crc_tables.of;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        crc ^= load_be32(at);
        const std::uint32_t next = load_be32(at + 4);
        crc = t[7][crc >> 24] ^ t[6][(crc >> 16) & 255] ^ t[5][(crc >> 8) & 255] ^ t[4][crc & 255] ^
              t[3][next >> 24] ^ t[2][(next >> 16) & 255] ^ t[1][(next >> 8) & 255] ^
              t[0][next & 255];
    }
    for (; left > 0; --left, ++at) crc = (crc << 8) ^ t[0][(crc >> 24) ^ *at];
    return crc;
}

#if defined(__x86_64__)

// With the carry-less product of the processor 64 bytes go in one step (docs/performance.md has
// the figure). The message is a polynomial; what has been read is kept modulo the CRC's own, 128
// bits wide: its upper half times x^(d+64) and its lower half times x^d stand for it d bits later.
constexpr std::uint32_t power_of_x(int exponent) {
    std::uint32_t value = 1;
    for (int i = 0; i < exponent; ++i) value = times_x(value);
    return value;
}

#define OTKLIK_CLMUL __attribute__((target("pclmul,ssse3")))

constexpr std::size_t block_bytes = 16;
constexpr std::size_t lane_count = 4;
constexpr std::size_t fold_bytes_min = block_bytes * lane_count;

OTKLIK_CLMUL inline __m128i load_block(const std::uint8_t* at) {
    const __m128i reversed = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), reversed);
}

OTKLIK_CLMUL inline __m128i fold(__m128i state, __m128i powers, __m128i next) {
    const __m128i high = _mm_clmulepi64_si128(state, powers, 0x11);
    const __m128i low = _mm_clmulepi64_si128(state, powers, 0x00);
    return _mm_xor_si128(_mm_xor_si128(high, low), next);
}

OTKLIK_CLMUL std::uint32_t crc_by_products(std::uint32_t crc, ByteView bytes) {
    constexpr int block_bits = 8 * block_bytes, lanes_bits = block_bits * lane_count;
    const __m128i by_lanes = _mm_set_epi64x(power_of_x(lanes_bits + 64), power_of_x(lanes_bits));
    const __m128i by_block = _mm_set_epi64x(power_of_x(block_bits + 64), power_of_x(block_bits));
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    __m128i lanes[lane_count];
    for (std::size_t i = 0; i < lane_count; ++i) lanes[i] = load_block(at + i * block_bytes);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_set_epi32(static_cast<int>(crc), 0, 0, 0));
    for (at += fold_bytes_min, left -= fold_bytes_min; left >= fold_bytes_min;
         at += fold_bytes_min, left -= fold_bytes_min) {
        for (std::size_t i = 0; i < lane_count; ++i) {
            lanes[i] = fold(lanes[i], by_lanes, load_block(at + i * block_bytes));
        }
    }
    __m128i state = lanes[0];
    for (std::size_t i = 1; i < lane_count; ++i) state = fold(state, by_block, lanes[i]);
    for (; left >= block_bytes; at += block_bytes, left -= block_bytes) {
        state = fold(state, by_block, load_block(at));
    }
    alignas(block_bytes) std::uint8_t rest[block_bytes];
    _mm_store_si128(reinterpret_cast<__m128i*>(rest), state);
    const __m128i first_byte_first = load_block(rest);
    _mm_store_si128(reinterpret_cast<__m128i*>(rest), first_byte_first);
    return crc_by_tables(crc_by_tables(0, rest), {at, left});
}

const bool has_products = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");

#endif

}  // namespace

std::uint32_t ogg_crc(std::uint32_t crc, ByteView bytes) noexcept {
#if defined(__x86_64__)
    if (has_products && bytes.size() >= fold_bytes_min) return crc_by_products(crc, bytes);
#endif
    return crc_by_tables(crc, bytes);
}

}  // namespace otklik
