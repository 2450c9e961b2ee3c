// Which marker was which: the begin of the recording that explains most, or nothing.
#include "align/marker_match.h"

#include <gtest/gtest.h>

#include <random>

#include "align/marker.h"

namespace otklik::align {
namespace {

constexpr Instant nine{1'795'000'000'000'000};
constexpr Duration day_length = Duration::hours(8);
constexpr Duration mark_hour = Duration::hours(1);
constexpr Duration off = Duration::seconds(420);  // the dictaphone's clock is 7 minutes slow

PlayedMarker played(std::int64_t after_s, int code, bool elsewhere = false) {
    return {nine + Duration::seconds(after_s), Duration::ms(20), code, elsewhere};
}
HeardMarker heard(double at_s, int code, bool alone = true) {
    return {at_s, code, 900, alone};
}
std::vector<MarkerTurn> turns(const std::vector<PlayedMarker>& p,
                              const std::vector<HeardMarker>& h) {
    std::vector<MarkerTurn> out;
    // The recording truly begins at nine; its clock says 420 s earlier.
    for (const MarkerMatch& match : match_markers(p, h, nine - off, day_length, mark_hour))
        out.push_back(match.turn);
    return out;
}
using enum MarkerTurn;
using Turns = std::vector<MarkerTurn>;

TEST(MarkerMatch, x06_one_that_fits_is_believed_and_codes_tell_them_apart) {
    EXPECT_EQ(turns({played(60, 3)}, {heard(60.1, 3)}), Turns{matched});
    EXPECT_EQ(turns({played(60, 3)}, {heard(60.1, 4)}), Turns{unheard});
    EXPECT_EQ(turns({played(60, 3), played(20'000, 4), played(40'000, 5)},
                    {heard(60, 3), heard(20'000.5, 4)}),
              (Turns{matched, matched, outside}));
    EXPECT_EQ(turns({played(60, 3)}, {heard(60 + 4'100, 3)}), Turns{unheard})
        << "beyond an mark_hour";
}

TEST(MarkerMatch, x06_what_fits_two_begins_is_refused_until_a_second_marker_decides) {
    EXPECT_EQ(turns({played(600, 3)}, {heard(600, 3), heard(900, 3)}), Turns{ambiguous});
    EXPECT_EQ(
        turns({played(600, 3), played(9'000, 8)}, {heard(600, 3), heard(900, 3), heard(9'001, 8)}),
        (Turns{matched, matched}));
    EXPECT_EQ(turns({played(600, 3), played(900, 3)}, {heard(700, 3)}),
              (Turns{ambiguous, ambiguous}));
    // Two heard, 300 s too late each: as good as the true pair.
    EXPECT_EQ(turns({played(600, 3), played(9'000, 8)},
                    {heard(600, 3), heard(900, 3), heard(9'000, 8), heard(9'300, 8)}),
              (Turns{ambiguous, ambiguous}));
}

TEST(MarkerMatch, x06_the_panel_next_door_is_a_rival_and_no_witness) {
    EXPECT_EQ(turns({played(600, 3), played(1'200, 3, true)}, {heard(900, 3)}),
              (Turns{ambiguous, unheard}));
    EXPECT_EQ(turns({played(600, 3), played(602, 9, true)}, {heard(600, 3), heard(602, 9)}),
              (Turns{matched, unheard}));
}

TEST(MarkerMatch, x06_one_beside_a_siren_is_doubtful) {
    EXPECT_EQ(turns({played(600, 3)}, {heard(600, 3, false)}), Turns{doubtful});
}

TEST(MarkerMatch, x06_drift_between_two_is_allowed_as_far_as_crystals_go) {
    EXPECT_EQ(turns({played(60, 1), played(28'000, 2)}, {heard(60, 1), heard(28'010, 2)}),
              (Turns{matched, matched}));
    EXPECT_EQ(turns({played(60, 1), played(28'000, 2)}, {heard(60, 1), heard(28'030, 2)}),
              (Turns{ambiguous, ambiguous}));
}

TEST(MarkerMatch, x06_a_thousand_days_by_chance_give_no_wrong_answer) {
    std::mt19937 random(20261129);
    const auto up_to = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    int right = 0;
    for (int day = 0; day < 1'000; ++day) {
        std::vector<PlayedMarker> p;
        std::vector<HeardMarker> h;
        const double shift = up_to(7'000) - 3'500, drift = 1 + (up_to(1'001) - 500) / 1e6;
        for (int i = 0, count = 1 + up_to(5); i < count; ++i) {
            p.push_back(played(up_to(28'000), (3 + i) % marker_codes, i > 3));
            if (up_to(10) > 1)  // the recording's own clock is off by `shift`
                h.push_back(heard(static_cast<double>((p.back().at - nine).us) / 1e6 * drift,
                                  p.back().code));
        }
        // Something that sounds like one, once in a while.
        if (up_to(5) == 0 && p.size() > 2) h.push_back(heard(up_to(28'000), up_to(marker_codes)));
        const auto found =
            match_markers(p, h, nine - Duration::ms(static_cast<std::int64_t>(shift * 1000)),
                          day_length, mark_hour);
        for (std::size_t i = 0; i < p.size(); ++i) {
            if (found[i].turn != matched) continue;
            ++right;
            const double truth = static_cast<double>((p[i].at - nine).us) / 1e6 * drift;
            EXPECT_NEAR(h[found[i].heard].at_s, truth, 0.2) << "day " << day;
        }
    }
    EXPECT_GT(right, 1'500);
}

}  // namespace
}  // namespace otklik::align
