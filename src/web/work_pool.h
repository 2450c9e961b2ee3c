#pragma once
// A few threads and a queue with a limit; what does not fit is refused.
// Thread: push from any; close and join from the owner.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace otklik {

class WorkPool {
public:
    WorkPool(std::string_view name, int threads, std::size_t queue_max);
    ~WorkPool() { finish(); }
    /// False when the queue is full or the pool is closed. A job must not throw.
    bool push(std::function<void()> job);
    /// Nothing more is taken in; returns when what was taken is done.
    void finish();

private:
    void work();
    bool should_wake();

    // Not BoundedQueue: it wakes a thread for every item, and for short jobs the switching costs
    // more than the job (2 cores, tiny handler, 2026-11-22: 1.7 switches and 28-46 us of processor
    // a request; with this one 0.2 and 20-24).
    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::deque<std::function<void()>> jobs_;
    const std::size_t queue_max_;
    int idle_ = 0;         // threads that wait
    bool waking_ = false;  // one of them was told, and has not come yet
    bool closed_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace otklik
