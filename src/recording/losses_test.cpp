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

}  // namespace
}  // namespace otklik
