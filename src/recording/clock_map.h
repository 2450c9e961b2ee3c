#pragma once
// Clock maps: where media time and instants meet. A map is appended, never edited. Thread: values.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace otklik {

/// Piecewise-linear and rising: sample ↔ instant. Goes on at the nominal rate beyond its ends.
struct ClockMap {
    Id<ClockMap> id;
    std::int64_t number = 1;
    /// At least one, rising in both; one point alone: nominal 48 kHz.
    std::vector<std::pair<std::int64_t, Instant>> points;
    Duration uncertainty;
    Instant at(std::int64_t sample) const;
    /// The nearest sample; at(sample_at(t)) is within half a sample of t.
    std::int64_t sample_at(Instant at) const;
};
template <>
inline constexpr std::string_view id_prefix<ClockMap> = "map";

/// As it is stored: [[media_sample, at_us], …].
std::string map_points_text(const ClockMap& map);
/// Throws Error{internal, "clock_map.damaged"} when the text is not rising pairs.
std::vector<std::pair<std::int64_t, Instant>> parse_map_points(std::string_view text);

}  // namespace otklik
