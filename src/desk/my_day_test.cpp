// What must be done now, over real rows of every room, on both databases.
#include "desk/my_day.h"

#include <algorithm>
#include <set>

#include "alarms/alarms.h"
#include "checks/test_desk.h"
#include "signals/pairing.h"

namespace otklik {

class MyDayOf : public DeskTest {
protected:
    void SetUp() override {
        DeskTest::SetUp();
        if (IsSkipped()) return;
        secrets = std::make_unique<Secrets>(test_store->folder());
        notices = std::make_unique<Notices>(world->people, messages, *secrets);
        alarms = std::make_unique<Alarms>(
            Alarms::Uses{world->people, world->sites, *recording, *notices});
        desk = std::make_unique<DayDesk>(DayDesk::Uses{world->people, world->sites, *recording,
                                                       world->signals, *checks, *alarms});
        store().write([&](Tx& tx) {
            BasisCard card;
            card.point_id = world->point.id;
            card.ground = "participant";
            card.notice = card.signage = card.consent = "paper";
            card.confirmed_by = world->person.id;
            world->sites.confirm_basis(tx, world->point, card);
        });
    }
    Scope boss() const { return world->reader(); }
    Scope worker() const { return scope(Role::employee, world->person.id); }
    Scope stranger() const {
        return Scope::of(world->company, Role::administrator, 0, 9, {42}, {42});
    }
    MyDay day(const Scope& scope, int count = 300) {
        return store().read([&](Tx& tx) { return desk->day(scope, tx, count); });
    }
    std::vector<Due> of(const Scope& scope, DueKind kind) {
        std::vector<Due> found;
        for (const Due& due : day(scope).items)
            if (due.kind == kind) found.push_back(due);
        return found;
    }
    void mark(const Scope& scope, const std::string& item, MarkFor how) {
        store().write([&](Tx& tx) { desk->mark(scope, tx, item, how, "test"); });
    }
    void set_state(Id<Signal> id, SignalState state) {
        const auto version = world->find(id).version;
        store().write([&](Tx& tx) {
            world->signals.set_state(boss(), tx, id, state, version, "what was said");
        });
    }

    Messages messages;
    std::unique_ptr<Secrets> secrets;
    std::unique_ptr<Notices> notices;
    std::unique_ptr<Alarms> alarms;
    std::unique_ptr<DayDesk> desk;
    std::set<std::int64_t> waiting;
};
OTKLIK_BOTH_DATABASES(MyDayOf);

TEST_P(MyDayOf, presses_are_due_by_their_goal_and_gone_when_done) {
    const auto answer = press_signal(0, "1");
    const auto complaint = press_signal(60, "3");
    const auto withdrawn = press_signal(90, "1");
    store().write([&](Tx& tx) { world->signals.undo(boss(), tx, withdrawn, "test"); });
    auto items = of(boss(), DueKind::signal);
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].subject, complaint.value) << "four hours, not a day";
    EXPECT_EQ(items[0].due_at - items[0].since, Duration::hours(4));
    EXPECT_EQ(items[1].subject, answer.value);
    EXPECT_EQ(day(boss()).late, 0);
    clock.advance(Duration::hours(5));
    EXPECT_EQ(day(boss()).late, 1);
    set_state(complaint, SignalState::done);
    EXPECT_EQ(of(boss(), DueKind::signal).size(), 1U);
    EXPECT_EQ(day(boss()).signals_done, 1);
}

TEST_P(MyDayOf, a_press_put_off_is_due_again_a_day_later) {
    const auto id = press_signal(0);
    set_state(id, SignalState::later);
    EXPECT_TRUE(of(boss(), DueKind::signal).empty());
    clock.advance(Duration::hours(25));
    EXPECT_EQ(of(boss(), DueKind::signal).size(), 1U);
}

TEST_P(MyDayOf, numbers_reach_beyond_the_rows_given) {
    for (int i = 0; i < 7; ++i) press_signal(i * 10, i % 2 == 0 ? "1" : "3");
    const MyDay three = day(boss(), 3);
    EXPECT_EQ(three.items.size(), 3U);
    EXPECT_EQ(three.total, day(boss(), 0).total);
    EXPECT_GE(three.total, 7);
}

TEST_P(MyDayOf, sound_that_is_lost_is_one_thing_a_day_until_more_is_lost) {
    press(0);
    press(100);
    ASSERT_EQ(of(boss(), DueKind::upload).size(), 1U);
    EXPECT_EQ(of(boss(), DueKind::upload)[0].n, 2);
    EXPECT_TRUE(of(boris(), DueKind::upload).empty()) << "a checker may not upload";
    clock.advance(Duration::hours(30));
    const auto fail_all = [&] {
        store().read([&](Tx& tx) {
            for (const auto& each : world->signals.of_point(
                     boss(), tx, world->point.id, {noon - Duration::hours(1), clock.now()}))
                waiting.insert(clips->of_signal(boss(), tx, each.id)->id.value);
        });
        for (const auto id : waiting) clips->cut(id);
    };
    fail_all();
    const auto lost = of(boss(), DueKind::sound);
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].n, 2);
    mark(boss(), lost[0].item, MarkFor::good);
    EXPECT_TRUE(of(boss(), DueKind::sound).empty());
    EXPECT_TRUE(of(boris(), DueKind::sound).empty()) << "decided for all";
    press(200);
    clock.advance(Duration::hours(30));
    fail_all();
    EXPECT_EQ(of(boss(), DueKind::sound).size(), 1U) << "more was lost meanwhile";
    store().write([&](Tx& tx) { desk->unmark(boss(), tx, lost[0].item); });
    EXPECT_EQ(of(boris(), DueKind::sound).size(), 1U);
}

TEST_P(MyDayOf, a_draft_and_a_draw_are_their_makers) {
    record(-3'600, 3'000);
    const auto clip = press(-1'800);
    const auto check = start(signal_form, clip);
    draw(-3'600, 0, "seed");
    ASSERT_EQ(of(boris(), DueKind::draft).size(), 1U);
    EXPECT_EQ(of(boris(), DueKind::draft)[0].subject, check.value);
    EXPECT_TRUE(of(boss(), DueKind::draft).empty());
    const auto draws = of(boris(), DueKind::draw);
    ASSERT_EQ(draws.size(), 1U);
    EXPECT_EQ(code_of([&] { mark(boris(), of(boris(), DueKind::draft)[0].item, MarkFor::good); }),
              "day.not_markable");
    mark(boris(), draws[0].item, MarkFor::tomorrow);
    EXPECT_TRUE(of(boris(), DueKind::draw).empty());
    clock.advance(Duration::hours(25));
    EXPECT_EQ(of(boris(), DueKind::draw).size(), 1U);
}

TEST_P(MyDayOf, an_employee_sees_own_checks_and_nothing_else) {
    press_signal(0);
    record(-3'600, 3'000);
    const auto id = start(signal_form, press(-1'800));
    std::vector<CheckAnswer> answers;
    for (const char* item : {"a", "b", "c"}) answers.push_back({item, "yes", ""});
    answer(id, answers);
    finish(id);
    const MyDay own = day(worker());
    ASSERT_EQ(own.items.size(), 1U);
    EXPECT_EQ(own.items[0].kind, DueKind::own_check);
    EXPECT_EQ(own.items[0].subject, id.value);
    EXPECT_EQ(own.total, 1);
    mark(worker(), own.items[0].item, MarkFor::good);
    EXPECT_EQ(day(worker()).total, 0);
    EXPECT_TRUE(of(boris(), DueKind::own_check).empty()) << "it is not Boris's work";
}

TEST_P(MyDayOf, a_point_tells_why_it_does_not_record) {
    EXPECT_TRUE(of(boss(), DueKind::point).empty());
    store().write([&](Tx& tx) {
        recording->declare_gap(tx, world->point, recorder,
                               {clock.now() - Duration::seconds(600), clock.now()}, "off");
    });
    auto red = of(boss(), DueKind::point);
    ASSERT_EQ(red.size(), 1U);
    EXPECT_EQ(red[0].reason, "lost");
    EXPECT_EQ(red[0].n, 600);
    store().write([&](Tx& tx) { world->sites.revoke_basis(tx, world->point); });
    red = of(boss(), DueKind::point);
    ASSERT_EQ(red.size(), 1U);
    EXPECT_EQ(red[0].reason, "no_basis");
    EXPECT_TRUE(of(boris(), DueKind::point).empty());
    EXPECT_TRUE(of(stranger(), DueKind::point).empty());
    EXPECT_EQ(code_of([&] { mark(stranger(), red[0].item, MarkFor::tomorrow); }), "not_found");
    EXPECT_EQ(code_of([&] { mark(boss(), red[0].item, MarkFor::good); }), "day.not_markable");
    mark(boss(), red[0].item, MarkFor::tomorrow);
    EXPECT_EQ(
        code_of([&] { store().write([&](Tx& tx) { desk->unmark(stranger(), tx, red[0].item); }); }),
        "not_found");
    EXPECT_TRUE(of(boss(), DueKind::point).empty()) << "the stranger took nothing back";
}

TEST_P(MyDayOf, a_panel_without_a_shift_and_a_refusal_are_told) {
    store().write([&](Tx& tx) {
        const auto code = make_pairing(tx, world->device, "test");
        pair_panel(world->signals, tx, code.code);
        world->sites.end_duty(tx, world->point, clock.now() - Duration::seconds(5));
    });
    const Press one{"x", "1", clock.now() - Duration::seconds(1), {}, {}};
    Press other = one;
    other.key = "2";
    intake->take(world->device, {one});
    intake->take(world->device, {other});
    EXPECT_EQ(of(boss(), DueKind::shift).size(), 1U);
    const auto refused = of(boss(), DueKind::refusal);
    ASSERT_EQ(refused.size(), 1U);
    mark(boss(), refused[0].item, MarkFor::good);
    EXPECT_TRUE(of(boss(), DueKind::refusal).empty());
    clock.advance(Duration::seconds(1));
    intake->take(world->device, {other});
    EXPECT_EQ(of(boss(), DueKind::refusal).size(), 1U) << "a new one";
}

TEST_P(MyDayOf, goals_are_kept_within_reason) {
    store().write([&](Tx& tx) {
        desk->set_goals(boss(), tx, {Duration::hours(2), Duration::hours(1), Duration::hours(3)},
                        "test");
    });
    press_signal(0, "3");
    EXPECT_EQ(day(boss()).goals.signal, Duration::hours(2));
    const auto items = of(boss(), DueKind::signal);
    EXPECT_EQ(items.at(0).due_at - items.at(0).since, Duration::hours(1));
    EXPECT_EQ(code_of([&] {
                  store().write([&](Tx& tx) {
                      desk->set_goals(boss(), tx, {Duration{}, Duration::hours(1)}, "test");
                  });
              }),
              "day.goal");
}

}  // namespace otklik
