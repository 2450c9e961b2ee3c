#include "store/facts.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "base/error.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class Facts : public StoreTest {
protected:
    void say(std::int64_t subject) {
        store().write([&](Tx& tx) { tell(tx, "test.said", 1, 2, subject); });
    }
    std::vector<std::int64_t> subjects_after(std::int64_t after) {
        std::vector<std::int64_t> all;
        for (const auto& fact : store().read([&](Tx& tx) { return facts_after(tx, after, 100); }))
            all.push_back(fact.subject);
        return all;
    }
};

TEST_P(Facts, come_in_order_and_wake_the_waiting) {
    const auto seen = wait_for_fact(0, {});
    EXPECT_EQ(wait_for_fact(seen, Duration::ms(1)), seen);
    for (int i = 1; i <= 3; ++i) say(i);
    EXPECT_EQ(wait_for_fact(seen, Duration::seconds(10)), seen + 3);
    EXPECT_EQ(subjects_after(0), (std::vector<std::int64_t>{1, 2, 3}));
    const auto facts = store().read([](Tx& tx) { return facts_after(tx, 0, 2); });
    ASSERT_EQ(facts.size(), 2u);
    EXPECT_EQ(facts[0].kind, "test.said");
    EXPECT_EQ(facts[0].company_id, 1);
    EXPECT_EQ(facts[0].unit, 2);
    EXPECT_EQ(facts[0].at, clock.now());
    EXPECT_EQ(subjects_after(facts[1].id), (std::vector<std::int64_t>{3}));
    EXPECT_TRUE(subjects_after(store().read([](Tx& tx) { return newest_fact(tx); })).empty());
    EXPECT_THROW(store().write([](Tx& tx) {
        tell(tx, "test.said", 1, 2, 4);
        throw Error(Fault::conflict, "test.no");
    }),
                 Error);
    EXPECT_EQ(wait_for_fact(seen + 3, Duration::ms(1)), seen + 3)
        << "woken by a fact that never was";
}

TEST_P(Facts, of_a_cluster_that_was_further_on_are_read_after_a_restore) {
    constexpr Sql push{"update fact set xid = xid + 1000000000"};
    say(1);
    say(2);
    store().write([&](Tx& tx) {
        move_fact_cursor(tx, "test", newest_fact(tx));
        if (!store().is_sqlite()) tx.run(push);
    });
    if (!store().is_sqlite()) {
        EXPECT_TRUE(subjects_after(0).empty());
    }
    test_store->reopen();
    say(3);
    const auto cursor = store().read([](Tx& tx) { return fact_cursor(tx, "test"); });
    const auto seen = subjects_after(cursor);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.back(), 3);
    EXPECT_EQ(subjects_after(0), (std::vector<std::int64_t>{1, 2, 3}));
    // What is settled stays so: the next start makes nobody read again.
    store().write([&](Tx& tx) { move_fact_cursor(tx, "test", newest_fact(tx)); });
    test_store->reopen();
    EXPECT_TRUE(
        subjects_after(store().read([](Tx& tx) { return fact_cursor(tx, "test"); })).empty());
}

TEST_P(Facts, a_reader_misses_none_of_many_writers) {
    constexpr int threads = 8, each = 60;
    std::atomic<bool> done{false};
    std::map<std::int64_t, int> seen;
    std::jthread reader([&] {
        std::int64_t cursor = 0;
        for (bool last = false;;) {
            const bool was_done = done;
            const auto facts = store().read([&](Tx& tx) { return facts_after(tx, cursor, 7); });
            for (const auto& fact : facts) {
                ++seen[fact.subject];
                cursor = fact.id;
            }
            if (facts.empty() && last) return;
            last = was_done && facts.empty();
        }
    });
    {
        const auto other = store().is_sqlite()
                               ? nullptr
                               : Store::open({.url = test_store->url(), .readers = 1}, clock);
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t)
            writers.emplace_back([&, t] {
                for (int i = 0; i < each; ++i)
                    (other && t % 3 == 0 ? *other : store())
                        .write(
                            [&](Tx& tx) {
                                tell(tx, "test.said", 1, 1, t * 1000 + i);
                                std::this_thread::yield();
                            },
                            t % 2 ? Lane::press : Lane::normal);
            });
    }
    done = true;
    reader.join();
    EXPECT_EQ(seen.size(), std::size_t(threads * each));
    for (const auto& [subject, count] : seen) EXPECT_EQ(count, 1) << subject;
}

TEST_P(Facts, are_forgotten_after_thirty_days_when_all_have_read_them) {
    const auto cursor = [&](std::int64_t to) {
        store().write([&](Tx& tx) { move_fact_cursor(tx, "pipeline", to); });
    };
    cursor(0);
    for (int i = 1; i <= 3; ++i) say(i);
    clock.advance(Duration::days(31));
    say(4);
    store().write([](Tx& tx) { forget_facts(tx); });
    EXPECT_EQ(subjects_after(0).size(), 4u) << "nobody has read them";
    const auto facts = store().read([](Tx& tx) { return facts_after(tx, 0, 10); });
    cursor(facts[2].id);
    EXPECT_EQ(store().read([](Tx& tx) { return fact_cursor(tx, "pipeline"); }), facts[2].id);
    store().write([](Tx& tx) { forget_facts(tx); });
    EXPECT_EQ(subjects_after(0), (std::vector<std::int64_t>{3, 4}));
    cursor(facts[3].id);
    store().write([](Tx& tx) { forget_facts(tx); });
    EXPECT_EQ(subjects_after(0), (std::vector<std::int64_t>{4}));
}

TEST_P(Facts, rise_over_a_restart_with_the_clock_set_back) {
    say(1);
    const auto before = store().read([](Tx& tx) { return newest_fact(tx); });
    // As if the process that wrote it had a clock a year ahead of ours.
    constexpr Sql ahead{"update fact set id = id + 66000000000000000"};
    store().write([&](Tx& tx) { tx.run(ahead); });
    test_store->reopen();
    const auto cursor = store().read([](Tx& tx) { return newest_fact(tx); });
    EXPECT_GT(cursor, before);
    say(2);
    say(3);
    EXPECT_EQ(subjects_after(cursor), (std::vector<std::int64_t>{2, 3}));
}

OTKLIK_BOTH_DATABASES(Facts);

}  // namespace
}  // namespace otklik
