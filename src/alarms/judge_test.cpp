// What is wrong with a recorder, from data alone.
#include "alarms/judge.h"

#include <gtest/gtest.h>

#include "alarms/watch.h"

namespace otklik {

constexpr Instant judged_at{1'795'000'000'000'000};
constexpr Duration a_minute = Duration::seconds(60);

std::string causes_of(const RecorderFacts& facts, const AlarmRules& rules = {}) {
    std::string words;
    for (const Finding& each : judge(facts, rules, judged_at))
        words += std::string(enum_word(each.cause)) + " ";
    return words;
}

RecorderFacts live_facts(Duration silent_for) {
    RecorderFacts facts;
    facts.is_live = facts.hours_stated = facts.session_open = true;
    facts.open = TimeRange{judged_at - Duration::hours(2), judged_at + Duration::hours(6)};
    facts.heard_until = judged_at - silent_for;
    return facts;
}

TEST(AlarmJudge, a_live_recorder_is_red_after_its_minutes) {
    EXPECT_EQ(causes_of(live_facts(a_minute * 4)), "");
    EXPECT_EQ(causes_of(live_facts(a_minute * 5)), "stopped ");
    AlarmRules rules;
    rules.stopped_after = a_minute;
    EXPECT_EQ(causes_of(live_facts(a_minute * 4), rules), "stopped ");
    rules.on = false;
    EXPECT_EQ(causes_of(live_facts(a_minute * 4), rules), "");
}

TEST(AlarmJudge, a_closed_point_and_a_private_talk_are_no_fault) {
    RecorderFacts facts = live_facts(a_minute * 30);
    facts.open.reset();
    EXPECT_EQ(causes_of(facts), "");
    EXPECT_TRUE(is_unexpected(facts, AlarmCause::stopped, judged_at));
    facts = live_facts(a_minute * 30);
    facts.paused_until = judged_at + a_minute;
    EXPECT_EQ(causes_of(facts), "");
    facts.paused_until = judged_at - a_minute;
    EXPECT_EQ(causes_of(facts), "") << "the talk ended a minute ago";
    facts.paused_until = judged_at - a_minute * 10;
    EXPECT_EQ(causes_of(facts), "stopped ");
}

TEST(AlarmJudge, without_hours_only_an_open_session_is_missed) {
    RecorderFacts facts = live_facts(a_minute * 30);
    facts.hours_stated = false;
    facts.open.reset();
    EXPECT_EQ(causes_of(facts), "stopped ");
    facts.session_open = false;
    EXPECT_EQ(causes_of(facts), "");
}

TEST(AlarmJudge, a_recording_that_has_not_begun_today) {
    RecorderFacts facts = live_facts(Duration::hours(14));
    EXPECT_EQ(causes_of(facts), "not_started ");
    facts.open->begin = judged_at - a_minute * 14;
    EXPECT_EQ(causes_of(facts), "") << "a quarter of an hour is given";
    facts.open->begin = judged_at - a_minute * 15;
    EXPECT_EQ(causes_of(facts), "not_started ");
    facts.heard_until.reset();
    EXPECT_EQ(causes_of(facts), "not_started ");
}

TEST(AlarmJudge, what_nobody_could_hear_is_not_counted) {
    RecorderFacts facts = live_facts(Duration::hours(1));
    facts.watched_from = judged_at - a_minute * 2;  // the program was started two minutes ago
    EXPECT_EQ(causes_of(facts), "");
    facts.watched_from = judged_at - a_minute * 5;
    EXPECT_EQ(causes_of(facts), "stopped ");
}

TEST(AlarmJudge, the_file_of_a_day) {
    RecorderFacts facts;
    facts.hours_stated = true;
    facts.due = DueDay{20'775, {judged_at - Duration::hours(20), judged_at - Duration::hours(10)}};
    ASSERT_EQ(causes_of(facts), "not_handed ");
    EXPECT_EQ(judge(facts, {}, judged_at)[0].day, 20'775);
    EXPECT_EQ(judge(facts, {}, judged_at)[0].since, facts.due->open.end);
    facts.due->handed = true;
    EXPECT_EQ(causes_of(facts), "");
}

TEST(AlarmJudge, loudness_is_that_of_the_desk) {
    const auto heights = [](int height, std::size_t loud, std::size_t all) {
        std::vector<Peak> peaks(all, Peak{0, 0});
        for (std::size_t i = 0; i < loud; ++i)
            peaks[i] = {static_cast<std::int8_t>(-height), static_cast<std::int8_t>(height)};
        return loudness_of(peaks, all);
    };
    EXPECT_EQ(heights(1, 500, 1'000), Loudness::dead);
    EXPECT_EQ(heights(4, 1, 1'000), Loudness::quiet);
    EXPECT_EQ(heights(5, 1, 1'000), Loudness::good);
    EXPECT_EQ(heights(127, 20, 1'000), Loudness::good) << "a door that slams";
    EXPECT_EQ(heights(127, 21, 1'000), Loudness::clipped);
    const std::vector<Peak> holes(1'000);
    EXPECT_FALSE(loudness_of(holes, 1'000)) << "nothing was recorded";
    EXPECT_FALSE(loudness_of(std::vector<Peak>(700, Peak{0, 0}), 1'000)) << "too little of it";
    EXPECT_EQ(loudness_of_files(true, -12'000, 0), Loudness::dead);
    EXPECT_EQ(loudness_of_files(false, -3'000, 0), Loudness::quiet);
    EXPECT_EQ(loudness_of_files(false, -1, 0.01), Loudness::clipped);
    EXPECT_EQ(loudness_of_files(false, -600, 0.0001), Loudness::good);
}

TEST(AlarmJudge, what_is_not_known_keeps_its_alarm) {
    RecorderFacts facts = live_facts(a_minute);
    EXPECT_FALSE(tells_of(facts, AlarmCause::dead));
    facts.loudness = Loudness::good;
    EXPECT_TRUE(tells_of(facts, AlarmCause::dead));
    EXPECT_EQ(causes_of(facts), "");
    facts.loudness = Loudness::dead;
    EXPECT_EQ(causes_of(facts), "dead ");
}

TEST(AlarmCalendar, a_holiday_is_not_expected_and_an_open_saturday_is) {
    Point point;
    point.zone = "Asia/Yekaterinburg";
    for (int weekday = 1; weekday <= 6; ++weekday)
        point.profile.hours.push_back({weekday, 540, 1'080});
    WorkCalendar calendar;
    const std::int64_t wednesday = 20'775, saturday = 20'778, sunday = 20'779;
    EXPECT_TRUE(expected_on(point, calendar, wednesday));
    EXPECT_TRUE(expected_on(point, calendar, saturday));
    EXPECT_FALSE(expected_on(point, calendar, sunday)) << "it is closed";
    calendar.set(wednesday, DayKind::off);
    calendar.set(saturday, DayKind::off);
    EXPECT_FALSE(expected_on(point, calendar, wednesday));
    EXPECT_TRUE(expected_on(point, calendar, saturday)) << "every calendar calls it a day off";
}

}  // namespace otklik
