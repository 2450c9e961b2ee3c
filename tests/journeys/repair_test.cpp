// A recording that came wrong, put right through the public API on both databases: what the preview
// says is what happens, the past stays, undo brings it back, and nobody sees more than before.
#include <gtest/gtest.h>

#include "rights_house_inside.h"

namespace otklik::testkit {
namespace {

class RepairJourney : public Rights {
protected:
    json::object seen(const std::string& id) {
        const json::value row = boss.get("/recordings/" + id);
        return {{"recording_id", id},
                {"map_number", row.at("map_number")},
                {"repair_number", row.at("repair_number")}};
    }
    json::object wish(const std::string& id) { return {{"recordings", {seen(id)}}}; }
    std::string import(const std::string& name, Instant at, unsigned seed) {
        return text(
            import_sound(boss, shop.recorder_id, name, at, wav_of(own_sound(130, seed))).ok(),
            "recording_id");
    }
    /// The second site's point, with its card and a recorder there.
    std::pair<std::string, std::string> south() {
        std::string site;
        const json::array sites = boss.list("/sites");
        for (const auto& each : sites)
            if (text(each, "name") == "South") site = text(each, "id");
        const std::string point =
            text(boss.post("/points", json::object{{"name", "Till"}, {"site_id", site}}), "id");
        boss.put("/points/" + point + "/basis", basis_card());
        const std::string recorder = text(
            boss.post(
                "/recorders",
                json::object{{"name", "Box 2"},
                             {"point_id", point},
                             {"begin_at", format_instant(rights_begin - Duration::hours(48))}}),
            "id");
        return {point, recorder};
    }
    std::string state_of(const std::string& signal) { return text(clip_of(boss, signal), "state"); }
};

TEST_P(RepairJourney, an_hour_wrong_is_seen_first_then_put_right_and_undone) {
    const Instant pressed = rights_begin + Duration::seconds(1'000);
    house.clock.set(pressed + Duration::seconds(300));
    const std::string signal = text(press(device, "late", "3", pressed).ok(), "signal_id");
    // The dictaphone's clock is an hour slow.
    const std::string id = import("b.wav", pressed - Duration::seconds(65) - Duration::hours(1), 8);
    house.settle();
    EXPECT_EQ(state_of(signal), "waiting_upload");

    json::object asked = wish(id);
    asked["shift_ms"] = 3'600'000;
    const json::value preview = boss.post("/repairs/preview", asked);
    ASSERT_EQ(preview.at("clips").as_array().size(), 1U);
    EXPECT_EQ(text(preview.at("clips").at(0), "signal_id"), signal);
    EXPECT_EQ(text(preview.at("clips").at(0), "turn"), "gains");
    const json::value part = preview.at("recordings").at(0);
    EXPECT_EQ(instant(part.at("after"), "begin_at") - instant(part.at("before"), "begin_at"),
              Duration::hours(1));
    EXPECT_EQ(state_of(signal), "waiting_upload") << "a look changes nothing";

    EXPECT_EQ(boss.ask("POST", "/repairs", asked).code(), "repair.reason");
    asked["reason"] = "the clock was an hour slow";
    const auto again = {Header{"Idempotency-Key", "one-repair-asked-twice"}};
    const json::value made = boss.ask("POST", "/repairs", asked, again).ok();
    EXPECT_EQ(boss.ask("POST", "/repairs", asked, again).ok(), made) << "a retry doubles nothing";
    house.settle();
    EXPECT_EQ(state_of(signal), "final");
    const Answer second = boss.ask("POST", "/repairs", asked);
    EXPECT_EQ(second.status(), 409);
    EXPECT_EQ(second.code(), "recording.repaired_meanwhile");
    EXPECT_NE(second.http.body.find("2026-11-18"), std::string::npos) << "the new state is told";

    const json::value history = boss.get("/repairs?recording=" + id);
    ASSERT_EQ(history.at("items").as_array().size(), 1U);
    EXPECT_EQ(text(history.at("items").at(0), "reason"), "the clock was an hour slow");
    EXPECT_TRUE(history.at("items").at(0).at("may_undo").as_bool());

    house.clock.set(pressed + Duration::days(3));
    const std::string repair = text(made.at("items").at(0), "repair_id");
    const json::object undo{{"recordings", json::array()},
                            {"undo", {json::object{{"repair_id", repair}}}},
                            {"reason", "it was the till that was wrong"}};
    EXPECT_EQ(text(boss.post("/repairs/preview", undo).at("clips").at(0), "turn"), "loses");
    boss.post("/repairs", undo);
    house.settle();
    EXPECT_EQ(state_of(signal), "failed") << "three days later nobody waits any more";
    EXPECT_EQ(boss.ask("POST", "/repairs", undo).code(), "repair.not_newest");
    EXPECT_EQ(boss.get("/repairs?recording=" + id).at("items").as_array().size(), 2U);

    int told = 0;
    for (const auto& entry : boss.list("/audit?limit=200")) {
        const std::string verb = text(entry, "verb");
        if (verb != "recording.repair" && verb != "recording.repair_undone") continue;
        const std::string detail = json::serialize(entry.at("detail"));
        EXPECT_NE(detail.find("before"), std::string::npos);
        EXPECT_NE(detail.find("after"), std::string::npos);
        ++told;
    }
    EXPECT_EQ(told, 2);
}

TEST_P(RepairJourney, a_private_talk_that_it_comes_to_cover_leaves_it_a_day_later) {
    const Instant talk = rights_begin + Duration::seconds(2'000);
    house.clock.set(talk + Duration::seconds(300));
    const json::object begun{
        {"pause_id", "talk"}, {"reason", "a family matter"}, {"age_ms", 300'000}};
    device.post("/panel/pauses", begun);
    device.post("/panel/pauses/end", json::object{{"pause_id", "talk"}, {"age_ms", 280'000}});
    const std::string id = import("c.wav", talk - Duration::seconds(50) - Duration::hours(1), 9);
    house.settle();
    const std::string told =
        "WEBVTT\n\n00:00:30.000 --> 00:00:31.000\nbrakes\n\n00:00:55.000 --> "
        "00:00:56.000\nmother\n";
    ASSERT_EQ(boss.send("POST",
                        "/recordings/" + id + "/transcripts?language=en&source=sidecar&format=vtt",
                        told, "text/vtt")
                  .status(),
              201);
    json::object asked = wish(id);
    asked["shift_ms"] = 3'600'000;
    asked["reason"] = "the clock was an hour slow";
    const json::value preview = boss.post("/repairs/preview", asked);
    ASSERT_EQ(preview.at("recordings").at(0).at("gaps").as_array().size(), 1U);
    EXPECT_EQ(text(preview.at("recordings").at(0).at("gaps").at(0), "cause"), "paused");
    boss.post("/repairs", asked);
    house.settle();
    const auto silences = [&] { return boss.get("/recordings/" + id).at("silences"); };
    EXPECT_TRUE(silences().as_array().empty()) << "there is a day to undo it";
    house.clock.advance(Duration::hours(24) + Duration::seconds(1));
    house.settle();
    ASSERT_EQ(silences().as_array().size(), 1U);
    EXPECT_EQ(text(silences().at(0), "reason"), "a family matter");
    const json::value words = boss.get("/recordings/" + id + "/words");
    ASSERT_EQ(words.at("items").as_array().size(), 1U) << "what was said goes with the sound";
    EXPECT_EQ(text(words.at("items").at(0), "text"), "brakes");
}

TEST_P(RepairJourney, another_recorder_takes_the_sound_to_its_point_and_out_of_sight) {
    const auto [point, recorder] = south();
    const std::string id = ids["recordings"];
    const std::string clip = ids["clips"];
    ASSERT_EQ(checker.ask("GET", "/clips/" + clip + "/audio?version=1").status(), 200);
    json::object asked = wish(id);
    asked["recorder_id"] = recorder;
    asked["reason"] = "the wrong box was named";
    const json::value preview = boss.post("/repairs/preview", asked);
    EXPECT_EQ(text(preview.at("recordings").at(0).at("after"), "point_id"), point);
    EXPECT_EQ(text(preview.at("clips").at(0), "turn"), "loses");
    boss.post("/repairs", asked);
    // At once, before any stage has run.
    EXPECT_EQ(checker.ask("GET", "/recordings/" + id).status(), 404);
    EXPECT_EQ(checker.ask("GET", "/clips/" + clip + "/audio?version=1").status(), 404);
    EXPECT_EQ(checker.ask("DELETE", "/bookmarks/" + ids["bookmarks"]).status(), 404);
    EXPECT_EQ(checker.list("/recordings").size(), 0U);
    EXPECT_EQ(stranger.list("/recordings").size(), 1U);
    EXPECT_EQ(stranger.ask("GET", "/recordings/" + id + "/audio").status(), 200);
    house.settle();
    EXPECT_TRUE(checker.get("/clips/" + clip).at("version").is_null());
    EXPECT_EQ(boss.ask("GET", "/clips/" + clip + "/audio?version=1").status(), 200)
        << "who sees both points still hears what was cut";
    // Uploaded once more where it belongs, it is known.
    const json::value same =
        import_sound(boss, recorder, "a.wav", rights_begin, wav_of(own_sound(130, 3))).ok();
    EXPECT_TRUE(same.at("already_there").as_bool());
    EXPECT_EQ(text(same, "recording_id"), id);
    // A draw made while it stood at the first point judges nobody there any more.
    const std::string draw = ids["draws"];
    json::value form;
    const json::array starters = boss.list("/forms/starters");
    for (const auto& starter : starters)
        if (text(starter, "purpose") == "standard")
            form = boss.post("/forms", starter_form(starter));
    EXPECT_EQ(
        boss.ask("POST", "/checks", json::object{{"form_id", form.at("id")}, {"draw_id", draw}})
            .code(),
        "draw.recording_moved");
}

TEST_P(RepairJourney, a_checker_asks_and_an_administrator_answers) {
    const std::string id = import("c.wav", rights_begin + Duration::seconds(5'000), 11);
    json::object asked = wish(id);
    asked["shift_ms"] = -60'000;
    asked["reason"] = "no right to it";
    EXPECT_EQ(checker.ask("POST", "/repairs", asked).status(), 403);
    EXPECT_EQ(checker.ask("POST", "/repairs/preview", asked).status(), 403);
    const json::object words{{"recording_id", id}, {"text", "a minute late"}};
    EXPECT_EQ(stranger.ask("POST", "/repair-asks", words).status(), 404);
    checker.post("/repair-asks", words);
    EXPECT_EQ(checker.ask("POST", "/repair-asks", words).code(), "repair.asked");
    EXPECT_EQ(stranger.list("/repair-asks").size(), 0U);
    EXPECT_EQ(boss.list("/repair-asks").size(), 2U);
    EXPECT_EQ(text(checker.get("/repairs?recording=" + id).at("ask"), "asked_by_name"), "judge");
    boss.post("/repairs", asked);
    EXPECT_EQ(boss.list("/repair-asks").size(), 1U) << "a repair answers it";
    boss.post("/repair-asks/" + ids["repair-asks"] + "/leave");
    EXPECT_EQ(boss.list("/repair-asks").size(), 0U);
}

TEST_P(RepairJourney, evidence_of_the_clock_is_shown_and_weighed) {
    const std::string id = ids["recordings"];
    const json::value plain = boss.get("/recordings/" + id + "/clock");
    ASSERT_EQ(plain.at("evidence").as_array().size(), 1U);
    EXPECT_EQ(text(plain.at("evidence").at(0), "source"), "stated");
    EXPECT_TRUE(plain.at("drift_ppm").is_null());
    json::object asked = wish(id);
    asked["heard_sample"] = 65 * 48'000;
    asked["heard_at"] = format_instant(rights_begin + Duration::ms(65'300));
    asked["heard_uncertainty_ms"] = 50;
    asked["heard_source"] = "nudge";
    EXPECT_EQ(boss.ask("POST", "/repairs/preview", asked).code(), "clock.contradicts")
        << "the start was stated exactly";
    asked["heard_source"] = "rumour";
    EXPECT_EQ(boss.ask("POST", "/repairs/preview", asked).code(), "clock.source");
    EXPECT_EQ(stranger.ask("GET", "/recordings/" + id + "/clock").status(), 404);
    EXPECT_EQ(employee.ask("GET", "/recordings/" + id + "/clock").status(), 403);
}

TEST_P(RepairJourney, what_cannot_be_is_refused_in_words) {
    const std::string id = ids["recordings"];
    const auto refused = [&](json::object more) {
        json::object asked = wish(id);
        for (const auto& [name, value] : more) asked[name] = value;
        const Answer answer = boss.ask("POST", "/repairs/preview", asked);
        EXPECT_GT(text(answer.value(), "title").size(), 30U) << answer.http.body;
        return answer.code();
    };
    EXPECT_EQ(refused({}), "repair.nothing");
    EXPECT_EQ(refused({{"recordings", json::array()}}), "repair.none");
    EXPECT_EQ(refused({{"heard_at", "2001-01-01T00:00:00Z"}}), "start.impossible");
    EXPECT_EQ(
        refused({{"heard_at", format_instant(rights_begin)}, {"heard_sample", 1'000'000'000}}),
        "sample.outside");
    EXPECT_EQ(refused({{"shift_ms", -86'400'000}}), "recorder.not_placed");
    const json::value bare =
        boss.post("/points", json::object{{"name", "No card"}, {"site_id", shop.site_id}});
    EXPECT_EQ(refused({{"point_id", bare.at("id")}}), "basis.missing");
}

OTKLIK_BOTH_DATABASES(RepairJourney);

}  // namespace
}  // namespace otklik::testkit
