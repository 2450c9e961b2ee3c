#include "recording/clock_map.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"

namespace otklik {
namespace {

constexpr std::int64_t hour_samples = 3600 * samples_per_second;

TEST(ClockMap, one_point_runs_at_the_nominal_rate_both_ways) {
    ClockMap map;
    map.points = {{0, {1'000'000'000'000}}};
    EXPECT_EQ(map.at(48'000).us, 1'000'001'000'000);
    EXPECT_EQ(map.at(-48'000).us, 999'999'000'000);
    EXPECT_EQ(map.at(1).us, 1'000'000'000'021);  // 20.83 µs, to the nearest
    EXPECT_EQ(map.at(-1).us, 999'999'999'979);
    EXPECT_EQ(map.sample_at({1'000'001'000'000}), 48'000);
    EXPECT_EQ(map.sample_at({999'999'999'990}), 0);   // 10 µs before: nearer to 0 than to -1
    EXPECT_EQ(map.sample_at({999'999'999'989}), -1);  // 11 µs before
}

TEST(ClockMap, between_points_it_is_linear_and_beyond_them_nominal) {
    // The recorder's clock lost a second in the first hour_samples and gained two in the next.
    ClockMap map;
    map.points = {{0, {0}}, {hour_samples, {3'601'000'000}}, {2 * hour_samples, {7'199'000'000}}};
    EXPECT_EQ(map.at(hour_samples / 2).us, 1'800'500'000);
    EXPECT_EQ(map.at(hour_samples + hour_samples / 2).us, 5'400'000'000);
    EXPECT_EQ(map.at(3 * hour_samples).us, 10'799'000'000);
    EXPECT_EQ(map.at(-48'000).us, -1'000'000);
    EXPECT_EQ(map.sample_at({1'800'500'000}), hour_samples / 2);
    EXPECT_EQ(map.sample_at({10'799'000'000}), 3 * hour_samples);
}

TEST(ClockMap, sample_to_instant_and_back_is_the_same_sample) {
    std::mt19937_64 random(20261120);
    for (int round = 0; round < 200; ++round) {
        ClockMap map;
        std::int64_t sample = 0;
        Instant at{1'795'000'000'000'000};
        const int points = 1 + static_cast<int>(random() % 5);
        for (int i = 0; i < points; ++i) {
            map.points.emplace_back(sample, at);
            const auto step = static_cast<std::int64_t>(1 + random() % (6 * hour_samples));
            const auto ppm = static_cast<std::int64_t>(random() % 1'001) - 500;
            sample += step;
            at.us += step * 125 / 6 + step * 125 / 6 * ppm / 1'000'000 + 1;
        }
        for (int i = 0; i < 50; ++i) {
            const auto s = static_cast<std::int64_t>(random() % (30 * hour_samples)) - hour_samples;
            ASSERT_EQ(map.sample_at(map.at(s)), s) << "round " << round;
        }
    }
}

TEST(ClockMap, its_text_reads_back_and_damage_is_found) {
    ClockMap map;
    map.points = {{0, {-5}}, {48'000, {1'795'000'000'000'000}}};
    EXPECT_EQ(map_points_text(map), "[[0,-5],[48000,1795000000000000]]");
    EXPECT_EQ(parse_map_points(map_points_text(map)), map.points);
    for (const char* bad : {"", "[]", "[[0,1]", "[[0,1],[0,2]]", "[[0,2],[1,1]]", "[[0,1]] ",
                            "[[0,1],]", "[[0,99999999999999999999]]", "[[a,1]]"})
        EXPECT_THROW(parse_map_points(bad), Error) << bad;
}

}  // namespace
}  // namespace otklik
