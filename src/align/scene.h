#pragma once
// Two recordings that heard the same scene, laid over each other without any marker. Coarse: how
// loudness moves (100 steps a second, slower changes left out), pieces of one sought in the other;
// not a single piece is believed, only that many lie on one line. Fine: windows of 16 s where the
// line puts them, the drift undone, by GCC-PHAT in 200..3400 Hz; these too must lie on one line.
// What does not reach the bounds is refused with its counts. Sound is mono of 8 kHz.
// Bounds and figures: docs/decisions/recording-markers.md. Thread: a value belongs to one thread.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace otklik::align {

inline constexpr int scene_rate = 8'000;
inline constexpr int scene_steps_per_second = 100;

/// How loudness moves, a value each 10 ms; fed in pieces of any length.
class SceneEnvelope {
public:
    void feed(std::span<const float> pcm);
    /// Once, after the last feed.
    std::vector<float> finish();

private:
    std::vector<float> logs_;
    double sum_ = 0;
    int count_ = 0;
    float last_ = 0;
};

/// One recording: its envelope, and its sound on demand (seconds from its begin, count of samples;
/// silence outside of it).
struct SceneRecording {
    std::span<const float> envelope;
    std::function<std::vector<float>(double at_s, std::size_t count)> sound;
    double seconds() const { return static_cast<double>(envelope.size()) / scene_steps_per_second; }
};

struct SceneMatch {
    bool accepted = false;
    int pieces = 0, pieces_agree = 0;                       // coarse
    int windows = 0, windows_clear = 0, windows_agree = 0;  // fine
    double span = 0;  // share of the overlap that agreeing windows span
    /// Second s of the first is second s + lag(s) of the other.
    double lag_s = 0, slope = 0;
    double first_s = 0, last_s = 0;  // of the first recording: where windows agree
    double lag(double at_s) const { return lag_s + slope * at_s; }
};

/// `expected_lag_s` by their clocks, wrong by at most `reach_s`.
SceneMatch match_scene(const SceneRecording& first, const SceneRecording& other,
                       double expected_lag_s, double reach_s);

}  // namespace otklik::align
