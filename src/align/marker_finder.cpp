#include "align/marker_finder.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "align/fft.h"
#include "align/marker.h"

namespace otklik::align {
namespace {

constexpr double block_s = 16.384;           // so that bins are 1 / 16.384 Hz apart at every rate
constexpr std::size_t band_length = 65'536;  // the band as complex sound of 4000 Hz
constexpr double band_rate = band_length / block_s;
constexpr double chirp_s = marker_chirp_ms / 1000.0;
constexpr double longest_s = 2 * chirp_s + marker_codes * marker_gap_step_ms / 1000.0;
constexpr std::size_t chirp_steps = static_cast<std::size_t>(chirp_s * band_rate);
constexpr std::size_t overlap_steps = static_cast<std::size_t>((longest_s + 0.1) * band_rate);
constexpr double smooth_hz = 50;
constexpr double z_min = 14;            // of either chirp; noise has it once in a million steps
constexpr double slack_s = 0.003;       // of the second chirp: 500 ppm are 0.5 ms, echo some more
constexpr double same_event_s = 0.35;   // echo, and what one chirp is like at another code
constexpr std::size_t near_steps = 40;  // 10 ms: one peak and its sides
constexpr std::size_t first_bin = static_cast<std::size_t>(marker_low_hz * block_s);
constexpr std::size_t bin_count =
    static_cast<std::size_t>((marker_high_hz - marker_low_hz) * block_s) + 1;

/// Magnitude of each bin, smoothed; a bin that is all that its neighbourhood has stays 1.
void whiten(std::vector<Complex>& band, std::vector<double>& sums) {
    const auto half = static_cast<std::ptrdiff_t>(smooth_hz / 2 * block_s);
    sums.assign(bin_count + 1, 0);
    double sum = 0;
    for (std::size_t i = 0; i < bin_count; ++i) {
        sum += std::abs(band[i]);
        sums[i + 1] = sum;
    }
    const auto count = static_cast<std::ptrdiff_t>(bin_count);
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, i - half));
        const auto to = static_cast<std::size_t>(std::min(count, i + half + 1));
        const auto mean =
            static_cast<float>((sums[to] - sums[from]) / static_cast<double>(to - from));
        auto& bin = band[static_cast<std::size_t>(i)];
        bin = mean > 0 ? bin / mean : Complex{};
    }
}

/// Where between the steps the top of a peak lies, -0.5..0.5.
double top_between(float before, float at, float after) {
    const double bend = double{before} - 2.0 * at + after;
    return bend < 0 ? std::clamp((double{before} - after) / 2 / bend, -0.5, 0.5) : 0;
}

}  // namespace

struct MarkerFinder::Inside {
    explicit Inside(int rate_asked)
        : rate(rate_asked),
          block(static_cast<std::size_t>(rate) / 125 * 2048),
          real(block),
          fft(band_length),
          pcm(block),
          spectrum(block / 2 + 1),
          band(band_length),
          product(band_length),
          time(band_length) {
        assert(rate >= 8000 && rate % 4000 == 0);
        const std::vector<float> sound = marker_sound(0, rate);
        const std::size_t half = sound.size() / 2;
        rising = chirp_spectrum({sound.data(), half});
        falling = chirp_spectrum({sound.data() + half, half});
    }

    std::vector<Complex> chirp_spectrum(std::span<const float> chirp) {
        std::fill(pcm.begin(), pcm.end(), 0.0F);
        std::copy(chirp.begin(), chirp.end(), pcm.begin());
        take_band();
        double all = 0;
        for (std::size_t i = 0; i < bin_count; ++i) all += std::norm(band[i]);
        // Unit energy in time: the sum over the bins is their number there.
        const auto scale = static_cast<float>(std::sqrt(double{band_length} / all));
        std::vector<Complex> conjugate(bin_count);
        for (std::size_t i = 0; i < bin_count; ++i) conjugate[i] = std::conj(band[i]) * scale;
        return conjugate;
    }
    void take_band() {
        real.forward(pcm.data(), spectrum.data());
        std::copy_n(spectrum.begin() + first_bin, bin_count, band.begin());
    }

    void feed(std::span<const float> more) {
        while (!more.empty()) {
            const std::size_t take = std::min(more.size(), block - filled);
            std::copy_n(more.begin(), take, pcm.begin() + static_cast<std::ptrdiff_t>(filled));
            filled += take;
            more = more.subspan(take);
            if (filled == block) search(band_length - overlap_steps);
        }
    }
    /// Looks for markers that begin in the first `steps` of the block and moves on by them.
    void search(std::size_t steps) {
        take_band();
        whiten(band, sums);
        correlate();
        find_pairs(steps);
        const std::size_t hop = steps * (block / band_length);
        std::copy(pcm.begin() + static_cast<std::ptrdiff_t>(hop), pcm.end(), pcm.begin());
        filled -= std::min(filled, hop);
        passed_s += static_cast<double>(steps) / band_rate;
    }
    void correlate() {
        fft.back(band.data(), time.data());
        energy.assign(band_length + 1, 0);
        double sum = 0;
        for (std::size_t i = 0; i < band_length; ++i) {
            sum += std::norm(time[i]);
            energy[i + 1] = sum;
        }
        by_chirp(rising, z_rising);
        by_chirp(falling, z_falling);
    }
    void by_chirp(const std::vector<Complex>& chirp, std::vector<float>& z) {
        for (std::size_t i = 0; i < bin_count; ++i) product[i] = band[i] * chirp[i];
        fft.back(product.data(), time.data());
        z.resize(band_length);
        constexpr double perfect = chirp_s * (marker_high_hz - marker_low_hz);
        // What a whitened block has anywhere else bounds from below what may count as energy here.
        const double least = energy[band_length] * 1e-6;
        for (std::size_t i = 0; i < band_length; ++i) {
            const std::size_t end = std::min(i + chirp_steps, band_length);
            const double local = std::max(energy[end] - energy[i], least);
            z[i] = local > 0 ? static_cast<float>(std::norm(time[i]) / local * perfect) : 0.0F;
        }
    }
    /// The best place of z in [from, to]; a peak, not its side.
    static std::size_t best_of(const std::vector<float>& z, std::size_t from, std::size_t to) {
        return static_cast<std::size_t>(
            std::max_element(z.begin() + static_cast<std::ptrdiff_t>(from),
                             z.begin() + static_cast<std::ptrdiff_t>(to) + 1) -
            z.begin());
    }
    static double refined(const std::vector<float>& z, std::size_t i) {
        if (i == 0 || i + 1 >= z.size()) return static_cast<double>(i);
        return static_cast<double>(i) + top_between(z[i - 1], z[i], z[i + 1]);
    }
    void find_pairs(std::size_t steps) {
        for (std::size_t i = 0; i < steps; ++i) {
            if (z_rising[i] < z_min) continue;
            const std::size_t from = i < near_steps ? 0 : i - near_steps;
            if (best_of(z_rising, from, std::min(i + near_steps, band_length - 1)) != i) continue;
            HeardMarker best;
            for (int code = 0; code < marker_codes; ++code) {
                const double apart = (chirp_s + code * marker_gap_step_ms / 1000.0) * band_rate;
                const auto middle = i + static_cast<std::size_t>(std::lround(apart));
                const auto slack = static_cast<std::size_t>(slack_s * band_rate);
                if (middle + slack >= band_length) break;
                const std::size_t second = best_of(z_falling, middle - slack, middle + slack);
                const double score = double{z_rising[i]} + z_falling[second];
                if (z_falling[second] < z_min || score < best.score) continue;
                // Drift moves the two chirps by equal amounts in opposite directions.
                const double at = (refined(z_rising, i) + refined(z_falling, second) - apart) / 2;
                best = {passed_s + at / band_rate, code, score, true};
            }
            top_score = std::max(top_score, best.score);
            if (best.score >= marker_doubt_score) note(best);
        }
    }
    void note(const HeardMarker& heard) {
        if (!events.empty() && heard.at_s - events.back().at_s < same_event_s) {
            if (heard.score > events.back().score) events.back() = heard;
            return;
        }
        events.push_back(heard);
    }
    std::vector<HeardMarker> finish() {
        while (filled > 0) {
            std::fill(pcm.begin() + static_cast<std::ptrdiff_t>(filled), pcm.end(), 0.0F);
            search(band_length - overlap_steps);
        }
        std::vector<HeardMarker> found;
        for (std::size_t i = 0; i < events.size(); ++i) {
            HeardMarker each = events[i];
            if (each.score < marker_score_min) continue;
            const bool before = i > 0 && each.at_s - events[i - 1].at_s < marker_alone_s;
            const bool after =
                i + 1 < events.size() && events[i + 1].at_s - each.at_s < marker_alone_s;
            each.alone = !before && !after;
            found.push_back(each);
        }
        return found;
    }

    int rate;
    std::size_t block;
    RealFft real;
    Fft fft;
    std::vector<float> pcm, z_rising, z_falling;
    std::vector<double> energy, sums;
    std::vector<Complex> spectrum, band, product, time, rising, falling;
    std::size_t filled = 0;
    double passed_s = 0;
    double top_score = 0;
    std::vector<HeardMarker> events;  // at most one in 0.35 s, and of score 100 and more
};

MarkerFinder::MarkerFinder(int rate) : inside_(std::make_unique<Inside>(rate)) {}
MarkerFinder::~MarkerFinder() = default;
void MarkerFinder::feed(std::span<const float> pcm) {
    inside_->feed(pcm);
}
std::vector<HeardMarker> MarkerFinder::finish() {
    return inside_->finish();
}
double MarkerFinder::top_score() const {
    return inside_->top_score;
}

}  // namespace otklik::align
