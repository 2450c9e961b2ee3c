#include "media/peaks.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace otklik {

namespace {

constexpr std::string_view magic = "OKPK";
constexpr float full_scale = 32'766.5f / 32'768.0f;  // 32 767 of an int16, and what lies beyond
constexpr double silence_peak = 0.001;               // -60 dBFS
constexpr int bucket_count_max = 100'000;

static_assert(sizeof(Peak) == 2, "a peaks file is mapped onto Peak");

double dbfs(double amplitude) {
    return amplitude <= 1e-6 ? -120.0 : std::max(-120.0, 20.0 * std::log10(amplitude));
}

std::int8_t to_int8(float sample, float (*round)(float)) {
    return static_cast<std::int8_t>(std::clamp(round(sample * 128.0f), -128.0f, 127.0f));
}

}  // namespace

PeakBuilder::PeakBuilder(int rate, std::int64_t first_sample)
    : rate_(rate), first_sample_(first_sample) {
    assert(rate >= 50);
    bucket_end_ = rate_ / 50;
}

void PeakBuilder::close_bucket() {
    if (low_ > high_) {
        peaks_.push_back({});
    } else {
        // Outwards, so that a quiet sound is still a line and not nothing.
        peaks_.push_back({to_int8(low_, std::floor), to_int8(high_, std::ceil)});
    }
    low_ = 2;
    high_ = -2;
    // In whole numbers: at 11 025 Hz a bucket has 220 or 221 samples and nothing drifts.
    bucket_end_ = static_cast<std::int64_t>(peaks_.size() + 1) * rate_ / 50;
}

void PeakBuilder::feed(std::span<const float> pcm) {
    while (!pcm.empty()) {
        const auto count = static_cast<std::size_t>(std::min<std::int64_t>(
            static_cast<std::int64_t>(pcm.size()), bucket_end_ - input_count_));
        float low = low_, high = high_, square = 0;
        std::int64_t clipped = 0;
        for (const float sample : pcm.first(count)) {
            low = std::min(low, sample);
            high = std::max(high, sample);
            square += sample * sample;  // a bucket is short: float is enough here
            clipped += std::fabs(sample) >= full_scale;
        }
        low_ = low;
        high_ = high;
        peak_ = std::max({peak_, high, -low});
        square_sum_ += static_cast<double>(square);
        clipped_ += clipped;
        heard_ += static_cast<std::int64_t>(count);
        input_count_ += static_cast<std::int64_t>(count);
        pcm = pcm.subspan(count);
        if (input_count_ == bucket_end_) close_bucket();
    }
}

void PeakBuilder::feed(std::span<const std::int16_t> pcm) {
    std::array<float, 4'096> block;
    while (!pcm.empty()) {
        const std::size_t count = std::min(pcm.size(), block.size());
        for (std::size_t i = 0; i < count; ++i) block[i] = static_cast<float>(pcm[i]) / 32'768.0f;
        feed(std::span<const float>(block).first(count));
        pcm = pcm.subspan(count);
    }
}

void PeakBuilder::skip(std::int64_t input_samples) {
    while (input_samples > 0) {
        const std::int64_t count = std::min(input_samples, bucket_end_ - input_count_);
        input_count_ += count;
        input_samples -= count;
        if (input_count_ == bucket_end_) close_bucket();
    }
}

void PeakBuilder::finish() {
    const auto begin = static_cast<std::int64_t>(peaks_.size()) * rate_ / 50;
    if (input_count_ > begin) close_bucket();
}

std::string PeakBuilder::file_bytes() const {
    std::string out(magic);
    out.push_back(1);
    out.push_back(0);
    const auto put = [&](std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
    };
    put(peak_bucket_samples, 2);
    put(static_cast<std::uint64_t>(first_sample_), 8);
    out.append(reinterpret_cast<const char*>(peaks_.data()), peaks_.size() * sizeof(Peak));
    return out;
}

Levels PeakBuilder::levels() const {
    Levels levels;
    levels.sample_count = heard_;
    if (heard_ == 0) return levels;
    const auto heard = static_cast<double>(heard_);
    levels.rms_dbfs = dbfs(std::sqrt(square_sum_ / heard));
    levels.peak_dbfs = dbfs(static_cast<double>(peak_));
    levels.clipped_share = static_cast<double>(clipped_) / heard;
    levels.silent = static_cast<double>(peak_) < silence_peak;
    return levels;
}

std::optional<PeaksView> parse_peaks(std::string_view bytes) {
    if (bytes.size() < peaks_head_bytes || bytes.substr(0, 4) != magic || bytes[4] != 1) return {};
    const auto byte_at = [&](std::size_t at) {
        return static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[at]));
    };
    if ((byte_at(6) | byte_at(7) << 8) != peak_bucket_samples) return {};
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < 8; ++i) first |= byte_at(8 + i) << (8 * i);
    PeaksView view;
    view.first_sample = static_cast<std::int64_t>(first);
    if (view.first_sample < 0) return {};
    view.peaks = {reinterpret_cast<const Peak*>(bytes.data() + peaks_head_bytes),
                  (bytes.size() - peaks_head_bytes) / sizeof(Peak)};
    return view;
}

std::vector<Peak> peaks_of_range(std::span<const PeaksView> views, SampleRange range, int count) {
    if (range.empty() || count < 1 || count > bucket_count_max) {
        throw Error(Fault::invalid, "audio.peaks_range");
    }
    std::vector<Peak> out(static_cast<std::size_t>(count));
    const double width = static_cast<double>(range.count()) / count;
    for (const PeaksView& view : views) {
        const auto size = static_cast<std::int64_t>(view.peaks.size());
        for (int i = 0; i < count; ++i) {
            const auto begin =
                range.begin + static_cast<std::int64_t>(width * i) - view.first_sample;
            const auto end =
                range.begin + static_cast<std::int64_t>(width * (i + 1)) - view.first_sample;
            if (end <= 0) continue;
            const std::int64_t from = std::max<std::int64_t>(0, begin) / peak_bucket_samples;
            const std::int64_t to = std::min(
                size, std::max(from + 1, (end + peak_bucket_samples - 1) / peak_bucket_samples));
            Peak& peak = out[static_cast<std::size_t>(i)];
            for (std::int64_t k = from; k < to; ++k) {
                const Peak& other = view.peaks[static_cast<std::size_t>(k)];
                peak.low = std::min(peak.low, other.low);
                peak.high = std::max(peak.high, other.high);
            }
        }
    }
    return out;
}

}  // namespace otklik
