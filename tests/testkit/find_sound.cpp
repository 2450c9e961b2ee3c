#include "testkit/find_sound.h"

#include <kiss_fftr.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <numbers>
#include <stdexcept>
#include <thread>

#include "base/files.h"

namespace otklik::testkit {
namespace {

constexpr int factor = 4;
constexpr int low_rate = sound_rate / factor;
constexpr int fft_size = 1 << 18;  // 131 s
constexpr int half_filter = 32;
constexpr double quiet = 1e-7;  // mean square: digital silence has no direction

/// A windowed sinc that ends at 900 Hz, and from 100 Hz: hum is in every recording.
std::vector<float> filter_taps() {
    std::vector<float> taps;
    const auto sinc = [](double cut, int n) {
        const double x = 2 * cut / sound_rate;
        return n == 0 ? x : std::sin(std::numbers::pi * x * n) / (std::numbers::pi * n);
    };
    for (int n = -half_filter; n <= half_filter; ++n) {
        const double window = 0.54 + 0.46 * std::cos(std::numbers::pi * n / half_filter);
        taps.push_back(static_cast<float>(window * (sinc(900, n) - sinc(100, n))));
    }
    return taps;
}

std::vector<float> slow_down(const std::vector<float>& pcm) {
    static const std::vector<float> taps = filter_taps();
    const auto size = static_cast<std::ptrdiff_t>(pcm.size());
    std::vector<float> low;
    for (std::ptrdiff_t at = 0; at < size; at += factor) {
        float sum = 0;
        for (int n = -half_filter; n <= half_filter; ++n)
            if (at + n >= 0 && at + n < size)
                sum += taps[static_cast<std::size_t>(n + half_filter)] *
                       pcm[static_cast<std::size_t>(at + n)];
        low.push_back(sum);
    }
    return low;
}

/// A plan per thread: kissfft's own scratch space is in it.
kiss_fftr_cfg plan(int inverse) {
    struct Plan {
        explicit Plan(int which) : cfg(kiss_fftr_alloc(fft_size, which, nullptr, nullptr)) {}
        ~Plan() { kiss_fftr_free(cfg); }
        kiss_fftr_cfg cfg;
    };
    thread_local Plan there(0), back(1);
    return inverse ? back.cfg : there.cfg;
}

std::vector<std::complex<float>> spectrum_of(std::vector<float> low) {
    if (low.size() > fft_size) throw std::runtime_error("the sound is too long");
    low.resize(fft_size);
    std::vector<std::complex<float>> bins(fft_size / 2 + 1);
    kiss_fftr(plan(0), low.data(), reinterpret_cast<kiss_fft_cpx*>(bins.data()));
    return bins;
}

}  // namespace

std::vector<float> read_wav_8k(const std::string& path) {
    const std::string bytes = read_file(path, 64 << 20);
    const auto integer = [&](std::size_t at, std::size_t width) {
        std::uint32_t value = 0;
        if (at + width > bytes.size()) throw std::runtime_error("short WAV " + path);
        std::memcpy(&value, bytes.data() + at, width);
        return value;
    };
    bool fits = false;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const std::string id = bytes.substr(at, 4);
        const std::size_t size = integer(at + 4, 4);
        if (id == "fmt ")
            fits = integer(at + 8, 2) == 1 && integer(at + 10, 2) == 1 &&
                   integer(at + 12, 4) == sound_rate && integer(at + 22, 2) == 16;
        if (id == "data" && fits) {
            std::vector<float> pcm;
            for (std::size_t i = at + 8; i + 1 < std::min(at + 8 + size, bytes.size()); i += 2) {
                std::int16_t sample = 0;
                std::memcpy(&sample, bytes.data() + i, 2);
                pcm.push_back(static_cast<float>(sample) / 32768.0F);
            }
            return pcm;
        }
        at += 8 + size + size % 2;
    }
    throw std::runtime_error("not 16-bit mono WAV at 8 kHz: " + path);
}

Needle::Needle(const std::vector<float>& pcm_8k) : pcm_(slow_down(pcm_8k)) {
    for (const float x : pcm_) energy_ += static_cast<double>(x) * x;
    spectrum_ = spectrum_of(pcm_);
    for (auto& bin : spectrum_) bin = std::conj(bin);
}

double Needle::seconds() const {
    return static_cast<double>(pcm_.size()) / low_rate;
}

Haystack::Haystack(const std::vector<float>& pcm_8k) {
    const std::vector<float> low = slow_down(pcm_8k);
    energy_.push_back(0);
    for (const float x : low) energy_.push_back(energy_.back() + static_cast<double>(x) * x);
    spectrum_ = spectrum_of(low);
}

Match Haystack::find(const Needle& needle) const {
    Match best;
    const std::size_t length = needle.pcm_.size();
    const std::size_t count = energy_.size() - 1;
    if (length == 0 || length > count) return best;
    std::vector<std::complex<float>> product(spectrum_.size());
    for (std::size_t i = 0; i < product.size(); ++i)
        // By hand: the operator asks for NaN each time.
        product[i] = {spectrum_[i].real() * needle.spectrum_[i].real() -
                          spectrum_[i].imag() * needle.spectrum_[i].imag(),
                      spectrum_[i].real() * needle.spectrum_[i].imag() +
                          spectrum_[i].imag() * needle.spectrum_[i].real()};
    std::vector<float> lags(fft_size);
    kiss_fftri(plan(1), reinterpret_cast<const kiss_fft_cpx*>(product.data()), lags.data());
    for (std::size_t at = 0; at + length <= count; ++at) {
        const double energy = energy_[at + length] - energy_[at];
        if (energy < quiet * static_cast<double>(length)) continue;
        const double score = lags[at] / fft_size / std::sqrt(energy * needle.energy_);
        if (score > best.score) best = {score, static_cast<double>(at) / low_rate};
    }
    return best;
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& each) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) each(i);
    };
    const std::jthread other(work);
    work();
}

}  // namespace otklik::testkit
