#include "store/group_writer.h"

#include <algorithm>
#include <cassert>

#include "base/log.h"
#include "base/thread.h"

namespace otklik {
namespace {

// design.md section 7: start values, changed by a figure.
constexpr std::int64_t batch_rows_max = 500;
constexpr auto batch_time_max = std::chrono::milliseconds(50);
constexpr std::size_t closures_max = 200;
constexpr std::size_t waiting_max = 10'000;  // a queue that long means the disk is away
constexpr int group_attempts_max = 2;
constexpr int lone_attempts_max = 12;

thread_local bool is_writer_thread = false;

}  // namespace

GroupWriter::GroupWriter(WriteBackend& backend)
    : backend_(backend), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

GroupWriter::~GroupWriter() {
    thread_.request_stop();
    thread_.join();
}

void GroupWriter::write(const std::function<void(Tx&)>& f, Lane lane) {
    assert(!is_writer_thread && "write() inside a write closure");
    Request request{.f = &f, .lane = lane};
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) throw Error(Fault::unavailable, "store.away");
        auto& line = lanes_[std::size_t(lane)];
        if (line.size() >= waiting_max) throw Error(Fault::busy, "store.busy");
        line.push_back(&request);
    }
    wake_.notify_one();
    std::unique_lock lock(request.mutex);
    request.answered.wait(lock, [&] { return request.done; });
    if (request.error) std::rethrow_exception(request.error);
}

/// The next closure, presses first; of the low lane at most one, and only as the first of its
/// batch.
GroupWriter::Request* GroupWriter::take(Batch& batch) {
    const std::lock_guard lock(mutex_);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        auto& line = lanes_[lane];
        if (line.empty() || (lane == std::size_t(Lane::low) && !batch.empty())) continue;
        batch.push_back(line.front());
        line.pop_front();
        return batch.back();
    }
    return nullptr;
}

/// What did not fit goes first the next time.
void GroupWriter::put_back(Batch& batch, std::size_t from) {
    const std::lock_guard lock(mutex_);
    while (batch.size() > from) {
        lanes_[std::size_t(batch.back()->lane)].push_front(batch.back());
        batch.pop_back();
    }
}

void GroupWriter::loop(const std::stop_token& stop) {
    name_thread("store-writer");
    is_writer_thread = true;
    const auto waiting = [this] {
        return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& l) { return !l.empty(); });
    };
    for (;;) {
        bool somebody = false;
        {
            std::unique_lock lock(mutex_);
            somebody = wake_.wait(lock, stop, waiting);
            if (!somebody) {
                stopped_ = true;
                return;
            }
        }
        Batch batch;
        Outcome outcome = Outcome::again;
        for (int i = 0; i < group_attempts_max && outcome == Outcome::again; ++i)
            outcome = run_group(batch, i == 0);
        if (outcome == Outcome::alone) tell_failure(batch);
        if (outcome != Outcome::done)
            for (auto* each : batch) run_alone(*each);
        answer(batch);
        {
            const std::lock_guard lock(mutex_);
            somebody = waiting();
        }
        backend_.tidy(somebody);
    }
}

/// A write that failed in company may pass alone, and is then answered as if nothing had been: the
/// log alone tells that the disk or the database failed.
void GroupWriter::tell_failure(const Batch& batch) const {
    std::exception_ptr error = backend_.tx().error();
    for (const auto* each : batch)
        if (each->error) error = each->error;
    std::string detail = "unknown";
    try {
        if (error) std::rethrow_exception(error);
    } catch (const std::exception& reason) {
        detail = reason.what();
    }
    log_warning("store.group_failed", {{"detail", detail}});
}

GroupWriter::Outcome GroupWriter::run_group(Batch& batch, bool may_grow) {
    const auto started = std::chrono::steady_clock::now();
    const bool is_first = may_grow;
    if (may_grow && !backend_.late_may_join()) {
        while (batch.size() < closures_max && take(batch)) {
        }
        may_grow = false;
    }
    try {
        backend_.begin();
    } catch (const StoreFault&) {
        if (batch.empty()) take(batch);
        for (auto* each : batch) each->error = std::current_exception();
        return Outcome::done;
    }
    std::int64_t rows = 0;
    for (std::size_t i = 0;; ++i) {
        if (i == batch.size() && (!may_grow || !take(batch))) break;
        const Outcome outcome = run_one(*batch[i]);
        if (outcome != Outcome::done) {
            backend_.rollback();
            return outcome;
        }
        rows += backend_.tx().row_count() + 1;
        const bool enough =
            rows >= batch_rows_max || std::chrono::steady_clock::now() - started >= batch_time_max;
        if (enough) may_grow = false;
        if (enough && is_first) put_back(batch, i + 1);
    }
    return commit(batch);
}

/// One closure in its savepoint. Its own failure is `done`, with the savepoint rolled back.
GroupWriter::Outcome GroupWriter::run_one(Request& request) {
    StoreTx& tx = backend_.tx();
    tx.renew();
    request.error = nullptr;
    request.calls.clear();
    try {
        backend_.savepoint();
        try {
            (*request.f)(tx);
        } catch (...) {
            request.error = std::current_exception();
        }
        if (tx.death() == Death::retry || tx.death() == Death::lost) return Outcome::again;
        if (tx.death() == Death::plain && !request.error) request.error = tx.error();
        if (backend_.broken()) return Outcome::alone;
        if (request.error) {
            backend_.rollback_to();
        } else {
            backend_.release();
            request.calls = tx.take_calls();
        }
        return Outcome::done;
    } catch (const StoreFault& fault) {  // of the savepoint itself
        request.error = std::current_exception();
        return fault.death() == Death::plain ? Outcome::alone : Outcome::again;
    }
}

GroupWriter::Outcome GroupWriter::commit(Batch& batch) {
    try {
        backend_.commit();
    } catch (const StoreFault& fault) {
        backend_.rollback();
        if (fault.death() == Death::retry) return Outcome::again;
        const auto error =
            fault.death() == Death::lost
                ? std::make_exception_ptr(
                      Error(Fault::unavailable, "store.outcome_unknown").because(fault.detail()))
                : std::current_exception();
        for (auto* each : batch)
            if (!each->error) each->error = error;
    }
    return Outcome::done;
}

/// The closure without company, until it passes: others can no longer be the reason of a failure.
void GroupWriter::run_alone(Request& request) {
    for (int attempt = 0; attempt < lone_attempts_max; ++attempt) {
        Batch one{&request};
        const Outcome outcome = run_group(one, false);
        if (outcome == Outcome::done) return;
        if (outcome == Outcome::alone) {
            if (!request.error) request.error = backend_.tx().error();
            if (!request.error)
                request.error = std::make_exception_ptr(Error(Fault::internal, "store.failed"));
            return;
        }
        wait_a_little(attempt);
    }
    const auto error = backend_.tx().error();
    const bool lost = backend_.tx().death() == Death::lost;
    request.error =
        lost && error ? error : std::make_exception_ptr(Error(Fault::busy, "store.contended"));
}

void GroupWriter::answer(Batch& batch) {
    for (auto* each : batch)
        if (!each->error)
            for (const auto& call : each->calls) call();
    for (auto* each : batch) {
        const std::lock_guard lock(each->mutex);
        each->done = true;
        each->answered.notify_one();  // under the lock: the request dies as soon as its owner wakes
    }
}

/// Back-off after a serialization failure; jitter, so that two processes do not meet again.
void GroupWriter::wait_a_little(int attempt) {
    // In the end longer than a commit on a slow disk takes, or the other side wins each time.
    const int ms_max = 1 << std::min(attempt, 8);
    std::uniform_int_distribution<int> pick(0, ms_max * 1000);
    std::mutex nobody;
    std::unique_lock lock(nobody);
    std::condition_variable().wait_for(lock, std::chrono::microseconds(pick(random_)));
}

}  // namespace otklik
