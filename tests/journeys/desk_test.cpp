// The desk over the public API, on both databases: the day worked to nothing, many presses at once,
// saved views, a figure against earlier days.
#include <gtest/gtest.h>

#include "base/calendar.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};  // 2026-11-18, 14:06 in Moscow

class DeskJourney : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        house.emplace(GetParam(), day_begin);
        boss.emplace(*house);
        device.emplace(*house);
        shop = open_shop(*boss, {.setup_code = house->setup_code(),
                                 .recorder_since = day_begin - Duration::hours(1),
                                 .buttons = nullptr});
        device->use_token(shop.device_token);
        house->clock.set(day_begin + Duration::seconds(1'000));
    }
    void press_many(int count, const std::string& key = "1") {
        for (const int last = presses + count; presses < last;) {
            ++presses;
            press(*device, "p" + std::to_string(presses), key,
                  day_begin + Duration::seconds(presses))
                .ok();
        }
        house->settle();
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> found;
        const json::value day = boss->get("/me/day");
        for (const auto& item : day.at("items").as_array()) found.push_back(text(item, "kind"));
        return found;
    }
    std::string item_of(std::string_view kind) {
        const json::value day = boss->get("/me/day");
        for (const auto& item : day.at("items").as_array())
            if (text(item, "kind") == kind) return text(item, "item");
        return "";
    }

    std::optional<House> house;
    std::optional<Client> boss, device;
    Shop shop;
    int presses = 0;
};
OTKLIK_BOTH_DATABASES(DeskJourney);

TEST_P(DeskJourney, the_day_is_worked_to_nothing) {
    press_many(3, "3");
    EXPECT_EQ(kinds(), (std::vector<std::string>{"signal", "signal", "signal", "upload"}));
    EXPECT_EQ(number(boss->get("/me/day?limit=0"), "total"), 4);
    const json::value day = boss->get("/me/day?limit=1");
    const std::string id = text(day.at("items").at(0), "id");
    EXPECT_EQ(text(day.at("items").at(0).at("signal"), "id"), id);
    boss->ask("PUT", "/signals/" + id + "/state", json::object{{"state", "done"}, {"what", "x"}},
              {{"If-Match", "\"1\""}})
        .ok();
    const auto mark = [&](const std::string& item, const char* until) {
        return boss->ask("PUT", "/me/day/mark", json::object{{"item", item}, {"until", until}});
    };
    EXPECT_EQ(mark(item_of("signal"), "tomorrow").status(), 409);
    EXPECT_EQ(mark("signal.1", "tomorrow").status(), 404);
    const std::string upload = item_of("upload");
    EXPECT_EQ(mark(upload, "tomorrow").status(), 204);
    boss->post("/signals/bulk?state=new", json::object{{"state", "done"}, {"what", "y"}});
    EXPECT_EQ(kinds(), std::vector<std::string>{});
    EXPECT_EQ(number(boss->get("/me/day?limit=0"), "signals_done"), 3);
    boss->ask("PUT", "/me/day/unmark", json::object{{"item", upload}, {"until", "tomorrow"}}).ok();
    EXPECT_EQ(kinds(), std::vector<std::string>{"upload"});
}

TEST_P(DeskJourney, all_of_a_filter_is_sorted_by_the_hundred_and_taken_back) {
    press_many(120);
    const json::value counts = boss->get("/signals/counts");
    house->clock.advance(Duration::seconds(1));
    press_many(1);  // came after the person looked
    json::object body{{"state", "done"}, {"what", "wrong button"}, {"as_of", counts.at("as_of")}};
    const json::value first = boss->post("/signals/bulk?state=new", body);
    EXPECT_EQ(first.at("items").as_array().size(), 100U);
    const json::value second =
        boss->post("/signals/bulk?state=new&after=" + text(first, "next"), body);
    EXPECT_EQ(second.at("items").as_array().size(), 20U);
    EXPECT_EQ(number(boss->get("/signals/counts"), "new"), 1);
    json::array back;
    for (const auto& row : second.at("items").as_array())
        back.push_back(json::object{{"id", row.at("id")}, {"version", row.at("version")}});
    const json::object undo{
        {"state", "new"}, {"what", "wrong button"}, {"take_back", true}, {"items", back}};
    const std::vector<Header> key{{"Idempotency-Key", "undo-of-the-second-20"}};
    const Answer told = boss->ask("POST", "/signals/bulk", undo, key);
    EXPECT_EQ(told.status(), 200);
    EXPECT_EQ(boss->ask("POST", "/signals/bulk", undo, key).http.body, told.http.body);
    const json::value row = boss->get("/signals/" + text(back.at(0), "id"));
    EXPECT_EQ(text(row, "state"), "new");
    EXPECT_TRUE(row.at("what").is_null());
}

TEST_P(DeskJourney, a_view_is_named_opened_with_and_forgotten) {
    const json::value made = boss->post("/views", json::object{{"list", "inbox"},
                                                               {"name", "Complaints"},
                                                               {"query", "kind=complaint"},
                                                               {"shared", true}});
    const std::string id = text(made, "id");
    boss->ask("PUT", "/me/view", json::object{{"list", "inbox"}, {"view_id", id}}).ok();
    const json::value held = boss->get("/views?list=inbox");
    EXPECT_EQ(text(held, "default_id"), id);
    EXPECT_EQ(held.at("items").as_array().size(), 1U);
    EXPECT_EQ(boss->ask("POST", "/views",
                        json::object{{"list", "inbox"}, {"name", "x"}, {"query", "a=<b>"}})
                  .status(),
              400);
    boss->ask("DELETE", "/views/" + id).ok();
    EXPECT_TRUE(boss->get("/views?list=inbox").at("default_id").is_null());
}

TEST_P(DeskJourney, a_figure_stands_against_as_many_days_before) {
    press_many(5);
    const std::string days = "/figures?name=signals&from=2026-11-18&to=2026-11-18";
    const json::value figure =
        boss->get(days + "&with_from=2026-11-17&with_to=2026-11-17").at("items").at(0);
    EXPECT_EQ(figure.at("change").at("difference").to_number<double>(), 5);
    EXPECT_TRUE(figure.at("change").at("clear").as_bool());
    EXPECT_TRUE(boss->get(days).at("items").at(0).at("change").is_null());
    EXPECT_EQ(boss->ask("GET", days + "&with_from=2026-11-16&with_to=2026-11-17").status(), 400);
}

TEST_P(DeskJourney, losses_are_told_by_cause) {
    boss->post("/recorders/" + shop.recorder_id + "/gaps",
               json::object{{"begin_at", format_instant(day_begin)},
                            {"end_at", format_instant(day_begin + Duration::seconds(300))},
                            {"cause", "off"}});
    const json::value lost = boss->get("/losses?from=2026-11-12&to=2026-11-18");
    ASSERT_EQ(lost.at("items").as_array().size(), 1U);
    EXPECT_EQ(text(lost.at("items").at(0), "cause"), "off");
    EXPECT_EQ(number(lost.at("items").at(0), "lost_ms"), 300'000);
    EXPECT_EQ(boss->ask("GET", "/losses?from=2026-01-01&to=2026-11-18").status(), 400);
    EXPECT_TRUE(lost.at("work").at(0).at("expected_ms").is_null()) << "its hours are not stated";
}

TEST_P(DeskJourney, working_time_recorded_is_told_by_the_hours_of_the_point) {
    // It works around the clock; what has passed of the day so far is expected.
    json::array hours;
    for (int weekday = 1; weekday <= 7; ++weekday)
        hours.push_back(
            json::object{{"weekday", weekday}, {"opens", "00:00"}, {"closes", "24:00"}});
    const json::value point = boss->get("/points").at("items").at(0);
    boss->put("/points/" + shop.point_id,
              json::object{{"name", point.at("name")}, {"hours", hours}}, number(point, "version"));
    import_sound(*boss, shop.recorder_id, "a.wav", day_begin, wav_of(own_sound(120, 3))).ok();
    const json::value told = boss->get("/losses?from=2026-11-18&to=2026-11-18").at("work").at(0);
    EXPECT_EQ(number(told, "recorded_ms"), 120'000);
    const Instant now = day_begin + Duration::seconds(1'000);
    const Instant midnight = local_midnight(local_day(now, "Europe/Moscow"), "Europe/Moscow");
    EXPECT_EQ(number(told, "expected_ms"), (now - midnight).us / 1'000);
}

}  // namespace
}  // namespace otklik::testkit
