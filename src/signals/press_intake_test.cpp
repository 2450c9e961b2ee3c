// Presses of many threads: each kept once, whatever is sent again, differs or races.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "base/error.h"
#include "signals/test_world.h"
#include "store/facts.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class PressIntakeOf : public StoreTest {
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
    PressResult take(const Press& press) { return intake->take(world->device, {press}).at(0); }
    std::vector<Signal> all() {
        return store().read([&](Tx& tx) {
            return world->signals.of_point(Scope::system(), tx, world->point.id,
                                           {{0}, {INT64_MAX / 2}});
        });
    }

    /// Signals of facts signal.pressed; each is told once.
    std::set<std::int64_t> told_signals() {
        std::set<std::int64_t> told;
        store().read([&](Tx& tx) {
            for (std::int64_t after = 0;;) {
                const auto facts = facts_after(tx, after, 1000);
                if (facts.empty()) return;
                after = facts.back().id;
                for (const Fact& fact : facts) {
                    if (fact.kind != "signal.pressed") continue;
                    EXPECT_TRUE(told.insert(fact.subject).second);
                }
            }
        });
        return told;
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<PressIntake> intake;
};
OTKLIK_BOTH_DATABASES(PressIntakeOf);

int presses_wanted() {
    const char* text = std::getenv("OTKLIK_TEST_PRESSES");
    return text ? std::atoi(text) : 2'000;
}

/// Each press 1 to 5 times, shuffled.
std::vector<Press> repeated_presses(int count, Instant now, std::mt19937& chance) {
    std::vector<Press> sent;
    for (int i = 0; i < count; ++i) {
        const Press press{
            "p" + std::to_string(i), std::to_string(1 + i % 4), now - Duration::seconds(i), {}, {}};
        sent.insert(sent.end(), 1 + chance() % 5, press);
    }
    std::shuffle(sent.begin(), sent.end(), chance);
    return sent;
}

TEST_P(PressIntakeOf, every_press_is_kept_once_however_often_it_is_sent) {
    const int count = presses_wanted();
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 chance(seed);
    const std::vector<Press> sent = repeated_presses(count, clock.now(), chance);
    constexpr std::size_t threads_count = 4;
    std::atomic<int> stored = 0, repeated = 0;
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < threads_count; ++t)
            threads.emplace_back([&, t] {
                for (std::size_t i = t; i < sent.size();) {
                    std::vector<Press> batch;
                    for (std::size_t n = 1 + i % 40; n > 0 && i < sent.size();
                         --n, i += threads_count)
                        batch.push_back(sent[i]);
                    for (const PressResult& result : intake->take(world->device, batch)) {
                        stored += result.answer == PressAnswer::stored;
                        repeated += result.answer == PressAnswer::repeated;
                    }
                }
            });
    }
    EXPECT_EQ(stored, count);
    EXPECT_EQ(repeated, static_cast<int>(sent.size()) - count);
    const std::set<std::int64_t> told = told_signals();
    EXPECT_EQ(told.size(), static_cast<std::size_t>(count));
    store().read([&](Tx& tx) {
        EXPECT_EQ(world->signals.counts(world->reader(), tx, {}).fresh, count);
        std::int64_t deliveries = 0;
        for (const std::int64_t id : told)
            deliveries += world->signals.get(Scope::system(), tx, {id}).deliveries;
        EXPECT_EQ(deliveries, static_cast<std::int64_t>(sent.size()));
    });
}

TEST_P(PressIntakeOf, other_content_is_refused_and_the_first_stays) {
    const Press first{"a", "1", clock.now(), {}, {}};
    const auto stored = take(first);
    Press key = first;
    key.key = "2";
    Press time = first;
    time.pressed_at = clock.now() - Duration::ms(1);
    for (const auto& [press, field] : {std::pair{key, "key"}, std::pair{time, "pressed_at"}}) {
        const auto refused = take(press);
        EXPECT_EQ(refused.answer, PressAnswer::refused);
        EXPECT_EQ(refused.error_code, "press.differs");
        EXPECT_EQ(refused.field, field);
        EXPECT_EQ(refused.signal_id, stored.signal_id);
    }
    EXPECT_EQ(world->find(stored.signal_id).key, "1");
    EXPECT_EQ(world->find(stored.signal_id).deliveries, 1);
    const auto refusals = store().read(
        [](Tx& tx) { return tx.rows(Sql{"select field from press_refusal order by id"}); });
    ASSERT_EQ(refusals.size(), 2u);
    EXPECT_EQ(refusals[0].text(0), "key");
}

TEST_P(PressIntakeOf, one_request_may_hold_the_same_press_and_its_contradiction) {
    const Press press{"a", "1", clock.now(), {}, {}};
    Press other = press;
    other.key = "3";
    const auto results = intake->take(world->device, {press, press, other, press});
    EXPECT_EQ(results[0].answer, PressAnswer::stored);
    EXPECT_EQ(results[1].answer, PressAnswer::repeated);
    EXPECT_EQ(results[2].answer, PressAnswer::refused);
    EXPECT_EQ(results[3].answer, PressAnswer::repeated);
    EXPECT_EQ(world->find(results[0].signal_id).deliveries, 3);
}

TEST_P(PressIntakeOf, age_goes_before_the_clock_of_the_device) {
    Press press{"a", "1", clock.now() - Duration::hours(100'000), Duration::seconds(90), {}};
    const Signal signal = world->find(take(press).signal_id);
    EXPECT_EQ(signal.pressed_at, clock.now() - Duration::seconds(90));
    EXPECT_EQ(signal.uncertainty, Duration::ms(500));
    press = {"b", "1", {}, Duration::seconds(1), Duration::seconds(3)};
    EXPECT_EQ(world->find(take(press).signal_id).uncertainty, Duration::seconds(3));
    // Sent again later: older by then, and still the same press.
    clock.advance(Duration::seconds(40));
    press.age = Duration::seconds(41);
    EXPECT_EQ(take(press).answer, PressAnswer::repeated);
}

TEST_P(PressIntakeOf, impossible_presses_are_refused_with_their_field) {
    const Instant now = clock.now();
    const std::pair<Press, std::string> bad[] = {
        {{"a", "1", Instant{1'000'000'000'000'000}, {}, {}}, "pressed_at"},  // 2001
        {{"a", "1", now + Duration::hours(25), {}, {}}, "pressed_at"},
        {{"a", "1", {}, -Duration::seconds(1), {}}, "age_ms"},
        {{"a", "1", {}, Duration::days(400), {}}, "age_ms"},
        {{"a", "1", now, {}, -Duration::ms(1)}, "uncertainty_ms"},
        {{"", "1", now, {}, {}}, "press_id"},
        {{std::string(65, 'x'), "1", now, {}, {}}, "press_id"},
        {{"a", "", now, {}, {}}, "key"},
        {{"a", "1 2", now, {}, {}}, "key"},
    };
    for (const auto& [press, field] : bad) {
        const auto result = take(press);
        EXPECT_EQ(result.answer, PressAnswer::refused) << field;
        EXPECT_EQ(result.field, field);
    }
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(take({"a", "1", now + Duration::hours(23), {}, {}}).answer, PressAnswer::stored);
}

TEST_P(PressIntakeOf, racing_duplicates_of_two_intakes_are_one_press) {
    PressIntake second(store(), world->signals, world->sites, clock);
    std::atomic<int> stored = 0;
    for (int round = 0; round < 20; ++round) {
        const Press press{"r" + std::to_string(round), "1", clock.now(), {}, {}};
        std::vector<std::jthread> threads;
        for (PressIntake* each : {intake.get(), &second, intake.get(), &second})
            threads.emplace_back([&, each] {
                if (each->take(world->device, {press}).at(0).answer == PressAnswer::stored)
                    ++stored;
            });
    }
    EXPECT_EQ(stored, 20);
    EXPECT_EQ(all().size(), 20u);
}

/// The disk as a press may find it: full for the next `left` writes.
class FullDisk : public Store {
public:
    explicit FullDisk(Store& inner) : inner_(inner) {}
    bool is_sqlite() const override { return inner_.is_sqlite(); }
    void copy_into(const std::string& path) override { inner_.copy_into(path); }
    void ping() override { inner_.ping(); }
    std::atomic<int> left = 0;

protected:
    void write_closure(const std::function<void(Tx&)>& f, Lane lane) override {
        if (left.load() > 0 && left.fetch_sub(1) > 0) throw Error(Fault::full, "store.full");
        inner_.write([&](Tx& tx) { f(tx); }, lane);
    }
    void read_closure(const std::function<void(Tx&)>& f) override {
        inner_.read([&](Tx& tx) { f(tx); });
    }

private:
    Store& inner_;
};

TEST_P(PressIntakeOf, a_full_disk_costs_the_reserve_first_and_then_says_so) {
    FullDisk disk(store());
    int freed = 0;
    bool reserve = true;
    PressIntake guarded(disk, world->signals, world->sites, clock, [&] {
        ++freed;
        return std::exchange(reserve, false);
    });
    disk.left = 1;
    EXPECT_EQ(guarded.take(world->device, {{"a", "1", clock.now(), {}, {}}}).at(0).answer,
              PressAnswer::stored);
    EXPECT_EQ(freed, 1);
    disk.left = 1;  // the reserve is spent
    try {
        guarded.take(world->device, {{"b", "1", clock.now(), {}, {}}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::full);
        EXPECT_EQ(error.code(), "disk.full");
    }
    EXPECT_EQ(all().size(), 1u);
    EXPECT_EQ(guarded.take(world->device, {{"b", "1", clock.now(), {}, {}}}).at(0).answer,
              PressAnswer::stored);
}

TEST_P(PressIntakeOf, a_stopped_intake_refuses_and_says_so) {
    intake->stop();
    try {
        take({"a", "1", clock.now(), {}, {}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::busy);
        EXPECT_EQ(error.code(), "press.queue");
    }
}

}  // namespace
}  // namespace otklik
