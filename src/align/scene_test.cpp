// Two recordings of one scene lie over each other; two of different scenes do not. The whole
// figures over real talk: bench/run scene.
#include "align/scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "media/media_testkit.h"

namespace otklik::align {
namespace {

constexpr double scene_s = 520, each_s = 400;

/// From `begin_s` of the scene on, with an echo and noise of its own, by a crystal `ppm` fast.
std::vector<float> recorded(const std::vector<float>& scene, double begin_s, double ppm,
                            std::mt19937& random) {
    std::normal_distribution<float> noise(0, 0.02F);
    const std::size_t echo = 200 + random() % 1'000;
    std::vector<float> out(static_cast<std::size_t>(each_s * scene_rate));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double place = begin_s * scene_rate + static_cast<double>(i) / (1 + ppm / 1e6);
        const auto k = static_cast<std::size_t>(place);
        const auto part = static_cast<float>(place - static_cast<double>(k));
        if (k + 1 < scene.size()) out[i] = scene[k] * (1 - part) + scene[k + 1] * part;
        if (k >= echo && k < scene.size()) out[i] += 0.4F * scene[k - echo];
        out[i] += noise(random);
    }
    return out;
}

struct Recorded {
    std::vector<float> pcm, envelope;
    explicit Recorded(std::vector<float> sound) : pcm(std::move(sound)) {
        SceneEnvelope builder;
        for (std::size_t at = 0; at < pcm.size(); at += 7'777)
            builder.feed({pcm.data() + at, std::min<std::size_t>(7'777, pcm.size() - at)});
        envelope = builder.finish();
    }
    SceneRecording view() const {
        return {envelope, [this](double at_s, std::size_t count) {
                    std::vector<float> out(count);
                    const auto from = std::llround(at_s * scene_rate);
                    for (std::size_t i = 0; i < count; ++i) {
                        const auto k = from + static_cast<std::int64_t>(i);
                        if (k >= 0 && k < static_cast<std::int64_t>(pcm.size()))
                            out[i] = pcm[static_cast<std::size_t>(k)];
                    }
                    return out;
                }};
    }
};

TEST(Scene, x06_one_scene_is_laid_over_to_milliseconds_whatever_the_clocks_say) {
    std::mt19937 random(7);
    const std::vector<float> scene = testkit::speech_like(scene_s, scene_rate, 21);
    for (const double wrong_s : {-3'000.0, 2'500.0}) {
        const double begin_a = 20, begin_b = 95, ppm_a = 400, ppm_b = -450;
        const Recorded a(recorded(scene, begin_a, ppm_a, random)),
            b(recorded(scene, begin_b, ppm_b, random));
        const auto truth = [&](double t) {
            return (begin_a + t / (1 + ppm_a / 1e6) - begin_b) * (1 + ppm_b / 1e6);
        };
        const SceneMatch match = match_scene(a.view(), b.view(), truth(0) + wrong_s, 3'600);
        ASSERT_TRUE(match.accepted)
            << wrong_s << ": " << match.pieces_agree << " of " << match.pieces << ", "
            << match.windows_agree << " of " << match.windows_clear;
        for (const double t : {match.first_s, match.last_s})
            EXPECT_NEAR(t + match.lag(t), truth(t), 0.01) << wrong_s;
    }
}

TEST(Scene, x06_different_scenes_silence_and_too_little_are_refused) {
    std::mt19937 random(8);
    const std::vector<float> one = testkit::speech_like(scene_s, scene_rate, 31);
    const Recorded a(recorded(one, 20, 100, random));
    const std::vector<float> two = testkit::speech_like(scene_s, scene_rate, 32);
    const Recorded other(recorded(two, 40, -100, random));
    EXPECT_FALSE(match_scene(a.view(), other.view(), 0, 3'600).accepted);
    const Recorded silence(std::vector<float>(static_cast<std::size_t>(each_s * scene_rate)));
    EXPECT_FALSE(match_scene(a.view(), silence.view(), 0, 3'600).accepted);
    EXPECT_FALSE(match_scene(silence.view(), a.view(), 0, 3'600).accepted);
    const Recorded nothing(std::vector<float>{});
    EXPECT_FALSE(match_scene(a.view(), nothing.view(), 0, 3'600).accepted);
    EXPECT_FALSE(match_scene(nothing.view(), a.view(), 0, 3'600).accepted);
    const Recorded brief(std::vector<float>(a.pcm.begin(), a.pcm.begin() + 10 * scene_rate));
    EXPECT_FALSE(match_scene(brief.view(), a.view(), 0, 3'600).accepted);
}

}  // namespace
}  // namespace otklik::align
