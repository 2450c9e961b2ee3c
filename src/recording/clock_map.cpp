#include "recording/clock_map.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/error.h"

namespace otklik {

namespace {

// Samples of a whole day times microseconds of a day do not fit into 64 bits.
__extension__ using Wide = __int128;

/// a * b / c to the nearest, halves up; c > 0.
std::int64_t scale(std::int64_t a, std::int64_t b, std::int64_t c) {
    const Wide twice = Wide{a} * b * 2 + c;
    const Wide by = Wide{c} * 2;
    Wide q = twice / by;
    if (twice % by < 0) --q;  // floor
    return static_cast<std::int64_t>(q);
}

constexpr std::int64_t nominal_us = 125;  // 125 µs are 6 samples at 48 kHz
constexpr std::int64_t nominal_samples = 6;

}  // namespace

Instant ClockMap::at(std::int64_t sample) const {
    assert(!points.empty());
    const auto next = std::upper_bound(points.begin(), points.end(), sample,
                                       [](std::int64_t s, const auto& p) { return s < p.first; });
    if (next == points.begin() || next == points.end()) {
        const auto& p = next == points.begin() ? points.front() : points.back();
        return {p.second.us + scale(sample - p.first, nominal_us, nominal_samples)};
    }
    const auto& a = *(next - 1);
    const auto& b = *next;
    return {a.second.us + scale(sample - a.first, b.second.us - a.second.us, b.first - a.first)};
}

std::int64_t ClockMap::sample_at(Instant when) const {
    assert(!points.empty());
    const auto next = std::upper_bound(points.begin(), points.end(), when,
                                       [](Instant t, const auto& p) { return t < p.second; });
    if (next == points.begin() || next == points.end()) {
        const auto& p = next == points.begin() ? points.front() : points.back();
        return p.first + scale(when.us - p.second.us, nominal_samples, nominal_us);
    }
    const auto& a = *(next - 1);
    const auto& b = *next;
    return a.first + scale(when.us - a.second.us, b.first - a.first, b.second.us - a.second.us);
}

std::string map_points_text(const ClockMap& map) {
    std::string out = "[";
    for (const auto& [sample, at] : map.points) {
        if (out.size() > 1) out += ',';
        out += '[' + std::to_string(sample) + ',' + std::to_string(at.us) + ']';
    }
    return out + ']';
}

std::vector<std::pair<std::int64_t, Instant>> parse_map_points(std::string_view text) {
    const auto damaged = [&](bool bad) {
        if (bad) throw Error(Fault::internal, "clock_map.damaged").because(text.substr(0, 200));
    };
    std::size_t i = 0;
    const auto eat = [&](char c) { damaged(i >= text.size() || text[i++] != c); };
    const auto number = [&] {
        std::int64_t value = 0;
        const auto [end, ec] = std::from_chars(text.data() + i, text.data() + text.size(), value);
        damaged(ec != std::errc{});
        i = static_cast<std::size_t>(end - text.data());
        return value;
    };
    std::vector<std::pair<std::int64_t, Instant>> points;
    eat('[');
    do {
        eat('[');
        const std::int64_t sample = number();
        eat(',');
        const Instant at{number()};
        eat(']');
        damaged(!points.empty() && (sample <= points.back().first || at <= points.back().second));
        points.emplace_back(sample, at);
    } while (i < text.size() && text[i] == ',' && ++i);
    eat(']');
    damaged(i != text.size());
    return points;
}

}  // namespace otklik
