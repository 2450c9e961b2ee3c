#pragma once
// The clock: every part takes it by reference, tests hold its hands.
// Thread: any.
#include <atomic>

#include "base/time.h"

namespace otklik {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock : public Clock {
public:
    Instant now() const override;
};

/// Stands still until it is moved.
class HandClock : public Clock {
public:
    explicit HandClock(Instant start) : us_(start.us) {}
    Instant now() const override { return {us_.load()}; }
    void set(Instant at) { us_ = at.us; }
    void advance(Duration d) { us_ += d.us; }

private:
    std::atomic<std::int64_t> us_;
};

}  // namespace otklik
