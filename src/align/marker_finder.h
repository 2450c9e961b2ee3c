#pragma once
// Finds markers (align/marker.h) in a recording of any length. Method: blocks of 16.4 s that
// overlap; the band 600..3200 Hz of each, whitened by its own spectrum smoothed over 50 Hz, so that
// a tone counts no more than noise; correlated with either chirp by FFT. z = |c|² over the local
// energy times the chirp's band times length (1950): over noise it is like Exp(1), of a perfect
// chirp 1950. Score = z of the rising chirp + z of the falling one where some code puts it.
// Thresholds: docs/decisions/recording-markers.md. Thread: a finder belongs to one thread.
// Memory: some 8 MB at 8 kHz, 10 MB at 16 kHz, whatever the length.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace otklik::align {

inline constexpr double marker_score_min = 200;
/// Sirens repeat, markers do not: another event of this score within 15 s makes both doubtful.
inline constexpr double marker_doubt_score = 100;
inline constexpr double marker_alone_s = 15;
/// Half-width of what the finder knows of the instant: its own error is below 1 ms, echo and codecs
/// put it off by some more.
inline constexpr double marker_found_within_ms = 5;

struct HeardMarker {
    double at_s = 0;  // of its first sample, from the first one fed
    int code = 0;
    double score = 0;
    bool alone = true;  // false: another one, or a siren, is near; it proves nothing
};

class MarkerFinder {
public:
    /// A multiple of 4000 from 8000 on.
    explicit MarkerFinder(int rate);
    ~MarkerFinder();
    MarkerFinder(const MarkerFinder&) = delete;
    MarkerFinder& operator=(const MarkerFinder&) = delete;
    /// [-1, 1], mono, one piece after the other.
    void feed(std::span<const float> pcm);
    /// What was found with a score of marker_score_min and more, by time. Once, after the last
    /// feed.
    std::vector<HeardMarker> finish();
    /// The highest score that was met at all: how far the bound is from what is no marker.
    double top_score() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik::align
