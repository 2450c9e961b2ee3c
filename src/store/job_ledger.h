#pragma once
// What happens to a job's row when its look begins, ends, fails or crashes. Private to the room.
// Thread: any; each function is one transaction or part of one.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "store/jobs.h"
#include "store/store.h"

namespace otklik {

struct ClaimedJob {
    std::int64_t id = 0;
    std::int64_t subject = 0;
    int failures = 0;
    int crashes = 0;
    Instant claimed_at;  // with the id the mark of this claim
    Instant lease_until;
};

/// How a look ended.
struct LookEnd {
    bool failed = false;
    bool counts = true;            // false: the disk or the database was away, not the job's fault
    std::optional<Instant> again;  // look again then
    std::string reason_code;
    std::string reason_detail;
};

class JobLedger {
public:
    JobLedger(Store& store, const Clock& clock) : store_(store), clock_(clock) {}
    /// What there is to do, in one read.
    struct News {
        bool crashed = false;   // some lease is over
        std::vector<bool> due;  // of each stage
    };
    News news(const std::vector<Stage>& stages);
    std::vector<ClaimedJob> claim(const Stage& stage, int count_max);
    void end(const ClaimedJob& job, const LookEnd& end);
    /// Claimed but not begun: open again, nothing counted.
    void give_back(const ClaimedJob& job);
    /// False when the claim is lost.
    bool renew(const ClaimedJob& job, Instant lease_until);
    /// Running jobs whose lease is over: one crash more, open again or parked. Returns how many.
    int recover();
    /// The same for all that run: the caller knows that none of their workers lives.
    int recover_all();

private:
    int recover_before(std::optional<Instant> lease_end, std::string_view why);
    void set(Tx& tx, std::int64_t id, std::string_view state, Instant not_before, int failures,
             int crashes, const LookEnd& end);
    Duration back_off(int times);

    Store& store_;
    const Clock& clock_;
};

}  // namespace otklik
