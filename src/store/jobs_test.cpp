#include "store/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.h"
#include "store/bell.h"
#include "store/death_watch.h"
#include "store/job_ledger.h"
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

/// A program that claimed and then was killed, or stopped for a while: it gives no sign.
TEST_P(Jobs, the_jobs_of_a_silent_program_are_taken_over_long_before_their_lease) {
    JobLedger silent(store(), 77);
    int looks = 0;
    const Stage cut{"test.look", 1, Duration::seconds(120), [&](std::int64_t) {
                        ++looks;
                        return std::optional<Instant>();
                    }};
    Workers next(store(), clock, {cut});
    want(1);
    const auto claimed = silent.claim(cut, 1);
    ASSERT_EQ(claimed.size(), 1u);
    for (int s = 0; s < 5; ++s) {
        EXPECT_EQ(next.run_due(), 0) << s;
        clock.advance(Duration::seconds(1));
    }
    EXPECT_EQ(next.run_due(), 0);
    EXPECT_EQ(counts().open, 1) << "five seconds of silence are enough";
    clock.advance(Duration::seconds(2));  // the back-off after a crash
    EXPECT_EQ(next.run_due(), 1);
    EXPECT_EQ(looks, 1);
    EXPECT_EQ(counts().open + counts().running, 0);
    want(1);  // asked again meanwhile: the late end must not close what is not its own
    silent.end(claimed[0], {});
    EXPECT_EQ(counts().open, 1);
}

TEST_P(Jobs, a_program_that_was_only_stopped_changes_nothing_late_and_its_crash_is_taken_back) {
    JobLedger slow(store(), 77), other(store(), 78);
    const Stage look = stage([](std::int64_t) { return std::nullopt; });
    want(1);
    const auto claimed = slow.claim(look, 1);
    ASSERT_EQ(claimed.size(), 1u);
    const auto signs = other.signs();
    ASSERT_EQ(signs.size(), 1u);
    EXPECT_EQ(other.bury(signs[0]), 1);
    constexpr Sql crashes{"select crashes, reason_code from job"};
    const auto job = [&] { return *store().read([&](Tx& tx) { return tx.row(crashes); }); };
    EXPECT_EQ(job().integer(0), 1);
    EXPECT_FALSE(slow.renew(claimed[0], clock.now() + Duration::hours(1)));
    slow.end(claimed[0], {});
    EXPECT_EQ(counts().open, 1) << "the other one looks again, and finds what there is";
    EXPECT_EQ(job().integer(0), 0);
    EXPECT_TRUE(job().is_null(1));
    slow.end(claimed[0], {});
    EXPECT_EQ(job().integer(0), 0);
    // While the other one looks at it, the late one has no say either.
    clock.advance(Duration::seconds(5));
    const auto taken = other.claim(look, 1);
    ASSERT_EQ(taken.size(), 1u);
    slow.end(claimed[0], {.failed = true, .reason_code = "test.bad"});
    EXPECT_EQ(counts().running, 1);
    other.end(taken[0], {});
    EXPECT_EQ(counts().open + counts().running, 0);
}

TEST_P(Jobs, who_beats_or_claims_after_the_sign_is_not_buried) {
    JobLedger lives(store(), 77), other(store(), 78);
    const Stage look = stage([](std::int64_t) { return std::nullopt; });
    want(1);
    ASSERT_EQ(lives.claim(look, 1).size(), 1u);
    auto signs = other.signs();
    lives.beat();
    EXPECT_EQ(other.bury(signs.at(0)), 0);
    signs = other.signs();
    lives.beat();
    EXPECT_EQ(other.bury(signs.at(0)), 0);
    signs = other.signs();
    EXPECT_EQ(signs.at(0).beats, 2);
    clock.advance(Duration::seconds(1));
    want(2);
    ASSERT_EQ(lives.claim(look, 1).size(), 1u);
    EXPECT_EQ(other.bury(signs.at(0)), 0);
    EXPECT_TRUE(lives.signs().empty()) << "nobody watches itself";
    EXPECT_EQ(other.bury(other.signs().at(0)), 2);
    EXPECT_TRUE(other.signs().empty());
}

TEST(DeathWatch, counts_only_the_time_it_was_awake_itself) {
    DeathWatch watch;
    Instant now{0};
    const std::vector<SignOfLife> still{{7, 3, Instant{0}}};
    EXPECT_TRUE(watch.is_due(now));
    EXPECT_TRUE(watch.look(still, now).empty());
    EXPECT_FALSE(watch.is_due(now + Duration::ms(999)));
    EXPECT_TRUE(watch.is_due(now - Duration::hours(1))) << "a clock that was set back";
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(watch.look(still, now = now + Duration::hours(1)).empty()) << i;
    EXPECT_EQ(watch.look(still, now + Duration::hours(1)).size(), 1u);
    EXPECT_TRUE(watch.look({{7, 4, Instant{0}}}, now + Duration::hours(2)).empty()) << "it beat";
    EXPECT_TRUE(watch.look({{7, 4, Instant{1}}}, now + Duration::hours(3)).empty()) << "it claimed";
    for (int i = 0; i < 4; ++i) watch.look(still, now + Duration::hours(4 + i));
    EXPECT_TRUE(watch.look({}, now + Duration::hours(9)).empty());
    EXPECT_TRUE(watch.look(still, now + Duration::hours(10)).empty()) << "its jobs ended between";
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
    constexpr Sql beats{"select beats from worker"};
    EXPECT_TRUE(comes_true([&] {
        const auto row = store().read([&](Tx& tx) { return tx.row(beats); });
        return row && row->integer(0) >= 4;
    }));
    go.set_value();
    EXPECT_TRUE(comes_true([&] { return counts().running == 0; }));
    EXPECT_TRUE(parked().empty());
    workers.stop(Duration::seconds(5));
    EXPECT_FALSE(store().read([&](Tx& tx) { return tx.row(beats); })) << "who stops says so";
}

OTKLIK_BOTH_DATABASES(Jobs);

}  // namespace
}  // namespace otklik
