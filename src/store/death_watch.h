#pragma once
// Tells a dead program from a slow one by watching whether its signs move. Measured by the clock of
// who watches, so the clocks of two machines need not agree. Thread: one.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace otklik {

/// How a program with jobs in hand shows that it lives: its beat, or a new claim.
struct SignOfLife {
    std::int64_t worker = 0;
    std::int64_t beats = 0;  // 0: it has not beaten yet
    Instant newest_claim;
};

class DeathWatch {
public:
    static constexpr Duration beat_every = Duration::seconds(1);
    static constexpr Duration look_every = Duration::seconds(1);
    /// Five beats missed. A disk that holds a commit longer than this makes a living program look
    /// dead; that costs a second look, never a second result.
    static constexpr Duration silence_max = Duration::seconds(5);

    bool is_due(Instant now) const;
    /// What the rows say now; gives those that gave no new sign for silence_max.
    std::vector<SignOfLife> look(const std::vector<SignOfLife>& signs, Instant now);

private:
    struct Seen {
        SignOfLife sign;
        Duration silence;
    };
    std::map<std::int64_t, Seen> seen_;
    std::optional<Instant> looked_at_;
};

}  // namespace otklik
