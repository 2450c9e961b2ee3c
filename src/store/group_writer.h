#pragma once
// The writer thread: takes the closures that wait, presses first, each in its own savepoint, one
// commit, then answers. A lone closure never waits for others: a commit begins as soon as nobody
// waits. Owns: one writing connection (WriteBackend). Thread: write() by any, the closures run on
// the writer's thread.
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <thread>
#include <vector>

#include "store/inside.h"

namespace otklik {

/// One writing connection. What fails throws StoreFault.
class WriteBackend {
public:
    virtual ~WriteBackend() = default;
    virtual void begin() = 0;  // connects again when the connection was lost
    virtual void savepoint() = 0;
    virtual void release() = 0;
    virtual void rollback_to() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    /// May a closure that came after begin() join? Not on a snapshot taken before it came: it would
    /// not see what its caller has seen committed.
    virtual bool late_may_join() const = 0;
    /// The database has ended the transaction by itself.
    virtual bool broken() const = 0;
    virtual StoreTx& tx() = 0;
    /// After a commit was answered: housekeeping of the connection.
    virtual void tidy(bool somebody_waits) = 0;
};

class GroupWriter {
public:
    GroupWriter(WriteBackend& backend);
    ~GroupWriter();
    void write(const std::function<void(Tx&)>& f, Lane lane);

private:
    struct Request {
        const std::function<void(Tx&)>* f;
        Lane lane;
        std::exception_ptr error;
        std::vector<std::function<void()>> calls;
        std::mutex mutex;
        std::condition_variable answered;
        bool done = false;
    };
    enum class Outcome { done, again, alone };
    using Batch = std::vector<Request*>;

    void loop(const std::stop_token& stop);
    Request* take(Batch& batch);
    void put_back(Batch& batch, std::size_t from);
    Outcome run_group(Batch& batch, bool may_grow);
    Outcome run_one(Request& request);
    Outcome commit(Batch& batch);
    void tell_failure(const Batch& batch) const;
    void run_alone(Request& request);
    void answer(Batch& batch);
    void wait_a_little(int attempt);

    WriteBackend& backend_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::array<std::deque<Request*>, 4> lanes_;
    bool stopped_ = false;
    std::minstd_rand random_{std::random_device{}()};
    std::jthread thread_;
};

}  // namespace otklik
