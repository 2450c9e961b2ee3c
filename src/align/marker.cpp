#include "align/marker.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace otklik::align {
namespace {

constexpr int wav_rate = 16'000;

/// At `t` seconds from its begin; nothing outside of it.
double chirp_at(double t, double from_hz, double to_hz) {
    constexpr double length = marker_chirp_ms / 1000.0;
    constexpr double edge = marker_edge_ms / 1000.0;
    if (t < 0 || t >= length) return 0;
    const double phase =
        2 * std::numbers::pi * (from_hz * t + (to_hz - from_hz) * t * t / 2 / length);
    const double near = std::min({t, length - t, edge}) / edge;  // 0 at the ends, 1 inside
    return std::sin(phase) * (1 - std::cos(std::numbers::pi * near)) / 2;
}

void append(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

std::vector<float> marker_sound(int code, int rate, double stretch) {
    assert(code >= 0 && code < marker_codes);
    const double second_at = (marker_chirp_ms + code * marker_gap_step_ms) / 1000.0;
    const double length = (second_at + marker_chirp_ms / 1000.0) * stretch;
    std::vector<float> sound(static_cast<std::size_t>(std::ceil(length * rate)));
    for (std::size_t i = 0; i < sound.size(); ++i) {
        const double t = static_cast<double>(i) / rate / stretch;
        sound[i] = static_cast<float>(marker_loudness *
                                      (chirp_at(t, marker_low_hz, marker_high_hz) +
                                       chirp_at(t - second_at, marker_high_hz, marker_low_hz)));
    }
    return sound;
}

std::string marker_wav() {
    const std::vector<float> sound = marker_sound(0, wav_rate);
    const auto bytes = static_cast<std::uint32_t>(sound.size() * 2);
    std::string out = "RIFF";
    append(out, 36 + bytes, 4);
    out += "WAVEfmt ";
    append(out, 16, 4);
    append(out, 1, 2);  // PCM
    append(out, 1, 2);  // mono
    append(out, wav_rate, 4);
    append(out, wav_rate * 2, 4);
    append(out, 2, 2);
    append(out, 16, 2);
    out += "data";
    append(out, bytes, 4);
    for (const float value : sound)
        append(out, static_cast<std::uint32_t>(std::lround(value * 32'767)), 2);
    return out;
}

}  // namespace otklik::align
