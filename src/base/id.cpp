#include "base/id.h"

#include <array>
#include <atomic>
#include <random>

#include "base/clock.h"

namespace otklik {
namespace {

constexpr std::int64_t epoch_ms = 1'577'836'800'000;  // 2020-01-01
constexpr int counter_bits = 21;
constexpr int digit_count = 13;                                            // 13 * 5 = 65 bits
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford

std::int64_t seed() {
    return std::int64_t{std::random_device{}()} & ((1 << (counter_bits - 1)) - 1);
}

}  // namespace

std::int64_t next_id(const Clock& clock) {
    static std::atomic<std::int64_t> last{0};
    static const std::int64_t start = seed();
    const std::int64_t ms = clock.now().us / 1'000 - epoch_ms;
    const std::int64_t floor = ((ms > 0 ? ms : 1) << counter_bits) + start;
    std::int64_t before = last.load();
    std::int64_t id = 0;
    do {
        id = before >= floor ? before + 1 : floor;
    } while (!last.compare_exchange_weak(before, id));
    return id;
}

std::string id_word(std::string_view prefix, std::int64_t value) {
    std::array<char, digit_count> digits{};
    auto rest = static_cast<std::uint64_t>(value);
    for (int i = digit_count - 1; i >= 0; --i, rest >>= 5)
        digits[std::size_t(i)] = alphabet[rest & 31];
    return std::string(prefix) + "_" + std::string(digits.data(), digits.size());
}

std::optional<std::int64_t> parse_id_word(std::string_view prefix, std::string_view word) {
    if (word.size() != prefix.size() + 1 + digit_count || !word.starts_with(prefix) ||
        word[prefix.size()] != '_')
        return std::nullopt;
    std::uint64_t value = 0;
    const std::string_view digits = word.substr(prefix.size() + 1);
    if (digits[0] >= '8') return std::nullopt;  // the first digit holds 3 bits: 63 in all
    for (const char c : digits) {
        const auto at = alphabet.find(c);
        if (at == std::string_view::npos) return std::nullopt;
        value = value << 5 | at;
    }
    if (value == 0) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

}  // namespace otklik
