// A link to a clip: heard without an account, for as long as its maker may hear the clip and wants
// it heard.
#include <gtest/gtest.h>

#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant links_begin{1'795'000'000'000'000};

class LinkJourney : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = links_begin - Duration::hours(1),
                                .buttons = nullptr});
        device.use_token(shop.device_token);
        house.clock.set(links_begin + Duration::seconds(400));
        import_sound(boss, shop.recorder_id, "a.wav", links_begin, wav_of(own_sound(300, 3))).ok();
        signal =
            text(press(device, "p1", "1", links_begin + Duration::seconds(130)).ok(), "signal_id");
        house.settle();
        clip = text(boss.get("/signals/" + signal), "clip_id");
        const json::value person = boss.post("/people", json::object{{"name", "Judge"}});
        account = boss.post("/accounts", json::object{{"person_id", person.at("id")},
                                                      {"login", "judge"},
                                                      {"role", "checker"},
                                                      {"units", json::array()},
                                                      {"password", shop.password}});
        judge.sign_in("judge", shop.password);
    }
    Answer make(Client& who, std::int64_t hours = 24, std::vector<Header> more = {}) {
        return who.ask("POST", "/clips/" + clip + "/links",
                       json::object{{"hours", hours}, {"note", "the meeting"}}, std::move(more));
    }
    static std::vector<Header> with(const json::value& made) {
        return {{"Authorization", "Link " + text(made, "token")}};
    }
    Answer open(const json::value& made) {
        return guest.ask("GET", "/listen", nullptr, with(made));
    }
    Answer hear(const json::value& made) {
        return guest.ask("GET", "/listen/audio?channel=0", nullptr, with(made));
    }
    json::value links() { return boss.get("/clips/" + clip + "/links"); }
    /// Shut, and not a word more than to somebody who made the secret up.
    void expect_shut(const json::value& made) {
        json::value made_up = made;
        made_up.at("token") = "no-such-secret";
        const Answer never = open(made_up);
        EXPECT_EQ(never.status(), 404);
        EXPECT_EQ(never.code(), "link.over");
        EXPECT_EQ(open(made).http.body, never.http.body);
        EXPECT_EQ(hear(made).http.body, never.http.body);
    }
    void change_judge(json::object change) {
        json::value now;
        for (const auto& each : boss.list("/accounts"))
            if (text(each, "id") == text(account, "id")) now = each;
        json::object body{{"role", now.at("role")},
                          {"language", now.at("language")},
                          {"units", now.at("units")},
                          {"disabled", false}};
        for (const auto& [name, value] : change) body[name] = value;
        boss.put("/accounts/" + text(account, "id"), body, number(now, "version"));
    }
    int written(const std::string& verb) {
        int count = 0;
        const json::value journal = boss.get("/audit?limit=100");
        for (const auto& row : journal.at("items").as_array()) count += text(row, "verb") == verb;
        return count;
    }

    House house{database(), links_begin};
    Client boss{house}, judge{house}, device{house}, guest{house};
    Shop shop;
    std::string signal, clip;
    json::value account;
};
OTKLIK_BOTH_DATABASES(LinkJourney);

TEST_P(LinkJourney, whoever_holds_it_hears_the_clip_and_it_is_written_down) {
    const json::value made = make(judge).ok();
    EXPECT_EQ(text(made, "path"), "/listen#" + text(made, "token"));
    const json::value heard = open(made).ok();
    EXPECT_EQ(number(heard, "press_ms"), 60'000);
    EXPECT_EQ(number(heard, "length_ms"), 120'000);
    EXPECT_EQ(heard.at("tracks").as_array().size(), 1U);
    // Nothing of who served and who pressed.
    EXPECT_FALSE(heard.as_object().contains("person_name"));
    const Answer sound = hear(made);
    ASSERT_EQ(sound.status(), 200);
    EXPECT_EQ(sound.http.body, boss.ask("GET", "/clips/" + clip + "/audio?channel=0").http.body);
    EXPECT_EQ(sound.header("Cache-Control"), "private, no-store");
    EXPECT_EQ(guest
                  .ask("GET", "/listen/audio?channel=0", nullptr,
                       {with(made).front(), {"Range", "bytes=100-199"}})
                  .http.body,
              sound.http.body.substr(100, 100));
    EXPECT_EQ(written("link.made"), 1);
    EXPECT_EQ(written("link.opened"), 1);  // one minute, one visit
    const json::value line = links().at("items").at(0);
    EXPECT_EQ(number(line, "opened_count"), 1);
    EXPECT_EQ(text(line, "made_by_name"), "Judge");
    EXPECT_EQ(text(line, "note"), "the meeting");
    EXPECT_FALSE(line.as_object().contains("token"));
}

TEST_P(LinkJourney, asked_twice_with_one_key_it_is_one_link) {
    const std::vector<Header> key{{"Idempotency-Key", "0123456789abcdef-same"}};
    const json::value one = make(judge, 24, key).ok(), again = make(judge, 24, key).ok();
    EXPECT_EQ(text(one, "token"), text(again, "token"));
    EXPECT_EQ(links().at("items").as_array().size(), 1U);
    EXPECT_NE(text(make(judge).ok(), "token"), text(one, "token"));
}

TEST_P(LinkJourney, it_is_shut_when_its_time_is_over_or_a_person_ends_it) {
    const json::value brief = make(judge, 1).ok(), longer = make(judge, 24).ok();
    house.clock.advance(Duration::seconds(59 * 60));
    EXPECT_EQ(open(brief).status(), 200);
    house.clock.advance(Duration::seconds(60));
    expect_shut(brief);
    EXPECT_EQ(open(longer).status(), 200);
    const std::string path = "/links/" + text(longer.at("link"), "id");
    EXPECT_EQ(boss.ask("DELETE", path).status(), 204);
    EXPECT_EQ(boss.ask("DELETE", path).status(), 204);
    expect_shut(longer);
    EXPECT_EQ(written("link.ended"), 1);
    const json::value all = links();
    for (const auto& line : all.at("items").as_array()) EXPECT_FALSE(line.at("holds").as_bool());
}

TEST_P(LinkJourney, it_opens_no_more_than_its_maker_may_hear_now) {
    const json::value made = make(judge).ok();
    change_judge({{"disabled", true}});
    expect_shut(made);
    change_judge({{"disabled", false}});
    EXPECT_EQ(open(made).status(), 200);
    change_judge({{"role", "employee"}});
    expect_shut(made);
    change_judge({{"role", "checker"}});
    const json::value other =
        boss.post("/sites", json::object{{"name", "South"}, {"zone", "Europe/Moscow"}});
    change_judge({{"units", {json::object{{"unit", other.at("unit")}}}}});
    expect_shut(made);
}

TEST_P(LinkJourney, it_plays_the_cut_that_its_maker_saw_and_none_that_is_gone) {
    const json::value made = make(judge).ok();
    boss.post("/clips/" + clip + "/recut",
              json::object{{"before_ms", 100'000}, {"after_ms", 120'000}});
    house.settle();
    EXPECT_EQ(number(open(made).ok(), "length_ms"), 120'000);
    EXPECT_EQ(number(open(make(judge).ok()).ok(), "length_ms"), 220'000);
    boss.post("/signals/" + signal + "/undo");
    house.settle();
    expect_shut(made);
}

TEST_P(LinkJourney, what_cannot_be_made_says_why) {
    EXPECT_EQ(make(judge, 169).code(), "link.long");
    EXPECT_EQ(make(judge, 0).status(), 400);
    EXPECT_EQ(judge
                  .ask("POST", "/clips/" + clip + "/links",
                       json::object{{"hours", 1}, {"note", ""}, {"version", 7}})
                  .status(),
              404);
    for (int i = 0; i < 20; ++i) make(judge).ok();
    const Answer many = make(judge);
    EXPECT_EQ(many.status(), 409);
    EXPECT_EQ(many.code(), "link.many");
    house.clock.advance(Duration::hours(25));
    const json::value made = make(judge).ok();
    house.rooms().link_hours_max = 0;
    EXPECT_EQ(make(judge).code(), "link.off");
    EXPECT_EQ(number(links(), "hours_max"), 0);
    expect_shut(made);
}

TEST_P(LinkJourney, guesses_are_slowed_down_and_a_right_secret_is_not) {
    const json::value made = make(judge).ok();
    EXPECT_EQ(open(made).status(), 200);
    int status = 0;
    for (int i = 0; i < 30 && status != 429; ++i)
        status = guest
                     .ask("GET", "/listen", nullptr,
                          {{"Authorization", "Link guess" + std::to_string(i)}})
                     .status();
    EXPECT_EQ(status, 429);
    EXPECT_EQ(open(made).status(), 200);
    EXPECT_EQ(guest.ask("GET", "/listen").code(), "link.over");
}

TEST_P(LinkJourney, a_clip_tells_how_it_came_to_be) {
    boss.post("/clips/" + clip + "/recut",
              json::object{{"before_ms", 100'000}, {"after_ms", 120'000}});
    house.settle();
    const json::value story = boss.get("/clips/" + clip + "/story");
    const json::array& cuts = story.at("cuts").as_array();
    ASSERT_EQ(cuts.size(), 2U);
    EXPECT_EQ(text(cuts[0], "why"), "first");
    EXPECT_EQ(text(cuts[1], "why"), "window");
    EXPECT_FALSE(text(cuts[1], "why_text").empty());
    EXPECT_EQ(number(cuts[0].at("cut").at("pieces").at(0), "map_number"), 1);
    EXPECT_EQ(number(story, "deliveries"), 1);
    const json::value view = boss.get("/clips/" + clip);
    EXPECT_EQ(text(view.at("versions").at(0), "why"), "window");
    EXPECT_EQ(text(view.at("versions").at(1), "why"), "first");
}

}  // namespace
}  // namespace otklik::testkit
