// Workers: one thread that claims and renews leases, and `at_once` threads per stage that look.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/thread.h"
#include "store/bell.h"
#include "store/job_ledger.h"
#include "store/jobs.h"

namespace otklik {
namespace {

constexpr Duration poll = Duration::ms(250);  // other processes' jobs, and jobs that become due
/// Between two tries to write down how a look ended.
constexpr auto end_again_after = std::chrono::seconds(1);

bool is_our_trouble(Fault fault) {
    return fault == Fault::busy || fault == Fault::full || fault == Fault::unavailable;
}

/// A job that fails and passes the next time leaves no row: the log alone tells that it did.
void tell_failure(const Stage& stage, const ClaimedJob& job, const LookEnd& end) {
    log_warning("jobs.look_failed", {{"stage", std::string(stage.name)},
                                     {"subject", std::to_string(job.subject)},
                                     {"detail", end.reason_detail}});
}

/// Runs the look; never throws.
LookEnd look_at(const Stage& stage, const ClaimedJob& job) noexcept {
    LookEnd end;
    try {
        end.again = stage.look(job.subject);
    } catch (const Error& error) {
        end = {.failed = true,
               .counts = !is_our_trouble(error.fault()),
               .reason_code = error.code(),
               .reason_detail = error.what()};
    } catch (const std::exception& error) {
        end = {.failed = true, .reason_code = "internal", .reason_detail = error.what()};
    } catch (...) {
        end = {.failed = true, .reason_code = "internal", .reason_detail = "no std::exception"};
    }
    return end;
}

}  // namespace

struct Workers::Inside {
    struct Line {  // of one stage
        std::deque<ClaimedJob> waiting;
        int claimed = 0;  // waiting and looked at
    };
    Inside(Store& store, const Clock& the_clock, std::vector<Stage> the_stages)
        : ledger(store, next_id(the_clock)),
          nameless(store, 0),
          clock(the_clock),
          stages(std::move(the_stages)),
          lines(stages.size()) {}

    void dispatch(const std::stop_token& stop);
    void beat();
    void bury_the_silent();
    void claim_all();
    void renew_all();
    void work(const std::stop_token& stop, std::size_t stage);
    void finish(const Stage& stage, const ClaimedJob& job, const std::stop_token* stop);
    bool write_end(const ClaimedJob& job, const LookEnd& end);
    void give_back_waiting();
    void leave() noexcept;

    JobLedger ledger;
    JobLedger nameless;                // of run_due: nobody beats while the caller's thread looks
    DeathWatch watch;                  // of the dispatcher, or of run_due where none runs
    std::optional<Instant> beaten_at;  // the dispatcher's own
    const Clock& clock;
    const std::vector<Stage> stages;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<Line> lines;                         // guarded
    std::map<std::int64_t, ClaimedJob> in_hand;      // guarded; leases to renew
    std::map<std::int64_t, Duration> lease_lengths;  // guarded
    bool stopping = false;                           // guarded
    bool buries_first = false;                       // the dispatcher's own
    std::vector<std::jthread> threads;
    std::jthread dispatcher;
};

void Workers::Inside::dispatch(const std::stop_token& stop) {
    name_thread("jobs");
    while (!stop.stop_requested()) {
        const auto seen = job_bell().count();
        try {
            if (buries_first) ledger.recover_all();
            buries_first = false;
            beat();
            renew_all();
            bury_the_silent();
            claim_all();
        } catch (const Error& error) {  // the edge of this thread: the next poll tries again
            log_warning("jobs.failed", {{"detail", error.what()}});
        }
        if (!stop.stop_requested()) job_bell().wait(seen, poll);
    }
}

/// A claim is a sign of life by itself; only what takes longer needs a beat, so an idle program
/// writes nothing.
void Workers::Inside::beat() {
    const Instant now = clock.now();
    const auto is_long = [&](const auto& each) {
        return now - each.second.claimed_at >= DeathWatch::beat_every;
    };
    {
        const std::lock_guard lock(mutex);
        if (std::none_of(in_hand.begin(), in_hand.end(), is_long)) return;
    }
    if (beaten_at && now >= *beaten_at && now - *beaten_at < DeathWatch::beat_every) return;
    ledger.beat();
    beaten_at = now;
}

void Workers::Inside::bury_the_silent() {
    const Instant now = clock.now();
    if (!watch.is_due(now)) return;
    for (const SignOfLife& sign : watch.look(ledger.signs(), now))
        if (const int jobs = ledger.bury(sign); jobs > 0)
            log_warning("jobs.crashed", {{"jobs", std::to_string(jobs)}});
}

void Workers::Inside::claim_all() {
    {
        const std::lock_guard lock(mutex);
        if (stopping) return;
    }
    const auto news = ledger.news(stages);
    if (news.crashed) ledger.recover();
    for (std::size_t i = 0; i < stages.size(); ++i) {
        int room = 0;
        {
            const std::lock_guard lock(mutex);
            room = stages[i].at_once - lines[i].claimed;
        }
        if (room <= 0 || !news.due[i]) continue;
        for (const ClaimedJob& job : ledger.claim(stages[i], room)) {
            const std::lock_guard lock(mutex);
            lines[i].waiting.push_back(job);
            ++lines[i].claimed;
            in_hand[job.id] = job;
            lease_lengths[job.id] = stages[i].lease;
        }
        changed.notify_all();
    }
    const std::lock_guard lock(mutex);
    if (stopping) changed.notify_all();
}

void Workers::Inside::renew_all() {
    const Instant now = clock.now();
    std::vector<std::pair<ClaimedJob, Duration>> due;
    {
        const std::lock_guard lock(mutex);
        for (const auto& [id, job] : in_hand) {
            const Duration length = lease_lengths[id];
            if ((job.lease_until - now).us * 3 < length.us * 2) due.emplace_back(job, length);
        }
    }
    for (const auto& [job, length] : due) {
        const bool kept = ledger.renew(job, now + length);
        const std::lock_guard lock(mutex);
        const auto found = in_hand.find(job.id);
        if (found == in_hand.end()) continue;
        if (kept)
            found->second.lease_until = now + length;
        else
            in_hand.erase(found);
    }
}

void Workers::Inside::work(const std::stop_token& stop, std::size_t stage) {
    name_thread("stage");
    for (;;) {
        ClaimedJob job;
        {
            std::unique_lock lock(mutex);
            Line& line = lines[stage];
            if (!changed.wait(lock, stop, [&] { return !line.waiting.empty() && !stopping; }))
                return;
            job = line.waiting.front();
            line.waiting.pop_front();
        }
        finish(stages[stage], job, &stop);
        {
            const std::lock_guard lock(mutex);
            --lines[stage].claimed;
            in_hand.erase(job.id);
            lease_lengths.erase(job.id);
        }
        changed.notify_all();
        job_bell().ring();  // a place is free
    }
}

/// What was looked at is written down again and again, its lease being renewed meanwhile: a disk
/// that failed once must not hold the job until the lease is over. Without a stop token, once.
void Workers::Inside::finish(const Stage& stage, const ClaimedJob& job,
                             const std::stop_token* stop) {
    const LookEnd end = look_at(stage, job);
    if (end.failed) tell_failure(stage, job, end);
    while (!write_end(job, end) && stop) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, *stop, end_again_after, [this] { return stopping; });
        if (stopping || stop->stop_requested()) return;  // it counts as a crash
    }
}

bool Workers::Inside::write_end(const ClaimedJob& job, const LookEnd& end) {
    try {
        ledger.end(job, end);
        return true;
    } catch (const Error& error) {
        log_error("jobs.end_not_written", {{"detail", error.what()}});
        return false;
    }
}

void Workers::Inside::give_back_waiting() {
    std::vector<ClaimedJob> waiting;
    {
        const std::lock_guard lock(mutex);
        for (auto& line : lines) {
            line.claimed -= int(line.waiting.size());
            for (const auto& job : line.waiting) {
                waiting.push_back(job);
                in_hand.erase(job.id);
                lease_lengths.erase(job.id);
            }
            line.waiting.clear();
        }
    }
    for (const auto& job : waiting) {
        try {
            ledger.give_back(job);
        } catch (const Error& error) {
            log_warning("jobs.not_given_back", {{"detail", error.what()}});
        }
    }
}

void Workers::Inside::leave() noexcept {
    if (!beaten_at) return;
    try {
        ledger.leave();
    } catch (const std::exception& error) {  // the row is cleared away later
        log_warning("jobs.failed", {{"detail", error.what()}});
    }
}

Workers::Workers(Store& store, const Clock& clock, std::vector<Stage> stages)
    : inside_(std::make_unique<Inside>(store, clock, std::move(stages))) {}

Workers::~Workers() {
    stop(Duration::seconds(60));
    inside_->threads.clear();  // waits for looks that still run
}

void Workers::start() {
    Inside& in = *inside_;
    if (in.dispatcher.joinable()) return;
    in.dispatcher = std::jthread([&in](const std::stop_token& stop) { in.dispatch(stop); });
    for (std::size_t i = 0; i < in.stages.size(); ++i)
        for (int n = 0; n < in.stages[i].at_once; ++n)
            in.threads.emplace_back([&in, i](const std::stop_token& stop) { in.work(stop, i); });
}

int Workers::bury_the_dead() {
    return inside_->ledger.recover_all();
}

void Workers::bury_the_dead_later() {
    inside_->buries_first = true;
}

void Workers::stop(Duration at_most) {
    Inside& in = *inside_;
    if (!in.dispatcher.joinable()) return;
    {
        const std::lock_guard lock(in.mutex);
        in.stopping = true;
    }
    in.give_back_waiting();
    {
        // The dispatcher goes on renewing the leases of looks that still run.
        std::unique_lock lock(in.mutex);
        in.changed.wait_for(lock, std::chrono::microseconds(at_most.us), [&] {
            return std::all_of(in.lines.begin(), in.lines.end(), [](const auto& line) {
                return line.claimed == int(line.waiting.size());
            });
        });
    }
    for (auto& thread : in.threads) thread.request_stop();
    in.dispatcher.request_stop();
    job_bell().ring();
    in.dispatcher.join();
    in.give_back_waiting();  // what it claimed while we stopped
    in.leave();
}

int Workers::run_due() {
    Inside& in = *inside_;
    int count = 0;
    for (bool ran = true; ran;) {
        ran = false;
        in.bury_the_silent();
        const auto news = in.nameless.news(in.stages);
        if (news.crashed) in.nameless.recover();
        for (std::size_t i = 0; i < in.stages.size(); ++i) {
            if (!news.due[i]) continue;
            const Stage& stage = in.stages[i];
            for (const ClaimedJob& job : in.nameless.claim(stage, 1)) {
                in.finish(stage, job, nullptr);
                ++count;
                ran = true;
            }
        }
    }
    return count;
}

}  // namespace otklik
