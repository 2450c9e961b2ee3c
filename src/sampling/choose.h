#pragma once
// The choice itself: pure, so that anybody can do it again from the stored seed and frame.
//
// Rule 1. The frame is a list of stretches of sound in a stated order. An interval of `length`
// samples may start at every sample of a stretch from which it still ends inside it; each such
// start is equally likely. The start's number is uniform below their count: SplitMix64 (Steele,
// Lea, Flood 2014) begins at FNV-1a 64 of the seed's bytes, and values at or above the largest
// multiple of the count are thrown away, so that no start is favoured. Thread: values.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

inline constexpr std::int64_t draw_rule_version = 1;

/// FNV-1a, 64 bits.
std::uint64_t seed_number(std::string_view seed) noexcept;

class SplitMix {
public:
    explicit SplitMix(std::uint64_t state) : state_(state) {}
    std::uint64_t next() noexcept;
    /// Uniform in [0, count), count > 0.
    std::uint64_t below(std::uint64_t count) noexcept;

private:
    std::uint64_t state_;
};

struct Choice {
    std::size_t stretch = 0;  // which of the frame
    SampleRange at;
};
/// How many starts the frame has.
std::int64_t starts_of(const std::vector<SampleRange>& frame, std::int64_t length);
/// Nothing when no stretch is long enough.
std::optional<Choice> choose(std::string_view seed, const std::vector<SampleRange>& frame,
                             std::int64_t length);

}  // namespace otklik
