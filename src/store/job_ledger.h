#pragma once
// What happens to a job's row when its look begins, ends, fails or crashes. Private to the room.
// Thread: any; each function is one transaction or part of one.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "store/death_watch.h"
#include "store/jobs.h"
#include "store/store.h"

namespace otklik {

struct ClaimedJob {
    std::int64_t id = 0;
    std::int64_t subject = 0;
    int failures = 0;
    int crashes = 0;
    Instant claimed_at;       // with the id and the worker the mark of this claim
    std::int64_t worker = 0;  // 0: of no program that beats
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
    /// `worker` names this program in its claims; 0: it gives no sign of life, only its leases run
    /// out.
    JobLedger(Store& store, std::int64_t worker) : store_(store), worker_(worker) {}
    /// What there is to do, by one statement.
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

    /// This program lives. Wanted every second while a look of it takes longer than that.
    void beat();
    /// The other programs that have jobs in hand.
    std::vector<SignOfLife> signs();
    /// The jobs of a program that gave no other sign since this one: one crash more each. Returns
    /// how many; none when it moved after all.
    int bury(const SignOfLife& sign);
    /// This program stops: nobody has to watch it.
    void leave();

private:
    /// A job as the row of it says, and as it is to stand there.
    struct Next {
        std::string_view state;
        Instant not_before;
        int failures = 0;
        int crashes = 0;
        std::int64_t worker = 0;
    };
    int recover_before(std::optional<Instant> lease_end, std::string_view why);
    void count_crash(Tx& tx, const Row& row, std::string_view why, std::int64_t worker);
    void set(Tx& tx, std::int64_t id, const Next& next, const LookEnd& end);
    Duration back_off(int times);

    Store& store_;
    const std::int64_t worker_;
};

}  // namespace otklik
