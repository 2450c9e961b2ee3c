#include "media/likeness.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "media/clip_decode.h"
#include "media/media_testkit.h"
#include "media/opus_encoder.h"

namespace otklik {
namespace {

constexpr int rate = 16'000;

std::vector<Peak> wave_of(std::span<const float> pcm, int pcm_rate = rate) {
    PeakBuilder builder(pcm_rate);
    builder.feed(pcm);
    builder.finish();
    return {builder.peaks().begin(), builder.peaks().end()};
}

double score_of(std::span<const float> clip, const std::vector<Peak>& recording) {
    const std::vector<std::vector<Peak>> tracks{recording};
    const std::string loudness = loudness_of(wave_of(clip));
    return LikenessProbe(tracks).compare({&loudness, 1}).score;
}

/// Through a telephone: 8 kHz, eight bits on the mu-law curve (G.711).
std::vector<float> telephone(std::span<const float> pcm) {
    std::vector<float> out;
    for (std::size_t i = 0; i + 1 < pcm.size(); i += 2) {
        const float x = (pcm[i] + pcm[i + 1]) / 2;
        const float curve = std::log1p(255.0F * std::fabs(x)) / std::log(256.0F);
        const float step = std::round(curve * 127) / 127;
        out.push_back(std::copysign((std::pow(256.0F, step) - 1) / 255, x));
    }
    return out;
}

std::vector<float> through_opus(std::span<const float> pcm, int bitrate) {
    PacketDecoder decoder(rate);
    std::vector<float> out;
    TrackEncoder encoder({.rate = rate, .bitrate = bitrate, .complexity = 3},
                         [&](std::int64_t, std::span<const std::uint8_t> packet) {
                             const auto part = decoder.decode(packet);
                             out.insert(out.end(), part.begin(), part.end());
                         });
    encoder.feed(pcm);
    encoder.finish();
    return out;
}

std::vector<float> louder(std::span<const float> pcm, float gain) {
    std::vector<float> out(pcm.begin(), pcm.end());
    for (float& x : out) x = std::clamp(x * gain, -1.0F, 1.0F);
    return out;
}

/// Steps of 100 ms with any sound: silence is like nothing.
std::ptrdiff_t sounding_steps(std::span<const float> pcm) {
    const std::string loudness = loudness_of(wave_of(pcm));
    return std::count_if(loudness.begin(), loudness.end(), [](char c) { return c >= 48; });
}

/// Copies of each window match it, everything else does not.
void expect_told_apart(const std::vector<float>& pcm, double seconds, double every) {
    const auto length = static_cast<std::size_t>(seconds * rate);
    const auto step = static_cast<std::size_t>(every * rate);
    std::vector<std::span<const float>> windows;
    for (std::size_t at = 0; at + length <= pcm.size(); at += step)
        if (const auto window = std::span(pcm).subspan(at, length); sounding_steps(window) >= 150)
            windows.push_back(window);
    ASSERT_GE(windows.size(), 3u);
    double worst_copy = 1, best_stranger = 0;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto clip = windows[i];
        const auto shorter = clip.subspan(rate + 530, length - 2 * rate);  // by 1.033 s
        for (const auto& copy : {wave_of(through_opus(clip, 16'000)),
                                 wave_of(telephone(clip), 8'000), wave_of(louder(clip, 0.5F)),
                                 wave_of(louder(clip, 2)), wave_of(through_opus(shorter, 24'000))})
            worst_copy = std::min(worst_copy, score_of(clip, copy));
        for (std::size_t k = 0; k < windows.size(); ++k)
            if (k != i)
                best_stranger = std::max(best_stranger, score_of(clip, wave_of(windows[k])));
    }
    std::printf("worst copy %.3f, best stranger %.3f of %zu\n", worst_copy, best_stranger,
                windows.size());
    EXPECT_GT(worst_copy, likeness_bound);
    EXPECT_LT(best_stranger, likeness_bound);
}

TEST(Likeness, made_speech_is_told_from_other_speech_through_any_codec) {
    expect_told_apart(testkit::speech_like(180, rate, 7), 30, 30);
}

TEST(Likeness, recorded_talks_are_told_apart_through_any_codec) {
    const std::string folder = testkit::shared_data();
    std::string path;
    for (const char* way : {"/audio", "/data/audio"})
        if (const std::string there = folder + way + "/composite/ru_shift_30min.ogg";
            !folder.empty() && ::access(there.c_str(), R_OK) == 0)
            path = there;
    if (path.empty()) GTEST_SKIP() << "no shared material beside the sources";
    const std::string bytes = read_file(path, 64 << 20);
    // Not independent: its long silences, seen here first, raised the bound from 0.70 to 0.75.
    // Other talks are held against it by bench/run likeness.
    expect_told_apart(decode_ogg_opus_float(bytes_of(bytes), rate), 120, 180);
}

TEST(Likeness, silence_and_short_sound_are_like_nothing) {
    const std::vector<float> silence(60 * rate), talk = testkit::speech_like(60, rate, 9);
    EXPECT_EQ(score_of(silence, wave_of(silence)), 0);
    EXPECT_EQ(score_of(silence, wave_of(talk)), 0);
    const auto scrap = std::span(talk).first(10 * rate);
    EXPECT_EQ(score_of(scrap, wave_of(scrap)), 0) << "under 15 s";
    EXPECT_EQ(score_of(talk, {}), 0);
}

TEST(Likeness, shift_says_where_in_the_clip_the_recording_begins) {
    const auto talk = testkit::speech_like(90, rate, 11);
    const std::string loudness = loudness_of(wave_of(talk));
    const std::vector<std::vector<Peak>> part{wave_of(std::span(talk).subspan(5 * rate))};
    EXPECT_NEAR(static_cast<double>(LikenessProbe(part).compare({&loudness, 1}).shift_steps), 50,
                1);
    std::vector<float> later(3 * rate);
    later.insert(later.end(), talk.begin(), talk.end());
    const std::vector<std::vector<Peak>> whole{wave_of(later)};
    EXPECT_NEAR(static_cast<double>(LikenessProbe(whole).compare({&loudness, 1}).shift_steps), -30,
                1);
}

TEST(Likeness, one_side_and_the_sum_of_a_call_are_found) {
    const auto left = testkit::speech_like(40, rate, 12),
               right = testkit::speech_like(40, rate, 13);
    const std::vector<std::string> clip{loudness_of(wave_of(left)), loudness_of(wave_of(right))};
    std::vector<float> sum(left);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = (sum[i] + right[i]) / 2;
    for (const auto& heard : {wave_of(right), wave_of(sum)}) {
        const std::vector<std::vector<Peak>> tracks{heard};
        EXPECT_GT(LikenessProbe(tracks).compare(clip).score, likeness_bound);
    }
}

}  // namespace
}  // namespace otklik
