#include "media/peaks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace otklik {

TEST(Peaks, buckets_follow_media_time_at_every_rate) {
    for (const int rate : {8'000, 11'025, 16'000, 44'100, 48'000}) {
        PeakBuilder builder(rate);
        const std::vector<float> second(static_cast<std::size_t>(rate), 0.25f);
        for (int i = 0; i < 10; ++i) builder.feed(second);
        builder.finish();
        ASSERT_EQ(builder.peaks().size(), 500u) << rate;
        EXPECT_EQ(builder.peaks()[7], (Peak{32, 32}));
    }
}

TEST(Peaks, a_click_is_found_at_its_place) {
    std::vector<float> pcm(16'000, 0.0f);
    pcm[16'000 / 2 + 5] = 0.9f;
    PeakBuilder builder(16'000);
    builder.feed(std::span<const float>(pcm).first(8'001));
    builder.feed(std::span<const float>(pcm).subspan(8'001));
    builder.finish();
    for (std::size_t i = 0; i < builder.peaks().size(); ++i) {
        EXPECT_EQ(builder.peaks()[i].high, i == 25 ? 116 : 0) << i;
    }
}

TEST(Peaks, levels_of_a_known_sine_are_right) {
    std::vector<float> pcm(48'000);
    for (std::size_t i = 0; i < pcm.size(); ++i) {
        pcm[i] = static_cast<float>(
            0.5 * std::sin(2 * std::numbers::pi * 100 * static_cast<double>(i) / 48'000));
    }
    PeakBuilder builder(48'000);
    builder.feed(pcm);
    const Levels levels = builder.levels();
    EXPECT_NEAR(levels.peak_dbfs, -6.02, 0.01);
    EXPECT_NEAR(levels.rms_dbfs, -9.03, 0.01);
    EXPECT_EQ(levels.clipped_share, 0);
    EXPECT_FALSE(levels.silent);
    PeakBuilder clipped(48'000);
    std::vector<std::int16_t> full(100, 32'767);
    full.resize(400, 0);
    clipped.feed(full);
    EXPECT_DOUBLE_EQ(clipped.levels().clipped_share, 0.25);
    PeakBuilder silent(48'000);
    silent.feed(std::vector<float>(1'000, 0.0005f));
    EXPECT_TRUE(silent.levels().silent);
    EXPECT_TRUE(PeakBuilder(8'000).levels().silent);
}

TEST(Peaks, a_file_comes_back_and_nonsense_does_not) {
    PeakBuilder builder(8'000, 96'000);
    builder.feed(std::vector<float>(8'000, -0.5f));
    builder.skip(8'000);
    builder.feed(std::vector<float>(100, 0.5f));
    builder.finish();
    const std::string bytes = builder.file_bytes();
    const auto view = parse_peaks(bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->first_sample, 96'000);
    EXPECT_TRUE(std::equal(view->peaks.begin(), view->peaks.end(), builder.peaks().begin(),
                           builder.peaks().end()));
    EXPECT_FALSE(parse_peaks(bytes.substr(0, 15)));
    EXPECT_FALSE(parse_peaks("OKPX" + bytes.substr(4)));
    // [1 s, 6 s) in 5 buckets: before, sound, gap, the short last bucket, behind.
    const auto range = peaks_of_range({&*view, 1}, {48'000, 6 * 48'000}, 5);
    EXPECT_TRUE(range[0].empty());
    EXPECT_EQ(range[1], (Peak{-64, -64}));
    EXPECT_TRUE(range[2].empty());
    EXPECT_EQ(range[3], (Peak{64, 64}));
    EXPECT_TRUE(range[4].empty());
    EXPECT_THROW(peaks_of_range({}, {5, 5}, 10), Error);
    EXPECT_THROW(peaks_of_range({}, {0, 5}, 0), Error);
    // Finer than the file: each bucket shows the peak it stands in.
    EXPECT_EQ(peaks_of_range({&*view, 1}, {96'000, 96'960}, 4)[3], (Peak{-64, -64}));
}

}  // namespace otklik
