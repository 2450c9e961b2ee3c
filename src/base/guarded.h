#pragma once
// State behind a lock: reachable only by lock(). Locks of one thread are taken in rising order;
// debug builds check it and stop, so that a dead-lock is found by the first test that walks the
// way, not by the first bad Monday. Thread: any.
#include <cassert>
#include <mutex>
#include <utility>
#include <vector>

namespace otklik {

namespace detail {
#ifndef NDEBUG
inline thread_local std::vector<int> held_orders;
inline void before_lock(int order) {
    assert((held_orders.empty() || held_orders.back() < order) &&
           "locks must be taken in rising order");
    held_orders.push_back(order);
}
inline void after_unlock() {
    held_orders.pop_back();
}
#else
inline void before_lock(int) {}
inline void after_unlock() {}
#endif
}  // namespace detail

/// `order`: its place among all locks of the program (docs/threads.md). No I/O, SQL or call out
/// under it.
template <class State, int order>
class Guarded {
public:
    template <class... Args>
    explicit Guarded(Args&&... args) : state_(std::forward<Args>(args)...) {}

    class Lock {
    public:
        explicit Lock(Guarded& owner) : owner_(&owner) {
            detail::before_lock(order);
            owner_->mutex_.lock();
        }
        ~Lock() {
            owner_->mutex_.unlock();
            detail::after_unlock();
        }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        State* operator->() { return &owner_->state_; }
        State& operator*() { return owner_->state_; }

    private:
        Guarded* owner_;
    };
    Lock lock() { return Lock(*this); }

private:
    std::mutex mutex_;
    State state_;
};

}  // namespace otklik
