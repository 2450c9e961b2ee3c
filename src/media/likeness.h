#pragma once
// Likeness: is this recording the sound of that clip, copied through any codec. Compared is how
// loudness moves: 100 ms steps of the drawn wave on a logarithmic scale, without what is slower
// than two seconds, so that gain, codec and band do not matter. Measured on two calls, a meeting
// and read speech cut into 20, 60 and 120 s (November 2026): copies through WAV, MP3 64k, Opus 16k,
// G.711 at 8 kHz, +6 dB and with a second cut off each end 0.80 to 1.00; other clips of the same
// room and other talks at most 0.53 (20 s), 0.27 (60 s and more). A copy made 12 dB quieter of a
// very quiet recording (RMS below -40 dBFS) falls to 0.64: the wave has 8 bits. Not found either:
// near silence, a changed speed, a mix with other sound, less than three quarters of the clip,
// under 15 s. Thread: any; values.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "media/peaks.h"

namespace otklik {

inline constexpr int likeness_step_samples = 5 * peak_bucket_samples;  // 100 ms
inline constexpr std::int64_t likeness_samples_min = 15 * samples_per_second;
/// Below 0.80, the worst copy at its own loudness; above 0.53, the best of 2 052 strangers, and
/// 0.60, the best of 90 in a shift of few words, where long silence makes strangers more alike.
inline constexpr double likeness_bound = 0.75;

/// Loudness by steps, a byte each: 16 * log2 of the height of the wave, 0 for silence; steps begin
/// at bucket `phase`, 0..4.
std::string loudness_of(std::span<const Peak> peaks, std::size_t phase = 0);
/// The louder of two tracks, step by step.
std::string louder_of(std::string_view a, std::string_view b);

struct Likeness {
    double score = 0;              // -1..1; 1: the same sound
    std::int64_t shift_steps = 0;  // where in the clip the recording begins; negative: before it
};
/// A recording ready to be compared with many clips.
class LikenessProbe {
public:
    /// `tracks`: the wave of each; compared is the louder of them too, as the sum would be heard.
    explicit LikenessProbe(std::span<const std::vector<Peak>> tracks);
    /// `clip`: loudness of each of its tracks from their first bucket on. The best of all pairings.
    Likeness compare(std::span<const std::string> clip) const;
    /// How many multiplications that takes; a core does about four thousand million a second.
    std::int64_t products(std::span<const std::string> clip) const;

private:
    /// One sound, seen from two grids half a step apart.
    struct Sound {
        std::vector<float> grids[2];
    };
    std::vector<Sound> sounds_;
};

}  // namespace otklik
