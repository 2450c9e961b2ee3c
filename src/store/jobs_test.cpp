#include "store/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.h"
#include "store/bell.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class Jobs : public StoreTest {
protected:
    void want(std::int64_t subject, Duration later = {}) {
        store().write([&](Tx& tx) { want_job(tx, "test.look", subject, tx.now() + later); });
    }
    Stage stage(std::function<std::optional<Instant>(std::int64_t)> look, int at_once = 1) {
        return {"test.look", at_once, Duration::seconds(30), std::move(look)};
    }
    JobCount counts() {
        const auto all = store().read([](Tx& tx) { return job_counts(tx); });
        return all.empty() ? JobCount{} : all.front();
    }
    std::vector<ParkedJob> parked() {
        return store().read([](Tx& tx) { return parked_jobs(tx, 0, 10); });
    }
    /// Waits for what other threads do, at most ten seconds.
    template <class F>
    bool comes_true(F&& f) {
        for (int i = 0; i < 1000; ++i) {
            if (f()) return true;
            const auto seen = job_bell().count();
            job_bell().wait(seen, Duration::ms(10));
        }
        return false;
    }
};

TEST_P(Jobs, asked_twice_it_looks_once_and_the_earlier_instant_counts) {
    std::vector<std::int64_t> seen;
    Workers workers(store(), clock, {stage([&](std::int64_t s) {
                        seen.push_back(s);
                        return std::nullopt;
                    })});
    want(1, Duration::seconds(50));
    want(1, Duration::seconds(10));
    want(1, Duration::seconds(20));
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(Duration::seconds(10));
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1}));
    EXPECT_EQ(counts().open + counts().running, 0);
}

TEST_P(Jobs, asked_while_it_runs_it_looks_again) {
    int looks = 0;
    Workers workers(store(), clock, {stage([&](std::int64_t s) {
                        if (++looks == 1) want(s), want(s);
                        return std::nullopt;
                    })});
    want(1);
    EXPECT_EQ(workers.run_due(), 2);
    EXPECT_EQ(looks, 2);
}

TEST_P(Jobs, a_look_names_the_next_instant) {
    int looks = 0;
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        return ++looks < 3 ? std::optional(clock.now() + Duration::hours(1))
                                           : std::nullopt;
                    })});
    want(1);
    for (int i = 0; i < 5; ++i) {
        workers.run_due();
        EXPECT_EQ(looks, std::min(i + 1, 3));
        clock.advance(Duration::hours(1));
    }
    EXPECT_EQ(counts().open, 0);
}

TEST_P(Jobs, five_failures_park_with_the_reason_and_a_person_opens_it) {
    bool broken = true;
    int looks = 0;
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        ++looks;
                        if (broken)
                            throw Error(Fault::invalid, "test.bad").because("\xFF\x01 bytes");
                        return std::nullopt;
                    })});
    want(7);
    for (int n = 0; n < 5; ++n) {
        EXPECT_EQ(workers.run_due(), 1) << n;
        EXPECT_EQ(workers.run_due(), 0) << "the back-off was not kept";
        clock.advance(Duration::ms(999) * (1 << n));
        EXPECT_EQ(workers.run_due(), 0) << "the back-off is too short";
        clock.advance(Duration::ms(300) * (1 << n));
    }
    clock.advance(Duration::hours(1));
    EXPECT_EQ(workers.run_due(), 0);
    ASSERT_EQ(parked().size(), 1u);
    EXPECT_EQ(parked()[0].subject, 7);
    EXPECT_EQ(parked()[0].failures, 5);
    EXPECT_EQ(parked()[0].reason_code, "test.bad");
    EXPECT_NE(parked()[0].reason_detail.find("bytes"), std::string::npos);
    want(7);  // a fact does not wake what a person must look at
    EXPECT_EQ(workers.run_due(), 0);
    broken = false;
    store().write([&](Tx& tx) { retry_job(tx, parked()[0].id); });
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(looks, 6);
    EXPECT_THROW(store().write([&](Tx& tx) { retry_job(tx, 1); }), Error);
}

TEST_P(Jobs, a_full_disk_is_not_the_jobs_fault) {
    bool full = true;
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        if (full) throw Error(Fault::full, "disk.full");
                        return std::nullopt;
                    })});
    want(1);
    for (int n = 0; n < 10; ++n) {
        EXPECT_EQ(workers.run_due(), 1);
        clock.advance(Duration::seconds(700));
    }
    EXPECT_TRUE(parked().empty());
    full = false;
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(counts().open, 0);
}

TEST_P(Jobs, three_crashes_park_and_a_late_end_changes_nothing) {
    // A look during which the lease runs out and another worker recovers the job: as if the process
    // had died.
    int looks = 0;
    Workers other(store(), clock, {});
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        ++looks;
                        clock.advance(Duration::seconds(31));
                        other.run_due();
                        return std::nullopt;
                    })});
    want(1);
    for (int n = 0; n < 3; ++n) {
        EXPECT_EQ(workers.run_due(), 1);
        clock.advance(Duration::seconds(10));
    }
    EXPECT_EQ(workers.run_due(), 0);
    EXPECT_EQ(looks, 3);
    ASSERT_EQ(parked().size(), 1u);
    EXPECT_EQ(parked()[0].crashes, 3);
    EXPECT_EQ(parked()[0].reason_code, "job.crashed");
}

TEST_P(Jobs, after_its_program_died_a_job_waits_for_no_lease_and_the_crash_counts) {
    int looks = 0;
    Workers next(store(), clock, {});
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        ++looks;
                        EXPECT_EQ(next.bury_the_dead(), 1);
                        return std::nullopt;
                    })});
    want(1);
    for (int n = 0; n < 3; ++n) {
        EXPECT_EQ(workers.run_due(), 1);
        clock.advance(Duration::seconds(5));  // the back-off, not the lease of 30 s
    }
    EXPECT_EQ(workers.run_due(), 0);
    EXPECT_EQ(looks, 3);
    ASSERT_EQ(parked().size(), 1u);
    EXPECT_EQ(parked()[0].crashes, 3);
    EXPECT_EQ(next.bury_the_dead(), 0);
}

TEST_P(Jobs, what_the_threads_meet_stands_in_the_log) {
    std::mutex mutex;
    std::string log;
    set_log_sink([&](std::string_view line) {
        const std::lock_guard lock(mutex);
        log += line;
    });
    Workers workers(store(), clock, {stage([](std::int64_t) { return std::nullopt; })});
    store().write([](Tx& tx) { tx.run({"alter table job rename to job_elsewhere"}); });
    workers.start();
    EXPECT_TRUE(comes_true([&] {
        const std::lock_guard lock(mutex);
        return log.find("\"jobs.failed\"") != std::string::npos;
    }));
    workers.stop(Duration::seconds(5));
    set_log_sink({});
}

TEST_P(Jobs, threads_look_at_each_subject_once_and_keep_the_limit) {
    constexpr int count = 60;
    std::mutex mutex;
    std::multiset<std::int64_t> seen;
    std::atomic<int> now_running{0}, most{0};
    const auto look = [&](std::int64_t s) -> std::optional<Instant> {
        const int running = ++now_running;
        int before = most;
        while (before < running && !most.compare_exchange_weak(before, running)) {
        }
        {
            const std::lock_guard lock(mutex);
            seen.insert(s);
        }
        --now_running;
        return std::nullopt;
    };
    Workers first(store(), clock, {stage(look, 3)}), second(store(), clock, {stage(look, 3)});
    first.start();
    second.start();
    for (int i = 1; i <= count; ++i) want(i);
    EXPECT_TRUE(comes_true([&] { return counts().open + counts().running == 0; }));
    first.stop(Duration::seconds(5));
    second.stop(Duration::seconds(5));
    EXPECT_EQ(seen.size(), std::size_t(count));
    EXPECT_EQ(std::set<std::int64_t>(seen.begin(), seen.end()).size(), std::size_t(count));
    EXPECT_LE(most, 6);
}

TEST_P(Jobs, a_long_look_keeps_its_lease) {
    std::promise<void> go;
    const auto gate = go.get_future().share();
    std::atomic<bool> runs{false};
    Workers workers(store(), clock, {stage([&](std::int64_t) -> std::optional<Instant> {
                        runs = true;
                        gate.wait();
                        return std::nullopt;
                    })});
    workers.start();
    want(1);
    EXPECT_TRUE(comes_true([&] { return runs.load(); }));
    constexpr Sql lease{"select lease_until from job"};
    for (int i = 0; i < 4; ++i) {  // 80 s in steps of 20: four renewals of 30 s
        clock.advance(Duration::seconds(20));
        job_bell().ring();
        EXPECT_TRUE(comes_true([&] {
            const auto row = store().read([&](Tx& tx) { return tx.row(lease); });
            return row && row->instant(0) == clock.now() + Duration::seconds(30);
        }));
    }
    go.set_value();
    EXPECT_TRUE(comes_true([&] { return counts().running == 0; }));
    EXPECT_TRUE(parked().empty());
}

OTKLIK_BOTH_DATABASES(Jobs);

}  // namespace
}  // namespace otklik
