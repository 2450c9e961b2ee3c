#include "align/scene.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>

#include "align/fft.h"

namespace otklik::align {
namespace {

constexpr int step_samples = scene_rate / scene_steps_per_second;
constexpr float emphasis = 0.95F;
constexpr double quiet = 1e-9;  // of full scale: steps of digital silence are all the same
constexpr std::size_t mean_steps = scene_steps_per_second;  // to either side

constexpr int pieces_max = 24;
constexpr std::size_t piece_steps_min = std::size_t{30} * scene_steps_per_second;
constexpr std::size_t piece_steps_max = std::size_t{120} * scene_steps_per_second;
constexpr double slope_max = 1'000e-6;  // two crystals
constexpr double coarse_within_s = 0.04;
constexpr int pieces_agree_min = 5;

constexpr std::size_t window_samples = 131'072;  // 16.4 s
constexpr double window_s = static_cast<double>(window_samples) / scene_rate;
constexpr int windows_max = 40;
constexpr double search_s = 0.1;
constexpr double clear_sigmas = 8;
constexpr double fine_within_s = 0.005;  // a metre of way is 3 ms
constexpr double band_low_hz = 200, band_high_hz = 3'400;
constexpr int windows_agree_min = 10;
constexpr double agree_share_min = 0.9, span_min = 0.5;

struct Place {
    double at_s = 0, lag_s = 0;
};
struct Line {
    double lag_s = 0, slope = 0;
    std::vector<Place> on;
    double lag(double at_s) const { return lag_s + slope * at_s; }
};

std::vector<Place> near_line(const std::vector<Place>& places, double lag_s, double slope,
                             double within_s) {
    std::vector<Place> on;
    for (const Place& each : places)
        if (std::abs(each.lag_s - lag_s - slope * each.at_s) <= within_s) on.push_back(each);
    return on;
}

/// Least squares.
void settle(Line& line) {
    double n = 0, t = 0, l = 0, tt = 0, tl = 0;
    for (const Place& each : line.on) {
        n += 1;
        t += each.at_s;
        l += each.lag_s;
        tt += each.at_s * each.at_s;
        tl += each.at_s * each.lag_s;
    }
    const double bend = n * tt - t * t;
    line.slope = bend > 0 ? (n * tl - t * l) / bend : 0;
    line.lag_s = n > 0 ? (l - line.slope * t) / n : 0;
}

/// The line through two of them that most lie on.
Line best_line(const std::vector<Place>& places, double within_s) {
    Line best;
    for (std::size_t i = 0; i < places.size(); ++i)
        for (std::size_t k = i + 1; k < places.size(); ++k) {
            const double apart = places[k].at_s - places[i].at_s;
            if (apart <= 0) continue;
            const double slope = (places[k].lag_s - places[i].lag_s) / apart;
            if (std::abs(slope) > slope_max) continue;
            const double lag_s = places[i].lag_s - slope * places[i].at_s;
            auto on = near_line(places, lag_s, slope, within_s);
            if (on.size() > best.on.size()) best = {lag_s, slope, std::move(on)};
        }
    settle(best);
    return best;
}

double top_between(double before, double at, double after) {
    const double bend = before - 2 * at + after;
    return bend < 0 ? std::clamp((before - after) / 2 / bend, -0.5, 0.5) : 0;
}

/// Where pieces of one envelope are in the other.
class Coarse {
public:
    Coarse(std::span<const float> first, std::span<const float> other, double lag_s, double reach_s)
        : first_(first),
          other_(other),
          lag_s_(lag_s),
          piece_(std::clamp(first.size() / pieces_max, piece_steps_min, piece_steps_max)),
          reach_steps_(static_cast<std::ptrdiff_t>(reach_s * scene_steps_per_second)),
          fft_(std::bit_ceil(std::min(static_cast<std::size_t>(2 * reach_steps_), other.size()) +
                             2 * piece_)),
          window_(fft_.length()),
          seen_(fft_.length()),
          sought_(fft_.length()) {}
    std::vector<Place> places() {
        std::vector<Place> found;
        if (first_.size() < piece_) return found;
        const auto room = static_cast<double>(first_.size() - piece_);
        for (int i = 0; i < pieces_max; ++i) {
            const auto at = static_cast<std::size_t>(room * i / (pieces_max - 1));
            if (const auto place = seek(at)) found.push_back(*place);
        }
        return found;
    }

private:
    std::optional<Place> seek(std::size_t at) {
        const auto size = static_cast<std::ptrdiff_t>(other_.size());
        const auto piece = static_cast<std::ptrdiff_t>(piece_);
        const auto middle =
            static_cast<std::ptrdiff_t>(at) + std::lround(lag_s_ * scene_steps_per_second);
        // Where there is anything to fit, and no more.
        const auto from = std::clamp<std::ptrdiff_t>(middle - reach_steps_, 0, size);
        const auto to = std::clamp<std::ptrdiff_t>(middle + reach_steps_ + piece, from, size);
        if (to - from <= piece + 2) return std::nullopt;
        const auto window =
            other_.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
        const auto sought = first_.subspan(at, piece_);
        const double own = std::inner_product(sought.begin(), sought.end(), sought.begin(), 0.0);
        if (own <= 0) return std::nullopt;
        correlate(window, sought);
        std::vector<double> squares(window.size() + 1, 0);
        for (std::size_t i = 0; i < window.size(); ++i)
            squares[i + 1] = squares[i] + double{window[i]} * window[i];
        std::vector<double> fits(window.size() - piece_ + 1);
        // Hardly anything there: no likeness, however well it fits.
        const double least = own * 0.05;
        for (std::size_t i = 0; i < fits.size(); ++i) {
            const double local = squares[i + piece_] - squares[i];
            fits[i] = local > least ? window_[i].real() / std::sqrt(local) : 0;
        }
        const auto best =
            static_cast<std::size_t>(std::max_element(fits.begin(), fits.end()) - fits.begin());
        if (best == 0 || best + 1 >= fits.size()) return std::nullopt;
        const double top =
            static_cast<double>(best) + top_between(fits[best - 1], fits[best], fits[best + 1]);
        const double lag_steps = static_cast<double>(from) + top - static_cast<double>(at);
        const double centre = static_cast<double>(at) + static_cast<double>(piece_) / 2;
        return Place{centre / scene_steps_per_second, lag_steps / scene_steps_per_second};
    }
    /// window_ becomes the correlation at each shift of what is sought.
    void correlate(std::span<const float> window, std::span<const float> sought) {
        std::fill(window_.begin(), window_.end(), Complex{});
        std::copy(sought.begin(), sought.end(), window_.begin());
        fft_.forward(window_.data(), sought_.data());
        std::fill(window_.begin(), window_.end(), Complex{});
        std::copy(window.begin(), window.end(), window_.begin());
        fft_.forward(window_.data(), seen_.data());
        for (std::size_t i = 0; i < seen_.size(); ++i) seen_[i] *= std::conj(sought_[i]);
        fft_.back(seen_.data(), window_.data());
    }

    std::span<const float> first_, other_;
    double lag_s_;
    std::size_t piece_;
    std::ptrdiff_t reach_steps_;
    Fft fft_;
    std::vector<Complex> window_, seen_, sought_;
};

class Fine {
public:
    Fine(const SceneRecording& first, const SceneRecording& other, const Line& line)
        : first_(first), other_(other), line_(line), fft_(2 * window_samples) {}
    /// Of the first recording, by the coarse line.
    std::pair<double, double> overlap() const {
        const double begin = std::max(0.0, -line_.lag(0) / (1 + line_.slope));
        const double end =
            std::min(first_.seconds(), (other_.seconds() - line_.lag_s) / (1 + line_.slope));
        return {begin + 1, end - window_s - 1};
    }
    std::vector<Place> places(int& asked) {
        const auto [begin, end] = overlap();
        std::vector<Place> clear;
        asked = std::clamp(static_cast<int>((end - begin) / window_s * 2), 0, windows_max);
        for (int i = 0; i < asked; ++i)
            if (const auto place = look(begin + (end - begin) * i / std::max(1, asked - 1)))
                clear.push_back(*place);
        return clear;
    }

private:
    std::optional<Place> look(double at_s) {
        const double there_s = at_s + line_.lag(at_s);
        const std::vector<float> a = first_.sound(at_s, window_samples);
        const std::vector<float> b = other_.sound(there_s, window_samples + 200);
        std::vector<Complex> x(fft_.length()), y(fft_.length()), p(fft_.length()), q(fft_.length());
        const double step = 1 + line_.slope;  // seconds of the other per second of the first
        for (std::size_t i = 0; i < window_samples; ++i) {
            // Faded at both ends, so that what is cut off there leaves no click.
            const auto fade =
                static_cast<float>(std::min({1.0, static_cast<double>(i) / 4000,
                                             static_cast<double>(window_samples - i) / 4000}));
            const double place = static_cast<double>(i) * step;
            const auto k = static_cast<std::size_t>(place);
            const auto part = static_cast<float>(place - static_cast<double>(k));
            x[i] = a[i] * fade;
            if (k + 1 < b.size()) y[i] = (b[k] * (1 - part) + b[k + 1] * part) * fade;
        }
        fft_.forward(x.data(), p.data());
        fft_.forward(y.data(), q.data());
        const double bins_per_hz = static_cast<double>(fft_.length()) / scene_rate;
        std::vector<Complex> cross(fft_.length());
        for (auto i = static_cast<std::size_t>(band_low_hz * bins_per_hz);
             i < static_cast<std::size_t>(band_high_hz * bins_per_hz); ++i) {
            const Complex c = q[i] * std::conj(p[i]);
            const float size = std::abs(c);
            if (size > 0) cross[i] = c / size;
        }
        fft_.back(cross.data(), x.data());
        return peak(x, at_s);
    }
    std::optional<Place> peak(const std::vector<Complex>& shifts, double at_s) const {
        const auto reach = static_cast<std::ptrdiff_t>(search_s * scene_rate);
        const auto n = static_cast<std::ptrdiff_t>(shifts.size());
        const auto value = [&](std::ptrdiff_t i) {
            return std::abs(shifts[static_cast<std::size_t>((i + n) % n)]);
        };
        std::ptrdiff_t best = 0;
        for (std::ptrdiff_t i = -reach; i <= reach; ++i)
            if (value(i) > value(best)) best = i;
        double squares = 0;
        int count = 0;
        for (std::ptrdiff_t i = -reach; i <= reach; ++i)
            if (std::abs(i - best) > 40) {  // 5 ms: the peak itself and its near echo
                squares += double{value(i)} * value(i);
                ++count;
            }
        const double sigma = std::sqrt(squares / std::max(1, count));
        if (sigma <= 0 || value(best) < clear_sigmas * sigma) return std::nullopt;
        const double top =
            static_cast<double>(best) + top_between(value(best - 1), value(best), value(best + 1));
        const double middle = at_s + window_s / 2;
        // The shift is of the window's own time; the line puts the rest.
        return Place{middle, line_.lag(middle) + top / scene_rate};
    }

    const SceneRecording& first_;
    const SceneRecording& other_;
    Line line_;
    Fft fft_;
};

}  // namespace

void SceneEnvelope::feed(std::span<const float> pcm) {
    for (const float value : pcm) {
        const float high = value - emphasis * last_;
        last_ = value;
        sum_ += double{high} * high;
        if (++count_ < step_samples) continue;
        logs_.push_back(static_cast<float>(std::log(sum_ / step_samples + quiet)));
        sum_ = 0;
        count_ = 0;
    }
}

std::vector<float> SceneEnvelope::finish() {
    std::vector<double> sums(logs_.size() + 1, 0);
    for (std::size_t i = 0; i < logs_.size(); ++i) sums[i + 1] = sums[i] + logs_[i];
    std::vector<float> out(logs_.size());
    for (std::size_t i = 0; i < logs_.size(); ++i) {
        const std::size_t from = i < mean_steps ? 0 : i - mean_steps;
        const std::size_t to = std::min(logs_.size(), i + mean_steps + 1);
        out[i] = logs_[i] - static_cast<float>((sums[to] - sums[from]) / double(to - from));
    }
    return out;
}

SceneMatch match_scene(const SceneRecording& first, const SceneRecording& other,
                       double expected_lag_s, double reach_s) {
    SceneMatch match;
    const auto pieces = Coarse(first.envelope, other.envelope, expected_lag_s, reach_s).places();
    match.pieces = static_cast<int>(pieces.size());
    const Line coarse = best_line(pieces, coarse_within_s);
    match.pieces_agree = static_cast<int>(coarse.on.size());
    if (match.pieces_agree < pieces_agree_min) return match;
    Fine fine(first, other, coarse);
    const auto windows = fine.places(match.windows);
    match.windows_clear = static_cast<int>(windows.size());
    const Line line = best_line(windows, fine_within_s);
    match.windows_agree = static_cast<int>(line.on.size());
    if (line.on.empty()) return match;
    match.lag_s = line.lag_s;
    match.slope = line.slope;
    match.first_s = line.on.front().at_s;
    match.last_s = line.on.back().at_s;
    const auto [begin, end] = fine.overlap();
    match.span = end > begin ? (match.last_s - match.first_s) / (end - begin) : 0;
    match.accepted = match.windows_agree >= windows_agree_min &&
                     match.windows_agree >= agree_share_min * match.windows_clear &&
                     match.span >= span_min && std::abs(match.slope) <= slope_max;
    return match;
}

}  // namespace otklik::align
