#include "store/job_ledger.h"

#include <algorithm>
#include <limits>
#include <set>

#include "store/sql_text.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr int failures_max = 5;
constexpr int crashes_max = 3;
constexpr Duration back_off_max = Duration::seconds(600);
constexpr std::size_t detail_bytes_max = 2'000;
constexpr Duration worker_row_life = Duration::hours(24);  // of a program nobody buried

/// Foreign bytes in an exception's text must not keep the job from being parked.
std::string plain(std::string text) {
    if (text.size() > detail_bytes_max) text.resize(detail_bytes_max);
    if (is_plain_text(text)) return text;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

std::optional<std::int64_t> named(std::int64_t worker) {
    return worker ? std::optional(worker) : std::nullopt;
}

Params mark_of(const ClaimedJob& job) {
    return {{"id", job.id}, {"claimed_at", job.claimed_at}, {"worker", job.worker}};
}

}  // namespace

/// 1 s, 2 s, 4 s … at most 10 min; up to a quarter more, so that many do not come back at once.
Duration JobLedger::back_off(int times) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const std::int64_t base =
        std::min(Duration::seconds(1).us << std::clamp(times, 0, 20), back_off_max.us);
    std::uniform_int_distribution<std::int64_t> more(0, base / 4);
    return {std::min(base + more(random), back_off_max.us)};
}

JobLedger::News JobLedger::news(const std::vector<Stage>& stages) {
    return store_.read([&](Tx& tx) {
        std::set<std::string, std::less<>> due;
        for (const auto& row : tx.rows(sql::due_stages, {{"now", tx.now()}}))
            due.insert(row.text(0));
        News news{.crashed = due.contains(""), .due = {}};
        for (const Stage& stage : stages) news.due.push_back(due.contains(stage.name));
        return news;
    });
}

std::vector<ClaimedJob> JobLedger::claim(const Stage& stage, int count_max) {
    return store_.write(
        [&](Tx& tx) {
            std::vector<ClaimedJob> jobs;
            const Instant lease_until = tx.now() + stage.lease;
            for (const auto& row : tx.rows(sql::claim_jobs, {{"stage", stage.name},
                                                             {"now", tx.now()},
                                                             {"count", count_max},
                                                             {"worker", named(worker_)},
                                                             {"lease_until", lease_until}}))
                jobs.push_back({.id = row.integer(0),
                                .subject = row.integer(1),
                                .failures = int(row.integer(2)),
                                .crashes = int(row.integer(3)),
                                .claimed_at = tx.now(),
                                .worker = worker_,
                                .lease_until = lease_until});
            return jobs;
        },
        Lane::claim);
}

void JobLedger::set(Tx& tx, std::int64_t id, const Next& next, const LookEnd& end) {
    const bool has_reason = !end.reason_code.empty();
    const auto text = [&](const std::string& t) {
        return has_reason ? std::optional<std::string>(plain(t)) : std::nullopt;
    };
    tx.run(sql::set_job, {{"id", id},
                          {"state", next.state},
                          {"not_before", next.not_before},
                          {"failures", next.failures},
                          {"crashes", next.crashes},
                          {"reason_code", text(end.reason_code)},
                          {"reason_detail", text(end.reason_detail)},
                          {"worker", named(next.worker)},
                          {"now", tx.now()}});
}

void JobLedger::end(const ClaimedJob& job, const LookEnd& end) {
    store_.write([&](Tx& tx) {
        const auto row = tx.row(sql::running_job, mark_of(job));
        if (!row) {  // the claim was lost: somebody else looks now
            // It came to its end all the same: its program did not die over it.
            if (job.worker) tx.run(sql::forgive_crash, {{"id", job.id}, {"worker", job.worker}});
            return;
        }
        if (end.failed) {
            const int failures = job.failures + (end.counts || job.failures + 1 < failures_max);
            const bool parks = failures >= failures_max;
            set(tx, job.id,
                {parks ? "parked" : "open", tx.now() + back_off(job.failures), failures,
                 job.crashes},
                end);
            return;
        }
        std::optional<Instant> next = end.again;
        if (row->flag(0)) {
            const Instant asked = row->maybe_instant(1).value_or(tx.now());
            next = next ? std::min(*next, asked) : asked;
        }
        if (next)
            set(tx, job.id, {"open", *next}, end);
        else
            tx.run(sql::close_job, {{"id", job.id}});
    });
}

void JobLedger::give_back(const ClaimedJob& job) {
    store_.write([&](Tx& tx) {
        if (tx.row(sql::running_job, mark_of(job)))
            set(tx, job.id, {"open", tx.now(), job.failures, job.crashes}, {});
    });
}

bool JobLedger::renew(const ClaimedJob& job, Instant lease_until) {
    return store_.write([&](Tx& tx) {
        Params params = mark_of(job);
        params.push_back({"lease_until", lease_until});
        return tx.run(sql::renew_lease, params) == 1;
    });
}

int JobLedger::recover() {
    return recover_before(std::nullopt, "the lease ran out");
}

int JobLedger::recover_all() {
    constexpr Instant whatever_it_is{std::numeric_limits<std::int64_t>::max()};
    int all = 0;
    while (const int some = recover_before(whatever_it_is, "the program ended while it ran"))
        all += some;
    return all;
}

/// Nothing means now.
int JobLedger::recover_before(std::optional<Instant> lease_end, std::string_view why) {
    return store_.write(
        [&](Tx& tx) {
            const auto rows = tx.rows(sql::crashed_jobs, {{"now", lease_end.value_or(tx.now())}});
            for (const auto& row : rows) count_crash(tx, row, why, 0);
            return int(rows.size());
        },
        Lane::claim);
}

/// `row`: id, failures, crashes.
void JobLedger::count_crash(Tx& tx, const Row& row, std::string_view why, std::int64_t worker) {
    const int crashes = int(row.integer(2)) + 1;
    const bool parks = crashes >= crashes_max;
    set(tx, row.integer(0),
        {parks ? "parked" : "open", tx.now() + back_off(crashes - 1), int(row.integer(1)), crashes,
         worker},
        {.failed = true, .reason_code = "job.crashed", .reason_detail = std::string(why)});
}

void JobLedger::beat() {
    store_.write(
        [&](Tx& tx) {
            if (tx.run(sql::beat, {{"id", worker_}, {"now", tx.now()}}) == 1) return;
            tx.run(sql::first_beat, {{"id", worker_}, {"now", tx.now()}});
            tx.run(sql::forget_workers, {{"before", tx.now() - worker_row_life}});
        },
        Lane::claim);
}

std::vector<SignOfLife> JobLedger::signs() {
    return store_.read([&](Tx& tx) {
        std::vector<SignOfLife> signs;
        for (const auto& row : tx.rows(sql::signs_of_life, {{"own", worker_}}))
            signs.push_back({row.integer(0), row.integer(1), row.instant(2)});
        return signs;
    });
}

int JobLedger::bury(const SignOfLife& sign) {
    return store_.write(
        [&](Tx& tx) {
            const auto row = tx.row(sql::find_worker, {{"id", sign.worker}});
            const bool beats_on = row && row->integer(0) != sign.beats;
            if (beats_on ||
                tx.row(sql::newer_claim, {{"worker", sign.worker}, {"claim", sign.newest_claim}}))
                return 0;
            const auto jobs = tx.rows(sql::jobs_of_worker, {{"worker", sign.worker}});
            for (const auto& job : jobs)
                count_crash(tx, job, "its program gave no sign of life", sign.worker);
            tx.run(sql::remove_worker, {{"id", sign.worker}});
            return int(jobs.size());
        },
        Lane::claim);
}

void JobLedger::leave() {
    store_.write([&](Tx& tx) { tx.run(sql::remove_worker, {{"id", worker_}}); }, Lane::claim);
}

}  // namespace otklik
