// From a press to a figure on both databases: clip, checks of both purposes, numbers worked out by
// hand, and the rows behind each number.
#include <gtest/gtest.h>

#include <set>

#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};  // 2026-11-18, 14:06 in Moscow
constexpr const char* days = "from=2026-11-18&to=2026-11-18";

/// Two items of weight 3 and 1.
json::object form_body() {
    const auto answer = [](const char* key, int num, int den) {
        return json::object{{"key", key}, {"label", key}, {"value_num", num}, {"value_den", den}};
    };
    const json::array answers{answer("yes", 1, 1), answer("partly", 1, 2), answer("no", 0, 1)};
    const auto item = [&](const char* key, int weight) {
        return json::object{{"key", key}, {"text", key}, {"weight", weight}, {"answers", answers}};
    };
    return {{"scoring", "percentage"},
            {"na", "remove"},
            {"sections",
             {json::object{{"key", "main"},
                           {"title", "Main"},
                           {"items", {item("heard", 3), item("thanked", 1)}}}}}};
}

class PressToFigure : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        house.emplace(GetParam(), day_begin);
        boss.emplace(*house);
        shop = open_shop(*boss, {.setup_code = house->setup_code(),
                                 .recorder_since = day_begin - Duration::hours(1),
                                 .buttons = nullptr});
        house->clock.set(day_begin + Duration::seconds(400));
    }
    std::string make_form(const std::string& purpose) {
        return text(boss->post("/forms",
                               json::object{
                                   {"name", purpose}, {"purpose", purpose}, {"body", form_body()}}),
                    "id");
    }
    /// Answers both items, binds the first to a second, finishes.
    json::value fill(const std::string& check, const std::string& heard, const std::string& thanked,
                     const json::object& place) {
        for (const char* item : {"heard", "thanked"}) {
            json::object evidence = place;
            evidence["item"] = item;
            boss->post("/checks/" + check + "/evidence", evidence);
        }
        const auto answer = [](const char* item, const std::string& word) {
            return json::object{{"item", item}, {"answer", word}, {"comment", "said so"}};
        };
        const std::int64_t version = number(boss->get("/checks/" + check), "version");
        const json::value saved = boss->put(
            "/checks/" + check + "/answers",
            json::object{{"items", {answer("heard", heard), answer("thanked", thanked)}}}, version);
        const Answer done =
            boss->ask("POST", "/checks/" + check + "/finish", nullptr,
                      {{"If-Match", "\"" + std::to_string(number(saved, "version")) + "\""}});
        return done.ok();
    }
    /// The figure's n is what its rows are, by itself and by each grouping.
    void check_rows(const std::string& name, const std::set<std::string>& ids) {
        const auto rows_of = [&](const std::string& more) {
            std::set<std::string> found;
            for (const auto& row : boss->list("/figures/" + name + "/rows?" + days + more))
                EXPECT_TRUE(found.insert(text(row, "id")).second) << "listed twice";
            return found;
        };
        EXPECT_EQ(rows_of(""), ids) << name;
        EXPECT_EQ(number(boss->get("/figures/" + name + "/rows?" + days), "total"),
                  static_cast<std::int64_t>(ids.size()));
        for (const std::string by : {"day", "point"}) {
            const json::value figure = get_figure(name, "&by=" + by);
            std::set<std::string> all;
            for (const auto& group : figure.at("groups").as_array()) {
                const auto part = rows_of("&group_by=" + by + "&group=" + text(group, "key"));
                EXPECT_EQ(number(group, "n"), static_cast<std::int64_t>(part.size()));
                all.insert(part.begin(), part.end());
            }
            EXPECT_EQ(all, ids) << name << " by " << by;
        }
    }
    json::value get_figure(const std::string& name, const std::string& more = "") {
        return boss->get(std::string("/figures?") + days + "&name=" + name + more)
            .at("items")
            .at(0);
    }
    void expect_figure(const std::string& name, std::int64_t n, double value) {
        const json::value figure = get_figure(name);
        EXPECT_EQ(number(figure, "n"), n) << name;
        EXPECT_NEAR(figure.at("value").to_number<double>(), value, 1e-9) << name;
    }

    /// A standard form judges staff: never on a press, in words.
    void refuse_standard(const std::string& form, const std::string& clip) {
        const Answer refused =
            boss->ask("POST", "/checks", json::object{{"form_id", form}, {"clip_id", clip}});
        EXPECT_EQ(refused.status(), 409);
        EXPECT_EQ(refused.code(), "check.standard_on_press");
        EXPECT_GT(text(refused.value(), "title").size(), 40U);
        EXPECT_EQ(boss->list("/checks").size(), 0U);
    }
    /// Three presses of one key, the last of them undone; the signals' ids.
    std::vector<std::string> press_three() {
        Client device(*house);
        device.use_token(shop.device_token);
        std::vector<std::string> signals;
        for (const int second : {90, 200, 290})
            signals.push_back(text(press(device, "p" + std::to_string(second), "3",
                                         day_begin + Duration::seconds(second))
                                       .ok(),
                                   "signal_id"));
        device.post("/presses/undo", json::object{{"press_id", "p290"}});
        house->settle();
        return signals;
    }

    std::optional<House> house;
    std::optional<Client> boss;
    Shop shop;
};

TEST_P(PressToFigure, numbers_are_those_worked_out_by_hand) {
    const std::string recording = text(
        import_sound(*boss, shop.recorder_id, "a.wav", day_begin, wav_of(own_sound(360, 5))).ok(),
        "recording_id");
    const std::vector<std::string> signals = press_three();
    const json::value clip = clip_of(*boss, signals[0]);
    ASSERT_EQ(text(clip, "state"), "final");
    const std::string clip_id = text(clip, "id");
    const std::string signal_form = make_form("signal"), standard_form = make_form("standard");

    refuse_standard(standard_form, clip_id);
    // heard: yes, 3 of 3; thanked: no, 0 of 1 -> 75 %.
    const std::string first = text(
        boss->post("/checks", json::object{{"form_id", signal_form}, {"clip_id", clip_id}}), "id");
    const json::value scored =
        fill(first, "yes", "no", {{"channel", 0}, {"clip_sample", 48'000 * 30}});
    EXPECT_EQ(text(scored, "state"), "done");
    EXPECT_NEAR(scored.at("score").at("percent").to_number<double>(), 75, 1e-9);
    // heard: no; thanked: yes -> 25 %.
    const std::string second = text(
        boss->post("/checks", json::object{{"form_id", signal_form},
                                           {"clip_id", text(clip_of(*boss, signals[1]), "id")}}),
        "id");
    fill(second, "no", "yes", {{"channel", 0}, {"clip_sample", 48'000 * 30}});
    // heard: partly, 1.5 of 3; thanked: yes, 1 of 1 -> 2.5 of 4, 62.5 %.
    const json::value draw =
        boss->post("/draws", json::object{{"point_id", shop.point_id},
                                          {"from", format_instant(day_begin)},
                                          {"to", format_instant(day_begin + Duration::hours(1))},
                                          {"length_ms", 60'000},
                                          {"seed", "journey"}});
    EXPECT_EQ(text(draw, "recording_id"), recording);
    ASSERT_EQ(draw.at("tracks").as_array().size(), 1U);
    EXPECT_EQ(draw.at("tracks").at(0).at("audio_url"), draw.at("audio_url"));
    const std::string third = text(
        boss->post("/checks", json::object{{"form_id", standard_form}, {"draw_id", draw.at("id")}}),
        "id");
    fill(third, "partly", "yes", {{"channel", 0}, {"clip_sample", 48'000 * 10}});

    // The withdrawn press is in no number.
    expect_figure("signals", 2, 2);
    EXPECT_EQ(number(get_figure("signals"), "left_out"), 1);
    expect_figure("signals_waiting", 0, 0);
    expect_figure("signals_failed", 0, 0);
    expect_figure("check_score_signal", 2, (75.0 + 25.0) / 2);
    expect_figure("check_score_standard", 1, 62.5);
    check_rows("signals", {signals[0], signals[1]});
    check_rows("signals_waiting", {});
    check_rows("check_score_signal", {first, second});
    check_rows("check_score_standard", {third});

    // A check taken back leaves the figure and its rows.
    boss->post("/checks/" + second + "/withdraw");
    expect_figure("check_score_signal", 1, 75);
    check_rows("check_score_signal", {first});
}

TEST_P(PressToFigure, a_point_without_its_basis_card_takes_no_sound) {
    const Answer gone = boss->ask("DELETE", "/points/" + shop.point_id + "/basis");
    ASSERT_LT(gone.status(), 300) << gone.http.body;
    const std::string sound = wav_of(own_sound(2, 5));
    const Answer refused = import_sound(*boss, shop.recorder_id, "a.wav", day_begin, sound);
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.code(), "basis.missing");
    EXPECT_EQ(boss->list("/recordings").size(), 0U);
    boss->put("/points/" + shop.point_id + "/basis", basis_card());
    EXPECT_EQ(import_sound(*boss, shop.recorder_id, "a.wav", day_begin, sound).status(), 201);
}
OTKLIK_BOTH_DATABASES(PressToFigure);

}  // namespace
}  // namespace otklik::testkit
