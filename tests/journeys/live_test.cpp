// A live recorder from its pairing code to the clip of a press, by the public routes.
#include <gtest/gtest.h>

#include <algorithm>

#include "media/chunk_testkit.h"
#include "media/clip_decode.h"
#include "testkit/house.h"

namespace otklik::testkit {
namespace {

constexpr Instant live_begin{1'795'000'000'000'000};

class LiveShop : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = live_begin - Duration::hours(1),
                                .buttons = json::array{button("1", false), button("2", true),
                                                       button("3", true)}});
        panel.use_token(shop.device_token);
        const std::string path = "/recorders/" + shop.recorder_id + "/agent";
        const std::string code = text(boss.post(path), "code");
        agent.use_token(
            text(nobody.post("/agent/pair", json::object{{"code", code}, {"program", "test"}}),
                 "token"));
    }
    static json::object button(const std::string& key, bool merge) {
        return {{"key", key},
                {"label", "Жалоба " + key},
                {"kind", "complaint"},
                {"window_before_ms", 10'000},
                {"window_after_ms", 5'000},
                {"merge", merge}};
    }
    /// Posts one chunk when it is as old as it says, as an agent does each second.
    Answer post_chunk(std::size_t i) {
        house.clock.set({source.chunks().at(i).ended_at_us});
        return agent.send("POST", "/agent/chunks", batch_bytes(source.batch_of(source.some(i, 1))),
                          "application/octet-stream");
    }
    json::value clip(const std::string& signal) {
        return boss.get("/clips/" + text(boss.get("/signals/" + signal), "clip_id"));
    }

    House house{database(), live_begin};
    Client boss{house}, panel{house}, agent{house}, nobody{house};
    Shop shop;
    LiveSource source{5, 1};
};
OTKLIK_BOTH_DATABASES(LiveShop);

TEST_P(LiveShop, the_lamp_follows_the_last_second) {
    EXPECT_EQ(text(panel.get("/panel"), "feed"), "live");
    EXPECT_TRUE(panel.get("/panel").at("covered_until").is_null());
    source.record(3);
    for (std::size_t i = 0; i < 3; ++i) post_chunk(i).ok();
    const auto age = [&] {
        const json::value view = panel.get("/panel");
        return instant(view, "server_at") - instant(view, "covered_until");
    };
    EXPECT_LT(age(), Duration::ms(100));
    house.clock.advance(Duration::seconds(20));
    EXPECT_GT(age(), Duration::seconds(20));
    const auto state = [&] {
        for (const auto& each : boss.list("/recorders"))
            if (text(each, "id") == shop.recorder_id) return text(each, "live_state");
        return std::string("gone");
    };
    EXPECT_EQ(state(), "late");
    house.clock.advance(Duration::seconds(120));
    EXPECT_EQ(state(), "silent");
}

TEST_P(LiveShop, a_clip_plays_at_the_press_and_is_final_after_its_window) {
    source.record(40);
    for (std::size_t i = 0; i < 20; ++i) post_chunk(i).ok();
    const Instant pressed_at = house.clock.now();
    const std::string signal = text(press(panel, "p1", "1", pressed_at).ok(), "signal_id");
    house.settle();
    json::value view = clip(signal);
    EXPECT_EQ(text(view, "state"), "waiting_tail");
    EXPECT_FALSE(view.at("first_playable_at").is_null());
    const json::value version = view.at("version");
    EXPECT_EQ(text(version, "state"), "live");
    const std::int64_t length = number(version, "length_samples");
    EXPECT_NEAR(static_cast<double>(length), 10.05 * 48'000, 1'500);
    const std::string url = text(version.at("tracks").at(0), "url").substr(7);
    // More comes in; what the page began to play stays as it was.
    for (std::size_t i = 20; i < 23; ++i) post_chunk(i).ok();
    const Answer whole = boss.ask("GET", url);
    ASSERT_EQ(whole.status(), 200);
    const Answer part = boss.ask("GET", url, nullptr, {{"Range", "bytes=100-199"}});
    EXPECT_EQ(part.status(), 206);
    EXPECT_EQ(part.http.body, whole.http.body.substr(100, 100));
    EXPECT_EQ(part.header("ETag"), whole.header("ETag"));
    EXPECT_EQ(decode_ogg_opus(bytes_of(whole.http.body)).size(), static_cast<std::size_t>(length));
    EXPECT_GT(number(clip(signal).at("version"), "length_samples"), length + 2 * 48'000);
    for (std::size_t i = 23; i < 26; ++i) post_chunk(i).ok();
    house.clock.advance(Duration::ms(500));
    house.settle();
    view = clip(signal);
    EXPECT_EQ(text(view, "state"), "final");
    EXPECT_EQ(text(view, "reason"), "whole");
    EXPECT_EQ(number(view.at("version"), "missing_samples"), 0);
    EXPECT_LT(instant(view, "final_at") - (pressed_at + Duration::seconds(5)),
              Duration::seconds(2));
}

TEST_P(LiveShop, a_recording_that_goes_on_is_not_put_right) {
    source.record(3);
    for (std::size_t i = 0; i < 3; ++i) post_chunk(i).ok();
    const json::value row = boss.list("/recordings").at(0);
    const json::object seen{
        {"recording_id", row.at("id")}, {"map_number", row.at("map_number")}, {"repair_number", 0}};
    const json::object asked{{"recordings", {seen}}, {"shift_ms", 3'600'000}};
    const Answer refused = boss.ask("POST", "/repairs/preview", asked);
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.code(), "repair.live");
}

TEST_P(LiveShop, presses_of_one_button_join_and_those_of_another_never) {
    source.record(60);
    for (std::size_t i = 0; i < 20; ++i) post_chunk(i).ok();
    const auto press_now = [&](const std::string& id, const std::string& key) {
        const std::string signal = text(press(panel, id, key, house.clock.now()).ok(), "signal_id");
        house.settle();
        return signal;
    };
    const std::string first = press_now("p1", "2");
    for (std::size_t i = 20; i < 24; ++i) post_chunk(i).ok();
    const std::string second = press_now("p2", "2"), other = press_now("p3", "3");
    for (std::size_t i = 24; i < 40; ++i) post_chunk(i).ok();
    house.settle();
    const json::value view = clip(first);
    EXPECT_EQ(text(view, "id"), text(clip(second), "id"));
    EXPECT_NE(text(view, "id"), text(clip(other), "id"));
    EXPECT_EQ(view.at("presses").as_array().size(), 2U);
    EXPECT_EQ(instant(view, "asked_end_at") - instant(view, "asked_begin_at"),
              Duration::seconds(19));
    EXPECT_EQ(text(view, "state"), "final");
    EXPECT_EQ(number(view.at("version"), "missing_samples"), 0);
    // One of them withdrawn: the clip stays for the other.
    panel.post("/presses/undo", json::object{{"press_id", "p1"}});
    house.settle();
    EXPECT_TRUE(clip(first).at("presses").at(0).at("undone").as_bool());
    EXPECT_EQ(text(clip(second), "state"), "final");
    // Far enough apart they are two.
    const std::string late = press_now("p4", "2");
    EXPECT_NE(text(clip(late), "id"), text(view, "id"));
}

TEST_P(LiveShop, a_person_cuts_anew_and_both_cuts_stay) {
    source.record(60);
    for (std::size_t i = 0; i < 60; ++i) {
        post_chunk(i).ok();
        if (i == 30) press(panel, "p1", "1", house.clock.now()).ok();
    }
    house.settle();
    const std::string signal = text(boss.list("/signals").at(0), "id");
    const json::value before = clip(signal);
    ASSERT_EQ(text(before, "state"), "final");
    const std::string path = "/clips/" + text(before, "id");
    EXPECT_EQ(
        boss.ask("POST", path + "/recut", json::object{{"before_ms", 300'000}, {"after_ms", 5'000}})
            .code(),
        "clip.recut");
    boss.post(path + "/recut", json::object{{"before_ms", 25'000}, {"after_ms", 20'000}});
    house.settle();
    const json::value after = clip(signal);
    EXPECT_EQ(text(after, "state"), "final");
    EXPECT_EQ(after.at("versions").as_array().size(), 2U);
    EXPECT_NEAR(static_cast<double>(number(after.at("version"), "length_samples")), 45.1 * 48'000,
                100);
    // The cut before is heard as it was, in both containers.
    for (const char* format : {"ogg", "mp4"}) {
        const Answer old = boss.ask("GET", path + "/audio?version=1&format=" + format);
        EXPECT_EQ(old.status(), 200);
        EXPECT_EQ(old.header("Content-Type"), std::string("audio/") + format);
    }
    bool is_written = false;
    const json::value journal = boss.get("/audit?limit=50");
    for (const auto& row : journal.at("items").as_array())
        is_written |= text(row, "verb") == "clip.recut";
    EXPECT_TRUE(is_written);
}

TEST_P(LiveShop, the_level_is_that_of_the_last_ten_seconds) {
    const std::string path = "/recorders/" + shop.recorder_id + "/level";
    EXPECT_EQ(text(boss.get(path), "live_state"), "none");
    EXPECT_TRUE(boss.get(path).at("tracks").as_array().empty());
    source.record(70);
    // How many of the hundred tenths of a second have sound.
    const auto loud = [&] {
        const json::value view = boss.get(path);
        const json::array& highest = view.at("tracks").at(0).at("max").as_array();
        EXPECT_EQ(highest.size(), 100U);
        return std::count_if(highest.begin(), highest.end(),
                             [](const json::value& each) { return each != 0; });
    };
    for (std::size_t i = 0; i < 5; ++i) post_chunk(i).ok();
    EXPECT_EQ(text(boss.get(path), "live_state"), "recording");
    const auto half = loud();
    EXPECT_GT(half, 0);
    for (std::size_t i = 5; i < 20; ++i) post_chunk(i).ok();
    const auto full = loud();
    EXPECT_GT(full, half);
    // Part of it is sealed meanwhile: nothing of the ten seconds is gone.
    for (std::size_t i = 20; i < 64; ++i) post_chunk(i).ok();
    house.settle();
    EXPECT_EQ(loud(), full);
    house.clock.advance(Duration::seconds(200));
    EXPECT_EQ(text(boss.get(path), "live_state"), "silent");
}

TEST_P(LiveShop, what_comes_after_an_outage_fills_the_clip) {
    source.record(100);
    for (std::size_t i = 0; i < 10; ++i) post_chunk(i).ok();
    house.clock.set({source.chunks()[15].ended_at_us});
    const std::string signal = text(press(panel, "p1", "1", house.clock.now()).ok(), "signal_id");
    house.clock.set({source.chunks()[99].ended_at_us});
    house.settle();
    EXPECT_EQ(text(clip(signal), "state"), "partial");
    agent
        .send("POST", "/agent/chunks",
              batch_bytes(source.batch_of(source.some(10, 90), house.clock.now().us)),
              "application/octet-stream")
        .ok();
    house.settle();
    EXPECT_EQ(text(clip(signal), "state"), "final");
    EXPECT_EQ(text(clip(signal), "reason"), "whole");
}

TEST_P(LiveShop, a_wrong_chunk_is_answered_by_its_field_and_harms_nothing) {
    source.record(3);
    post_chunk(0).ok();
    std::string torn = source.batch(1, 1);
    torn.back() = static_cast<char>(torn.back() + 1);
    const Answer bad = agent.send("POST", "/agent/chunks", torn, "application/octet-stream");
    EXPECT_EQ(bad.status(), 400);
    EXPECT_EQ(bad.code(), "chunk.hash");
    LiveSource third{5, 1};
    third.record(1);
    third.record(1);
    auto twisted = third.chunks()[1];
    twisted.sequence = 0;
    const Answer refused =
        agent.send("POST", "/agent/chunks", batch_bytes(third.batch_of({twisted})),
                   "application/octet-stream");
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.code(), "chunk.differs");
    const json::value state = agent.get("/agent?incarnation=5");
    EXPECT_EQ(number(state.at("received").at(0), "end"), 1);
    EXPECT_EQ(nobody.send("POST", "/agent/chunks", source.batch(1, 1), "x/y").status(), 401);
    EXPECT_EQ(panel.send("POST", "/agent/chunks", source.batch(1, 1), "x/y").status(), 403);
    EXPECT_EQ(agent.ask("GET", "/signals").status(), 403);
    boss.ask("DELETE", "/recorders/" + shop.recorder_id + "/agent").ok();
    EXPECT_EQ(post_chunk(1).status(), 401);
}

}  // namespace
}  // namespace otklik::testkit
