// The panel over the public API, on both databases: code, token, what it shows, shift, pause, words
// of refusal. Its browser half is web/e2e/panel.test.mjs.
#include <gtest/gtest.h>

#include "recording/recording.h"
#include "store/store.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};  // 2026-11-18, 14:06 in Moscow

class PanelJourney : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        house.emplace(GetParam(), day_begin);
        boss.emplace(*house);
        panel.emplace(*house);
        shop = open_shop(*boss, {.setup_code = house->setup_code(),
                                 .recorder_since = day_begin - Duration::hours(1),
                                 .buttons = nullptr});
    }
    void pair_panel() {
        const json::value made =
            boss->post("/devices/" + shop.device_id + "/pairing", json::object{});
        Client stranger(*house);
        const json::value got =
            stranger.post("/panel/pair", json::object{{"code", made.at("code")}});
        panel->use_token(text(got, "token"));
    }
    std::string person_with_pin(const std::string& name, const std::string& pin) {
        const std::string id = text(boss->post("/people", json::object{{"name", name}}), "id");
        boss->ask("PUT", "/people/" + id + "/pin", json::object{{"pin", pin}}).ok();
        return id;
    }

    std::optional<House> house;
    std::optional<Client> boss, panel;
    Shop shop;
};
OTKLIK_BOTH_DATABASES(PanelJourney);

TEST_P(PanelJourney, shows_what_holds_and_no_names) {
    pair_panel();
    const json::value question = boss->post(
        "/questions", json::object{{"text", "Easy to book?"}, {"prompts", "How?\nWhen?"}});
    boss->post("/question-plan", json::object{{"question_id", question.at("id")},
                                              {"weekdays", 4},  // Wednesdays
                                              {"point_id", shop.point_id}});
    const json::value view = panel->get("/panel");
    EXPECT_EQ(view.at("maps").at(0).at("buttons").as_array().size(), 4U);
    EXPECT_EQ(text(view, "feed"), "files");
    EXPECT_TRUE(view.at("shift_since").is_null());
    const json::value days = view.at("questions");
    ASSERT_GE(days.as_array().size(), 2U);
    EXPECT_EQ(text(days.at(0), "day"), "2026-11-18");
    EXPECT_EQ(text(days.at(0), "prompts"), "How?\nWhen?");
    EXPECT_EQ(panel->get("/panel/people").at("items").as_array().size(), 0U);
    EXPECT_EQ(boss->ask("GET", "/panel").status(), 400);
    const Answer own = panel->ask("GET", "/signals");
    EXPECT_EQ(own.status(), 403);
}

TEST_P(PanelJourney, a_shift_begins_with_a_pin_and_stands_on_the_press) {
    pair_panel();
    const std::string anna = person_with_pin("Anna", "2468");
    const auto begin = [&](const std::string& pin) {
        return panel->ask("POST", "/panel/shift", json::object{{"person_id", anna}, {"pin", pin}});
    };
    const Answer wrong = begin("1111");
    EXPECT_EQ(wrong.status(), 401);
    EXPECT_EQ(begin("2468").status(), 201);
    EXPECT_FALSE(panel->get("/panel").at("shift_since").is_null());
    house->clock.set(day_begin + Duration::seconds(60));
    const std::string signal =
        text(press(*panel, "p1", "3", day_begin + Duration::seconds(30)).ok(), "signal_id");
    EXPECT_EQ(text(boss->get("/signals/" + signal), "person_name"), "Anna");
    const json::value duty = boss->get("/points/" + shop.point_id + "/duty").at("items").at(0);
    EXPECT_EQ(text(duty, "source"), "panel");
    const json::object ago{{"age_ms", 10'000}};
    EXPECT_EQ(panel->ask("POST", "/panel/shift/end", ago).status(), 204);
    EXPECT_EQ(panel->ask("POST", "/panel/shift/end", ago).status(), 409);
    const json::value ended = boss->get("/points/" + shop.point_id + "/duty").at("items").at(0);
    EXPECT_EQ(text(ended, "end_at"), format_instant(day_begin + Duration::seconds(50)));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(begin("1111").status(), 401);
    EXPECT_EQ(begin("2468").status(), 429);
}

TEST_P(PanelJourney, a_pause_is_a_gap_of_the_point_however_late_it_is_told) {
    pair_panel();
    house->clock.set(day_begin + Duration::seconds(600));
    const json::object begin{{"pause_id", "a"},
                             {"reason", "the customer asked"},
                             {"age_ms", 500'000},
                             {"uncertainty_ms", 2000}};
    const json::object end{{"pause_id", "a"}, {"age_ms", 100'000}};
    EXPECT_EQ(panel->ask("POST", "/panel/pauses/end", end).status(), 404);
    EXPECT_EQ(panel->ask("POST", "/panel/pauses", begin).status(), 204);
    EXPECT_EQ(panel->ask("POST", "/panel/pauses", begin).status(), 204);
    EXPECT_EQ(text(panel->get("/panel"), "pause_since"),
              format_instant(day_begin + Duration::seconds(100)));
    EXPECT_EQ(panel->ask("POST", "/panel/pauses/end", end).status(), 204);
    EXPECT_EQ(panel->ask("POST", "/panel/pauses/end", end).status(), 204);
    EXPECT_TRUE(panel->get("/panel").at("pause_since").is_null());
    Rooms& rooms = house->rooms();
    const auto coverage = rooms.store.read([&](Tx& tx) {
        const Id<Point> point{parse_id_word("point", shop.point_id).value()};
        return rooms.recording.coverage(Scope::system(), tx, point,
                                        {day_begin, day_begin + Duration::hours(1)});
    });
    ASSERT_EQ(coverage.gaps.size(), 1U);
    EXPECT_EQ(coverage.gaps[0].cause, "paused");
    // The panel's 2 s of doubt, and two packets of 20 ms at each end (recording/pauses.h).
    EXPECT_EQ(coverage.gaps[0].at.begin, day_begin + Duration::ms(98'000 - 40));
    EXPECT_EQ(coverage.gaps[0].at.end, day_begin + Duration::ms(500'000 + 40));
}

TEST_P(PanelJourney, guessing_codes_is_slowed_down_and_a_revoked_panel_is_out) {
    pair_panel();
    Client stranger(*house);
    const auto guess = [&] {
        return stranger.ask("POST", "/panel/pair", json::object{{"code", "ABCDEFGH"}}).status();
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(guess(), 404);
    EXPECT_EQ(guess(), 429);
    boss->ask("DELETE", "/devices/" + shop.device_id).ok();
    house->clock.advance(Duration::seconds(6));
    EXPECT_EQ(panel->ask("GET", "/panel").status(), 401);
    EXPECT_EQ(boss->ask("POST", "/devices/" + shop.device_id + "/pairing").status(), 409);
}

TEST_P(PanelJourney, a_signal_is_processed_with_words_and_counted) {
    pair_panel();
    house->clock.set(day_begin + Duration::seconds(60));
    const std::string signal = text(press(*panel, "p1", "1", day_begin).ok(), "signal_id");
    panel->post("/presses/score", json::object{{"press_id", "p1"}, {"score", 7}});
    const auto set = [&](const json::object& body) {
        return boss->ask("PUT", "/signals/" + signal + "/state", body, {{"If-Match", "\"1\""}});
    };
    EXPECT_EQ(set({{"state", "done"}}).status(), 400);
    EXPECT_EQ(set({{"state", "done"}, {"what", "by phone, third try"}}).status(), 204);
    const json::value row = boss->get("/signals/" + signal);
    EXPECT_EQ(text(row, "what"), "by phone, third try");
    EXPECT_EQ(number(row, "customer_score"), 7);
    const json::value figure =
        boss->get("/figures?name=coding_complete&from=2026-11-18&to=2026-11-18&by=person");
    EXPECT_EQ(number(figure.at("items").at(0), "n"), 1);
    EXPECT_EQ(figure.at("items").at(0).at("value").to_number<double>(), 100.0);
}

}  // namespace
}  // namespace otklik::testkit
