// The Russian production calendar of 2026, written from its public holidays and the transfers of
// that year; every expected number was counted by hand.
#include "base/work_days.h"

#include <gtest/gtest.h>

#include "base/calendar.h"

namespace otklik {
namespace {

std::int64_t day(std::string_view text) {
    return parse_day(text).value();
}

WorkCalendar russia_2026() {
    WorkCalendar calendar;
    // 1-8 January; 3 and 4 January fell on a weekend and went to 9 January and 31 December.
    for (int d = 1; d <= 9; ++d) calendar.set(day("2026-01-01") + d - 1, DayKind::off);
    for (const char* text : {"2026-02-23", "2026-03-09", "2026-05-01", "2026-05-11", "2026-06-12",
                             "2026-11-04", "2026-12-31"})
        calendar.set(day(text), DayKind::off);
    for (const char* text : {"2026-04-30", "2026-05-08", "2026-06-11", "2026-11-03"})
        calendar.set(day(text), DayKind::shortened);
    return calendar;
}

TEST(WorkDays, the_year_2026_has_247_working_days_and_1972_hours) {
    const WorkCalendar calendar = russia_2026();
    const std::int64_t days[] = {15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22};
    const std::int64_t hours[] = {120, 152, 168, 175, 151, 167, 184, 168, 176, 176, 159, 176};
    for (int month = 1; month <= 12; ++month) {
        const auto first =
            day("2026-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-01");
        const auto last = (month == 12 ? day("2027-01-01")
                                       : day("2026-" + std::string(month < 9 ? "0" : "") +
                                             std::to_string(month + 1) + "-01")) -
                          1;
        EXPECT_EQ(calendar.working_days(first, last), days[month - 1]) << month;
        EXPECT_EQ(calendar.norm_minutes(first, last), hours[month - 1] * 60) << month;
    }
    EXPECT_EQ(calendar.working_days(day("2026-01-01"), day("2026-12-31")), 247);
    EXPECT_EQ(calendar.norm_minutes(day("2026-01-01"), day("2026-12-31")), 1972 * 60);
    EXPECT_FALSE(calendar.is_working_day(day("2026-01-09"))) << "a Friday that was transferred";
    EXPECT_TRUE(calendar.is_working_day(day("2026-01-12")));
    EXPECT_FALSE(calendar.is_working_day(day("2026-11-28"))) << "a plain Saturday";
    EXPECT_EQ(calendar.minutes_of(day("2026-11-03")), 420);
}

TEST(WorkDays, a_transferred_saturday_works) {
    WorkCalendar calendar;
    EXPECT_FALSE(calendar.is_working_day(day("2025-11-01")));
    calendar.set(day("2025-11-01"), DayKind::working);  // for Monday, 3 November 2025
    EXPECT_TRUE(calendar.is_working_day(day("2025-11-01")));
    EXPECT_EQ(calendar.minutes_of(day("2025-11-01")), 480);
}

/// Minutes between two times of the clock on the wall.
double minutes(const WorkCalendar& calendar, std::string_view from, std::string_view to,
               std::string_view zone = "Asia/Yekaterinburg") {
    const TimeRange range{parse_local(from, zone).value(), parse_local(to, zone).value()};
    return static_cast<double>(calendar.working_time(range, zone).us) / 60e6;
}

TEST(WorkDays, working_time_between_two_instants) {
    const WorkCalendar calendar = russia_2026();  // 09:00-13:00 and 14:00-18:00
    EXPECT_EQ(minutes(calendar, "2026-11-25 10:00", "2026-11-25 11:30"), 90);
    EXPECT_EQ(minutes(calendar, "2026-11-25 12:30", "2026-11-25 14:30"), 60) << "over the break";
    EXPECT_EQ(minutes(calendar, "2026-11-25 08:00", "2026-11-25 20:00"), 480);
    // Friday 17:00 to Monday 10:00: one hour and one hour.
    EXPECT_EQ(minutes(calendar, "2026-11-27 17:00", "2026-11-30 10:00"), 120);
    // The eve of Unity Day ends at 17:00; the 4th is off: 60 + 0 + 120.
    EXPECT_EQ(minutes(calendar, "2026-11-03 16:00", "2026-11-05 11:00"), 180);
    // New Year: 30 December 2025 is not in this calendar and works; the next day off is the 1st.
    EXPECT_EQ(minutes(calendar, "2026-01-01 00:00", "2026-01-12 10:00"), 60);
    EXPECT_EQ(minutes(calendar, "2026-11-28 09:00", "2026-11-29 18:00"), 0) << "a weekend";
    EXPECT_EQ(minutes(calendar, "2026-11-25 11:00", "2026-11-25 11:00"), 0);
    EXPECT_EQ(minutes(calendar, "2026-11-25 11:00", "2026-11-25 10:00"), 0) << "backwards";
    // A whole week of five days.
    EXPECT_EQ(minutes(calendar, "2026-11-23 00:00", "2026-11-30 00:00"), 5 * 480);
}

TEST(WorkDays, the_clock_on_the_wall_decides) {
    const WorkCalendar calendar;
    // One pair of instants, two zones: 09:00-10:00 in Yekaterinburg is 07:00-08:00 in Moscow.
    const TimeRange range{parse_instant("2026-11-25T04:00:00Z").value(),
                          parse_instant("2026-11-25T05:00:00Z").value()};
    EXPECT_EQ(calendar.working_time(range, "Asia/Yekaterinburg"), Duration::hours(1));
    EXPECT_EQ(calendar.working_time(range, "Europe/Moscow"), Duration{});
    // A night shift that ends after midnight, over the change of clocks in Berlin (25 Oct 2026).
    const WorkCalendar night({.begin = 22 * 60, .length = 8 * 60, .break_length = 0});
    const TimeRange shift{parse_local("2026-10-23 22:00", "Europe/Berlin").value(),
                          parse_local("2026-10-24 06:00", "Europe/Berlin").value()};
    EXPECT_EQ(night.working_time(shift, "Europe/Berlin"), Duration::hours(8));
}

}  // namespace
}  // namespace otklik
