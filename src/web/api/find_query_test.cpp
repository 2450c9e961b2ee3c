#include "web/api/find_query.h"

#include <gtest/gtest.h>

#include "base/calendar.h"
#include "web/api/presence.h"

namespace otklik {
namespace {

using Words = std::vector<std::string>;
const std::int64_t today = *parse_day("2026-11-20");

TEST(FindQuery, tells_times_days_and_words_apart) {
    const FindQuery one = parse_find("вчера 9:05, Дорого  Ёлка", today);
    EXPECT_EQ(one.minute, 9 * 60 + 5);
    EXPECT_EQ(one.day, today - 1);
    EXPECT_EQ(one.words, (Words{"дорого", "елка"}));
    EXPECT_EQ(parse_find("СЕГОДНЯ", today).day, today);
    EXPECT_EQ(parse_find("yesterday 23:59:30", today).minute, 23 * 60 + 59);
    EXPECT_EQ(parse_find("2026-11-14", today).day, parse_day("2026-11-14"));
    EXPECT_EQ(parse_find("14.11.2025", today).day, parse_day("2025-11-14"));
    EXPECT_EQ(parse_find("14.11.26", today).day, parse_day("2026-11-14"));
    EXPECT_EQ(parse_find("14.11", today).day, parse_day("2026-11-14"));
    EXPECT_EQ(parse_find("21.11", today).day, parse_day("2025-11-21"));  // not ahead
}
TEST(FindQuery, what_is_no_time_and_no_day_is_words) {
    for (const char* text : {"24:00", "12:60", "31.02", "1.2.3.4", "12:4", ":", "12:", "99.99"}) {
        const FindQuery query = parse_find(text, today);
        EXPECT_FALSE(query.minute) << text;
        EXPECT_FALSE(query.day) << text;
    }
    EXPECT_EQ(parse_find("18 400", today).words, (Words{"18", "400"}));
    EXPECT_EQ(parse_find("12:04 12:05", today).words, (Words{"12", "05"}));  // the first is asked
    EXPECT_TRUE(parse_find("\xff\xfe", today).words.empty());
    EXPECT_EQ(parse_find("a b c d e f g h i j", today).words.size(), find_words_max);
}
TEST(FindQuery, every_word_must_begin_some_word) {
    EXPECT_TRUE(find_fits(parse_find("дор мой", today), "Дорогая мойка, Касса 2"));
    EXPECT_TRUE(find_fits(parse_find("касса 2", today), "Дорогая мойка, Касса 2"));
    EXPECT_FALSE(find_fits(parse_find("дор ойка", today), "Дорогая мойка"));
    EXPECT_TRUE(find_fits({}, ""));
}

TEST(Presence, others_are_told_until_they_leave_or_fall_silent) {
    Presence presence;
    const Instant noon{1'795'000'000'000'000};
    const auto say = [&](int account, const char* name, std::int64_t second, bool writing = false) {
        const Instant at = noon + Duration::seconds(second);
        std::vector<std::string> names;
        for (const Here& each : presence.here(7, {{account}, name, writing, at, at}))
            names.push_back(each.name + (each.writing ? " writes" : ""));
        return names;
    };
    EXPECT_EQ(say(1, "Anna", 0), Words{});
    EXPECT_EQ(say(2, "Boris", 5, true), Words{"Anna"});
    EXPECT_EQ(say(1, "Anna", 20), Words{"Boris writes"});
    EXPECT_EQ(say(3, "Olga", 22), (Words{"Anna", "Boris writes"}));
    presence.leave(7, {3});
    EXPECT_EQ(say(1, "Anna", 40), Words{"Boris writes"});
    EXPECT_EQ(say(1, "Anna", 51), Words{});  // 46 s of silence
    presence.leave(7, {1});
    presence.leave(9, {1});  // never was there
    EXPECT_EQ(say(2, "Boris", 52), Words{});
}

}  // namespace
}  // namespace otklik
