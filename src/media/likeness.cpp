#include "media/likeness.h"

#include <algorithm>
#include <cmath>

namespace otklik {
namespace {

constexpr std::size_t step_buckets = 5;
constexpr std::size_t grid_phase[2] = {0, 3};  // buckets; every shift is within 40 ms of one
constexpr std::ptrdiff_t slow_steps = 10;      // a second to each side
constexpr std::ptrdiff_t lead_steps = 100;     // what may stand before or after the clip
constexpr std::ptrdiff_t overlap_min = likeness_samples_min / likeness_step_samples;

/// The quick part of the movement: the mean of two seconds is taken off.
std::vector<float> quick(std::string_view loudness) {
    const auto size = static_cast<std::ptrdiff_t>(loudness.size());
    std::vector<std::int64_t> sum{0};
    for (const char c : loudness) sum.push_back(sum.back() + static_cast<std::uint8_t>(c));
    std::vector<float> out;
    out.reserve(loudness.size());
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, i - slow_steps));
        const auto to = static_cast<std::size_t>(std::min(size, i + slow_steps + 1));
        const auto here =
            static_cast<float>(static_cast<std::uint8_t>(loudness[static_cast<std::size_t>(i)]));
        out.push_back(here -
                      static_cast<float>(sum[to] - sum[from]) / static_cast<float>(to - from));
    }
    return out;
}

std::vector<double> energy_of(const std::vector<float>& values) {
    std::vector<double> sum{0};
    for (const float x : values) sum.push_back(sum.back() + static_cast<double>(x) * x);
    return sum;
}

/// Four sums side by side: the additions need not wait for each other.
float product(const float* a, const float* b, std::ptrdiff_t count) {
    float sums[4] = {};
    std::ptrdiff_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (std::ptrdiff_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
    for (; i < count; ++i) sums[0] += a[i] * b[i];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

Likeness best_of(const std::vector<float>& clip, const std::vector<float>& recording) {
    Likeness best;
    const auto n = static_cast<std::ptrdiff_t>(clip.size());
    const auto m = static_cast<std::ptrdiff_t>(recording.size());
    const std::ptrdiff_t least = std::max(overlap_min, n * 3 / 4);
    const auto clip_energy = energy_of(clip), energy = energy_of(recording);
    for (std::ptrdiff_t shift = -lead_steps; shift <= n / 4; ++shift) {
        const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, -shift);
        const std::ptrdiff_t to = std::min(m, n - shift);
        if (to - from < least) continue;
        const auto part = [](const std::vector<double>& sum, std::ptrdiff_t a, std::ptrdiff_t b) {
            return sum[static_cast<std::size_t>(b)] - sum[static_cast<std::size_t>(a)];
        };
        const double both = part(clip_energy, from + shift, to + shift) * part(energy, from, to);
        if (both <= 0) continue;  // silence is like nothing
        const double score =
            static_cast<double>(product(&clip[static_cast<std::size_t>(from + shift)],
                                        &recording[static_cast<std::size_t>(from)], to - from)) /
            std::sqrt(both);
        if (score > best.score) best = {score, shift};
    }
    return best;
}

}  // namespace

std::string loudness_of(std::span<const Peak> peaks, std::size_t phase) {
    std::string out;
    for (std::size_t i = phase; i + step_buckets <= peaks.size(); i += step_buckets) {
        float sum = 0;
        for (const Peak& peak : peaks.subspan(i, step_buckets))
            sum += std::log2(
                static_cast<float>(peak.empty() ? 1 : std::max(1, int{peak.high} - int{peak.low})));
        out.push_back(static_cast<char>(std::lround(sum / step_buckets * 16)));
    }
    return out;
}

std::string louder_of(std::string_view a, std::string_view b) {
    std::string out(a.substr(0, std::min(a.size(), b.size())));
    for (std::size_t i = 0; i < out.size(); ++i)
        if (static_cast<std::uint8_t>(b[i]) > static_cast<std::uint8_t>(out[i])) out[i] = b[i];
    return out;
}

LikenessProbe::LikenessProbe(std::span<const std::vector<Peak>> tracks) {
    std::string mix[2];
    for (const std::vector<Peak>& track : tracks) {
        Sound& sound = sounds_.emplace_back();
        for (std::size_t which = 0; which < 2; ++which) {
            const std::string loudness = loudness_of(track, grid_phase[which]);
            sound.grids[which] = quick(loudness);
            mix[which] = mix[which].empty() ? loudness : louder_of(mix[which], loudness);
        }
    }
    if (tracks.size() < 2) return;
    Sound& both = sounds_.emplace_back();
    for (std::size_t which = 0; which < 2; ++which) both.grids[which] = quick(mix[which]);
}

Likeness LikenessProbe::compare(std::span<const std::string> clip) const {
    std::vector<std::vector<float>> sides;
    for (const std::string& track : clip) sides.push_back(quick(track));
    if (clip.size() == 2) sides.push_back(quick(louder_of(clip[0], clip[1])));
    Likeness best;
    for (const auto& side : sides)
        for (const Sound& sound : sounds_)
            for (const auto& which : sound.grids)
                if (const Likeness found = best_of(side, which); found.score > best.score)
                    best = found;
    return best;
}

std::int64_t LikenessProbe::products(std::span<const std::string> clip) const {
    if (clip.empty()) return 0;
    const auto n = static_cast<std::ptrdiff_t>(clip[0].size());
    const std::ptrdiff_t sides = clip.size() == 2 ? 3 : std::ssize(clip);
    std::int64_t sum = 0;
    for (const Sound& sound : sounds_)
        for (const auto& which : sound.grids)
            sum += sides * (lead_steps + n / 4) * std::min(n, std::ssize(which));
    return sum;
}

}  // namespace otklik
