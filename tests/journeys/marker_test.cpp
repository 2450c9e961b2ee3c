// The panel's audible mark, on both databases: a dictaphone whose clock is minutes wrong is brought
// in the evening, and the presses of the day get their clips at the right seconds by themselves.
#include "align/marker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/calendar.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};  // 2026-11-18, 14:06:40 in Moscow
constexpr double length_s = 700;
constexpr double fast = 1 + 300e-6;                    // the dictaphone's crystal
constexpr Duration wrong = Duration::seconds(7 * 60);  // its clock is slow by so much

struct Played {
    std::string id;
    double at_s;
    int code;
};

class MarkerJourney : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = day_begin - Duration::hours(1),
                                .buttons = nullptr});
        device.use_token(shop.device_token);
        house.clock.set(day_begin + Duration::hours(4));
    }
    static Instant truth(double at_s) { return {day_begin.us + std::llround(at_s * 1e6)}; }
    /// What the dictaphone hears: talk, noise, and the marks 10 dB below them.
    static std::vector<float> day(const std::vector<Played>& marks, double crystal = fast,
                                  double seconds = length_s) {
        std::vector<float> pcm = own_sound(seconds, 11);
        std::mt19937 random(3);
        std::normal_distribution<float> noise(0, 0.01F);
        for (float& value : pcm) value += noise(random);
        for (const Played& mark : marks) {
            const auto sound = align::marker_sound(mark.code, sound_rate, crystal);
            const auto at = static_cast<std::size_t>(mark.at_s * crystal * sound_rate);
            double here = 0, own = 0;
            for (std::size_t i = 0; i < sound.size(); ++i) {
                here += double{pcm[at + i]} * pcm[at + i];
                own += double{sound[i]} * sound[i];
            }
            const auto gain = static_cast<float>(std::sqrt(here / 10 / own));
            for (std::size_t i = 0; i < sound.size(); ++i) pcm[at + i] += gain * sound[i];
        }
        return pcm;
    }
    Answer tell(const Played& mark) {
        return device.ask("POST", "/panel/markers",
                          json::object{{"mark_id", mark.id},
                                       {"code", mark.code},
                                       {"played_at", format_instant(truth(mark.at_s))},
                                       {"uncertainty_ms", 15},
                                       {"latency_ms", 30}});
    }
    /// The file as the dictaphone names it.
    std::string bring(const std::vector<float>& pcm) { return bring(pcm, shop.recorder_id, 0); }
    std::string bring(const std::vector<float>& pcm, const std::string& recorder, double begin_s) {
        const std::string local = format_local(truth(begin_s) - wrong, "Europe/Moscow");
        std::string name;
        for (const char c : local)
            if (c >= '0' && c <= '9' && name.size() < 14) name += c;  // without the zone
        const Answer answer =
            boss.send("POST", "/recorders/" + recorder + "/recordings?name=" + name + ".wav",
                      wav_of(pcm), "application/octet-stream");
        return text(answer.ok(), "recording_id");
    }
    std::string press_at(double at_s) {
        return text(press(device, "p" + std::to_string(at_s), "3", truth(at_s)).ok(), "signal_id");
    }
    /// The sound around the press stands in its clip where the press was.
    void expect_heard(const std::vector<float>& pcm, const std::string& signal, double at_s,
                      double within_s = 0.05) {
        EXPECT_EQ(text(clip_of(boss, signal), "state"), "final");
        const Heard heard = listen(boss, "clip", signal);
        const auto from = static_cast<std::ptrdiff_t>(at_s * fast * sound_rate);
        const Needle needle({pcm.begin() + from, pcm.begin() + from + 5 * sound_rate});
        const Match match = heard.sound.find(needle);
        EXPECT_GT(match.score, 0.8);
        const double off_s =
            static_cast<double>((heard.at.begin - truth(at_s)).us) / 1e6 + match.at_s;
        EXPECT_NEAR(off_s, 0, within_s) << "the press was at " << at_s;
    }
    json::value clock_of(const std::string& id) { return boss.get("/recordings/" + id + "/clock"); }

    House house{database(), day_begin};
    Client boss{house}, device{house};
    Shop shop;
};
OTKLIK_BOTH_DATABASES(MarkerJourney);

TEST_P(MarkerJourney, x06_a_late_dictaphone_7_minutes_wrong_serves_its_presses_by_itself) {
    const std::vector<Played> marks{{"m1", 20, 3}, {"m2", 650, 9}};
    for (const Played& mark : marks) EXPECT_EQ(tell(mark).status(), 201);
    EXPECT_EQ(tell(marks[0]).value(), tell(marks[0]).value()) << "sent again, it is the same";
    const std::vector<double> presses{120, 330, 540};
    std::vector<std::string> signals;
    for (const double at_s : presses) signals.push_back(press_at(at_s));
    house.settle();
    EXPECT_EQ(text(clip_of(boss, signals[0]), "state"), "waiting_upload");

    const std::vector<float> pcm = day(marks);
    const std::string id = bring(pcm);
    house.settle();
    for (std::size_t i = 0; i < signals.size(); ++i) expect_heard(pcm, signals[i], presses[i]);

    const json::value clock = clock_of(id);
    ASSERT_EQ(clock.at("markers").as_array().size(), 2U);
    for (const auto& mark : clock.at("markers").as_array()) EXPECT_EQ(text(mark, "turn"), "used");
    int told = 0;
    for (const auto& entry : boss.list("/audit?limit=200"))
        told += text(entry, "actor") == "stage:marker" && text(entry, "subject") == id;
    EXPECT_EQ(told, 1) << "the journal says who moved it";
    EXPECT_NEAR(clock.at("drift_ppm").to_number<double>(), -300, 40) << "it runs fast";
    EXPECT_EQ(text(clock.at("evidence").at(2), "source"), "name");
    EXPECT_EQ(text(clock.at("evidence").at(2), "reason"), "clock.contradicts");
    EXPECT_TRUE(clock.at("in_step").as_bool());
    EXPECT_LE(clock.at("uncertainty_ms").to_number<double>(), 50);
    const json::value repairs = boss.get("/repairs?recording=" + id);
    ASSERT_EQ(repairs.at("items").as_array().size(), 1U) << "both were weighed at once";
    EXPECT_GT(text(repairs.at("items").at(0), "reason").size(), 20U);

    // A person takes it back: the marks do not fight for it.
    boss.post(
        "/repairs",
        json::object{{"recordings", json::array()},
                     {"undo", {json::object{{"repair_id", repairs.at("items").at(0).at("id")}}}},
                     {"reason", "tried"}});
    house.settle();
    const json::value undone = clock_of(id);
    for (const auto& mark : undone.at("markers").as_array()) {
        EXPECT_EQ(text(mark, "turn"), "refused");
        EXPECT_EQ(text(mark, "reason"), "clock.undone");
    }
    EXPECT_EQ(boss.get("/repairs?recording=" + id).at("items").as_array().size(), 2U);
}

TEST_P(MarkerJourney, x06_a_mark_told_after_the_file_counts_all_the_same) {
    const std::vector<Played> marks{{"m1", 40, 1}, {"m2", 600, 2}};
    const std::string signal = press_at(200);
    const std::vector<float> pcm = day(marks);
    const std::string id = bring(pcm);
    house.settle();
    EXPECT_TRUE(clock_of(id).at("markers").as_array().empty());
    EXPECT_EQ(tell(marks[1]).status(), 201);  // a panel that was without network sends them late
    house.settle();
    expect_heard(pcm, signal, 200, 400 * 300e-6 + 0.02);
    EXPECT_TRUE(clock_of(id).at("drift_ppm").is_null()) << "one mark tells no drift";
    EXPECT_EQ(tell(marks[0]).status(), 201);
    house.settle();
    expect_heard(pcm, signal, 200);
    EXPECT_FALSE(clock_of(id).at("drift_ppm").is_null());
}

TEST_P(MarkerJourney, x06_what_is_doubtful_moves_nothing_and_says_why) {
    // The same code twice, and one that nobody heard.
    const std::vector<Played> heard{{"", 100, 5}, {"", 400, 5}};
    const std::string id = bring(day(heard, fast, 450));
    tell({"m1", 100, 5});
    tell({"m2", 300, 6});
    house.settle();
    const json::value clock = clock_of(id);
    ASSERT_EQ(clock.at("markers").as_array().size(), 2U);
    EXPECT_EQ(text(clock.at("markers").at(0), "turn"), "ambiguous");
    EXPECT_EQ(text(clock.at("markers").at(1), "turn"), "unheard");
    EXPECT_GT(text(clock.at("markers").at(0), "turn_text").size(), 20U);
    EXPECT_EQ(clock.at("map_number").to_number<int>(), 1);

    const Answer other = device.ask(
        "POST", "/panel/markers",
        json::object{{"mark_id", "m1"}, {"code", 6}, {"played_at", format_instant(truth(100))}});
    EXPECT_EQ(other.status(), 409);
    EXPECT_EQ(other.code(), "marker.differs");
    EXPECT_EQ(
        boss.ask("POST", "/panel/markers",
                 json::object{{"mark_id", "x"}, {"code", 1}, {"played_at", "2026-11-18T11:06:40Z"}})
            .code(),
        "press.device");
    EXPECT_EQ(tell({"m3", 1e6, 1}).code(), "marker.time") << "days ahead";
}

TEST_P(MarkerJourney, x06_a_person_who_said_another_time_is_not_overruled) {
    const std::vector<Played> marks{{"m1", 60, 7}};
    const std::string id = bring(day(marks, fast, 150));
    house.settle();
    boss.post("/repairs",
              json::object{
                  {"recordings",
                   {json::object{{"recording_id", id}, {"map_number", 1}, {"repair_number", 0}}}},
                  {"heard_sample", 0},
                  {"heard_at", format_instant(truth(-300))},
                  {"heard_uncertainty_ms", 1'000},
                  {"reason", "I held it in my hand"}});
    tell(marks[0]);
    house.settle();
    const json::value clock = clock_of(id);
    EXPECT_EQ(text(clock.at("markers").at(0), "turn"), "refused");
    EXPECT_EQ(text(clock.at("markers").at(0), "reason"), "clock.person_said");
    EXPECT_EQ(clock.at("map_number").to_number<int>(), 2);
}

/// The same scene from `begin_s` on, by a recorder with its own noise.
std::vector<float> beside(const std::vector<float>& scene, double begin_s, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0, 0.02F);
    std::vector<float> pcm(scene.begin() + static_cast<std::ptrdiff_t>(begin_s * sound_rate),
                           scene.end());
    for (float& value : pcm) value = 0.5F * value + noise(random);
    return pcm;
}

TEST_P(MarkerJourney, x06_a_second_recorder_that_heard_the_same_is_put_right_by_the_first) {
    const auto recorder = [&](const std::string& name) {
        return text(
            boss.post("/recorders",
                      json::object{{"name", name},
                                   {"point_id", shop.point_id},
                                   {"begin_at", format_instant(day_begin - Duration::hours(1))}}),
            "id");
    };
    constexpr double seconds = 400;  // what both heard must be five minutes and more
    const std::vector<Played> marks{{"m1", 20, 3}, {"m2", 380, 9}};
    constexpr double crystal = 1 + 50e-6;
    const std::vector<float> scene = day(marks, crystal, seconds);
    // It hears no mark: its file ends before the second one and begins after the first.
    std::vector<float> other = beside(scene, 30, 5);
    other.resize(340 * sound_rate);
    const std::string same = bring(other, recorder("Box 2"), 30);
    const std::string stranger =
        bring(beside(own_sound(seconds, 99), 30, 6), recorder("Box 3"), 30);
    house.settle();
    EXPECT_EQ(clock_of(same).at("map_number").to_number<int>(), 1) << "nobody knows yet";
    const std::string first = bring(scene);
    for (const Played& mark : marks) tell(mark);
    house.settle();
    ASSERT_LE(clock_of(first).at("uncertainty_ms").to_number<double>(), 80) << "known well enough";

    const json::value clock = clock_of(same);
    ASSERT_EQ(clock.at("scenes").as_array().size(), 1U);
    EXPECT_EQ(text(clock.at("scenes").at(0), "turn"), "used");
    EXPECT_EQ(text(clock.at("scenes").at(0), "other_id"), first);
    EXPECT_EQ(text(clock.at("evidence").at(0), "source"), "correlation");
    // Second 0 of the file is second 30 of the first recording.
    EXPECT_NEAR(static_cast<double>((instant(clock, "begin_at") - truth(30 / crystal)).us) / 1e6, 0,
                0.05);
    EXPECT_LE(clock.at("uncertainty_ms").to_number<double>(), 100);
    const json::value strange = clock_of(stranger);
    const json::array& tried = strange.at("scenes").as_array();  // the other too, once it is known
    ASSERT_GE(tried.size(), 1U);
    for (const json::value& each : tried) EXPECT_EQ(text(each, "reason"), "scene.unlike");
    EXPECT_EQ(strange.at("map_number").to_number<int>(), 1);
}

}  // namespace
}  // namespace otklik::testkit
