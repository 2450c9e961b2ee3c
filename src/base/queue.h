#pragma once
// A queue with a limit. What happens when it is full is said where it is made: the producer waits,
// is refused, or the oldest goes (and is counted). Thread: any number of producers and takers.
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace otklik {

enum class WhenFull { wait, refuse, drop_oldest };

template <class T>
class BoundedQueue {
public:
    BoundedQueue(std::size_t count_max, WhenFull when_full)
        : count_max_(count_max), when_full_(when_full) {}

    /// False when it is closed, or full and made to refuse; then `item` is untouched.
    bool push(T&& item) {
        std::unique_lock lock(mutex_);
        if (when_full_ == WhenFull::wait)
            not_full_.wait(lock, [&] { return closed_ || items_.size() < count_max_; });
        if (closed_) return false;
        if (items_.size() >= count_max_) {
            if (when_full_ == WhenFull::refuse) {
                ++lost_;
                return false;
            }
            items_.pop_front();
            ++lost_;
        }
        items_.push_back(std::move(item));
        lock.unlock();
        not_empty_.notify_one();
        return true;
    }
    bool push(const T& item) { return push(T(item)); }

    /// Waits for one; nothing when the queue is closed and empty, or a stop was asked for.
    std::optional<T> take(std::stop_token stop = {}) {
        std::unique_lock lock(mutex_);
        not_empty_.wait(lock, stop, [&] { return closed_ || !items_.empty(); });
        if (items_.empty() || stop.stop_requested()) return std::nullopt;
        return take_first(lock);
    }
    std::optional<T> try_take() {
        std::unique_lock lock(mutex_);
        if (items_.empty()) return std::nullopt;
        return take_first(lock);
    }
    /// Nothing more comes in; what is inside may still be taken.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        not_empty_.notify_all();
        not_full_.notify_all();
    }
    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return items_.size();
    }
    /// Refused or dropped since the start.
    std::int64_t lost() const {
        const std::lock_guard lock(mutex_);
        return lost_;
    }

private:
    std::optional<T> take_first(std::unique_lock<std::mutex>& lock) {
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        lock.unlock();
        not_full_.notify_one();
        return item;
    }

    const std::size_t count_max_;
    const WhenFull when_full_;
    mutable std::mutex mutex_;
    std::condition_variable_any not_empty_;
    std::condition_variable not_full_;
    std::deque<T> items_;
    std::int64_t lost_ = 0;
    bool closed_ = false;
};

}  // namespace otklik
