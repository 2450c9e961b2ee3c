#include "store/jobs.h"

#include <map>
#include <set>

#include "store/bell.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {

Bell& job_bell() {
    static Bell bell;
    return bell;
}

void want_job(Tx& tx, std::string_view stage, std::int64_t subject, Instant not_before) {
    want_jobs(tx, stage, {subject}, not_before);
}

void want_jobs(Tx& tx, std::string_view stage, const std::vector<std::int64_t>& subjects,
               Instant not_before) {
    if (subjects.empty()) return;
    std::vector<Params> rows;
    for (const std::int64_t subject : std::set(subjects.begin(), subjects.end()))
        rows.push_back({{"id", tx.next_id()},
                        {"stage", stage},
                        {"subject", subject},
                        {"not_before", not_before},
                        {"now", tx.now()}});
    tx.insert_many(sql::want_job, rows);
    tx.after_commit([] { job_bell().ring(); });
}

std::vector<ParkedJob> parked_jobs(Tx& tx, std::int64_t after, int count_max) {
    std::vector<ParkedJob> parked;
    for (const auto& row : tx.rows(sql::parked_jobs, {{"after", after}, {"count", count_max}})) {
        parked.push_back({.id = row.integer(0),
                          .stage = row.text(1),
                          .subject = row.integer(2),
                          .parked_at = row.instant(3),
                          .failures = int(row.integer(4)),
                          .crashes = int(row.integer(5)),
                          .reason_code = row.maybe_text(6).value_or(""),
                          .reason_detail = row.maybe_text(7).value_or("")});
    }
    return parked;
}

std::int64_t look_sooner(Tx& tx, Instant after) {
    const auto count = tx.run(sql::look_sooner, {{"after", after}, {"now", tx.now()}});
    if (count > 0) tx.after_commit([] { job_bell().ring(); });
    return static_cast<std::int64_t>(count);
}

void retry_job(Tx& tx, std::int64_t job_id) {
    if (tx.run(sql::retry_job, {{"id", job_id}, {"now", tx.now()}}) == 0)
        throw Error(Fault::not_found, "not_found");
    tx.after_commit([] { job_bell().ring(); });
}

std::vector<JobCount> job_counts(Tx& tx) {
    std::map<std::string, JobCount> counts;
    for (const auto& row : tx.rows(sql::job_counts)) {
        JobCount& count = counts[row.text(0)];
        count.stage = row.text(0);
        const std::string& state = row.text(1);
        (state == "open"      ? count.open
         : state == "running" ? count.running
                              : count.parked) += row.integer(2);
    }
    std::vector<JobCount> out;
    for (auto& [stage, count] : counts) out.push_back(std::move(count));
    return out;
}

}  // namespace otklik
