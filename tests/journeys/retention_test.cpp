// P38: sound goes when its term is over and what was said of it stays; what is held survives; the
// journal explains both. On both databases, through the public API, with the clock in hand.
#include "recording/retention.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rights_house_inside.h"
#include "store/blobs.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

class RetentionJourney : public Rights {
protected:
    void set_terms(int recordings, int clips, int files) {
        json::object card = basis_card();
        card["retention_days"] = recordings;
        card["clip_days"] = clips;
        card["original_days"] = files;
        boss.put("/points/" + shop.point_id + "/basis", card);
    }
    Id<Company> company() {
        return house.rooms().store.read(
            [&](Tx& tx) { return house.rooms().people.company(tx)->id; });
    }
    /// What the house does each hour, at that many days after the press; until then it looked now
    /// and then, as it does while it runs.
    void at_day(int days) {
        const Instant until = rights_begin + Duration::days(days) + Duration::hours(1);
        walk_to(until);
        leap_to(until);
    }
    void walk_to(Instant until) {
        while (house.clock.now() + Duration::days(2) < until) {
            house.clock.advance(Duration::days(2));
            house.rooms().retention.begins(company().value);
        }
        house.clock.set(until);
        house.rooms().retention.begins(company().value);
    }
    /// The clock is set, and the house looks.
    void leap_to(Instant at) {
        house.clock.set(at);
        house.settle();
        Rooms& rooms = house.rooms();
        rooms.store.write([&](Tx& tx) {
            want_job(tx, "sound.expire", rooms.people.company(tx)->id.value, tx.now());
        });
        // A session is at most twelve hours old.
        boss.sign_in(shop.login, shop.password);
        house.settle();
    }
    std::string clip() const { return "/clips/" + ids.at("clips"); }
    std::string recording() const { return "/recordings/" + ids.at("recordings"); }
    int status(const std::string& path) { return boss.ask("GET", path).status(); }
    bool is_erased(const std::string& path) { return !boss.get(path).at("erased_at").is_null(); }
    void end_check() {
        boss.ask("POST", "/checks/" + ids["checks"] + "/give-up",
                 json::object{{"reason", "bad_sound"}, {"note", "hum"}}, {{"If-Match", "\"1\""}})
            .ok();
    }
    void process() {
        const std::string signal = "/signals/" + ids["signals"];
        boss.put(signal + "/state", json::object{{"state", "done"}, {"what", "slow"}},
                 number(boss.get(signal), "version"));
    }
    int written(const std::string& verb) {
        const json::array entries = boss.list("/audit");
        return static_cast<int>(
            std::count_if(entries.begin(), entries.end(),
                          [&](const json::value& e) { return text(e, "verb") == verb; }));
    }
    std::size_t files_on_disk() {
        house.rooms().blobs.sweep(house.rooms().store);
        return media_files(house.rooms().blobs).size();
    }
    json::value hold(Client& who, const json::object& on) {
        json::object body = on;
        body["reason"] = "a claim of 12 November";
        return who.ask("POST", "/holds", body).ok();
    }
};

TEST_P(RetentionJourney, sound_goes_by_its_term_and_what_was_said_of_it_stays) {
    set_terms(20, 40, 10);
    const std::string told =
        "WEBVTT\n\n00:01:00.000 --> 00:01:01.000\nbrakes\n\n"
        "00:02:05.000 --> 00:02:06.000\nweather\n";
    boss.send("POST", recording() + "/transcripts?language=en&source=sidecar&format=vtt", told,
              "text/vtt")
        .ok();
    end_check();
    at_day(9);
    EXPECT_EQ(status(recording() + "/original"), 200);
    EXPECT_EQ(text(boss.get(clip()), "kept_until"), "2026-12-28T11:08:45Z");

    at_day(11);
    EXPECT_EQ(boss.ask("GET", recording() + "/original").code(), "audio.file_erased");
    EXPECT_FALSE(boss.get(recording()).at("file_kept").as_bool());
    EXPECT_EQ(status(recording() + "/audio"), 200);

    at_day(21);
    EXPECT_FALSE(is_erased(recording())) << "an interval drawn from it waits for its check";
    at_day(32);
    EXPECT_TRUE(is_erased(recording())) << "… for thirty days";
    EXPECT_EQ(status(recording() + "/audio"), 404);
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 200) << "the cut has a term of its own";
    EXPECT_EQ(boss.get(clip() + "/words").at("items").as_array().size(), 1U)
        << "words live as long as any sound of them";
    EXPECT_EQ(
        boss.ask("POST", clip() + "/recut", json::object{{"before_ms", 1'000}, {"after_ms", 2'000}})
            .code(),
        "clip.source_erased");
    EXPECT_EQ(boss.ask("POST", "/checks",
                       json::object{{"form_id", ids["forms"]}, {"draw_id", ids["draws"]}})
                  .status(),
              409);
    const json::value losses = boss.get("/losses?from=2026-11-10&to=2026-11-30");
    EXPECT_EQ(json::serialize(losses).find("erased"), std::string::npos)
        << "what was kept its whole term was not lost";

    at_day(41);
    const json::value gone = boss.get(clip());
    EXPECT_FALSE(gone.at("erased_at").is_null());
    EXPECT_TRUE(gone.at("version").at("tracks").as_array().empty());
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 404);
    EXPECT_TRUE(boss.get(clip() + "/words").at("items").as_array().empty());
    EXPECT_TRUE(boss.get("/signals/" + ids["signals"]).at("erased").as_bool());
    const json::value check = boss.get("/checks/" + ids["checks"]);
    EXPECT_EQ(text(check, "state"), "done");
    EXPECT_EQ(text(check, "reason_note"), "hum");
    EXPECT_EQ(files_on_disk(), 0U);
    EXPECT_TRUE(boss.get("/fsck?level=3").at("items").as_array().empty());
    EXPECT_EQ(written("recording.file_expired"), 1);
    EXPECT_EQ(written("recording.expired"), 1);
    EXPECT_EQ(written("clip.expired"), 1);
    at_day(60);
    EXPECT_EQ(written("clip.expired"), 1) << "once";
}

TEST_P(RetentionJourney, a_hold_has_a_reason_and_is_made_by_who_may_hear) {
    EXPECT_EQ(
        stranger.ask("POST", "/holds", json::object{{"clip_id", ids["clips"]}, {"reason", "x"}})
            .status(),
        404);
    EXPECT_EQ(
        employee.ask("POST", "/holds", json::object{{"clip_id", ids["clips"]}, {"reason", "x"}})
            .status(),
        403);
    EXPECT_EQ(
        checker.ask("POST", "/holds", json::object{{"clip_id", ids["clips"]}, {"reason", "  "}})
            .code(),
        "hold.reason");
    EXPECT_EQ(checker.ask("POST", "/holds", json::object{{"reason", "x"}}).code(), "hold.subject");
}

TEST_P(RetentionJourney, what_is_held_survives_and_goes_a_week_after_its_release) {
    set_terms(20, 20, 10);
    end_check();
    const std::string id = text(hold(checker, {{"clip_id", ids["clips"]}}), "id");
    EXPECT_TRUE(boss.get(clip()).at("held").as_bool());
    EXPECT_TRUE(boss.get(recording()).at("held").as_bool());
    ASSERT_EQ(boss.get("/holds?clip=" + ids["clips"]).at("items").as_array().size(), 1U);
    EXPECT_TRUE(stranger.get("/holds").at("items").as_array().empty());
    EXPECT_EQ(
        checker.ask("POST", "/holds/" + id + "/release", json::object{{"reason", "x"}}).status(),
        403);
    EXPECT_EQ(
        neighbour.ask("POST", "/holds/" + id + "/release", json::object{{"reason", "x"}}).status(),
        404);

    at_day(100);
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 200);
    EXPECT_EQ(status(recording() + "/audio"), 200);
    EXPECT_EQ(status(recording() + "/original"), 200);
    const json::value terms = boss.get("/retention").at("points").at(0);
    EXPECT_EQ(number(terms, "due"), 1);
    EXPECT_EQ(number(terms, "clips_due"), 1);

    const json::object settled{{"reason", "settled"}};
    const json::value released = boss.ask("POST", "/holds/" + id + "/release", settled).ok();
    EXPECT_EQ(instant(released, "kept_until") - instant(released, "released_at"),
              Duration::days(7));
    at_day(103);
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 200) << "one may think again";
    EXPECT_TRUE(boss.ask("POST", "/holds/" + id + "/restore", json::object{})
                    .ok()
                    .at("released_at")
                    .is_null());
    at_day(115);
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 200);
    boss.ask("POST", "/holds/" + id + "/release", settled).ok();
    at_day(123);
    EXPECT_EQ(status(clip() + "/audio?channel=0"), 404);
    EXPECT_TRUE(is_erased(recording()));
    EXPECT_EQ(status(recording() + "/original"), 404);
    EXPECT_EQ(boss.ask("POST", "/holds/" + id + "/restore", json::object{}).code(), "hold.over");
    // The house has one more, of another period.
    EXPECT_EQ(boss.list("/holds").size(), 1U);
    EXPECT_EQ(boss.list("/holds?all=1").size(), 2U);
    EXPECT_EQ(
        boss.ask("POST", "/holds", json::object{{"clip_id", ids["clips"]}, {"reason", "x"}}).code(),
        "hold.erased");
    EXPECT_EQ(written("hold.made"), 2);
    EXPECT_EQ(written("hold.released"), 2);
    EXPECT_EQ(written("hold.restored"), 1);
}

TEST_P(RetentionJourney, a_period_of_a_point_is_held_and_nothing_more) {
    set_terms(20, 20, 20);
    end_check();
    const Instant later = rights_begin + Duration::hours(2);
    house.clock.set(later + Duration::hours(1));
    const std::string other =
        text(import_sound(boss, shop.recorder_id, "b.wav", later, wav_of(own_sound(70, 9))).ok(),
             "recording_id");
    house.settle();
    json::object wish{{"point_id", shop.point_id}, {"begin_at", format_instant(later)}};
    wish["reason"] = "x";
    EXPECT_EQ(boss.ask("POST", "/holds", wish).code(), "hold.subject");
    wish["end_at"] = format_instant(later);
    EXPECT_EQ(boss.ask("POST", "/holds", wish).code(), "range.empty");
    wish["end_at"] = format_instant(later + Duration::days(4'000));
    EXPECT_EQ(boss.ask("POST", "/holds", wish).code(), "hold.long");
    wish["end_at"] = format_instant(later + Duration::hours(1));
    boss.ask("POST", "/holds", wish).ok();
    at_day(50);
    EXPECT_TRUE(is_erased(recording()));
    EXPECT_FALSE(is_erased("/recordings/" + other));
    EXPECT_EQ(status("/recordings/" + other + "/audio"), 200);
}

TEST_P(RetentionJourney, a_shorter_term_counts_a_day_after_it_was_confirmed) {
    set_terms(90, 90, 30);
    end_check();
    at_day(40);
    set_terms(20, 20, 20);
    at_day(40);
    EXPECT_FALSE(is_erased(recording())) << "a slip can still be taken back";
    at_day(42);
    EXPECT_TRUE(is_erased(recording()));
    EXPECT_TRUE(is_erased(clip()));
}

TEST_P(RetentionJourney, a_house_that_was_there_before_has_a_week_to_look) {
    set_terms(20, 20, 20);
    end_check();
    Rooms& rooms = house.rooms();
    walk_to(rights_begin + Duration::days(60));
    // As if the database had come from a release that erased nothing.
    rooms.store.write([&](Tx& tx) {
        rooms.people.set_setting(tx, rooms.people.company(tx)->id.value, "retention.begins", "",
                                 "test");
    });
    at_day(61);
    EXPECT_FALSE(is_erased(recording()));
    EXPECT_EQ(instant(boss.get("/retention"), "begins_at"),
              rights_begin + Duration::days(68) + Duration::hours(1));
    EXPECT_EQ(number(boss.get("/retention").at("points").at(0), "due"), 1) << "it says what goes";
    at_day(67);
    EXPECT_FALSE(is_erased(recording()));
    at_day(69);
    EXPECT_TRUE(is_erased(recording()));
}

TEST_P(RetentionJourney, a_clock_that_leapt_erases_nothing_for_a_week) {
    set_terms(20, 20, 20);
    end_check();
    process();
    at_day(2);
    const Instant right = house.clock.now();
    for (const Duration by : {Duration::days(366), Duration::days(4), -Duration::days(1)}) {
        SCOPED_TRACE(by.us / 3'600'000'000);
        leap_to(right + by);
        leap_to(right + by + Duration::hours(1));
        EXPECT_FALSE(is_erased(recording())) << "all terms are over by that clock alone";
        EXPECT_FALSE(is_erased(clip()));
        EXPECT_EQ(status(recording() + "/original"), 200);
        EXPECT_EQ(instant(boss.get("/retention"), "begins_at"), right + by + Duration::days(7))
            << "the page says from when on";
        leap_to(right);
        EXPECT_GE(instant(boss.get("/retention"), "begins_at"), right + Duration::days(6));
    }
    EXPECT_EQ(written("recording.expired") + written("clip.expired"), 0);
    // Who was right does not matter: after a week the clock that goes on is believed.
    leap_to(right + Duration::days(366));
    at_day(366 + 8);
    EXPECT_FALSE(is_erased(recording()));
    at_day(366 + 10);
    EXPECT_TRUE(is_erased(recording()));
    EXPECT_TRUE(is_erased(clip()));
}

TEST_P(RetentionJourney, a_weekend_switched_off_is_no_leap) {
    set_terms(20, 20, 20);
    end_check();
    at_day(19);
    EXPECT_FALSE(is_erased(recording()));
    leap_to(house.clock.now() + Duration::hours(64));
    EXPECT_FALSE(is_erased(recording())) << "an interval drawn from it waits for its check";
    at_day(32);
    EXPECT_TRUE(is_erased(recording()));
}

TEST_P(RetentionJourney, a_press_nobody_processed_keeps_its_cut_for_thirty_days) {
    set_terms(5, 5, 5);
    end_check();
    at_day(10);
    EXPECT_FALSE(is_erased(clip()));
    process();
    at_day(11);
    EXPECT_TRUE(is_erased(clip()));
}

TEST_P(RetentionJourney, a_check_in_work_keeps_its_sound) {
    set_terms(5, 5, 5);
    process();
    at_day(10);
    EXPECT_FALSE(is_erased(clip())) << "somebody has begun to check it";
    end_check();
    at_day(11);
    EXPECT_TRUE(is_erased(clip()));
}

TEST_P(RetentionJourney, a_file_that_comes_after_its_term_serves_its_presses_first) {
    set_terms(20, 40, 10);
    walk_to(rights_begin + Duration::days(30));
    boss.sign_in(shop.login, shop.password);
    const Instant pressed = rights_begin + Duration::hours(5);
    const std::string signal = text(press(device, "old", "3", pressed).ok(), "signal_id");
    const std::string late =
        text(import_sound(boss, shop.recorder_id, "late.wav", pressed - Duration::seconds(65),
                          wav_of(own_sound(130, 4)))
                 .ok(),
             "recording_id");
    house.settle();
    EXPECT_EQ(text(clip_of(boss, signal), "state"), "final");
    EXPECT_FALSE(is_erased("/recordings/" + late));
    at_day(32);
    EXPECT_TRUE(is_erased("/recordings/" + late));
    EXPECT_EQ(status("/clips/" + text(clip_of(boss, signal), "id") + "/audio?channel=0"), 200);
}

OTKLIK_BOTH_DATABASES(RetentionJourney);

}  // namespace
}  // namespace otklik::testkit
