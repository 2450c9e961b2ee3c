#include "recording/losses.h"

#include <gtest/gtest.h>

namespace otklik {
namespace {

TimeRange seconds(std::int64_t from, std::int64_t to) {
    return {Instant{} + Duration::seconds(from), Instant{} + Duration::seconds(to)};
}
Coverage coverage(const std::vector<TimeRange>& recorded,
                  const std::vector<std::pair<TimeRange, std::string>>& gaps) {
    Coverage all;
    for (const TimeRange& at : recorded) {
        Stretch stretch;
        stretch.session.at = at;
        all.stretches.push_back(stretch);
    }
    for (const auto& [at, cause] : gaps) all.gaps.push_back({1, at, cause});
    return all;
}
std::string told(const Coverage& all, TimeRange range) {
    std::string text;
    for (const Loss& loss : losses_of(all, {1}, range))
        text += std::to_string(loss.at.begin.us / 1'000'000) + "-" +
                std::to_string(loss.at.end.us / 1'000'000) + " " + loss.cause + "; ";
    return text;
}

TEST(Losses, are_what_no_recording_healed) {
    EXPECT_EQ(told(coverage({seconds(0, 100), seconds(150, 200)}, {{seconds(90, 160), "off"}}),
                   seconds(0, 300)),
              "100-150 off; ");
    EXPECT_EQ(told(coverage({seconds(0, 300)}, {{seconds(90, 160), "off"}}), seconds(0, 300)), "");
}

TEST(Losses, count_a_second_once_and_no_pause) {
    const auto all = coverage(
        {}, {{seconds(10, 50), "off"}, {seconds(40, 80), "network"}, {seconds(60, 70), "paused"}});
    EXPECT_EQ(told(all, seconds(0, 100)), "10-50 off; 50-60 network; 70-80 network; ");
    EXPECT_EQ(told(all, seconds(45, 55)), "45-50 off; 50-55 network; ") << "within the range only";
}

/// A recording that came at second 1000, of recorder 7.
Coverage heard_by(Id<Recorder> recorder, TimeRange at, const Gap& gap) {
    Coverage all;
    Stretch stretch;
    stretch.session.at = at;
    stretch.session.recorder_id = recorder;
    stretch.session.created_at = Instant{} + Duration::seconds(1000);
    all.stretches.push_back(stretch);
    all.gaps.push_back(gap);
    return all;
}

TEST(Losses, a_recording_does_not_heal_what_is_told_of_it_later) {
    const auto gap = [](std::int64_t told_at) {
        return Gap{1, seconds(100, 160), "off", {7}, Instant{} + Duration::seconds(told_at)};
    };
    // Told by the recorder while it went on, or found by fsck.
    EXPECT_EQ(told(heard_by({7}, seconds(0, 300), gap(1200)), seconds(0, 300)), "100-160 off; ");
    // Its file came after all, and so did another recorder's.
    EXPECT_EQ(told(heard_by({7}, seconds(0, 300), gap(900)), seconds(0, 300)), "");
    EXPECT_EQ(told(heard_by({8}, seconds(0, 300), gap(1200)), seconds(0, 300)), "");
}

TEST(Losses, working_time_is_recorded_but_for_holes_and_losses) {
    Coverage all = coverage({seconds(0, 100), seconds(120, 300)},
                            {{seconds(100, 120), "off"}, {seconds(200, 220), "paused"}});
    const auto share = [&](TimeRange open) {
        const WorkShare found = recorded_of(all, {1}, open);
        return std::pair(found.recorded.us / 1'000'000, found.expected.us / 1'000'000);
    };
    EXPECT_EQ(share(seconds(50, 250)), std::pair(std::int64_t{160}, std::int64_t{180}));
    EXPECT_EQ(share(seconds(200, 220)), std::pair(std::int64_t{0}, std::int64_t{0}));
    EXPECT_EQ(share(seconds(300, 400)), std::pair(std::int64_t{0}, std::int64_t{100}));
    // What was lost inside a recording counts as not recorded.
    const Coverage torn =
        heard_by({7}, seconds(0, 300),
                 Gap{1, seconds(100, 160), "torn", {7}, Instant{} + Duration::seconds(2000)});
    EXPECT_EQ(recorded_of(torn, {1}, seconds(0, 300)).recorded, Duration::seconds(240));
}

}  // namespace
}  // namespace otklik
