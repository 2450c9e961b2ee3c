// Many presses at once: each by its own rule, and asked again safely.
#include "base/error.h"
#include "signals/test_world.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class SortingOf : public StoreTest {
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
    Id<Signal> press(int number, const char* key = "1") {
        const Instant at = clock.now() - Duration::seconds(1'000 - number);
        return intake->take(world->device, {{std::to_string(number), key, at, {}, {}}})
            .at(0)
            .signal_id;
    }
    std::vector<Signals::Changed> sort(const std::vector<Signals::Change>& changes,
                                       SignalState state, std::string_view what = {},
                                       bool take_back = false) {
        return store().write([&](Tx& tx) {
            return world->signals.set_states(world->reader(), tx, changes, state, what, take_back);
        });
    }
    std::vector<std::int64_t> listed(const SignalFilter& filter, int at_once) {
        std::vector<std::int64_t> ids;
        std::optional<PageKey> after;
        do {
            after = store().read([&](Tx& tx) {
                return world->signals.list(world->reader(), tx, filter, after, at_once,
                                           [&](const Signal& signal) {
                                               ids.push_back(signal.id.value);
                                               return true;
                                           });
            });
        } while (after);
        return ids;
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<PressIntake> intake;
};
OTKLIK_BOTH_DATABASES(SortingOf);

TEST_P(SortingOf, what_stands_against_one_stops_no_other) {
    const auto a = press(1), b = press(2), c = press(3);
    sort({{b, 1}}, SignalState::later);
    const auto done = sort({{a, 1}, {b, 1}, {c, 0}, {{12'345}, 1}}, SignalState::done, "price");
    ASSERT_EQ(done.size(), 4U);
    EXPECT_EQ(done[0].code, "");
    EXPECT_EQ(done[0].was, SignalState::fresh);
    EXPECT_TRUE(done[0].coded);
    EXPECT_EQ(done[1].code, "row.changed");
    EXPECT_EQ(done[2].code, "");
    EXPECT_EQ(done[3].code, "not_found");
    EXPECT_EQ(world->find(a).what, "price");
    EXPECT_EQ(world->find(b).state, SignalState::later);
    EXPECT_EQ(sort({{b, 0}}, SignalState::done)[0].code, "signal.what_missing");
}

TEST_P(SortingOf, asked_again_nothing_changes_and_taken_back_it_is_as_before) {
    const auto a = press(1), b = press(2);
    sort({{b, 1}}, SignalState::done, "own words");
    sort({{b, 2}}, SignalState::fresh);
    const std::vector<Signals::Change> both{{a, 1}, {b, 3}};
    sort(both, SignalState::done, "price");
    const auto version = world->find(a).version;
    for (const auto& again : sort(both, SignalState::done, "price")) EXPECT_EQ(again.code, "");
    EXPECT_EQ(world->find(a).version, version);
    EXPECT_EQ(world->find(b).what, "own words") << "words of who heard it stay";
    sort({{a, 0}, {b, 0}}, SignalState::fresh, "price", true);
    EXPECT_EQ(world->find(a).state, SignalState::fresh);
    EXPECT_EQ(world->find(a).what, "");
    EXPECT_EQ(world->find(b).what, "own words");
}

TEST_P(SortingOf, the_queue_is_listed_without_what_is_done) {
    std::vector<std::int64_t> open;
    for (int i = 0; i < 40; ++i) {
        const auto id = press(i, i % 3 == 0 ? "3" : "1");
        if (i % 4 == 0)
            sort({{id, 1}}, SignalState::done, "w");
        else if (i % 5 == 0)
            sort({{id, 1}}, SignalState::later);
        else
            open.insert(open.begin(), id.value);
    }
    SignalFilter filter;
    filter.state = SignalState::fresh;
    EXPECT_EQ(listed(filter, 7), open) << "newest first, each once, over all pages";
    filter.signal_kind = SignalKind::complaint;
    const auto complaints = listed(filter, 3);
    EXPECT_FALSE(complaints.empty());
    EXPECT_LT(complaints.size(), open.size());
    store().read([&](Tx& tx) {
        std::size_t oldest = 0;
        for (const auto kind : {SignalKind::answer, SignalKind::complaint})
            oldest += world->signals.oldest_open(world->reader(), tx, kind, 100).size();
        EXPECT_EQ(oldest, open.size());
        EXPECT_EQ(
            world->signals.oldest_open(world->reader(), tx, SignalKind::answer, 1)[0].id.value,
            open.back());
        const Scope stranger = Scope::of(world->company, Role::checker, 7, 1, {42}, {42});
        EXPECT_TRUE(world->signals.oldest_open(stranger, tx, SignalKind::answer, 100).empty());
    });
}

}  // namespace
}  // namespace otklik
