#pragma once
// Reading connections: as many at once as there are, the rest wait, at most as long as a read may
// live. Thread: any; the pool's lock is held for pointers only.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/inside.h"

namespace otklik {

template <class Connection>
class ReaderPool {
public:
    void add(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(connection));
    }
    /// Throws Error{busy, "store.busy"} when none becomes free.
    std::unique_ptr<Connection> take() {
        std::unique_lock lock(mutex_);
        const auto at_most = std::chrono::microseconds(read_length_max.us);
        if (!returned_.wait_for(lock, at_most, [this] { return !free_.empty(); }))
            throw Error(Fault::busy, "store.busy").because("no reading connection became free");
        auto connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) {
        add(std::move(connection));
        returned_.notify_one();
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        free_.clear();
    }

private:
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> free_;
};

/// Takes a connection and brings it back, whatever happens.
template <class Connection>
class Borrowed {
public:
    explicit Borrowed(ReaderPool<Connection>& pool) : pool_(pool), connection_(pool.take()) {}
    ~Borrowed() { pool_.give_back(std::move(connection_)); }
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    Connection& operator*() const { return *connection_; }

private:
    ReaderPool<Connection>& pool_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace otklik
