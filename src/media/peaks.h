#pragma once
// Peaks: the drawn wave and the level figures of one track, computed once from the PCM while it is
// imported. A bucket is 20 ms of media time (960 samples at 48 kHz, 50 a second), lowest and
// highest sample as int8. File: "OKPK", u8 version 1, u8 0, u16 960, i64 media time of the first
// bucket, all little-endian; then two bytes (low, high) per bucket to the end. 360 kB an hour; it
// may be appended to while it is recorded. Thread: values; a builder belongs to one thread.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

inline constexpr int peak_bucket_samples = 960;
inline constexpr std::size_t peaks_head_bytes = 16;

/// -128..127; low > high (127, -128) means that nothing was recorded there.
struct Peak {
    std::int8_t low = 127;
    std::int8_t high = -128;
    bool operator==(const Peak&) const = default;
    bool empty() const { return low > high; }
};

struct Levels {
    double rms_dbfs = -120;  // 0 dBFS is a full-scale square wave; -120 is the floor
    double peak_dbfs = -120;
    double clipped_share = 0;       // samples at or next to full scale, 0..1
    bool silent = true;             // no sample reaches -60 dBFS
    std::int64_t sample_count = 0;  // at the input rate
};

class PeakBuilder {
public:
    /// `rate` of the PCM fed, any from 4 000 to 192 000.
    explicit PeakBuilder(int rate, std::int64_t first_sample = 0);
    void feed(std::span<const float> pcm);  // mono, [-1, 1]
    void feed(std::span<const std::int16_t> pcm);
    /// A stretch without sound: empty buckets.
    void skip(std::int64_t input_samples);
    /// Closes the last, shorter bucket. Nothing may be fed after it.
    void finish();
    /// All buckets so far as a peaks file.
    std::string file_bytes() const;
    std::span<const Peak> peaks() const { return peaks_; }
    Levels levels() const;

private:
    void close_bucket();
    int rate_;
    std::int64_t first_sample_;
    std::int64_t input_count_ = 0;
    std::int64_t bucket_end_ = 0;  // in input samples
    float low_ = 2, high_ = -2;    // of the bucket in hand
    double square_sum_ = 0;
    float peak_ = 0;
    std::int64_t clipped_ = 0;
    std::int64_t heard_ = 0;
    std::vector<Peak> peaks_;
};

/// A peaks file in memory; the view looks into the bytes.
struct PeaksView {
    std::int64_t first_sample = 0;
    std::span<const Peak> peaks;
};
/// Nothing when it is not a peaks file of version 1.
std::optional<PeaksView> parse_peaks(std::string_view bytes);

/// The range in `count` equal buckets (1 ... 100 000), each the extremes of what it touches; empty
/// where nothing was recorded. Several views (segments, sessions with gaps) may cover the range.
std::vector<Peak> peaks_of_range(std::span<const PeaksView> views, SampleRange range, int count);

}  // namespace otklik
