#include "sampling/choose.h"

#include <gtest/gtest.h>

#include <map>

namespace otklik {

TEST(Sampling, seed_and_generator_are_the_published_ones) {
    EXPECT_EQ(seed_number(""), 0xcbf29ce484222325ULL);  // FNV-1a's own test vectors
    EXPECT_EQ(seed_number("a"), 0xaf63dc4c8601ec8cULL);
    EXPECT_EQ(seed_number("foobar"), 0x85944171f73967e8ULL);
    SplitMix zero(0);  // SplitMix64's first outputs for state 0
    EXPECT_EQ(zero.next(), 0xe220a8397b1dcdafULL);
    EXPECT_EQ(zero.next(), 0x6e789e6aa1b965f4ULL);
    EXPECT_EQ(zero.next(), 0x06c45d188009454fULL);
}

TEST(Sampling, same_seed_and_frame_give_the_same_interval) {
    const std::vector<SampleRange> frame{{0, 1000}, {500, 5000}, {0, 90}};
    const auto once = choose("november", frame, 100);
    const auto again = choose("november", frame, 100);
    ASSERT_TRUE(once);
    EXPECT_EQ(once->stretch, again->stretch);
    EXPECT_EQ(once->at, again->at);
    EXPECT_EQ(starts_of(frame, 100), 901 + 4401);
    EXPECT_FALSE(choose("november", frame, 5000));
    EXPECT_FALSE(choose("november", {}, 1));
    EXPECT_TRUE(choose("november", {{7, 8}}, 1));
}

// Frame of 1 + 3 starts; 8 000 seeds; each start expects 2 000, deviation √(8000 · 1/4 · 3/4) ≈ 39;
// 6 of them allowed.
TEST(Sampling, every_start_is_equally_likely) {
    const std::vector<SampleRange> frame{{10, 20}, {0, 5}, {30, 42}};
    std::map<std::pair<std::size_t, std::int64_t>, int> hits;
    for (int i = 0; i < 8000; ++i) {
        const auto choice = choose("seed " + std::to_string(i), frame, 10);
        ASSERT_TRUE(choice);
        ASSERT_GE(choice->at.begin, frame[choice->stretch].begin);
        ASSERT_LE(choice->at.end, frame[choice->stretch].end);
        ++hits[{choice->stretch, choice->at.begin}];
    }
    ASSERT_EQ(hits.size(), 4u);
    for (const auto& [chosen, count] : hits) EXPECT_NEAR(count, 2000, 240) << chosen.second;
}

}  // namespace otklik
