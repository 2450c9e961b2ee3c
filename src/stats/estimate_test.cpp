#include "stats/estimate.h"

#include <gtest/gtest.h>

namespace otklik {

// Printed tables of Student's distribution, two-sided 5 % (NIST handbook 1.3.6.7.2), here with more
// digits from R's qt.
TEST(Stats, student_quantiles_are_those_of_the_tables) {
    EXPECT_NEAR(student_quantile(0.975, 1), 12.7062047361747, 1e-9);
    EXPECT_NEAR(student_quantile(0.975, 2), 4.30265272974946, 1e-11);
    EXPECT_NEAR(student_quantile(0.975, 4), 2.77644510519779, 1e-11);
    EXPECT_NEAR(student_quantile(0.975, 9), 2.2621571627982, 1e-11);
    EXPECT_NEAR(student_quantile(0.975, 30), 2.0422724563012, 1e-11);
    EXPECT_NEAR(student_quantile(0.95, 10), 1.81246112281168, 1e-11);
    EXPECT_NEAR(student_quantile(0.025, 4), -2.77644510519779, 1e-11);
    EXPECT_NEAR(student_quantile(0.975, 1e7), 1.959963984540054, 1e-6);
}

TEST(Stats, normal_quantile_is_the_z_of_the_references) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
    EXPECT_NEAR(normal_quantile(0.5), 0, 0);
    EXPECT_NEAR(normal_quantile(0.025), -1.959963984540054, 1e-13);
}

TEST(Stats, nothing_has_no_mean_and_one_value_no_interval) {
    EXPECT_FALSE(estimate_mean({}).mean);
    const double one[] = {7};
    EXPECT_EQ(estimate_mean(one).mean, 7);
    EXPECT_FALSE(estimate_mean(one).interval);
    EXPECT_FALSE(estimate_share(0, 0).share);
    EXPECT_FALSE(estimate_share(0, 0).interval);
}

// By hand: 2 4 4 4 5 5 7 9, mean 5, squares 9+1+1+1+0+0+4+16 = 32, s = √(32/7) = 2.1380899, t(7)
// = 2.3646243, half = 2.3646243 · 2.1380899 / √8 = 1.7874879.
TEST(Stats, mean_with_student_interval_by_hand) {
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    const MeanEstimate e = estimate_mean(values);
    EXPECT_EQ(e.n, 8);
    EXPECT_DOUBLE_EQ(*e.mean, 5);
    EXPECT_NEAR(*e.deviation, 2.13808993529940, 1e-12);
    EXPECT_NEAR(e.interval->low, 5 - 1.78748792, 1e-7);
    EXPECT_NEAR(e.interval->high, 5 + 1.78748792, 1e-7);
}

TEST(Stats, equal_values_have_an_interval_of_no_width) {
    const double values[] = {80, 80, 80};
    const MeanEstimate e = estimate_mean(values);
    EXPECT_DOUBLE_EQ(e.interval->low, 80);
    EXPECT_DOUBLE_EQ(e.interval->high, 80);
}

// The shared reference numbers csat_ces_csi: 8 of 11 and 7 of 10, Wilson 95 %, in percent.
TEST(Stats, wilson_interval_of_the_references) {
    const ShareEstimate csat = estimate_share(8, 11);
    EXPECT_NEAR(*csat.share * 100, 72.7272727272727, 1e-9);
    EXPECT_NEAR(csat.interval->low * 100, 43.4354698823871, 1e-9);
    EXPECT_NEAR(csat.interval->high * 100, 90.2539407099751, 1e-9);
    const ShareEstimate ces = estimate_share(7, 10);
    EXPECT_NEAR(ces.interval->low * 100, 39.6778147461145, 1e-9);
    EXPECT_NEAR(ces.interval->high * 100, 89.2208732593699, 1e-9);
    EXPECT_GT(estimate_share(0, 5).interval->high, 0.4);
    EXPECT_NEAR(estimate_share(0, 5).interval->low, 0, 1e-12);
}

}  // namespace otklik
