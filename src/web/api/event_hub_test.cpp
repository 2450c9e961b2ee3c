// Live events: who hears what, and what a browser that comes back gets.
#include "web/api/event_hub.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/log.h"
#include "signals/test_world.h"
#include "store/facts.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class HeardStream : public EventStream {
public:
    bool push(std::string_view event, std::string_view data, std::string_view) override {
        const std::lock_guard lock(mutex);
        if (!open) return false;
        events.emplace_back(event);
        last = data;
        return true;
    }
    void close() override { open = false; }
    bool is_open() const override { return open; }
    std::ptrdiff_t count(const std::string& event) const {
        const std::lock_guard lock(mutex);
        return std::count(events.begin(), events.end(), event);
    }
    std::vector<std::string> events;
    std::string last;
    std::atomic<bool> open = true;
    mutable std::mutex mutex;  // the hub's thread pushes, the test counts
};

class EventHubOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        register_kinds(signal_kinds);
        world = std::make_unique<TestWorld>(store(), clock);
        hub = std::make_unique<EventHub>(store(), clock);
        hub->follow_once();  // from now on
    }
    void TearDown() override {
        hub.reset();
        world.reset();
    }
    Id<Signal> press(const std::string& id) {
        PressIntake intake(store(), world->signals, world->sites, clock);
        return intake.take(world->device, {{id, "1", clock.now(), {}, {}}}).at(0).signal_id;
    }
    std::shared_ptr<HeardStream> listen(const Scope& scope, EventHub::FindScope find = {},
                                        std::optional<std::int64_t> after = {}) {
        auto stream = std::make_shared<HeardStream>();
        hub->subscribe(stream, scope, std::move(find), after);
        return stream;
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<EventHub> hub;
};
OTKLIK_BOTH_DATABASES(EventHubOf);

TEST_P(EventHubOf, only_readers_of_the_place_hear_it) {
    const auto reader = listen(world->reader());
    const auto stranger = listen(Scope::of(world->company + 1, Role::administrator, 0, 2, {}, {}));
    const auto other_site = listen(Scope::of(world->company, Role::checker, 0, 3, {7}, {7}));
    const auto id = press("a");
    hub->follow_once();
    ASSERT_EQ(reader->count("fact"), 1);
    EXPECT_NE(reader->last.find(word(id)), std::string::npos) << reader->last;
    EXPECT_NE(reader->last.find("\"kind\":\"signal.pressed\""), std::string::npos);
    EXPECT_EQ(stranger->count("fact"), 0);
    EXPECT_EQ(other_site->count("fact"), 0);
    hub->follow_once();
    EXPECT_EQ(reader->count("fact"), 1);
}

TEST_P(EventHubOf, changed_rights_close_the_stream_with_resync) {
    Scope rights = world->reader();
    const auto stream = listen(world->reader(), [&] { return std::optional(rights); });
    clock.advance(Duration::seconds(6));
    hub->follow_once();
    EXPECT_TRUE(stream->open);
    rights = Scope::of(world->company, Role::checker, 0, 1, {}, {});
    clock.advance(Duration::seconds(6));
    hub->follow_once();
    EXPECT_FALSE(stream->open);
    EXPECT_EQ(stream->count("resync"), 1);
}

TEST_P(EventHubOf, who_comes_back_gets_what_was_missed) {
    const auto seen = store().read([](Tx& tx) { return newest_fact(tx); });
    press("a");
    press("b");
    EXPECT_EQ(listen(world->reader(), {}, seen)->count("fact"), 2);
    EXPECT_EQ(listen(world->reader())->count("fact"), 0);
    store().write([&](Tx& tx) {
        for (int i = 0; i < 250; ++i)
            tell(tx, "signal.changed", world->company, world->root.value, i);
    });
    const auto late = listen(world->reader(), {}, seen);
    EXPECT_EQ(late->count("fact"), 0);
    EXPECT_EQ(late->count("resync"), 1);
}

TEST_P(EventHubOf, a_graceful_stop_says_bye) {
    const auto stream = listen(world->reader());
    hub->start();
    hub->stop();
    EXPECT_EQ(stream->count("bye"), 1);
    EXPECT_FALSE(stream->open);
}

/// Waits for the hub's thread, at most ten seconds.
template <class F>
bool comes_true(F&& f) {
    for (int i = 0; i < 1000; ++i) {
        if (f()) return true;
        wait_for_fact(wait_for_fact(0, {}), Duration::ms(10));
    }
    return false;
}

TEST_P(EventHubOf, a_database_that_fails_stands_in_the_log_and_no_event_is_lost) {
    const auto stream = listen(world->reader());
    std::atomic<int> failed{0};
    set_log_sink([&](std::string_view line) {
        failed += line.find("\"events.failed\"") != std::string_view::npos;
    });
    store().write([](Tx& tx) { tx.run({"alter table fact rename to fact_elsewhere"}); });
    hub->start();
    EXPECT_TRUE(comes_true([&] { return failed > 0; }));
    EXPECT_TRUE(stream->open);
    store().write([](Tx& tx) { tx.run({"alter table fact_elsewhere rename to fact"}); });
    press("a");
    EXPECT_TRUE(comes_true([&] { return stream->count("fact") == 1; }));
    hub->stop();
    set_log_sink({});
    EXPECT_EQ(stream->count("resync"), 0);
}

}  // namespace
}  // namespace otklik
