
#include "base/calendar.h"
#include "base/error.h"
#include "signals/test_world.h"
#include "store/facts.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class SignalsOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        make_world("Asia/Yekaterinburg");
    }
    void TearDown() override {
        intake.reset();
        world.reset();
    }
    void make_world(std::string zone) {
        intake.reset();
        world = std::make_unique<TestWorld>(store(), clock, std::move(zone));
        intake = std::make_unique<PressIntake>(store(), world->signals, world->sites, clock);
    }
    Signal press(std::string id, std::string key, Instant at) {
        return world->find(
            intake->take(world->device, {{std::move(id), std::move(key), at, {}, {}}})
                .at(0)
                .signal_id);
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<PressIntake> intake;
};
OTKLIK_BOTH_DATABASES(SignalsOf);

TEST_P(SignalsOf, an_old_press_keeps_the_meaning_of_its_moment) {
    const Instant noon = clock.now() - Duration::hours(2);
    const Signal before = press("a", "1", noon - Duration::seconds(1));
    store().write([&](Tx& tx) {
        auto buttons = TestWorld::starter();
        buttons[0].signal_kind = SignalKind::praise;
        buttons[0].window_before = Duration::seconds(10);
        world->signals.make_button_map(tx, world->device, noon, buttons, "test");
    });
    // Sent after the change, pressed before it.
    const Signal late = press("b", "1", noon - Duration::seconds(1));
    const Signal after = press("c", "1", noon);
    EXPECT_EQ(before.signal_kind, SignalKind::answer);
    EXPECT_EQ(late.signal_kind, SignalKind::answer);
    EXPECT_EQ(late.button_id, before.button_id);
    EXPECT_EQ(after.signal_kind, SignalKind::praise);
    store().read([&](Tx& tx) {
        EXPECT_EQ(world->signals.find_button(tx, before.button_id)->window_before,
                  Duration::seconds(60));
        EXPECT_EQ(world->signals.find_button(tx, after.button_id)->window_before,
                  Duration::seconds(10));
        EXPECT_EQ(world->signals.button_maps(tx, world->device.id).size(), 2u);
        EXPECT_EQ(world->signals.buttons_in_use(world->reader(), tx).size(), 4u);
    });
}

TEST_P(SignalsOf, a_key_without_meaning_is_kept) {
    const Signal signal = press("a", "99", clock.now());
    EXPECT_FALSE(signal.button_id);
    EXPECT_FALSE(signal.signal_kind.has_value());
    EXPECT_EQ(signal.key, "99");
}

TEST_P(SignalsOf, who_was_on_duty_stands_on_the_press) {
    const Instant begin = clock.now() - Duration::hours(3);
    store().write([&](Tx& tx) {
        Duty duty;
        duty.person_id = world->person.id;
        duty.begin_at = begin;
        duty.end_at = begin + Duration::hours(1);
        duty.source = "api";
        world->sites.begin_duty(tx, world->point, duty);
    });
    EXPECT_FALSE(press("a", "1", begin - Duration{1}).person_id);
    EXPECT_EQ(press("b", "1", begin).person_id, world->person.id);
    EXPECT_FALSE(press("c", "1", begin + Duration::hours(1)).person_id);
}

TEST_P(SignalsOf, local_day_and_hour_follow_the_zone_through_summer_time) {
    make_world("Europe/Berlin");
    clock.set(*parse_instant("2026-10-25T12:00:00Z"));
    // 02:30 comes twice that night: once in summer time, once in winter time.
    const Signal first = press("a", "1", *parse_instant("2026-10-25T00:30:00Z"));
    const Signal second = press("b", "1", *parse_instant("2026-10-25T01:30:00Z"));
    const Signal eve = press("c", "1", *parse_instant("2026-10-24T21:59:59Z"));
    EXPECT_EQ(first.local_hour, 2);
    EXPECT_EQ(second.local_hour, 2);
    EXPECT_EQ(first.local_day, *parse_day("2026-10-25"));
    EXPECT_EQ(eve.local_day, *parse_day("2026-10-24"));
    EXPECT_EQ(eve.local_hour, 23);
}

TEST_P(SignalsOf, undo_is_a_second_row_and_leaves_the_counts) {
    const Signal one = press("a", "1", clock.now());
    press("b", "1", clock.now());
    store().write(
        [&](Tx& tx) { EXPECT_EQ(world->signals.undo_press(tx, world->device, "a"), one.id); });
    store().write(
        [&](Tx& tx) { world->signals.undo(world->reader(), tx, one.id, "account_x"); });  // again
    const Signal undone = world->find(one.id);
    EXPECT_TRUE(undone.undone);
    EXPECT_EQ(undone.undone_at, clock.now());
    store().read([&](Tx& tx) {
        const auto counts = world->signals.counts(world->reader(), tx, {});
        EXPECT_EQ(counts.fresh, 1);
        EXPECT_EQ(counts.undone, 1);
        const auto rows = tx.rows(Sql{"select undone_by from signal_undo"});
        ASSERT_EQ(rows.size(), 1u);
        EXPECT_EQ(rows[0].text(0), word(world->device.id));
        int facts = 0;
        for (const Fact& fact : facts_after(tx, 0, 100)) facts += fact.kind == "signal.undone";
        EXPECT_EQ(facts, 1);
    });
    EXPECT_THROW(
        store().write([&](Tx& tx) { world->signals.undo_press(tx, world->device, "zzz"); }), Error);
    // The press itself, sent once more, is still known.
    EXPECT_EQ(intake->take(world->device, {{"a", "1", clock.now(), {}, {}}}).at(0).answer,
              PressAnswer::repeated);
}

TEST_P(SignalsOf, state_changes_need_the_newest_version) {
    const Signal signal = press("a", "1", clock.now());
    const auto set = [&](SignalState state, std::int64_t version) {
        store().write([&](Tx& tx) {
            world->signals.set_state(world->reader(), tx, signal.id, state, version, "a flat tyre");
        });
    };
    set(SignalState::later, 1);
    EXPECT_EQ(world->find(signal.id).state, SignalState::later);
    try {
        set(SignalState::done, 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::precondition);
    }
}

TEST_P(SignalsOf, list_pages_by_key_and_filters) {
    for (int i = 0; i < 25; ++i)
        press("p" + std::to_string(i), std::to_string(1 + i % 4),
              clock.now() - Duration::seconds(i));
    SignalFilter filter;
    filter.signal_kind = SignalKind::complaint;
    std::vector<Id<Signal>> seen;
    std::optional<PageKey> after;
    do {
        after = store().read([&](Tx& tx) {
            return world->signals.list(world->reader(), tx, filter, after, 4,
                                       [&](const Signal& signal) {
                                           seen.push_back(signal.id);
                                           return true;
                                       });
        });
    } while (after);
    EXPECT_EQ(seen.size(), 6u);
    for (const auto id : seen) EXPECT_EQ(world->find(id).key, "3");
    const Scope stranger = Scope::of(world->company + 1, Role::administrator, 0, 2,
                                     {world->root.value}, {world->root.value});
    store().read([&](Tx& tx) {
        EXPECT_FALSE(world->signals.find(stranger, tx, seen[0]).has_value());
        EXPECT_EQ(world->signals.counts(stranger, tx, {}).fresh, 0);
    });
}

TEST_P(SignalsOf, a_token_is_known_until_it_is_renewed_or_revoked) {
    const auto known = [&](const std::string& token) {
        return world->signals.device_of_token(store(), token).has_value();
    };
    EXPECT_TRUE(known(world->token));
    EXPECT_FALSE(known("otk_unknown"));
    EXPECT_FALSE(known(""));
    const std::string renewed = store().write(
        [&](Tx& tx) { return world->signals.renew_token(world->reader(), tx, world->device.id); });
    clock.advance(Duration::seconds(6));  // what was remembered is over
    EXPECT_FALSE(known(world->token));
    EXPECT_TRUE(known(renewed));
    store().write(
        [&](Tx& tx) { world->signals.revoke_device(world->reader(), tx, world->device.id); });
    clock.advance(Duration::seconds(6));
    EXPECT_FALSE(known(renewed));
}

TEST_P(SignalsOf, a_bad_button_map_is_refused_with_its_field) {
    const auto field_of = [&](const std::vector<Button>& buttons) {
        try {
            store().write([&](Tx& tx) {
                world->signals.make_button_map(tx, world->device, clock.now(), buttons, "t");
            });
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::invalid);
            return error.field();
        }
        return std::string("stored");
    };
    auto twice = TestWorld::starter();
    twice[1].key = "1";
    EXPECT_EQ(field_of(twice), "buttons[1].key");
    auto wide = TestWorld::starter();
    wide[2].window_after = Duration::seconds(601);
    EXPECT_EQ(field_of(wide), "buttons[2].window_after_ms");
    EXPECT_EQ(field_of({}), "buttons");
}

}  // namespace
}  // namespace otklik
