// What a stranger's program meets at the API: wrong methods, words of every refusal, lists as CSV,
// too many presses, gaps, and a speech engine that is not there.
#include <gtest/gtest.h>

#include "base/messages.h"
#include "media/media_testkit.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "web/api/router.h"
#include "web/http_testkit.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};

class Api : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = day_begin - Duration::hours(1),
                                .buttons = nullptr});
        device.use_token(shop.device_token);
    }
    Answer csv(const std::string& path, const std::string& language = "ru") {
        return boss.ask("GET", path, nullptr, {{"Accept-Language", language}});
    }

    House house{database(), day_begin};
    Client boss{house}, device{house}, nobody{house};
    Shop shop;
};
OTKLIK_BOTH_DATABASES(Api);

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find("\r\n", at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return lines;
}

TEST_P(Api, a_known_path_says_which_methods_it_takes) {
    const Answer wrong = boss.ask("DELETE", "/signals");
    EXPECT_EQ(wrong.status(), 405);
    EXPECT_EQ(wrong.code(), "method.wrong");
    EXPECT_EQ(wrong.header("Allow"), "GET, HEAD");
    EXPECT_EQ(boss.ask("PATCH", "/devices").header("Allow"), "GET, HEAD, POST");
    EXPECT_EQ(boss.ask("PATCH", "/devices/" + shop.device_id).header("Allow"), "PUT, DELETE");
    EXPECT_EQ(boss.ask("PATCH", "/nowhere").status(), 404);
    EXPECT_EQ(nobody.ask("PATCH", "/devices").status(), 405) << "methods are no secret";
}

/// The real front before the real router.
TEST_P(Api, refusals_of_the_protocol_have_words) {
    Router router(house.rooms(), all_routes());
    ServerConfig config;
    config.port = 0;
    Server server(config, router);
    server.start();
    const struct {
        const char* bytes;
        int status;
        const char* code;
    } cases[] = {
        {"GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "http.target"},
        {"GET / HTTP/1.1\r\n\r\n", 400, "http.host"},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "http.version"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
         "http.transfer_encoding"},
        {"POST / HTTP/1.1\r\nHost: x\r\nExpect: soon\r\n\r\n", 417, "http.expect"},
    };
    const Messages messages;
    for (const auto& each : cases) {
        otklik::test::RawClient client(server.port());
        client.send(each.bytes);
        const std::string answer = client.to_end();
        EXPECT_EQ(answer.substr(9, 3), std::to_string(each.status)) << each.bytes;
        const json::value body = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
        EXPECT_EQ(number(body, "status"), each.status);
        EXPECT_EQ(text(body, "code"), each.code);
        EXPECT_EQ(text(body, "title"), messages.message("ru", std::string("error.") + each.code));
        EXPECT_EQ(text(body, "title").find("error."), std::string::npos);
    }
    otklik::test::RawClient client(server.port());
    client.send("DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answer = client.to_end();
    EXPECT_EQ(answer.substr(9, 3), "405");
    EXPECT_NE(answer.find("\r\nAllow: GET, HEAD\r\n"), std::string::npos) << answer;
    server.stop(1000);
}

TEST_P(Api, a_list_is_a_file_for_excel) {
    for (const char* name : {"=1+1", "+7 900", "-5", "@sum", "a;b \"c\""})
        boss.post("/people", json::object{{"name", name}});
    const Answer russian = csv("/people?format=csv");
    EXPECT_EQ(russian.status(), 200);
    EXPECT_EQ(russian.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(russian.header("X-Rows"), "6");
    EXPECT_EQ(russian.header("X-Rows-Limit"), "100000");
    EXPECT_EQ(russian.http.body.substr(0, 3), "\xEF\xBB\xBF");
    const auto lines = lines_of(russian.http.body.substr(3));
    ASSERT_EQ(lines.size(), 7U) << russian.http.body;
    EXPECT_EQ(lines[0].substr(0, 3), "id;");
    for (const char* cell : {";'=1+1;", ";'+7 900;", ";'-5;", ";'@sum;", R"(;"a;b ""c""";)"})
        EXPECT_NE(russian.http.body.find(cell), std::string::npos) << cell << russian.http.body;
    const Answer english = csv("/people?format=csv", "en");
    EXPECT_EQ(lines_of(english.http.body.substr(3)).at(0).substr(0, 3), "id,");
    const Answer accepted = boss.ask("GET", "/people", nullptr, {{"Accept", "text/csv"}});
    EXPECT_EQ(accepted.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(boss.ask("GET", "/session?format=csv").code(), "export.not_list");
    // Leaves its trace.
    const json::array entries = boss.get("/audit").at("items").as_array();
    EXPECT_EQ(
        std::count_if(entries.begin(), entries.end(),
                      [](const json::value& e) { return text(e, "verb") == "list.exported"; }),
        3);
}

TEST_P(Api, all_pages_of_a_list_stand_in_one_file) {
    json::array presses;
    for (int i = 0; i < 450; ++i)
        presses.push_back(
            json::object{{"press_id", "p" + std::to_string(i)},
                         {"key", "3"},
                         {"pressed_at", format_instant(day_begin - Duration::seconds(i))}});
    device.post("/presses/batch", json::object{{"presses", presses}});
    const Answer all = csv("/signals?format=csv");
    ASSERT_EQ(all.status(), 200) << all.http.body;
    EXPECT_EQ(all.header("X-Rows"), "450");
    EXPECT_EQ(all.header("X-Rows-Cut"), "");
    EXPECT_EQ(lines_of(all.http.body).size(), 451U);
    const Answer none = csv("/signals?format=csv&kind=praise");
    EXPECT_EQ(none.header("X-Rows"), "0");
    EXPECT_EQ(lines_of(none.http.body).size(), 1U) << "the columns all the same";
    EXPECT_EQ(lines_of(none.http.body).at(0), lines_of(all.http.body).at(0));
    const Answer figures = csv("/figures/signals/rows?format=csv");
    EXPECT_EQ(figures.header("X-Rows"), "450") << "what the drill-down counts";
}

TEST_P(Api, a_file_shows_no_more_than_the_list) {
    boss.post("/sites", json::object{{"name", "South"}, {"zone", "Europe/Moscow"}});
    press(device, "p1", "3", day_begin);
    std::string other_unit;
    for (const auto& site : boss.list("/sites"))
        if (text(site, "name") == "South") other_unit = text(site, "unit");
    const json::value person = boss.post("/people", json::object{{"name", "Stranger"}});
    boss.post("/accounts", json::object{{"person_id", person.at("id")},
                                        {"login", "stranger"},
                                        {"role", "checker"},
                                        {"units", {json::object{{"unit", other_unit}}}},
                                        {"password", "long enough for all"}});
    Client stranger(house);
    stranger.sign_in("stranger", "long enough for all");
    EXPECT_EQ(stranger.ask("GET", "/signals?format=csv").header("X-Rows"), "0");
    EXPECT_EQ(boss.ask("GET", "/signals?format=csv").header("X-Rows"), "1");
    EXPECT_EQ(stranger.ask("GET", "/devices?format=csv").status(), 403);
    EXPECT_EQ(nobody.ask("GET", "/signals?format=csv").status(), 401);
    EXPECT_EQ(device.ask("GET", "/signals?format=csv").status(), 403);
}

TEST_P(Api, a_device_that_was_offline_loses_nothing) {
    const auto batch = [&](int from) {
        json::array presses;
        for (int i = from; i < from + 1000; ++i)
            presses.push_back(
                json::object{{"press_id", "p" + std::to_string(i)},
                             {"key", "3"},
                             {"pressed_at", format_instant(day_begin - Duration::seconds(i))}});
        return device.ask("POST", "/presses/batch", json::object{{"presses", presses}});
    };
    int refused = 0;
    for (int sent = 0; sent < 2000;) {
        const Answer answer = batch(sent);
        if (answer.status() == 200) {
            sent += 1000;
            continue;
        }
        ASSERT_EQ(answer.status(), 429) << answer.http.body;
        ASSERT_LT(++refused, 5);
        house.clock.advance(Duration::seconds(std::stol(answer.header("Retry-After"))));
    }
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(number(boss.get("/signals/counts"), "new"), 2000);
}

TEST_P(Api, unknown_tokens_are_slowed) {
    Client guess(house);
    guess.use_token("otk_nobody");
    int unknown = 0;
    Answer last;
    for (int i = 0; i < 40; ++i) {
        last = guess.ask("POST", "/presses", json::object{{"press_id", "a"}, {"key", "1"}});
        unknown += last.status() == 401;
    }
    EXPECT_EQ(unknown, 20);
    EXPECT_EQ(last.status(), 429);
    EXPECT_EQ(last.code(), "token.throttled");
    EXPECT_FALSE(last.header("Retry-After").empty());
}

TEST_P(Api, guesses_are_told_how_long_to_wait) {
    const auto guess = [&](const std::string& path, const json::object& body) {
        Answer last;
        for (int i = 0; i < 7; ++i) last = nobody.ask("POST", path, body);
        EXPECT_EQ(last.status(), 429) << path;
        const std::string seconds = last.header("Retry-After");
        EXPECT_NE(text(last.value(), "title").find(seconds), std::string::npos) << path;
        EXPECT_GT(std::stol(seconds), 0);
    };
    guess("/session", {{"login", "nobody"}, {"password", "a wrong password"}});
    guess("/panel/pair", {{"code", "AAAA2222"}});
}

TEST_P(Api, a_gap_is_declared_by_who_may) {
    const std::string path = "/recorders/" + shop.recorder_id + "/gaps";
    const auto gap = [&](int from, int to, const char* cause = "off") {
        return json::object{{"begin_at", format_instant(day_begin + Duration::seconds(from))},
                            {"end_at", format_instant(day_begin + Duration::seconds(to))},
                            {"cause", cause}};
    };
    const Answer made = boss.ask("POST", path, gap(-300, -60));
    EXPECT_EQ(made.status(), 201) << made.http.body;
    EXPECT_EQ(text(made.value(), "point_id"), shop.point_id);
    EXPECT_EQ(boss.ask("POST", path, gap(-60, -60)).code(), "range.empty");
    EXPECT_EQ(boss.ask("POST", path, gap(-60, 60)).code(), "gap.future");
    EXPECT_EQ(boss.ask("POST", path, gap(-60, -30, "bored")).code(), "gap.cause");
    EXPECT_EQ(boss.ask("POST", path, gap(-7200, -7100)).code(), "recorder.not_placed");
    EXPECT_EQ(boss.ask("POST", path, json::object{{"cause", "off"}}).code(), "field.missing");
    EXPECT_EQ(boss.ask("POST", "/recorders/recorder_zzzzz/gaps", gap(-300, -60)).status(), 404);
    EXPECT_EQ(device.ask("POST", path, gap(-300, -60)).status(), 403);
    EXPECT_EQ(nobody.ask("POST", path, gap(-300, -60)).status(), 401);
    const json::array entries = boss.get("/audit").at("items").as_array();
    EXPECT_TRUE(std::any_of(entries.begin(), entries.end(), [](const json::value& e) {
        return text(e, "verb") == "recording.gap";
    }));
}

TEST_P(Api, a_declared_gap_ends_the_waiting_of_a_clip) {
    const std::string signal =
        text(press(device, "p1", "3", day_begin - Duration::seconds(600)).ok(), "signal_id");
    house.settle();
    EXPECT_NE(text(clip_of(boss, signal), "state"), "failed");
    boss.post("/recorders/" + shop.recorder_id + "/gaps",
              json::object{{"begin_at", format_instant(day_begin - Duration::seconds(900))},
                           {"end_at", format_instant(day_begin - Duration::seconds(300))},
                           {"cause", "off"}});
    house.settle();
    EXPECT_EQ(text(clip_of(boss, signal), "state"), "failed") << "nothing will ever come";
}

TEST_P(Api, nobody_is_asked_to_transcribe_without_an_engine) {
    const std::string signal = text(press(device, "p1", "3", day_begin).ok(), "signal_id");
    house.settle();
    const std::string clip = text(boss.get("/signals/" + signal), "clip_id");
    const Answer refused = boss.ask("POST", "/clips/" + clip + "/transcribe");
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.code(), "speech.engine.none");
    EXPECT_EQ(boss.ask("POST", "/clips/clip_zzzzz/transcribe").status(), 404);
}

TEST_P(Api, figures_are_reached_by_kind_button_point_and_day) {
    press(device, "p1", "3", day_begin - Duration::seconds(1));
    press(device, "p2", "4", day_begin - Duration::seconds(2));
    press(device, "p3", "4", day_begin - Duration::hours(24));
    const json::value board = boss.get("/board");
    ASSERT_EQ(board.at("cells").as_array().size(), 3U) << json::serialize(board);
    for (const json::value& cell : board.at("cells").as_array()) {
        const std::string day = text(cell, "day"), button = text(cell, "button");
        const std::string filter = "from=" + day + "&to=" + day +
                                   "&point=" + text(cell, "point_id") +
                                   "&button=" + percent_encode(button);
        EXPECT_EQ(number(boss.get("/figures/signals/rows?" + filter), "total"), number(cell, "n"))
            << filter;
    }
    const auto kinds = boss.get("/figures?name=signals&by=kind").at("items").at(0).at("groups");
    ASSERT_EQ(kinds.as_array().size(), 2U);
    EXPECT_EQ(text(kinds.at(0), "key"), "complaint");
    EXPECT_EQ(number(boss.get("/figures?name=signals&kind=praise").at("items").at(0), "n"), 2);
    for (const auto& [path, words] :
         {std::pair("/figures?by=week", "day, point, button, kind, person"),
          std::pair("/board?kind=noise", "answer, idea, complaint, praise"),
          std::pair("/figures?name=nothing",
                    "signals, signals_waiting, signals_failed, check_score_standard, "
                    "check_score_signal, coding_complete, past_score, response, signals_outside"),
          std::pair("/figures/signals/rows?part=rest", "counted, missing, left_out")}) {
        const Answer refused = boss.ask("GET", path);
        EXPECT_EQ(refused.code(), "field.choice") << path;
        EXPECT_EQ(text(refused.value().at("params"), "words"), words);
    }
    EXPECT_EQ(boss.ask("GET", "/board?button=nothing").code(), "field.choice");
}

/// Both sides of a talk in one file: `tracks` names each with its own addresses, and they answer.
TEST_P(Api, a_draw_offers_every_track_of_its_interval) {
    house.clock.set(day_begin + Duration::seconds(200));
    const auto left = own_sound(100, 3), right = own_sound(100, 4);
    std::vector<float> both;
    for (std::size_t i = 0; i < left.size(); ++i) {
        both.push_back(left[i]);
        both.push_back(right[i]);
    }
    const std::string wav = otklik::testkit::wav_bytes(both, sound_rate, 2);
    import_sound(boss, shop.recorder_id, "two.wav", day_begin, wav).ok();
    const json::value draw =
        boss.post("/draws", json::object{{"point_id", shop.point_id},
                                         {"from", format_instant(day_begin)},
                                         {"to", format_instant(day_begin + Duration::hours(1))},
                                         {"length_ms", 30'000},
                                         {"seed", "two"}});
    const json::array& tracks = draw.at("tracks").as_array();
    ASSERT_EQ(tracks.size(), 2U) << json::serialize(draw);
    EXPECT_EQ(number(draw, "channel"), 0);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(number(tracks[i], "channel"), static_cast<std::int64_t>(i));
        EXPECT_EQ(text(tracks[i], "role"), i == 0 ? "left" : "right");
        EXPECT_FALSE(tracks[i].at("silent").as_bool());
        for (const char* part : {"audio_url", "peaks_url", "words_url"}) {
            const std::string url = text(tracks[i], part);
            EXPECT_NE(url.find("channel=" + std::to_string(i)), std::string::npos) << url;
            EXPECT_EQ(boss.ask("GET", url.substr(7)).status(), 200) << url;
            if (i == 0) {
                EXPECT_EQ(url, text(draw, part));
            }
        }
    }
}

}  // namespace
}  // namespace otklik::testkit
