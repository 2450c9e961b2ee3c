#include "sampling/choose.h"

namespace otklik {

std::uint64_t seed_number(std::string_view seed) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : seed) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

std::uint64_t SplitMix::next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::uint64_t SplitMix::below(std::uint64_t count) noexcept {
    const std::uint64_t rest = (UINT64_MAX % count + 1) % count;  // 2^64 mod count
    std::uint64_t value = next();
    while (value > UINT64_MAX - rest) value = next();
    return value % count;
}

std::int64_t starts_of(const std::vector<SampleRange>& frame, std::int64_t length) {
    std::int64_t starts = 0;
    for (const SampleRange& stretch : frame)
        if (stretch.count() >= length) starts += stretch.count() - length + 1;
    return starts;
}

std::optional<Choice> choose(std::string_view seed, const std::vector<SampleRange>& frame,
                             std::int64_t length) {
    const std::int64_t starts = starts_of(frame, length);
    if (length <= 0 || starts == 0) return std::nullopt;
    SplitMix random(seed_number(seed));
    auto number = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(starts)));
    for (std::size_t i = 0; i < frame.size(); ++i) {
        const std::int64_t here = frame[i].count() - length + 1;
        if (here <= 0) continue;
        if (number < here) {
            const std::int64_t begin = frame[i].begin + number;
            return Choice{i, {begin, begin + length}};
        }
        number -= here;
    }
    return std::nullopt;
}

}  // namespace otklik
