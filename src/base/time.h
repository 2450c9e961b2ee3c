#pragma once
// Time: instants and lengths in microseconds, media time in samples. They meet only in a clock map.
// Thread: values.
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace otklik {

/// A length of time, microseconds.
struct Duration {
    std::int64_t us = 0;
    static constexpr Duration seconds(std::int64_t s) { return {s * 1'000'000}; }
    static constexpr Duration ms(std::int64_t m) { return {m * 1'000}; }
    static constexpr Duration hours(std::int64_t h) { return {h * 3'600'000'000}; }
    static constexpr Duration days(std::int64_t d) { return hours(d * 24); }  // of 24 hours each
    auto operator<=>(const Duration&) const = default;
    constexpr Duration operator+(Duration d) const { return {us + d.us}; }
    constexpr Duration operator-(Duration d) const { return {us - d.us}; }
    constexpr Duration operator-() const { return {-us}; }
    constexpr Duration operator*(std::int64_t n) const { return {us * n}; }
};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Valid up to 2100 when it comes from outside;
/// whether one of a wrong clock is of use is the room's to say.
struct Instant {
    std::int64_t us = 0;
    auto operator<=>(const Instant&) const = default;
    constexpr Instant operator+(Duration d) const { return {us + d.us}; }
    constexpr Instant operator-(Duration d) const { return {us - d.us}; }
    constexpr Duration operator-(Instant other) const { return {us - other.us}; }
};

/// Half-open [begin, end).
struct TimeRange {
    Instant begin;
    Instant end;
    auto operator<=>(const TimeRange&) const = default;
    constexpr bool empty() const { return end <= begin; }
    constexpr bool contains(Instant at) const { return begin <= at && at < end; }
    constexpr bool overlaps(TimeRange o) const { return begin < o.end && o.begin < end; }
    constexpr Duration length() const { return end - begin; }
    constexpr TimeRange meet(TimeRange o) const {
        return {begin < o.begin ? o.begin : begin, end < o.end ? end : o.end};
    }
};

inline constexpr std::int64_t samples_per_second = 48'000;  // media time, at every input rate

/// Half-open range of samples at 48 kHz since the start of a recording session.
struct SampleRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    auto operator<=>(const SampleRange&) const = default;
    constexpr bool empty() const { return end <= begin; }
    constexpr std::int64_t count() const { return end - begin; }
};

/// RFC 3339 in UTC with microseconds, trailing zeros of the fraction dropped:
/// 2026-11-20T09:04:03.2Z.
std::string format_instant(Instant at);
/// RFC 3339 with any offset and up to 9 digits of fraction; nothing when it is not one or lies
/// outside 2000..2100.
std::optional<Instant> parse_instant(std::string_view text);

constexpr std::int64_t samples_of(Duration d) {
    return d.us * 6 / 125;  // 48 000 / 1 000 000; truncates towards zero
}
constexpr Duration duration_of_samples(std::int64_t samples) {
    return {samples * 125 / 6};
}

}  // namespace otklik
