#pragma once
// Jobs: "look at subject S" for a stage. Unique (stage, subject) among open jobs; asking again
// while it runs sets `again`. A stage compares its inputs with its outputs and closes the
// difference, so order, duplicates and cancellation need no code. Parked after three crashes or
// five failures, with the reason on screen. Owns: job. Thread: Workers run stages on their own
// threads; the functions may be called by any.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace otklik {

class Tx;
class Store;

/// Asks for a look at the subject, not before the instant. An open job keeps the earlier of both
/// instants.
void want_job(Tx& tx, std::string_view stage, std::int64_t subject, Instant not_before);

/// The same for many subjects in one statement; a subject may come twice.
void want_jobs(Tx& tx, std::string_view stage, const std::vector<std::int64_t>& subjects,
               Instant not_before);

/// What is put off until after that instant is looked at now: it was put off by a clock that has
/// been set back since. Returns how many.
std::int64_t look_sooner(Tx& tx, Instant after);

struct ParkedJob {
    std::int64_t id = 0;
    std::string stage;
    std::int64_t subject = 0;
    Instant parked_at;
    int failures = 0;
    int crashes = 0;
    std::string reason_code;    // key of the message catalogue
    std::string reason_detail;  // for administrators
};
std::vector<ParkedJob> parked_jobs(Tx& tx, std::int64_t after, int count_max);
/// Opens a parked job again. Error{not_found} when there is none.
void retry_job(Tx& tx, std::int64_t job_id);
struct JobCount {
    std::string stage;
    std::int64_t open = 0, running = 0, parked = 0;
};
std::vector<JobCount> job_counts(Tx& tx);

struct Stage {
    std::string_view name;  // "clips.cut"
    int at_once = 1;        // how many jobs of this stage may run in this process
    Duration lease;         // a running job whose lease is over has crashed
    /// Looks at the subject. Returns when to look again, or nothing. Throws to fail (back-off, then
    /// parked).
    std::function<std::optional<Instant>(std::int64_t subject)> look;
};

/// Runs stages on threads until stopped. Back-off 1 s · 2^n with jitter, at most 10 min.
class Workers {
public:
    Workers(Store& store, const Clock& clock, std::vector<Stage> stages);
    ~Workers();  // stops and waits
    void start();
    /// Jobs that run by their rows are those of a worker that died: each counts one crash and is
    /// open again, or parked, without waiting for its lease. Only before start(), and only where
    /// nobody else can be at work on this database; elsewhere the signs of life of the others tell
    /// the same after some seconds. Returns how many.
    int bury_the_dead();
    /// The same by the dispatcher, before it takes up any work: where the disk is too full to write
    /// that now. Only before start().
    void bury_the_dead_later();
    /// Lets running looks end, takes no new ones; waits at most `at_most`.
    void stop(Duration at_most);
    /// For tests and in-process verbs: runs due jobs in the caller's thread until none is due.
    /// Returns how many ran.
    int run_due();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
