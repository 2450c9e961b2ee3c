#include "stats/difference.h"

#include <gtest/gtest.h>

namespace otklik {

// Newcombe (1998), Statistics in Medicine 17, table II, method 10.
TEST(Difference, of_shares_is_that_of_newcombes_table) {
    const auto is = [](Hits now, Hits before, double low, double high) {
        const auto found = difference_of_shares(now, before);
        ASSERT_TRUE(found);
        EXPECT_NEAR(found->low, low, 5e-5);
        EXPECT_NEAR(found->high, high, 5e-5);
    };
    is({56, 70}, {48, 80}, 0.0524, 0.3339);
    is({9, 10}, {3, 10}, 0.1705, 0.8090);
    is({6, 7}, {2, 7}, 0.0582, 0.8062);
    is({5, 56}, {0, 29}, -0.0381, 0.1926);
    is({0, 10}, {0, 20}, -0.1611, 0.2775);
    is({10, 10}, {0, 10}, 0.6075, 1.0000);
    EXPECT_FALSE(difference_of_shares({0, 0}, {1, 2}));
}

// By hand: 4 and 1 as variances, n 16 and 25: s² = 0.25 + 0.04, se = 0.5385165, degrees
// 0.0841 / (0.0625/15 + 0.0016/24) = 19.866, t = 2.08691, half = 1.12384.
TEST(Difference, of_means_by_welch) {
    const auto found = difference_of_means({16, 10, 2}, {25, 8, 1});
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->low, 2 - 1.12384, 2e-4);
    EXPECT_NEAR(found->high, 2 + 1.12384, 2e-4);
    EXPECT_FALSE(difference_of_means({1, 10, 0}, {25, 8, 1}));
    const auto same = difference_of_means({5, 10, 0}, {5, 8, 0});
    EXPECT_EQ(same->low, 2);
    EXPECT_EQ(same->high, 2);
}

TEST(Difference, of_counts_is_never_certain_about_nothing) {
    EXPECT_NEAR(difference_of_counts(30, 10).low, 20 - 1.959964 * 6.324555, 1e-4);
    EXPECT_LT(difference_of_counts(0, 0).low, 0);
    EXPECT_GT(difference_of_counts(0, 0).high, 0);
}

}  // namespace otklik
