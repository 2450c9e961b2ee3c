#include "base/calendar.h"
#include "checks/test_desk.h"
#include "media/media_testkit.h"
#include "media/peaks.h"
#include "recording/recording_sql.h"

namespace otklik {

class ChecksOf : public DeskTest {};
OTKLIK_BOTH_DATABASES(ChecksOf);

TEST_P(ChecksOf, standard_form_on_a_press_is_refused_and_signal_form_is_scored) {
    record(0, 240);
    const auto clip = press(100);
    EXPECT_EQ(code_of([&] { start(standard, clip); }), "check.standard_on_press");
    const auto id = start(signal_form, clip);
    EXPECT_EQ(start(signal_form, clip), id);  // a double click is one draft
    EXPECT_EQ(code_of([&] { finish(id); }), "check.unanswered");
    answer(id, {{"a", "yes", ""}, {"b", "na", "nobody asked"}, {"c", "partly", ""}});
    EXPECT_EQ(code_of([&] { finish(id); }), "check.no_evidence");
    show(id, "c", 48'000);
    finish(id);
    const Check done = find(id);
    EXPECT_EQ(done.state, CheckState::done);
    EXPECT_EQ(done.outcome, Outcome::scored);
    EXPECT_EQ(done.score, (Ratio{9, 14}));  // (2 + 2.5) / 7
    EXPECT_EQ(done.person_id, world->person.id);
    EXPECT_EQ(code_of([&] { answer(id, {{"a", "no", ""}}); }), "check.not_draft");
    EXPECT_EQ(code_of([&] { start(signal_form, clip); }), "check.done_before");
    store().write([&](Tx& tx) { checks->reopen(boris(), tx, id); });
    EXPECT_FALSE(find(id).score);
    answer(id, {{"b", "yes", ""}});
    finish(id);
    EXPECT_EQ(find(id).score, (Ratio{3, 4}));  // (2 + 3 + 2.5) / 10
}

TEST_P(ChecksOf, standard_form_takes_a_draw_and_only_a_draw) {
    const auto session = record(0, 240);
    press(100);
    const Draw drawn = draw(0, 240, "first");
    EXPECT_EQ(drawn.session_id, session);
    EXPECT_EQ(drawn.samples.count(), 30 * 48'000);
    EXPECT_EQ(drawn.person_id, world->person.id);
    EXPECT_EQ(draw(0, 240, "first").samples, drawn.samples);
    EXPECT_EQ(code_of([&] { start(signal_form, drawn.id); }), "check.signal_on_draw");
    EXPECT_EQ(code_of([&] { draw(300, 400, "first"); }), "draw.nothing_recorded");
    const auto by_hand = [&](std::int64_t from, std::int64_t to) {
        store().read([&](Tx& tx) {
            checks->refuse_interval(boris(), tx, session, {from * 48'000, to * 48'000});
        });
    };
    EXPECT_EQ(code_of([&] { by_hand(90, 110); }), "check.interval_over_press");
    EXPECT_EQ(code_of([&] { by_hand(200, 220); }), "check.interval_not_drawn");
    const auto id = start(standard, drawn.id);
    answer(id, {{"a", "yes", ""}, {"b", "no", ""}, {"c", "yes", ""}});
    show(id, "b", 5 * 48'000);
    finish(id);
    EXPECT_EQ(find(id).score, (Ratio{1, 2}));  // section one counts 0: 5 / 10
    const Evidence shown =
        store().read([&](Tx& tx) { return checks->evidence(tx, find(id)).at(0); });
    EXPECT_EQ(shown.session_id, session);
    EXPECT_EQ(shown.media_sample, drawn.samples.begin + 5 * 48'000);
}

/// The peaks file of a part of a talk, seconds.
static std::string talk_peaks(const std::vector<float>& pcm, double begin, double end,
                              float gain = 1) {
    constexpr int rate = 8'000;
    std::vector<float> part(pcm.begin() + static_cast<std::ptrdiff_t>(begin * rate),
                            pcm.begin() + static_cast<std::ptrdiff_t>(end * rate));
    for (float& x : part) x *= gain;
    PeakBuilder peaks(rate);
    peaks.feed(std::span<const float>(part));
    peaks.finish();
    return peaks.file_bytes();
}

TEST_P(ChecksOf, press_clip_that_comes_back_as_another_file_is_known_by_its_sound) {
    const auto talk = testkit::speech_like(240, 8'000, 1);
    const auto other = testkit::speech_like(240, 8'000, 2);
    record(0, 240, talk_peaks(talk, 0, 240));
    const auto clip = press(100);  // 40 to 160
    // Exported, made quieter, a second and 30 ms cut off its begin.
    const auto copy = record(5000, 118, talk_peaks(talk, 41.03, 159.03, 0.5F));
    const auto another = record(6000, 118, talk_peaks(other, 41, 159));
    const auto same_room = record(7000, 110, talk_peaks(talk, 100, 210));
    const auto drawn = draw(5000, 5118, "copy");
    const auto begun = start(standard, drawn.id);
    for (const auto session : {copy, another, same_room}) {
        clips->recognise(session.value);
        clips->recognise(session.value);  // run twice, the same row
    }
    const auto found = [&](Id<RecordingSession> session) {
        return store().read([&](Tx& tx) { return clips->returned_clip(tx, session); });
    };
    EXPECT_EQ(found(copy), clip);
    EXPECT_EQ(found(another), std::nullopt);
    EXPECT_EQ(found(same_room), std::nullopt) << "half of the clip is not the clip";
    EXPECT_EQ(code_of([&] { finish(begun); }), "check.standard_on_press")
        << "begun before it was recognised";
    EXPECT_EQ(code_of([&] { start(standard, drawn.id); }), "check.standard_on_press");
    EXPECT_EQ(code_of([&] { start(standard, draw(6000, 6118, "other").id); }), "");
    EXPECT_EQ(code_of([&] { start(standard, draw(7000, 7110, "room").id); }), "");
}

TEST_P(ChecksOf, newest_press_clips_are_compared_first) {
    const auto talk = testkit::speech_like(600, 8'000, 4);
    record(0, 600, talk_peaks(talk, 0, 600));
    press(100);
    press(250);
    const auto newest = press(400);
    const auto copy = record(5000, 119, talk_peaks(talk, 341, 460));
    clips->recognise(copy.value);
    store().read([&](Tx& tx) {
        EXPECT_EQ(clips->returned_clip(tx, copy), newest);
        const auto row = tx.row({"select compared from clip_return where session_id = :session"},
                                {{"session", copy}});
        EXPECT_EQ(row.value().integer(0), 1) << "of three clips of this length";
    });
}

TEST_P(ChecksOf, recording_is_not_the_return_of_a_clip_cut_from_itself) {
    const auto talk = testkit::speech_like(120, 8'000, 3);
    const auto session = record(0, 120, talk_peaks(talk, 0, 120));
    press(60);  // the whole call
    clips->recognise(session.value);
    EXPECT_EQ(store().read([&](Tx& tx) { return clips->returned_clip(tx, session); }),
              std::nullopt);
    EXPECT_EQ(code_of([&] { start(standard, draw(0, 120, "call").id); }), "")
        << "a chance draw over a press stays";
}

TEST_P(ChecksOf, exported_press_clip_that_comes_back_is_known_by_its_bytes) {
    record(0, 240);
    const auto clip = press(100);
    const auto session = store().write([&](Tx& tx) {
        const auto version = clips->find(Scope::system(), tx, clip)->version_id;
        const ClipVersion cut = clips->version(Scope::system(), tx, version).value();
        NewSession again;
        again.begin_at = at(5000);
        again.length_samples = 120 * samples_per_second;
        again.start_source = "stated";
        const StoredFile& file = cut.tracks.at(0).file;
        const auto original_id = tx.next_id();
        tx.run(recording_sql::insert_original, {{"id", original_id},
                                                {"company", world->company},
                                                {"unit", world->point.unit},
                                                {"recorder", recorder},
                                                {"file", file.id},
                                                {"sha256", Bytes{file.sha256}},
                                                {"started", again.begin_at},
                                                {"source", "stated"},
                                                {"uncertainty", 0},
                                                {"name", "clip.opus"},
                                                {"format", "opus"},
                                                {"rate", 48'000},
                                                {"channels", 1},
                                                {"length", again.length_samples},
                                                {"warnings", ""},
                                                {"silent", 0},
                                                {"by", "test"},
                                                {"at", tx.now()}});
        return insert_new_session(tx, world->point, recorder, original_id, again);
    });
    const Draw drawn = draw(5000, 5120, "again");
    EXPECT_EQ(drawn.session_id, session);
    EXPECT_EQ(code_of([&] { start(standard, drawn.id); }), "check.standard_on_press");
}

TEST_P(ChecksOf, evidence_is_bound_to_a_second_that_can_be_heard) {
    record(0, 110);  // the window of the press ends at 160: 50 s are missing
    const auto session = record(130, 60);
    const auto clip = press(100);
    const auto id = start(signal_form, clip);
    EXPECT_EQ(code_of([&] { show(id, "a", 75 * 48'000); }), "evidence.in_gap");  // second 115
    EXPECT_EQ(code_of([&] { show(id, "a", 500 * 48'000); }), "evidence.outside");
    EXPECT_EQ(code_of([&] { show(id, "z", 48'000); }), "answer.unknown_item");
    show(id, "a", 95 * 48'000);  // second 135, 5 s into the second recording
    const Evidence shown =
        store().read([&](Tx& tx) { return checks->evidence(tx, find(id)).at(0); });
    EXPECT_EQ(shown.session_id, session);
    EXPECT_NEAR(static_cast<double>(shown.media_sample), 5 * 48'000, 120);  // a joint is on 2.5 ms
    EXPECT_EQ(
        store().read([&](Tx& tx) { return checks->clip_sample_of(boris(), tx, find(id), shown); }),
        95 * 48'000);
    const auto add = [&](Checks::EvidencePlace place) {
        store().write([&](Tx& tx) { checks->add_evidence(boris(), tx, id, place); });
    };
    EXPECT_EQ(
        code_of([&] { add({.item = "a", .session_id = session, .media_sample = 59 * 48'000}); }),
        "evidence.outside");
    EXPECT_EQ(code_of([&] {
                  add({.item = "a", .session_id = session, .media_sample = 0, .channel = 1});
              }),
              "evidence.channel");
}

TEST_P(ChecksOf, quote_must_be_said_around_the_second) {
    const auto session = record(0, 240);
    store().write([&](Tx& tx) {
        Transcript transcript;
        transcript.session_id = session;
        transcript.at = {0, 240 * 48'000};
        transcript.source = TranscriptSource::script;
        transcript.language = "ru";
        std::vector<Word> words;
        for (const char* text : {"Это", "всё", "дорого,", "верните", "деньги!"}) {
            const std::int64_t begin = (100 + static_cast<std::int64_t>(words.size())) * 48'000;
            words.push_back({text, {begin, begin + 24'000}, {}, {}});
        }
        speech->add(Scope::system(), tx, transcript, words);
    });
    const auto id = start(signal_form, press(100));
    show(id, "a", 61 * 48'000, "все дорого верните");
    EXPECT_EQ(code_of([&] { show(id, "a", 61 * 48'000, "верните дорого"); }),
              "evidence.quote_unknown");
    EXPECT_EQ(code_of([&] { show(id, "a", 5 * 48'000, "верните деньги"); }),
              "evidence.quote_unknown");
}

TEST_P(ChecksOf, nobody_checks_themself_and_only_the_checker_fills) {
    record(0, 240);
    const auto clip = press(100);
    const Scope anna = scope(Role::checker, world->person.id);
    EXPECT_EQ(
        code_of([&] {
            store().write([&](Tx& tx) { checks->start_on_clip(anna, tx, signal_form, clip); });
        }),
        "check.own_work");
    const auto id = start(signal_form, clip);
    EXPECT_EQ(code_of([&] {
                  store().write([&](Tx& tx) {
                      checks->set_answers(anna, tx, id, 1, {{"a", "yes", ""}});
                  });
              }),
              "check.not_yours");
    EXPECT_EQ(code_of([&] {
                  store().write([&](Tx& tx) {
                      checks->set_answers(boris(), tx, id, 7, {{"a", "yes", ""}});
                  });
              }),
              "row.changed");
    const Scope employee = scope(Role::employee, world->person.id);
    const auto seen = [&] {
        return store().read([&](Tx& tx) { return checks->find(employee, tx, id).has_value(); });
    };
    EXPECT_FALSE(seen());  // a draft is nobody's business yet
    answer(id, {{"a", "yes", ""}, {"b", "yes", ""}, {"c", "yes", ""}});
    finish(id);
    EXPECT_TRUE(seen());
    EXPECT_EQ(store().read([&](Tx& tx) { return checks->own(employee, tx).size(); }), 1u);
    store().write([&](Tx& tx) { checks->withdraw(boris(), tx, id); });
    EXPECT_FALSE(seen());
}

TEST_P(ChecksOf, own_checks_go_by_the_day_of_service) {
    const auto done_of = [&](double second) {
        const auto id = start(signal_form, press(second));
        answer(id, {{"a", "yes", ""}, {"b", "yes", ""}, {"c", "yes", ""}});
        clock.advance(Duration::seconds(60));
        finish(id);
        return id;
    };
    constexpr std::int64_t day = 86'400;
    for (const std::int64_t begin : {-2 * day, -day, std::int64_t{0}}) record(begin, 240);
    const auto newest = done_of(100);
    const auto oldest = done_of(-2.0 * day + 100);
    const auto early = done_of(-1.0 * day + 100);
    const auto late = done_of(-1.0 * day + 200);  // of one day: the one done last
    std::vector<Id<Check>> order;
    const Scope employee = scope(Role::employee, world->person.id);
    store().read([&](Tx& tx) {
        for (const Check& check : checks->own(employee, tx)) order.push_back(check.id);
    });
    EXPECT_EQ(order, (std::vector{newest, late, early, oldest}));
}

TEST_P(ChecksOf, what_cannot_be_assessed_ends_without_a_score_and_can_be_reopened) {
    record(0, 240);
    const auto id = start(signal_form, press(100));
    const auto give_up = [&](Unassessed reason, std::string_view note) {
        return code_of([&] {
            const auto version = find(id).version;
            store().write([&](Tx& tx) { checks->give_up(boris(), tx, id, version, reason, note); });
        });
    };
    const auto complained = [&](const Scope& reader) {
        const std::int64_t today = local_day(noon, world->point.zone);
        return store().read(
            [&](Tx& tx) { return checks->bad_sound(reader, tx, today - 1, today + 1); });
    };
    answer(id, {{"a", "yes", "heard only this"}});
    EXPECT_EQ(give_up(Unassessed::something_else, "  "), "check.reason_note");
    EXPECT_EQ(give_up(Unassessed::bad_sound, " hum "), "");
    const Check done = find(id);
    EXPECT_EQ(done.state, CheckState::done);
    EXPECT_EQ(done.outcome, Outcome::cannot_assess);
    EXPECT_EQ(done.reason, Unassessed::bad_sound);
    EXPECT_EQ(done.reason_note, "hum");
    EXPECT_FALSE(done.score);
    EXPECT_FALSE(store().read([&](Tx& tx) { return checks->score(tx, done).value; }));
    EXPECT_EQ(give_up(Unassessed::bad_sound, ""), "check.not_draft");
    ASSERT_EQ(complained(boris()).size(), 1u);
    EXPECT_EQ(complained(boris())[0].point_id, world->point.id);
    EXPECT_EQ(complained(boris())[0].checks, std::vector{id});
    EXPECT_TRUE(complained(Scope::of(world->company, Role::checker, 7, 1, {42}, {42})).empty());
    store().write([&](Tx& tx) { checks->reopen(boris(), tx, id); });
    EXPECT_FALSE(find(id).reason);
    EXPECT_TRUE(complained(boris()).empty());
    EXPECT_EQ(give_up(Unassessed::no_consent, ""), "");  // no fault of the sound
    EXPECT_TRUE(complained(boris()).empty());
}

TEST_P(ChecksOf, a_withdrawal_is_taken_back_as_it_was_unless_begun_anew) {
    record(0, 240);
    const auto clip = press(100);
    const auto id = start(signal_form, clip);
    const auto withdraw = [&](Id<Check> which) {
        store().write([&](Tx& tx) { checks->withdraw(boris(), tx, which); });
    };
    const auto restore = [&] {
        return code_of([&] { store().write([&](Tx& tx) { checks->restore(boris(), tx, id); }); });
    };
    answer(id, {{"a", "yes", "kept"}});
    withdraw(id);
    EXPECT_EQ(restore(), "");
    EXPECT_EQ(restore(), "");  // twice is once
    EXPECT_EQ(find(id).state, CheckState::draft);
    EXPECT_EQ(store().read([&](Tx& tx) { return checks->answers(tx, find(id)).at(0).comment; }),
              "kept");
    answer(id, {{"b", "yes", ""}, {"c", "yes", ""}});
    finish(id);
    withdraw(id);
    EXPECT_EQ(restore(), "");
    EXPECT_EQ(find(id).state, CheckState::done);
    EXPECT_EQ(find(id).score, (Ratio{1, 1}));
    withdraw(id);
    const auto again = start(signal_form, clip);
    EXPECT_EQ(restore(), "check.begun_again");
    withdraw(again);
    EXPECT_EQ(restore(), "");
    const Scope other = scope(Role::checker, world->person.id);
    EXPECT_EQ(code_of([&] { store().write([&](Tx& tx) { checks->restore(other, tx, id); }); }),
              "check.not_yours");
}

TEST_P(ChecksOf, old_check_keeps_its_version_of_the_form) {
    record(0, 240);
    const auto id = start(signal_form, press(100));
    store().write([&](Tx& tx) {
        FormBody body = parse_body(form_json());
        body.sections.pop_back();
        forms.add_version(boris(), tx, signal_form, body, {1});
    });
    const auto items = [&](Id<Check> check) {
        return store().read(
            [&](Tx& tx) { return checks->form_of(tx, find(check)).body.items_count(); });
    };
    EXPECT_EQ(items(id), 3u);
    EXPECT_EQ(items(start(signal_form, press(150))), 2u);
}

TEST(Checks, quotes_ignore_case_marks_and_io) {
    const std::vector<std::string> words{"Ещё", "раз:", "«цена»", "—", "Высокая."};
    EXPECT_TRUE(quote_fits(words, "еще раз цена высокая"));
    EXPECT_TRUE(quote_fits(words, "Раз, цена"));
    EXPECT_FALSE(quote_fits(words, "цена раз"));
    EXPECT_FALSE(quote_fits(words, "цен"));
    EXPECT_FALSE(quote_fits(words, " … "));
}

}  // namespace otklik
