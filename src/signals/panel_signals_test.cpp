// What a panel adds to presses: pairing, "just heard", gestures, the customer's score, the words of
// what exactly was said, and two clocks kept side by side.
#include "base/error.h"
#include "base/hash.h"
#include "signals/pairing.h"
#include "signals/test_world.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class PanelSignals : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        world = std::make_unique<TestWorld>(store(), clock);
        intake = std::make_unique<PressIntake>(store(), world->signals, world->sites, clock);
    }
    void TearDown() override {
        intake.reset();
        world.reset();
    }
    Signal take(const Press& press) {
        return world->find(intake->take(world->device, {press}).at(0).signal_id);
    }
    PairingCode code() {
        return store().write([&](Tx& tx) { return make_pairing(tx, world->device, "test"); });
    }
    std::optional<Paired> pair(const std::string& typed) {
        return store().write([&](Tx& tx) { return pair_panel(world->signals, tx, typed); });
    }
    Id<Question> plan(std::int64_t weekdays) {
        return store().write([&](Tx& tx) {
            Question question{{}, world->company, "Was it easy to book?", std::nullopt};
            question.organic = true;
            PlannedQuestion planned;
            planned.company_id = world->company;
            planned.question_id = world->sites.make_question(tx, question);
            planned.weekdays = weekdays;
            world->sites.plan_question(tx, planned, "test");
            return planned.question_id;
        });
    }
    std::string refusal(const std::vector<Button>& buttons) {
        try {
            store().write([&](Tx& tx) {
                world->signals.make_button_map(tx, world->device, clock.now(), buttons, "test");
            });
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<PressIntake> intake;
};
OTKLIK_BOTH_DATABASES(PanelSignals);

TEST_P(PanelSignals, a_test_press_is_withdrawn_from_its_first_moment) {
    Press trial{"t", "3", {}, Duration{}, {}};
    trial.tested_by = "account_boss";
    const Signal made = take(trial);
    EXPECT_TRUE(made.test);
    EXPECT_TRUE(made.undone);
    EXPECT_EQ(made.undone_at, clock.now());
    // Sent once more, it is the same press and the same withdrawal.
    EXPECT_EQ(intake->take(world->device, {trial}).at(0).answer, PressAnswer::repeated);
    const Signal real = take({"r", "3", {}, Duration{}, {}});
    EXPECT_FALSE(real.test);
    // One pressed at a real panel is marked by the person who tries the point.
    store().write(
        [&](Tx& tx) { world->signals.undo(Scope::system(), tx, real.id, "account_boss", true); });
    EXPECT_TRUE(world->find(real.id).test);
    store().read([&](Tx& tx) {
        const auto counts = world->signals.counts(world->reader(), tx, {});
        EXPECT_EQ(counts.fresh, 0);
        EXPECT_EQ(counts.undone, 2);
        const auto rows = tx.rows(Sql{"select undone_by, test from signal_undo order by id"});
        ASSERT_EQ(rows.size(), 2u);
        EXPECT_EQ(rows[0].text(0), "account_boss");
        EXPECT_TRUE(rows[0].flag(1));
    });
}

TEST_P(PanelSignals, a_device_knows_when_a_panel_came_in) {
    const auto at = [&] {
        return store().read([&](Tx& tx) { return paired_at(tx, world->device.id); });
    };
    EXPECT_FALSE(at());
    const std::string given = code().code;
    EXPECT_FALSE(at());
    ASSERT_TRUE(pair(given));
    EXPECT_EQ(at(), clock.now());
}

TEST_P(PanelSignals, a_code_gives_a_token_once) {
    const PairingCode made = code();
    EXPECT_EQ(made.code.size(), 8u);
    const auto paired = pair(" " + made.code.substr(0, 4) + "-" + made.code.substr(4));
    ASSERT_TRUE(paired);
    EXPECT_EQ(paired->device.id, world->device.id);
    clock.advance(Duration::seconds(6));  // tokens are remembered for 5 s
    EXPECT_TRUE(world->signals.device_of_token(store(), paired->token));
    EXPECT_FALSE(world->signals.device_of_token(store(), world->token))
        << "the earlier one is void";
    EXPECT_FALSE(pair(made.code)) << "used";
}

TEST_P(PanelSignals, a_code_is_void_when_late_replaced_or_of_a_revoked_device) {
    const PairingCode replaced = code(), newest = code();
    EXPECT_FALSE(pair(replaced.code));
    clock.advance(Duration::seconds(600));
    EXPECT_FALSE(pair(newest.code));
    const PairingCode good = code();
    store().write(
        [&](Tx& tx) { world->signals.revoke_device(world->reader(), tx, world->device.id); });
    EXPECT_FALSE(pair(good.code));
    EXPECT_FALSE(pair(""));
    EXPECT_FALSE(pair("AAAAAAAA"));
}

TEST_P(PanelSignals, only_the_hash_of_a_code_is_kept) {
    const PairingCode made = code();
    const auto kept =
        store().read([](Tx& tx) { return tx.rows(Sql{"select code_hash from device_pairing"}); });
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0].blob(0), sha256("pairing/1\n" + made.code));
}

TEST_P(PanelSignals, an_answer_goes_to_the_question_of_the_shift_unless_just_heard) {
    const auto question = plan(every_weekday);
    EXPECT_EQ(take({"a", "1", clock.now(), {}, {}}).question_id, question);
    Press heard{"b", "1", clock.now(), {}, {}};
    heard.heard = true;
    const Signal signal = take(heard);
    EXPECT_FALSE(signal.question_id);
    EXPECT_TRUE(signal.heard);
    EXPECT_FALSE(take({"c", "3", clock.now(), {}, {}}).question_id)
        << "a complaint answers nothing";
    heard.heard = false;
    EXPECT_EQ(intake->take(world->device, {heard}).at(0).error_code, "press.differs");
}

TEST_P(PanelSignals, a_clock_of_1970_is_kept_beside_the_resolved_time) {
    Press press{"a", "1", {}, Duration::hours(3), Duration::seconds(2)};
    press.device_at = Instant{Duration::hours(7).us};
    const Signal signal = take(press);
    EXPECT_EQ(signal.pressed_at, clock.now() - Duration::hours(3));
    EXPECT_EQ(signal.device_at, press.device_at);
    EXPECT_EQ(signal.uncertainty, Duration::seconds(2));
    clock.advance(Duration::seconds(30));
    press.age = Duration::hours(3) + Duration::seconds(31);
    EXPECT_EQ(intake->take(world->device, {press}).at(0).answer, PressAnswer::repeated);
}

TEST_P(PanelSignals, gestures_are_meanings_of_a_key_that_is_there) {
    auto buttons = TestWorld::starter();
    Button angry = buttons[2];
    angry.key = "3:long";
    angry.label = "Asks for the head";
    buttons.push_back(angry);
    EXPECT_EQ(refusal(buttons), "");
    EXPECT_EQ(take({"a", "3:long", clock.now(), {}, {}}).signal_kind, SignalKind::complaint);
    buttons.back().key = "9:long";
    EXPECT_EQ(refusal(buttons), "buttons.gesture");
    buttons.back().key = "3:thrice";
    EXPECT_EQ(refusal(buttons), "buttons.gesture");
    buttons.back() = angry;
    buttons.back().prompts = {"a", "b", "c", "d"};
    EXPECT_EQ(refusal(buttons), "buttons.prompts");
}

TEST_P(PanelSignals, prompts_code_and_pad_come_back_with_the_map) {
    auto buttons = TestWorld::starter();
    buttons[0].prompts = {"How did you book?", "What exactly was hard?"};
    buttons[0].code = "F13";
    buttons[0].score_pad = true;
    EXPECT_EQ(refusal(buttons), "");
    const auto maps =
        store().read([&](Tx& tx) { return world->signals.button_maps(tx, world->device.id); });
    const Button* button = maps.front().find("1");
    EXPECT_EQ(button->prompts, buttons[0].prompts);
    EXPECT_EQ(button->code, "F13");
    EXPECT_TRUE(button->score_pad);
    EXPECT_FALSE(maps.front().find("2")->score_pad);
}

TEST_P(PanelSignals, the_first_score_of_a_press_stays) {
    const Signal signal = take({"a", "1", clock.now(), {}, {}});
    const auto score = [&](const std::string& press, std::int64_t value) {
        store().write([&](Tx& tx) { world->signals.score_press(tx, world->device, press, value); });
    };
    EXPECT_FALSE(signal.customer_score);
    score("a", 0);
    score("a", 9);
    EXPECT_EQ(world->find(signal.id).customer_score, 0);
    EXPECT_THROW(score("a", 11), Error);
    EXPECT_THROW(score("b", 5), Error);
}

TEST_P(PanelSignals, a_signal_is_done_only_with_the_words_of_what_was_said) {
    const Signal signal = take({"a", "3", clock.now(), {}, {}});
    const auto set = [&](SignalState state, std::string_view what) -> std::string {
        try {
            store().write([&](Tx& tx) {
                world->signals.set_state(world->reader(), tx, signal.id, state,
                                         world->find(signal.id).version, what);
            });
        } catch (const Error& error) {
            return error.code() + " " + error.field();
        }
        return "";
    };
    EXPECT_EQ(set(SignalState::done, ""), "signal.what_missing what");
    EXPECT_EQ(set(SignalState::done, "  "), "signal.what_missing what");
    EXPECT_EQ(set(SignalState::later, ""), "");
    EXPECT_EQ(set(SignalState::done, "the wait was an hour"), "");
    EXPECT_EQ(world->find(signal.id).what, "the wait was an hour");
    EXPECT_EQ(set(SignalState::fresh, ""), "");
    EXPECT_EQ(set(SignalState::done, ""), "") << "the words are there";
    EXPECT_EQ(set(SignalState::done, "an hour and a half"), "");
    EXPECT_EQ(world->find(signal.id).what, "an hour and a half");
    const Signal withdrawn = take({"b", "3", clock.now(), {}, {}});
    store().write([&](Tx& tx) {
        world->signals.undo(world->reader(), tx, withdrawn.id, "test");
        world->signals.set_state(world->reader(), tx, withdrawn.id, SignalState::done,
                                 withdrawn.version + 1);
    });
}

}  // namespace
}  // namespace otklik
