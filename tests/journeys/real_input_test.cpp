// A recorded shift through the public doors: half an hour of sound and the presses of its buttons,
// held against what was said when (shared/data/audio/composite).
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include "base/files.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant shift_begin{1'795'000'000'000'000};  // 2026-11-18T11:06:40Z
constexpr Duration near = Duration::ms(50);
// Above the best accident: what is there fits twice as well, what is not never comes near.
constexpr double margin = 0.2;
constexpr double shortest_s = 1.2;  // as the shortest phrase of the shift

std::vector<std::vector<std::string>> read_table(const std::string& path) {
    std::istringstream lines(read_file(path, 1 << 20));
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line);
        auto& row = rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, '\t');) row.push_back(cell);
    }
    rows.erase(rows.begin());  // the head
    return rows;
}

Duration seconds_of(const std::string& cell) {
    return {std::llround(std::stod(cell) * 1e6)};
}

void expect_near(Instant a, Instant b, const std::string& what) {
    EXPECT_LE(std::abs((a - b).us), near.us) << what;
}

class RealInput : public ::testing::Test {
protected:
    void SetUp() override {
        folder = shared_folder();
        if (folder.empty()) GTEST_SKIP() << "no shared material beside the sources";
        boss.emplace(house);
        shop = open_shop(*boss, {.setup_code = house.setup_code(),
                                 .recorder_since = shift_begin - Duration::hours(1),
                                 .buttons = nullptr});
        const json::value point = boss->get("/points").at("items").at(0);
        boss->put("/points/" + shop.point_id,
                  json::object{{"site_id", shop.site_id},
                               {"name", "Counter"},
                               {"give_up_after_ms", 2 * 3600 * 1000}},
                  number(point, "version"));
    }

    /// Each row is a delivery at t_s; a repeated one carries the time of the first.
    void press_all() {
        Client device(house);
        device.use_token(shop.device_token);
        for (const auto& row : read_table(folder + "/audio/composite/ru_shift_30min.buttons.tsv")) {
            const std::string& event = row.at(2);
            const Instant now = shift_begin + seconds_of(row.at(0));
            house.clock.set(now);
            const bool is_new = pressed.emplace(event, now).second;
            const Answer answer = press(device, event, row.at(1), pressed.at(event));
            ASSERT_EQ(answer.status(), is_new ? 201 : 200) << answer.http.body;
            const json::value reply = answer.ok();
            EXPECT_EQ(text(reply, "answer"), is_new ? "stored" : "repeated");
            if (is_new)
                signals[event] = text(reply, "signal_id");
            else
                EXPECT_EQ(signals.at(event), text(reply, "signal_id"));
            repeated += is_new ? 0 : 1;
            house.settle();
        }
    }

    void import_shift() {
        house.clock.set(shift_begin + Duration::seconds(1801));
        const std::string bytes =
            read_file(folder + "/audio/composite/ru_shift_30min.ogg", 64 << 20);
        const Answer first =
            import_sound(*boss, shop.recorder_id, "ru_shift_30min.ogg", shift_begin, bytes);
        ASSERT_EQ(first.status(), 201) << first.http.body;
        const std::string id = text(first.ok(), "recording_id");
        const json::value recording = boss->get("/recordings/" + id);
        expect_near(instant(recording, "end_at"), shift_begin + Duration::seconds(1800), "end");
        const Answer original = boss->ask("GET", "/recordings/" + id + "/original");
        EXPECT_TRUE(original.http.body == bytes) << "the original is not bit-exact";
        house.settle();
        // The same file once more gives nothing new.
        const json::value again =
            import_sound(*boss, shop.recorder_id, "ru_shift_30min.ogg", shift_begin, bytes).ok();
        EXPECT_TRUE(again.at("already_there").as_bool());
        house.settle();
    }

    void check_bounds(const std::string& event, const json::value& clip) const {
        const json::value& version = clip.at("version");
        const Instant at = pressed.at(event);
        expect_near(instant(version, "begin_at"), at - Duration::seconds(60), event + " begin");
        expect_near(instant(version, "end_at"), at + Duration::seconds(60), event + " end");
        const std::int64_t press_sample = number(version, "press_sample");
        EXPECT_NEAR(static_cast<double>(press_sample), 60.0 * 48'000, 2'400) << event;
        EXPECT_NEAR(static_cast<double>(number(version, "length_samples")), 120.0 * 48'000, 2'400);
    }

    /// Missing before the shift began or after it ended.
    void check_edge(const std::string& event, const std::string& state) {
        const json::value clip = clip_of(*boss, signals.at(event));
        EXPECT_EQ(text(clip, "state"), state) << event;
        const Instant at = pressed.at(event), end = shift_begin + Duration::seconds(1800);
        const Duration missing =
            std::max(shift_begin - (at - Duration::seconds(60)), at + Duration::seconds(60) - end);
        ASSERT_GT(missing.us, 0);
        const json::value& version = clip.at("version");
        EXPECT_NEAR(static_cast<double>(number(version, "missing_samples")),
                    static_cast<double>(samples_of(missing)), 2'400)
            << event;
        const json::array pieces = version.at("pieces").as_array();
        ASSERT_EQ(pieces.size(), 2U) << event;
        const bool before = at - Duration::seconds(60) < shift_begin;
        EXPECT_EQ(text(pieces.at(before ? 0 : 1), "kind"), "gap") << event;
        EXPECT_EQ(text(pieces.at(before ? 1 : 0), "kind"), "sound") << event;
        expect_near(instant(pieces.at(1), "begin_at"), before ? shift_begin : end, event);
        EXPECT_NEAR(static_cast<double>(number(clip.at("signal"), "missing_ms")),
                    static_cast<double>(missing.us) / 1000, 50);
    }

    /// The prompts that sound in the shift, and some that do not.
    void read_phrases(std::vector<Phrase>& phrases, std::vector<Needle>& unused) const {
        const std::string wavs = folder + "/audio/ru_prompts/wav/";
        std::set<std::string> used;
        std::vector<std::vector<float>> sounding, spare;
        for (const auto& row :
             read_table(folder + "/audio/composite/ru_shift_30min.timeline.tsv")) {
            phrases.push_back(
                {row.at(3),
                 {shift_begin + seconds_of(row.at(1)), shift_begin + seconds_of(row.at(2))},
                 Needle(read_wav_8k(wavs + row.at(3)))});
            used.insert(row.at(3));
            sounding.push_back(read_wav_8k(wavs + row.at(3)));
        }
        for (const auto& row : read_table(folder + "/audio/ru_prompts/reference.tsv"))
            if (!used.contains(row.at(0)) && std::stod(row.at(1)) >= shortest_s)
                spare.push_back(read_wav_8k(wavs + row.at(0)));
        unused = truly_unused(sounding, spare);
    }

    House house{TestDatabase::sqlite, shift_begin};
    std::string folder;
    std::optional<Client> boss;
    Shop shop;
    std::map<std::string, Instant> pressed;
    std::map<std::string, std::string> signals;
    int repeated = 0;
};

TEST_F(RealInput, every_press_of_the_shift_gets_exactly_its_two_minutes) {
    press_all();
    if (HasFatalFailure()) return;
    EXPECT_EQ(signals.size(), 15U);
    EXPECT_EQ(repeated, 1);
    for (const auto& row : boss->list("/signals"))
        EXPECT_TRUE(text(row, "clip_state") == "waiting_upload" ||
                    text(row, "clip_state") == "waiting_tail");
    import_shift();
    if (HasFatalFailure()) return;
    EXPECT_EQ(boss->list("/signals").size(), 15U);  // the duplicate gave nothing new

    std::vector<Heard> clips;
    // ev0001 was pressed 56 s after the shift began: four seconds of its window are missing too.
    const std::set<std::string> edges{"ev0001", "ev9001", "ev9002"};
    for (const auto& [event, signal] : signals) {
        clips.push_back(listen(*boss, event, signal));
        check_bounds(event, clips.back().clip);
        if (edges.contains(event))
            check_edge(event, "partial");
        else
            EXPECT_EQ(text(clips.back().clip, "state"), "final") << event;
    }

    std::vector<Phrase> phrases;
    std::vector<Needle> unused;
    read_phrases(phrases, unused);
    ASSERT_EQ(phrases.size(), 57U);
    ASSERT_GE(unused.size(), 20U);
    const double accident = best_accident(clips, unused);
    const Verdict verdict = hold_against(clips, phrases, accident + margin);
    std::printf(
        "best accident %.3f, threshold %.3f; inside %d, weakest %.3f, furthest %.1f ms; outside "
        "%d, strongest %.3f\n",
        accident, accident + margin, verdict.inside, verdict.weakest, verdict.furthest_ms,
        verdict.outside, verdict.strongest);
    EXPECT_GT(verdict.inside, 50);
    EXPECT_GT(verdict.outside, 600);
    EXPECT_EQ(verdict.wrong, "");

    house.clock.advance(Duration::hours(3));
    house.settle();
    for (const std::string& event : edges) {
        check_edge(event, "final");
        EXPECT_EQ(text(clip_of(*boss, signals.at(event)), "reason"), "missing.gave_up");
    }
}

}  // namespace
}  // namespace otklik::testkit
