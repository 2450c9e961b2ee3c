// Clock evidence: what is known exactly, what is only ±, and what is refused.
#include "recording/clock_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace otklik {
namespace {

constexpr std::int64_t per_hour = 3600 * samples_per_second;
constexpr std::int64_t shift = 8 * per_hour;
constexpr Instant noon{1'795'000'000'000'000};

/// The instant of a sample of a recorder whose clock runs slow by so much.
Instant truth(std::int64_t sample, double ppm) {
    const double us = static_cast<double>(sample) * 125.0 / 6.0 * (1 + ppm / 1e6);
    return {noon.us + std::llround(us)};
}
ClockAnchor anchor(std::int64_t id, std::string source, std::int64_t sample, Instant at,
                   Duration uncertainty) {
    return {id, sample, at, uncertainty, std::move(source), {}, {}, {noon.us + id}};
}
const JudgedAnchor& judged(const ClockFit& fit, std::int64_t id) {
    return *std::find_if(fit.anchors.begin(), fit.anchors.end(),
                         [&](const JudgedAnchor& j) { return j.anchor.id == id; });
}

TEST(ClockFit, two_markers_of_a_day_tell_every_per_hourwithin_50_ms) {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> ppm_of(-480, 480);
    std::uniform_int_distribution<std::int64_t> error(-5'000, 5'000);
    double worst_ms = 0;
    for (int i = 0; i < 500; ++i) {
        const double ppm = ppm_of(random);
        const ClockFit fit = fit_clock(
            std::vector{
                anchor(1, "stated", 0, truth(0, ppm) + Duration::seconds(3), Duration::seconds(60)),
                anchor(2, "marker", 10 * samples_per_second,
                       truth(10 * samples_per_second, ppm) + Duration{error(random)},
                       Duration::ms(5)),
                anchor(3, "marker", shift - per_hour / 2,
                       truth(shift - per_hour / 2, ppm) + Duration{error(random)},
                       Duration::ms(5))},
            shift);
        EXPECT_TRUE(fit.drift_known);
        EXPECT_NEAR(fit.drift_ppm, ppm, 1);
        EXPECT_EQ(judged(fit, 1).verdict, AnchorVerdict::agrees);
        EXPECT_LE(fit.map.uncertainty, Duration::ms(50));
        for (std::int64_t at = 0; at <= shift; at += per_hour) {
            const double off = static_cast<double>((fit.map.at(at) - truth(at, ppm)).us) / 1000;
            worst_ms = std::max(worst_ms, std::abs(off));
            EXPECT_LE(std::abs(off), static_cast<double>(fit.doubt_at(at).us) / 1000);
        }
    }
    std::printf("worst of 500 days at any hour: %.1f ms\n", worst_ms);
    EXPECT_LE(worst_ms, 50);
}

TEST(ClockFit, one_observation_knows_less_the_farther_away) {
    const ClockFit fit =
        fit_clock(std::vector{anchor(1, "reading", 0, noon, Duration::seconds(1))}, shift);
    EXPECT_EQ(fit.map.at(0), noon);
    EXPECT_FALSE(fit.drift_known);
    EXPECT_EQ(fit.doubt_at(0), Duration::seconds(1));
    EXPECT_GT(fit.doubt_at(shift), Duration::seconds(3)) << "100 ppm over eight hours";
    EXPECT_EQ(fit.map.uncertainty, fit.doubt_at(shift));
}

TEST(ClockFit, the_recorders_own_clock_loses_against_a_witness) {
    // Stated, read from the name and from the tag: one clock, an hour wrong, asked three times.
    const Instant wrong = noon + Duration::hours(1);
    const ClockFit fit =
        fit_clock(std::vector{anchor(1, "stated", 0, wrong, Duration::seconds(1)),
                              anchor(2, "name", 0, wrong, Duration::seconds(1)),
                              anchor(3, "tag", 0, wrong, Duration::seconds(1)),
                              anchor(4, "marker", per_hour, truth(per_hour, 0), Duration::ms(5))},
                  shift);
    EXPECT_EQ(judged(fit, 4).verdict, AnchorVerdict::used);
    for (const std::int64_t id : {1, 2, 3}) {
        EXPECT_EQ(judged(fit, id).verdict, AnchorVerdict::refused);
        EXPECT_EQ(judged(fit, id).reason, "clock.contradicts");
        EXPECT_GT(judged(fit, id).off, Duration::hours(1) - Duration::seconds(5));
    }
}

TEST(ClockFit, a_false_marker_loses_against_two_who_agree) {
    const ClockFit fit = fit_clock(
        std::vector{anchor(1, "marker", per_hour, truth(per_hour, 0) + Duration::seconds(40),
                           Duration::ms(5)),
                    anchor(2, "reading", 0, truth(0, 0), Duration::seconds(1)),
                    anchor(3, "clap", 2 * per_hour, truth(2 * per_hour, 0), Duration::ms(300))},
        shift);
    EXPECT_EQ(judged(fit, 1).verdict, AnchorVerdict::refused);
    EXPECT_EQ(judged(fit, 3).verdict, AnchorVerdict::used);
    EXPECT_LE(std::abs((fit.map.at(2 * per_hour) - truth(2 * per_hour, 0)).us), 300'000);
}

TEST(ClockFit, two_near_each_other_do_not_lever_the_far_end) {
    const ClockFit fit = fit_clock(
        std::vector{anchor(1, "clap", 0, truth(0, 0), Duration::ms(50)),
                    anchor(2, "clap", 60 * samples_per_second,
                           truth(60 * samples_per_second, 0) + Duration::ms(40), Duration::ms(49))},
        shift);
    EXPECT_FALSE(fit.drift_known);
    EXPECT_LE(std::abs((fit.map.at(shift) - truth(shift, 0)).us), 100'000);
}

TEST(ClockFit, what_says_nothing_is_refused_with_its_reason) {
    const ClockFit fit = fit_clock(std::vector{anchor(1, "stated", 0, noon, Duration::hours(2)),
                                               anchor(2, "clap", shift + 1, noon, Duration::ms(5)),
                                               anchor(3, "clap", -1, noon, Duration::ms(5))},
                                   shift);
    EXPECT_EQ(judged(fit, 1).reason, "clock.too_vague");
    EXPECT_EQ(judged(fit, 2).reason, "clock.outside");
    EXPECT_EQ(judged(fit, 3).reason, "clock.outside");
    EXPECT_EQ(fit.map.uncertainty, anchor_doubt_max) << "shown as doubt, never as fact";
}

TEST(ClockFit, honest_evidence_in_any_order_holds_the_truth_within_its_doubt) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto any = [&](double low, double high) {
            return std::uniform_real_distribution<double>(low, high)(random);
        };
        const double ppm = any(-90, 90);
        std::vector<ClockAnchor> anchors;
        const char* sources[] = {"stated", "reading", "marker", "correlation", "clap", "nudge"};
        const int count = 1 + static_cast<int>(any(0, 5.99));
        for (int i = 0; i < count; ++i) {
            const auto sample = static_cast<std::int64_t>(any(0, shift));
            const auto doubt_us = static_cast<std::int64_t>(std::exp(any(8, 15)));
            const auto error =
                static_cast<std::int64_t>(any(-1, 1) * static_cast<double>(doubt_us));
            anchors.push_back(anchor(i + 1, sources[i % 6], sample,
                                     truth(sample, ppm) + Duration{error}, Duration{doubt_us}));
        }
        const ClockFit fit = fit_clock(anchors, shift);
        for (const JudgedAnchor& j : fit.anchors) EXPECT_NE(j.verdict, AnchorVerdict::refused);
        for (std::int64_t at = 0; at <= shift; at += per_hour)
            EXPECT_LE(std::abs((fit.map.at(at) - truth(at, ppm)).us), fit.doubt_at(at).us + 2)
                << at / per_hour << " h";
        std::shuffle(anchors.begin(), anchors.end(), random);
        EXPECT_EQ(fit_clock(anchors, shift).map.points, fit.map.points);
        for (std::size_t i = 0; i + 1 < fit.map.points.size(); ++i) {
            EXPECT_LT(fit.map.points[i].first, fit.map.points[i + 1].first);
            EXPECT_LT(fit.map.points[i].second, fit.map.points[i + 1].second);
        }
    }
}

}  // namespace
}  // namespace otklik
