// /metrics: what an administrator watches at night. Every name stands in docs/operating.md.
#include "base/metrics.h"

#include "store/blobs.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/api/router.h"

namespace otklik {

std::string metrics_text(Rooms& rooms) {
    Metrics metrics;
    const auto counts = rooms.store.read([](Tx& tx) { return job_counts(tx); });
    for (const JobCount& count : counts) {
        const auto gauge = [&](std::string_view state, std::int64_t value) {
            metrics
                .gauge("otklik_jobs", "Jobs by stage and state; parked ones wait for a person.",
                       {{"stage", count.stage}, {"state", std::string(state)}})
                .set(static_cast<double>(value));
        };
        gauge("open", count.open);
        gauge("running", count.running);
        gauge("parked", count.parked);
    }
    metrics.gauge("otklik_disk_free_bytes", "Free bytes of the data folder's file system.")
        .set(static_cast<double>(rooms.blobs.free_bytes()));
    return metrics.text();
}

}  // namespace otklik
