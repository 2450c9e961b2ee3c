#include "clips/clip_expiry.h"

#include "clips/clips_sql.h"
#include "recording/holds.h"
#include "store/audit.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr int clips_looked_at_once = 500;
constexpr int clips_erased_at_once = 200;                  // of one run of the stage
constexpr Duration arrived_kept = Duration::hours(24);     // a press of long ago that came late
constexpr Duration unprocessed_kept = Duration::days(30);  // design.md section 4

}  // namespace

bool ClipExpiry::erase_due(std::int64_t company_id) {
    int left = clips_erased_at_once;
    const auto points =
        store_.read([&](Tx& tx) { return sites_.points(Scope::console(company_id), tx); });
    for (const Point& point : points) {
        Instant after{INT64_MIN / 2};
        std::int64_t after_id = 0;
        for (bool more = true; more && left > 0;) {
            std::int64_t days = 0;
            const auto due = store_.read([&](Tx& tx) {
                const auto kept = sites_.kept_days(tx, point.id);
                if (!kept) return std::vector<Row>();
                days = kept->clips;
                return tx.rows(clips_sql::due_clips,
                               {{"point", point.id},
                                {"before", tx.now() - Duration::days(days)},
                                {"after", after},
                                {"after_id", after_id},
                                {"count", std::int64_t{clips_looked_at_once}}});
            });
            more = due.size() == clips_looked_at_once;
            for (const Row& row : due) {
                if (left <= 0) break;
                after_id = row.integer(0);
                after = row.instant(1);
                if (store_.write([&](Tx& tx) { return erase(tx, point, {after_id}, days); },
                                 Lane::low))
                    --left;
            }
        }
    }
    return left <= 0;
}

std::int64_t ClipExpiry::count_due(Tx& tx, const Point& point) const {
    const auto kept = sites_.kept_days(tx, point.id);
    if (!kept) return 0;
    return tx
        .row(clips_sql::count_due_clips,
             {{"point", point.id}, {"before", tx.now() - Duration::days(kept->clips)}})
        ->integer(0);
}

bool ClipExpiry::waits_for_work(Tx& tx, const Clip& clip) const {
    if (clip.asked.end < tx.now() - unprocessed_kept) return false;
    for (const Id<Signal> id : clips_.signals_of(tx, clip.id)) {
        const Signal signal = signals_.get(Scope::system(), tx, id);
        if (!signal.undone && signal.state != SignalState::done) return true;
    }
    return false;
}

bool ClipExpiry::erase(Tx& tx, const Point& point, Id<Clip> id, std::int64_t days) {
    const auto clip = clips_.find(Scope::system(), tx, id);
    if (!clip || clip->erased_at || clip->asked.end >= tx.now() - Duration::days(days) ||
        clip->created_at >= tx.now() - arrived_kept)
        return false;
    const TimeRange window{clip->asked.begin - clip->uncertainty,
                           clip->asked.end + clip->uncertainty};
    if (is_cut_kept(tx, point.id, window, id.value) || waits_for_work(tx, *clip)) return false;
    std::int64_t bytes = 0, files = 0;
    for (const ClipVersion& version : clips_.versions(Scope::system(), tx, id)) {
        tx.run(clips_sql::delete_tracks, {{"version", version.id}});
        for (const ClipTrackRow& track : version.tracks) {
            bytes += track.file.bytes;
            ++files;
            blobs_.discard(tx, track.file.id, "expired");
        }
    }
    tx.run(clips_sql::mark_clip_erased, {{"id", id}, {"at", tx.now()}});
    // Most often it never had any sound.
    if (files == 0) return true;
    AuditEntry entry;
    entry.company_id = clip->company_id;
    entry.unit = clip->unit.value;
    entry.actor = "stage:sound.expire";
    entry.verb = "clip.expired";
    entry.subject = id.value;
    entry.subject_kind = "clip";
    entry.detail =
        "{\"days\":" + std::to_string(days) + ",\"bytes\":" + std::to_string(bytes) + "}";
    audit(tx, entry);
    tell(tx, "clip.erased", clip->company_id, clip->unit.value, id.value);
    tell(tx, "clip.changed", clip->company_id, clip->unit.value, id.value);
    return true;
}

}  // namespace otklik
