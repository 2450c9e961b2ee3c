// The intake: one thread that turns the presses of all waiting requests into one commit.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/thread.h"
#include "signals/press_batch.h"

namespace otklik {
namespace {

constexpr std::size_t batch_presses_max = 256;
constexpr std::size_t waiting_presses_max = 20'000;

/// One caller of take(). Shared with its slices, since the caller may be gone while the last one is
/// still being closed.
struct Ticket {
    std::vector<PressItem> items;
    std::vector<PressResult> results;
    std::size_t answered = 0;
    std::exception_ptr error;
    std::promise<void> done;
};
struct Slice {
    std::shared_ptr<Ticket> ticket;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
};

}  // namespace

struct PressIntake::Inside {
    Inside(Store& store_in, Signals& signals_in, Sites& sites_in, const Clock& clock_in,
           std::function<bool()> free_reserve_in)
        : store(store_in),
          signals(signals_in),
          sites(sites_in),
          clock(clock_in),
          free_reserve(std::move(free_reserve_in)),
          thread([this](std::stop_token stop) { run(stop); }) {}

    void enqueue(const std::shared_ptr<Ticket>& ticket) {
        const std::size_t count = ticket->items.size();
        {
            const std::lock_guard lock(mutex);
            if (stopped || waiting + count > waiting_presses_max)
                throw Error(Fault::busy, "press.queue");
            for (std::size_t at = 0; at < count; at += batch_presses_max)
                slices.push_back({ticket, at, std::min(count, at + batch_presses_max)});
            waiting += count;
        }
        some.notify_one();
    }

    std::vector<Slice> next_batch(std::stop_token stop) {
        std::unique_lock lock(mutex);
        some.wait(lock, stop, [this] { return !slices.empty(); });
        std::vector<Slice> batch;
        std::size_t count = 0;
        while (!slices.empty() &&
               (batch.empty() || count + slices.front().size() <= batch_presses_max)) {
            count += slices.front().size();
            batch.push_back(slices.front());
            slices.pop_front();
        }
        waiting -= count;
        return batch;
    }

    void run(std::stop_token stop) {
        name_thread("press-intake");
        for (;;) {
            const auto batch = next_batch(stop);
            if (batch.empty()) return;  // stopped, and everybody who waited has an answer
            serve(batch);
        }
    }

    void serve(std::span<const Slice> batch) {
        try {
            const auto results = write(batch);
            std::size_t at = 0;
            for (const Slice& slice : batch) {
                std::copy_n(
                    results.begin() + static_cast<std::ptrdiff_t>(at), slice.size(),
                    slice.ticket->results.begin() + static_cast<std::ptrdiff_t>(slice.begin));
                at += slice.size();
                close(slice, nullptr);
            }
        } catch (const Error& error) {
            const bool of_all = error.fault() == Fault::full || error.fault() == Fault::unavailable;
            if (of_all || batch.size() == 1) {
                for (const Slice& slice : batch) close(slice, std::current_exception());
                return;
            }
            // Somebody's press is bad for the whole batch: each request alone, so that it harms no
            // other.
            for (const Slice& slice : batch) serve(std::span(&slice, 1));
        } catch (...) {
            for (const Slice& slice : batch) close(slice, std::current_exception());
        }
    }

    std::vector<PressResult> write(std::span<const Slice> batch) {
        std::vector<PressItem> items;
        for (const Slice& slice : batch)
            for (std::size_t i = slice.begin; i < slice.end; ++i)
                items.push_back(slice.ticket->items[i]);
        const auto once = [&] {
            return store.write([&](Tx& tx) { return write_presses(tx, signals, sites, items); },
                               Lane::press);
        };
        try {
            return once();
        } catch (const Error& error) {
            // The reserve file exists for this moment: presses go before everything else on the
            // disk.
            if (error.fault() != Fault::full || !free_reserve || !free_reserve()) throw_full(error);
        }
        try {
            return once();
        } catch (const Error& error) {
            throw_full(error);
        }
    }

    [[noreturn]] static void throw_full(const Error& error) {
        if (error.fault() == Fault::full)
            throw Error(Fault::full, "disk.full").because(error.detail());
        throw;
    }

    static void close(const Slice& slice, std::exception_ptr error) {
        Ticket& ticket = *slice.ticket;
        if (error) ticket.error = error;
        ticket.answered += slice.size();
        if (ticket.answered == ticket.items.size()) ticket.done.set_value();
    }

    Store& store;
    Signals& signals;
    Sites& sites;
    const Clock& clock;
    std::function<bool()> free_reserve;
    std::mutex mutex;
    std::condition_variable_any some;
    std::deque<Slice> slices;
    std::size_t waiting = 0;
    bool stopped = false;
    std::jthread thread;  // last: it uses everything above
};

PressIntake::PressIntake(Store& store, Signals& signals, Sites& sites, const Clock& clock,
                         std::function<bool()> free_reserve)
    : inside_(std::make_unique<Inside>(store, signals, sites, clock, std::move(free_reserve))) {}

PressIntake::~PressIntake() {
    stop();
}

std::vector<PressResult> PressIntake::take(const Device& device,
                                           const std::vector<Press>& presses) {
    if (presses.empty()) return {};
    const Instant received_at = inside_->clock.now();
    // Refused as a wrong press it would be given up; ours is the wrong clock, and it will be set.
    if (received_at < press_earliest) throw Error(Fault::unavailable, "server.clock");
    const auto ticket = std::make_shared<Ticket>();
    ticket->items.reserve(presses.size());
    for (const Press& press : presses)
        ticket->items.push_back({&device, &press, received_at, resolve_press(press, received_at)});
    ticket->results.resize(presses.size());
    auto done = ticket->done.get_future();
    inside_->enqueue(ticket);
    done.wait();
    if (ticket->error) std::rethrow_exception(ticket->error);
    return std::move(ticket->results);
}

void PressIntake::stop() {
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->stopped = true;
    }
    inside_->thread.request_stop();
    if (inside_->thread.joinable()) inside_->thread.join();
}

}  // namespace otklik
