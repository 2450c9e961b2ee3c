// Clocks that are set while everything runs: by an hour, by a day, to 1970, over a summer time, and
// those that drift; sound that lay in a buffer for a minute. What was recorded and pressed keeps
// its order and its place, nothing is lost or there twice, and no work runs wild.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "media/chunk_testkit.h"
#include "store/jobs.h"
#include "store/store.h"
#include "testkit/house.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant steps_begin{1'795'000'000'000'000};

class ClockSteps : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = Instant{} + Duration::days(12'000),
                                .buttons = json::array{json::object{{"key", "1"},
                                                                    {"label", "B"},
                                                                    {"kind", "complaint"},
                                                                    {"window_before_ms", 10'000},
                                                                    {"window_after_ms", 5'000},
                                                                    {"merge", false}}}});
        panel.use_token(shop.device_token);
        const std::string code =
            text(boss.post("/recorders/" + shop.recorder_id + "/agent"), "code");
        agent.use_token(
            text(nobody.post("/agent/pair", json::object{{"code", code}, {"program", "test"}}),
                 "token"));
    }
    /// A recorder that hands over a second each second, whatever the server's clock shows; as the
    /// agent does, it begins another run when it is asked to.
    void run(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            if (!source || begin_anew) begin_run();
            source->record(1);
            true_at = true_at + Duration{std::llround(1'000'000 * (1 + drift))};
            house.clock.set(true_at + ahead);
            lag.push_back(source->chunks().size() - 1);
            if (!is_away) hand_over();
        }
    }
    void hand_over() {
        const std::size_t first = lag.front();
        const auto batch =
            source->batch_of(source->some(first, lag.size()), source->chunks().back().ended_at_us);
        const Answer answer =
            agent.send("POST", "/agent/chunks", batch_bytes(batch), "application/octet-stream");
        ASSERT_EQ(answer.status(), 200) << answer.http.body;
        const json::value said = answer.ok();
        for (const auto& item : said.at("items").as_array())
            EXPECT_EQ(text(item, "answer"), "stored");
        begin_anew = said.at("begin_anew").as_bool();
        lag.clear();
    }
    void begin_run() {
        if (source) end_run();
        source = std::make_unique<LiveSource>(++runs, 1);
        begin_anew = false;
    }
    void end_run() {
        const auto first = source->chunks().size();
        source->end();
        agent
            .send(
                "POST", "/agent/chunks",
                batch_bytes(source->batch_of(source->some(first, source->chunks().size() - first))),
                "application/octet-stream")
            .ok();
    }
    /// By its age, as a panel says it.
    std::string press_now(Duration age = {}) {
        const std::string id = "p" + std::to_string(++presses);
        const Answer answer =
            panel.ask("POST", "/presses",
                      json::object{{"press_id", id}, {"key", "1"}, {"age_ms", age.us / 1'000}});
        EXPECT_EQ(answer.status(), 201) << answer.http.body;
        return text(answer.ok(), "signal_id");
    }
    json::value clip(const std::string& signal) {
        return boss.get("/clips/" + text(boss.get("/signals/" + signal), "clip_id"));
    }
    void expect_whole(const std::string& signal) {
        const json::value view = clip(signal);
        EXPECT_EQ(text(view, "state"), "final") << json::serialize(view.at("version"));
        EXPECT_EQ(number(view.at("version"), "missing_samples"), 0);
        // Wider than the window by what nobody knows of either time.
        EXPECT_NEAR(static_cast<double>(number(view.at("version"), "length_samples")),
                    16.1 * 48'000, 0.2 * 48'000);
    }
    void step(Duration by) { ahead = ahead + by; }
    double recorded_seconds() {
        boss.sign_in(shop.login, shop.password);
        double seconds = 0;
        for (const auto& row : boss.list("/recordings"))
            seconds += static_cast<double>(
                           number(boss.get("/recordings/" + text(row, "id")), "length_samples")) /
                       48'000;
        return seconds;
    }

    House house{database(), steps_begin};
    Client boss{house}, panel{house}, agent{house}, nobody{house};
    Shop shop;
    std::unique_ptr<LiveSource> source;
    std::vector<std::size_t> lag;  // chunks that were not handed over yet
    Instant true_at = steps_begin;
    Duration ahead{};  // what the server's clock shows more than the truth
    double drift = 0;  // of the recorder's crystal against it
    bool is_away = false, begin_anew = false;
    std::uint64_t runs = 0;
    int presses = 0;
};
OTKLIK_BOTH_DATABASES(ClockSteps);

TEST_P(ClockSteps, a_clock_that_is_set_moves_nothing_that_was_recorded_before) {
    std::vector<Duration> steps;
    const Duration hour = Duration::hours(1);
    for (const Duration by : {hour, -hour, -hour, hour}) steps.push_back(by);
    for (const Duration each : {Duration::days(1), Duration::seconds(20)})
        for (const Duration by : {each, -each}) steps.push_back(by);
    for (const Duration by : steps) {
        SCOPED_TRACE(by.us / 1'000'000);
        run(70);
        const std::string before = press_now(Duration::seconds(30));
        house.settle();
        boss.sign_in(shop.login, shop.password);
        expect_whole(before);
        const Instant asked = instant(clip(before), "asked_begin_at");
        const json::value pieces = clip(before).at("version").at("pieces");
        step(by);
        run(150);
        house.settle();
        boss.sign_in(shop.login, shop.password);
        EXPECT_EQ(instant(clip(before), "asked_begin_at"), asked);
        EXPECT_EQ(clip(before).at("version").at("pieces"), pieces);
        EXPECT_EQ(clip(before).at("versions").as_array().size(), 1U);
        // By the clock that holds now, the sound stands where the presses are.
        const std::string after = press_now(Duration::seconds(30));
        house.settle();
        expect_whole(after);
    }
    end_run();
    house.settle();
    EXPECT_NEAR(recorded_seconds(), static_cast<double>(steps.size()) * 220, 0.5);
}

TEST_P(ClockSteps, a_crystal_drifts_and_the_map_follows) {
    for (const double ppm : {500.0, -500.0}) {
        drift = ppm * 1e-6;
        run(900);
        house.settle();
        const json::value row = boss.list("/recordings").at(0);
        const Duration off = instant(row, "end_at") - house.clock.now();
        EXPECT_LT(std::abs(off.us), 150'000) << ppm;
    }
    EXPECT_EQ(runs, 1U);  // a drift is no reason for another run
    expect_whole([&] {
        const std::string signal = press_now(Duration::seconds(30));
        house.settle();
        return signal;
    }());
}

TEST_P(ClockSteps, bursts_of_what_was_buffered_fall_into_their_place) {
    std::mt19937 chance(5);
    std::vector<std::string> pressed;
    int seconds = 0;
    for (int i = 0; i < 12; ++i) {
        const int length = 5 + static_cast<int>(chance() % 56);
        is_away = true;
        run(length);
        pressed.push_back(press_now(Duration::seconds(length / 2)));
        is_away = false;
        run(20);
        seconds += length + 20;
        house.settle();
    }
    run(10);
    house.settle();
    for (const std::string& signal : pressed)
        if (signal != pressed.front()) expect_whole(signal);
    EXPECT_EQ(runs, 1U);
    end_run();
    house.settle();
    EXPECT_NEAR(recorded_seconds(), seconds + 10, 0.5);
    EXPECT_TRUE(boss.get("/recordings/" + text(boss.list("/recordings").at(0), "id"))
                    .at("gaps")
                    .as_array()
                    .empty());
}

TEST_P(ClockSteps, a_clock_of_1970_takes_no_press_and_loses_no_sound) {
    run(70);
    const Instant right = house.clock.now();
    house.clock.set(Instant{} + Duration::seconds(90));
    const json::object body{{"press_id", "early"}, {"key", "1"}, {"age_ms", 1'000}};
    const Answer refused = panel.ask("POST", "/presses", body);
    EXPECT_EQ(refused.status(), 503);
    EXPECT_EQ(refused.code(), "server.clock");
    house.clock.set(right);
    EXPECT_EQ(panel.ask("POST", "/presses", body).status(), 201);
    run(30);
    house.settle();
    EXPECT_NEAR(recorded_seconds(), 100, 0.5);
    // A device of 1970 that knows the age is right.
    const Answer old = panel.ask("POST", "/presses",
                                 json::object{{"press_id", "old"},
                                              {"key", "1"},
                                              {"age_ms", 20'000},
                                              {"device_ms", 60'000},
                                              {"pressed_at", "1970-01-01T00:01:00Z"}});
    ASSERT_EQ(old.status(), 201) << old.http.body;
    const json::value signal = boss.get("/signals/" + text(old.ok(), "signal_id"));
    EXPECT_EQ(instant(signal, "at"), house.clock.now() - Duration::seconds(20));
}

TEST_P(ClockSteps, a_day_of_25_hours_keeps_the_order_of_its_presses) {
    // Europe/Berlin leaves summer time on 25 October 2026 at 01:00 UTC: 02:30 is there twice.
    true_at = *parse_instant("2026-10-25T00:20:00Z");
    std::vector<std::pair<Instant, std::string>> pressed;
    for (int i = 0; i < 9; ++i) {
        true_at = true_at + Duration::seconds(600);
        house.clock.set(true_at);
        pressed.emplace_back(true_at, press_now());
    }
    boss.sign_in(shop.login, shop.password);
    for (const auto& [at, signal] : pressed)
        EXPECT_EQ(instant(boss.get("/signals/" + signal), "at"), at);
    const json::array listed = boss.list("/signals");
    ASSERT_EQ(listed.size(), pressed.size());
    for (std::size_t i = 0; i < listed.size(); ++i)
        EXPECT_EQ(text(listed[i], "id"), pressed[pressed.size() - 1 - i].second);
}

TEST_P(ClockSteps, work_that_a_wrong_clock_put_off_is_looked_at_when_it_is_put_back) {
    Rooms& rooms = house.rooms();
    const auto due = [&] {
        return rooms.store.read([&](Tx& tx) {
            std::int64_t open = 0;
            for (const JobCount& each : job_counts(tx)) open += each.open;
            return open;
        });
    };
    house.settle();
    house.clock.advance(Duration::days(365));
    rooms.store.write([&](Tx& tx) {
        want_job(tx, "sound.expire", rooms.people.company(tx)->id.value,
                 tx.now() + Duration::seconds(60));
    });
    house.clock.advance(-Duration::days(365));
    house.settle();
    EXPECT_EQ(due(), 1);
    EXPECT_EQ(rooms.store.write([&](Tx& tx) { return look_sooner(tx, tx.now()); }), 1);
    house.settle();
    EXPECT_EQ(due(), 0);
}

}  // namespace
}  // namespace otklik::testkit
