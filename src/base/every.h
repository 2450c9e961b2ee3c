#pragma once
// What a loop does once in a while, by a clock that may be set: put back by a day, it is not waited
// for until that day has passed again. Thread: one.
#include <cstdint>

#include "base/time.h"

namespace otklik {

class Every {
public:
    explicit Every(Duration length) : length_(length) {}
    /// The first time, then once in each length; at once when the clock went back.
    bool is_due(Instant now) {
        if (now >= done_at_ && now - done_at_ < length_) return false;
        done_at_ = now;
        return true;
    }
    /// Not now either, only a length after this.
    void begin(Instant now) { done_at_ = now; }

private:
    Duration length_;
    Instant done_at_{INT64_MIN / 2};  // never
};

}  // namespace otklik
