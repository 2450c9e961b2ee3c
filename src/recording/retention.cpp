#include "recording/retention.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/log.h"
#include "media/opus_encoder.h"
#include "people/people.h"
#include "recording/holds.h"
#include "recording/live_rows.h"
#include "recording/recording_sql.h"
#include "recording/retention_sql.h"
#include "recording/rows.h"
#include "recording/silence_sql.h"
#include "store/audit.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace retention_sql;

constexpr std::string_view begins_setting = "retention.begins";
constexpr std::string_view seen_setting = "retention.seen";
constexpr Duration first_look = Duration::days(7);  // time to look at what would go
// Between two looks, which are an hour apart while the program runs. Ahead: a weekend switched off
// is no leap of the clock. Back: no more than a zone set wrong once an hour would be.
constexpr Duration ahead_most = Duration::hours(72), back_most = Duration::hours(1);
constexpr Duration arrived_kept = Duration::hours(24);  // of a file that came after its term
constexpr int looked_at_once = 200;                     // rows of a walk
constexpr int erased_at_once = 20;  // recordings and files of one run of the stage
constexpr std::string_view stage_actor = "stage:sound.expire";

/// An hour of a track.
struct TrackHour {
    Id<StoredFile> file;
    SampleRange at;
};

std::vector<TrackHour> hours_of(Tx& tx, Id<Track> track) {
    std::map<Id<StoredFile>, SampleRange> files;
    for (const Row& row : tx.rows(silence_sql::files_of_track, {{"track", track}})) {
        const auto sample = [](std::int64_t packet) {
            return std::max<std::int64_t>(0, packet * opus_packet_samples_48k - opus_pre_skip);
        };
        const std::int64_t first = sample(row.integer(1));
        const std::int64_t end = sample(row.integer(1) + row.integer(2));
        auto [at, is_new] = files.try_emplace(row.id<StoredFile>(0), SampleRange{first, end});
        at->second.begin = std::min(at->second.begin, first);
        at->second.end = std::max(at->second.end, end);
    }
    std::vector<TrackHour> hours;
    for (const auto& [file, at] : files) hours.push_back({file, at});
    return hours;
}

/// Joined where they touch: both tracks lose the same hours.
std::vector<SampleRange> joined(std::vector<SampleRange> ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<SampleRange> all;
    for (const SampleRange& each : ranges) {
        if (!all.empty() && each.begin <= all.back().end)
            all.back().end = std::max(all.back().end, each.end);
        else
            all.push_back(each);
    }
    return all;
}

void journal_expiry(Tx& tx, std::string_view verb, const RecordingSession& session,
                    std::string detail) {
    AuditEntry entry;
    entry.company_id = session.company_id;
    entry.unit = session.unit.value;
    entry.actor = stage_actor;
    entry.verb = verb;
    entry.subject = session.id.value;
    entry.subject_kind = "recording";
    entry.detail = std::move(detail);
    audit(tx, entry);
}

Instant before_days(Instant now, std::int64_t days) {
    return now - Duration::days(days);
}

}  // namespace

std::optional<Instant> Retention::find_begins(Tx& tx, std::int64_t company_id) const {
    const auto kept = people_.setting(tx, company_id, begins_setting);
    return kept ? parse_instant(*kept) : std::nullopt;
}

Instant Retention::begins(std::int64_t company_id) {
    return store_.write(
        [&](Tx& tx) {
            const Instant seen_at = note_look(tx, company_id);
            if (tx.now() > seen_at + ahead_most || tx.now() < seen_at - back_most)
                return begin_anew(tx, company_id, seen_at);
            if (const auto kept = find_begins(tx, company_id)) return *kept;
            return decide_begin(tx, company_id);
        },
        Lane::low);
}

/// When it was looked the time before; now, where it never was.
Instant Retention::note_look(Tx& tx, std::int64_t company_id) {
    const auto seen = people_.setting(tx, company_id, seen_setting);
    const Instant now = tx.now();
    people_.set_setting(tx, company_id, seen_setting, format_instant(now), stage_actor);
    return seen ? parse_instant(*seen).value_or(now) : now;
}

/// Of two clocks one is wrong, and a term reckoned by the wrong one erases what is wanted.
Instant Retention::begin_anew(Tx& tx, std::int64_t company_id, Instant seen_at) {
    const Instant begin = tx.now() + first_look;
    people_.set_setting(tx, company_id, begins_setting, format_instant(begin), stage_actor);
    const std::string from = format_instant(seen_at), to = format_instant(tx.now());
    tx.after_commit([from, to, begin] {
        log_warning("retention.clock_leapt",
                    {{"from", from}, {"to", to}, {"erases_from", format_instant(begin)}});
    });
    return begin;
}

Instant Retention::decide_begin(Tx& tx, std::int64_t company_id) {
    bool was_here = false;
    for (const Point& point : sites_.points(Scope::console(company_id), tx))
        if (const auto oldest = tx.row(oldest_kept, {{"point", point.id}}))
            was_here |= oldest->instant(0) < before_days(tx.now(), 1);
    const Instant begin = was_here ? tx.now() + first_look : tx.now();
    people_.set_setting(tx, company_id, begins_setting, format_instant(begin), stage_actor);
    return begin;
}

bool Retention::erase_due(std::int64_t company_id) {
    int left = erased_at_once;
    erase_originals(company_id, left);
    const auto points =
        store_.read([&](Tx& tx) { return sites_.points(Scope::console(company_id), tx); });
    for (const Point& point : points)
        if (left > 0) erase_recordings(point, left);
    return left <= 0;
}

void Retention::erase_recordings(const Point& point, int& left) {
    Instant after_end{INT64_MIN / 2};
    std::int64_t after_id = 0;
    while (left > 0) {
        std::int64_t days = 0;
        const auto due = store_.read([&](Tx& tx) {
            const auto kept = sites_.kept_days(tx, point.id);
            if (!kept) return std::vector<Row>();
            days = kept->recordings;
            return tx.rows(due_recordings, {{"point", point.id},
                                            {"before", before_days(tx.now(), days)},
                                            {"after", after_end},
                                            {"after_id", after_id},
                                            {"count", std::int64_t{looked_at_once}}});
        });
        for (const Row& row : due) {
            if (left <= 0) return;
            after_id = row.integer(0);
            after_end = row.instant(1);
            const bool went = store_.write(
                [&](Tx& tx) {
                    return erase_recording(tx, point, row.id<RecordingSession>(0), days);
                },
                Lane::low);
            if (went) --left;
        }
        if (due.size() < looked_at_once) return;
    }
}

bool Retention::erase_recording(Tx& tx, const Point& point, Id<RecordingSession> id,
                                std::int64_t days) {
    const auto row = tx.row(recording_sql::find_session, {{"id", id}});
    if (!row) return false;
    const RecordingSession session = session_of(*row);
    // Put right meanwhile, or its recorder goes on: the next look decides anew.
    if (session.point_id != point.id || session.erased_at || session.is_open) return false;
    if (session.at.end >= before_days(tx.now(), days)) return false;
    if (session.created_at >= tx.now() - arrived_kept) return false;
    const auto live = find_live(tx, id);
    if (live && live->state != "sealed") return false;

    const ClockMap map = recording_.clock_map(tx, id);
    const std::vector<Track> tracks = recording_.tracks(tx, id);
    std::vector<SampleRange> gone;
    std::int64_t bytes = 0, hours_kept = 0;
    for (const Track& track : tracks)
        for (const TrackHour& hour : hours_of(tx, track.id)) {
            const TimeRange at{map.at(hour.at.begin) - session.uncertainty,
                               map.at(hour.at.end) + session.uncertainty};
            if (recording_.is_pinned(tx, point.id, at)) {
                ++hours_kept;
                continue;
            }
            if (const auto file = blobs_.find(tx, hour.file)) {
                bytes += file->bytes;
                blobs_.discard(tx, file->id, "expired");
            }
            tx.run(silence_sql::delete_segments, {{"file", hour.file}});
            // The last packet may reach past the session's end.
            gone.push_back({hour.at.begin, std::min(hour.at.end, session.length_samples)});
        }
    if (gone.empty() && hours_kept > 0) return false;
    for (const SampleRange& each : joined(gone))
        recording_.declare_gap(tx, point, session.recorder_id,
                               {map.at(each.begin), map.at(each.end)}, "erased");
    if (hours_kept == 0) {
        for (const Track& track : tracks) {
            if (!track.peaks_file_id) continue;
            tx.run(drop_peaks, {{"track", track.id}});
            if (blobs_.find(tx, track.peaks_file_id))
                blobs_.discard(tx, track.peaks_file_id, "expired");
        }
        tx.run(mark_recording, {{"id", id}, {"at", tx.now()}});
    }
    journal_expiry(tx, "recording.expired", session,
                   "{\"days\":" + std::to_string(days) + ",\"bytes\":" + std::to_string(bytes) +
                       ",\"hours_kept\":" + std::to_string(hours_kept) + "}");
    tell(tx, "recording.erased", session.company_id, session.unit.value, id.value);
    return true;
}

void Retention::erase_originals(std::int64_t company_id, int& left) {
    // The shortest term of all points: each file is then asked for its own.
    const auto shortest = store_.read([&](Tx& tx) {
        std::optional<std::int64_t> days;
        for (const Point& point : sites_.points(Scope::console(company_id), tx))
            if (const auto kept = sites_.kept_days(tx, point.id))
                days = std::min(days.value_or(kept->originals), kept->originals);
        return days;
    });
    if (!shortest) return;
    Instant after{INT64_MIN / 2};
    std::int64_t after_id = 0;
    while (left > 0) {
        const auto old = store_.read([&](Tx& tx) {
            return tx.rows(old_originals, {{"company", company_id},
                                           {"before", before_days(tx.now(), *shortest)},
                                           {"after", after},
                                           {"after_id", after_id},
                                           {"count", std::int64_t{looked_at_once}}});
        });
        for (const Row& row : old) {
            if (left <= 0) return;
            after_id = row.integer(0);
            after = row.instant(1);
            if (store_.write([&](Tx& tx) { return erase_original(tx, after_id); }, Lane::low))
                --left;
        }
        if (old.size() < looked_at_once) return;
    }
}

bool Retention::erase_original(Tx& tx, std::int64_t id) {
    const auto row = tx.row(find_original_file, {{"id", id}});
    if (!row || !row->is_null(4)) return false;
    std::optional<RecordingSession> first;
    for (const Row& each : tx.rows(silence_sql::sessions_of_original, {{"original", id}})) {
        const auto found =
            tx.row(recording_sql::find_session, {{"id", each.id<RecordingSession>(0)}});
        if (!found) continue;
        const RecordingSession session = session_of(*found);
        const auto kept = sites_.kept_days(tx, session.point_id);
        if (!kept || row->instant(3) >= before_days(tx.now(), kept->originals)) return false;
        if (is_held(tx, session.point_id, session.at)) return false;
        if (!first) first = session;
    }
    const auto file = blobs_.find(tx, row->id<StoredFile>(2));
    tx.run(mark_original, {{"id", id}, {"at", tx.now()}});
    const auto users = tx.row(silence_sql::originals_of_file, {{"file", row->integer(2)}});
    if (file && users && users->integer(0) == 0) blobs_.discard(tx, file->id, "expired");
    if (first)
        journal_expiry(tx, "recording.file_expired", *first,
                       "{\"bytes\":" + std::to_string(file ? file->bytes : 0) + "}");
    return true;
}

PointTerms Retention::terms(Tx& tx, const Point& point) const {
    PointTerms terms;
    terms.point_id = point.id;
    terms.days = sites_.kept_days(tx, point.id);
    const auto count = [&](Instant before) {
        return tx.row(count_kept, {{"point", point.id}, {"before", before}})->integer(0);
    };
    if (const auto oldest = tx.row(oldest_kept, {{"point", point.id}}))
        terms.oldest_end_at = oldest->instant(0);
    terms.kept = count(Instant{INT64_MAX / 2});
    if (terms.days) {
        const Instant over = before_days(tx.now(), terms.days->recordings);
        terms.due = count(over);
        terms.due_in_week = count(over + Duration::days(7)) - terms.due;
    }
    return terms;
}

}  // namespace otklik
