#include "web/work_pool.h"

#include "base/thread.h"

namespace otklik {

WorkPool::WorkPool(std::string_view name, int threads, std::size_t queue_max)
    : queue_max_(queue_max) {
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this, label = std::string(name) + "-" + std::to_string(i)] {
            name_thread(label);
            work();
        });
}

/// Threads are woken one at a time: who comes and finds more than one job wakes the next. A burst
/// of short jobs is done by those awake; a long one holds nobody, since the next was woken before
/// it. Under the lock.
bool WorkPool::should_wake() {
    if (jobs_.empty() || idle_ == 0 || waking_) return false;
    waking_ = true;
    return true;
}

bool WorkPool::push(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    if (closed_ || jobs_.size() >= queue_max_) return false;
    jobs_.push_back(std::move(job));
    const bool wake = should_wake();
    lock.unlock();
    if (wake) not_empty_.notify_one();
    return true;
}

void WorkPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        while (jobs_.empty() && !closed_) {
            ++idle_;
            not_empty_.wait(lock);
            --idle_;
            waking_ = false;
        }
        if (jobs_.empty()) return;
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        const bool wake = should_wake();
        lock.unlock();
        if (wake) not_empty_.notify_one();
        job();
        job = nullptr;  // what it holds dies before we wait
        lock.lock();
    }
}

void WorkPool::finish() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    not_empty_.notify_all();
    threads_.clear();  // joins
}

}  // namespace otklik
