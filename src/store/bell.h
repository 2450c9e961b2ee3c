#pragma once
// A bell: rung when something happened, heard by whoever waits. Missed rings are seen by the count.
// Thread: any; nothing is called under its lock.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/time.h"

namespace otklik {

class Bell {
public:
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            ++count_;
        }
        rung_.notify_all();
    }
    std::uint64_t count() const {
        const std::lock_guard lock(mutex_);
        return count_;
    }
    /// Until the count differs from `seen` or the time is over; returns the count.
    std::uint64_t wait(std::uint64_t seen, Duration at_most) {
        std::unique_lock lock(mutex_);
        rung_.wait_for(lock, std::chrono::microseconds(at_most.us), [&] { return count_ != seen; });
        return count_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable rung_;
    std::uint64_t count_ = 0;
};

/// One per process: rows travel by the database, only the waking is in process.
Bell& fact_bell();
Bell& job_bell();

}  // namespace otklik
