#include "base/calendar.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fields.h"

namespace otklik {
namespace {

Instant at(std::string_view text) {
    return parse_instant(text).value();
}
std::string utc(std::optional<Instant> instant) {
    return instant ? format_instant(*instant) : "nothing";
}

}  // namespace

TEST(Calendar, zones_are_iana_names) {
    for (const char* zone : {"Europe/Moscow", "UTC", "America/Argentina/Ushuaia", "Asia/Kathmandu"})
        EXPECT_TRUE(zone_is_known(zone)) << zone;
    for (const char* zone :
         {"", "Moscow", "GMT+3", "GMT+03:00", "MSK", "Etc/Unknown", "Europe/Moskau", "europe/../x"})
        EXPECT_FALSE(zone_is_known(zone)) << zone;
    EXPECT_THROW(local_day({0}, "Nowhere/At_All"), Error);
    EXPECT_GT(known_zones().size(), 200U);
}

TEST(Calendar, the_day_is_the_sites) {
    const Instant late = at("2026-11-20T21:30:00Z");
    EXPECT_EQ(format_day(local_day(late, "Europe/Moscow")), "2026-11-21");
    EXPECT_EQ(format_day(local_day(late, "UTC")), "2026-11-20");
    EXPECT_EQ(local_hour(late, "Europe/Moscow"), 0);
    EXPECT_EQ(format_local(late, "Asia/Kathmandu"), "2026-11-21 03:15:00 +05:45");
    EXPECT_EQ(format_local(late, "America/New_York"), "2026-11-20 16:30:00 -05:00");
    EXPECT_EQ(utc(local_midnight(local_day(late, "Europe/Moscow"), "Europe/Moscow")),
              "2026-11-20T21:00:00Z");
    EXPECT_EQ(local_day({-1}, "UTC"), -1) << "before 1970";
}

TEST(Calendar, skipped_and_repeated_hours) {
    // Berlin 2026: 29 March 02:00 -> 03:00, 25 October 03:00 -> 02:00.
    EXPECT_EQ(utc(parse_local("2026-03-29 01:59:59", "Europe/Berlin")), "2026-03-29T00:59:59Z");
    EXPECT_EQ(utc(parse_local("2026-03-29 02:30", "Europe/Berlin")),
              "2026-03-29T01:30:00Z");  // shown as 03:30
    EXPECT_EQ(utc(parse_local("2026-03-29 03:00", "Europe/Berlin")), "2026-03-29T01:00:00Z");
    EXPECT_EQ(utc(parse_local("2026-10-25 02:30", "Europe/Berlin")), "2026-10-25T00:30:00Z");
    EXPECT_EQ(utc(parse_local("2026-10-25 02:30", "Europe/Berlin", Twice::second)),
              "2026-10-25T01:30:00Z");
    // Beirut skips midnight itself: the day begins at 01:00.
    const auto day = parse_day("2026-03-29").value();
    const Instant first = local_midnight(day, "Asia/Beirut");
    EXPECT_EQ(local_time("Asia/Beirut", first).hour, 1);
    EXPECT_EQ(local_day(first, "Asia/Beirut"), day);
    EXPECT_EQ(local_day(first - Duration{1}, "Asia/Beirut"), day - 1);
}

TEST(Calendar, every_day_of_a_year_begins_where_the_one_before_ends) {
    for (const char* zone :
         {"Europe/Berlin", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe"}) {
        const auto from = parse_day("2026-01-01").value();
        for (std::int64_t day = from; day < from + 366; ++day) {
            const Instant begin = local_midnight(day, zone);
            EXPECT_EQ(local_day(begin, zone), day) << zone << format_day(day);
            EXPECT_EQ(local_day(begin - Duration{1}, zone), day - 1) << zone << format_day(day);
        }
    }
}

TEST(Calendar, nonsense_is_nothing) {
    for (const char* text :
         {"", "2026-11-20", "2026-11-20 24:00", "2026-11-20 12:60", "2026-11-20 12:00:61",
          "2026-02-29 12:00", "20.11.2026 12:00", "2026-11-20 1x:00", "2026-11-20_12:00"})
        EXPECT_FALSE(parse_local(text, "UTC")) << text;
    for (const char* text :
         {"2026-11-31", "1999-12-31", "2100-01-01", "2026-1-01", "2026-11-2x", "2026-11-20 "})
        EXPECT_FALSE(parse_day(text)) << text;
}

TEST(Instants, formats_round_trip) {
    for (const char* text : {"2026-11-20T09:04:03Z", "2026-11-20T09:04:03.2Z",
                             "1970-01-01T00:00:00Z", "2099-12-31T23:59:59.999999Z"})
        EXPECT_EQ(format_instant(at(text)), text);
    EXPECT_EQ(at("2026-11-20T12:04:03.250+03:00"), at("2026-11-20T09:04:03.25Z"));
    EXPECT_EQ(at("2026-11-20t09:04:03.123456789z").us % 1'000'000, 123456);
    for (const char* text :
         {"", "2026-11-20", "2026-11-20T09:04:03", "2026-11-20 09:04:03Z", "2026-13-20T09:04:03Z",
          "2026-02-29T09:04:03Z", "2026-11-20T24:04:03Z", "2026-11-20T09:04:03.Z",
          "2026-11-20T09:04:03.1234567890Z", "2026-11-20T09:04:03+3:00", "1969-12-31T23:59:59Z",
          "2100-01-01T00:00:00Z", "2026-11-20T09:04:03ZZ", "2026-11-20T09:04:03+24:00"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

struct Thing {};
template <>
inline constexpr std::string_view id_prefix<Thing> = "thing";

TEST(Ids, rise_and_round_trip) {
    HandClock clock(at("2026-11-20T09:00:00Z"));
    std::int64_t before = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto id = make_id<Thing>(clock);
        EXPECT_GT(id.value, before);
        EXPECT_EQ(parse_id_word("thing", word(id)), id.value);
        before = id.value;
    }
    clock.set(at("2020-01-01T00:00:00Z"));
    EXPECT_GT(make_id<Thing>(clock).value, before) << "a clock that goes back";
    EXPECT_EQ(id_word("thing", INT64_MAX), "thing_7zzzzzzzzzzzz");
    for (const char* bad : {"", "thing_", "thing_0000000000000", "thing_8000000000000",
                            "clip_0000000000001", "thing-0000000000001", "thing_000000000001",
                            "thing_000000000000u", "THING_0000000000001"})
        EXPECT_FALSE(parse_id_word("thing", bad)) << bad;
}

}  // namespace otklik
