#include "recording/mend.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "media/opus_encoder.h"
#include "media/segment.h"
#include "recording/live_sql.h"
#include "recording/mend_sql.h"
#include "recording/sound.h"
#include "sites/sites.h"
#include "store/blobs.h"
#include "store/facts.h"
#include "store/hash_file.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace mend_sql;

constexpr int drawn_rate = 16'000;                               // Hz; heights need no more
constexpr std::int64_t drawn_at_once = 60 * samples_per_second;  // decoded in memory
constexpr std::int64_t per_drawn = samples_per_second / drawn_rate;

struct LostMinute {
    std::int64_t id = 0;
    std::int64_t byte_begin = 0, byte_count = 0;
    SampleRange at;
    std::string sha256;
};
/// A file of a track with all that points into it.
struct TrackFile {
    RecordingSession session;
    Point point;
    std::vector<LostMinute> minutes;
};

/// The minutes whose bytes are not what they were, all of them where there is no file.
std::vector<LostMinute> damaged_of(const Blobs& blobs, const StoredFile& file,
                                   const std::vector<LostMinute>& minutes) {
    if (!std::filesystem::exists(blobs.path_of(file))) return minutes;
    const Fd fd = open_file(blobs.path_of(file), O_RDONLY);
    std::vector<LostMinute> bad;
    for (const LostMinute& minute : minutes) {
        std::string bytes(static_cast<std::size_t>(minute.byte_count), '\0');
        bytes.resize(read_at(fd.get(), minute.byte_begin, bytes));
        if (static_cast<std::int64_t>(bytes.size()) != minute.byte_count ||
            sha256(bytes) != minute.sha256)
            bad.push_back(minute);
    }
    return bad;
}

/// The row of a file that is kept, as the file is now.
StoredFile as_it_is(const Blobs& blobs, StoredFile file) {
    const std::string path = blobs.path_of(file);
    file.bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    file.sha256 = hash_file(path);
    return file;
}

/// Runs of damaged minutes are one gap each.
std::vector<SampleRange> torn_runs(const std::vector<LostMinute>& bad) {
    std::vector<SampleRange> runs;
    for (const LostMinute& minute : bad) {
        if (!runs.empty() && runs.back().end == minute.at.begin)
            runs.back().end = minute.at.end;
        else
            runs.push_back(minute.at);
    }
    return runs;
}

bool is_torn(const Coverage& known, TimeRange lost) {
    return std::any_of(known.gaps.begin(), known.gaps.end(), [&](const Gap& gap) {
        return gap.cause == "torn" && gap.at.begin <= lost.begin && gap.at.end >= lost.end;
    });
}

}  // namespace

bool Mender::mend_track(const StoredFile& file) {
    const auto found = store_.read([&](Tx& tx) -> std::optional<TrackFile> {
        TrackFile all;
        std::optional<Id<Track>> track;
        for (const Row& row : tx.rows(minutes_of_file, {{"file", file.id}})) {
            track = row.id<Track>(1);
            const std::int64_t first = row.integer(4);
            all.minutes.push_back({row.integer(0),
                                   row.integer(2),
                                   row.integer(3),
                                   {first, first + row.integer(5)},
                                   std::string(row.blob(6))});
        }
        if (!track) return std::nullopt;
        std::sort(all.minutes.begin(), all.minutes.end(),
                  [](const LostMinute& a, const LostMinute& b) { return a.at.begin < b.at.begin; });
        const auto owner = tx.row(session_of_track, {{"track", *track}});
        const auto session =
            owner ? recording_.find_session(Scope::system(), tx, owner->id<RecordingSession>(0))
                  : std::nullopt;
        if (!session || session->is_open) return std::nullopt;
        const auto point = sites_.find_point(Scope::system(), tx, session->point_id);
        if (!point) return std::nullopt;
        all.session = *session;
        all.point = *point;
        return all;
    });
    if (!found) return false;
    const std::vector<LostMinute> bad = damaged_of(blobs_, file, found->minutes);
    const bool is_gone = bad.size() == found->minutes.size();
    const std::optional<StoredFile> rest =
        is_gone ? std::nullopt : std::optional(as_it_is(blobs_, file));
    store_.write([&](Tx& tx) {
        const auto now = blobs_.find(tx, file.id);
        if (!now || now->bytes != file.bytes) throw Error(Fault::conflict, "row.changed");
        for (const LostMinute& minute : bad) tx.run(delete_minute, {{"id", minute.id}});
        if (rest)
            blobs_.keep_grown(tx, file, *rest);
        else
            blobs_.discard(tx, file.id, "damaged");
        const RecordingSession& session = found->session;
        const ClockMap map = recording_.clock_map(tx, session.id);
        for (const SampleRange& run : torn_runs(bad)) {
            const TimeRange lost{map.at(run.begin), map.at(run.end)};
            // The other channel may have lost the same minutes already.
            if (!is_torn(recording_.coverage(Scope::system(), tx, found->point.id, lost), lost))
                recording_.declare_gap(tx, found->point, session.recorder_id, lost, "torn");
        }
        if (!bad.empty())
            tell(tx, "recording.covered", session.company_id, session.unit.value, session.id.value);
    });
    return true;
}

namespace {

/// The wave of all that has sound; the rest is drawn as nothing recorded.
std::string drawn(const TrackSound& sound, std::int64_t length_samples) {
    PeakBuilder wave(drawn_rate);
    std::int64_t fed = 0;  // samples at drawn_rate
    const auto skip_to = [&](std::int64_t sample) {
        const std::int64_t until = sample / per_drawn;
        if (until > fed) wave.skip(until - fed);
        fed = std::max(fed, until);
    };
    for (const SampleRange& covered : sound.source().covered()) {
        skip_to(covered.begin);
        for (std::int64_t at = fed * per_drawn; at + per_drawn <= covered.end;) {
            const std::int64_t end =
                std::min(at + drawn_at_once, covered.end / per_drawn * per_drawn);
            const std::vector<std::int16_t> pcm = sound.pcm({at, end}, drawn_rate);
            wave.feed(std::span<const std::int16_t>(pcm));
            fed += static_cast<std::int64_t>(pcm.size());
            at = end;
        }
    }
    skip_to(length_samples);
    wave.finish();
    return wave.file_bytes();
}

}  // namespace

bool Mender::draw_anew(const StoredFile& file) {
    struct Found {
        Id<Track> track;
        RecordingSession session;
        std::optional<TrackSound> sound;
    };
    const auto found = store_.read([&](Tx& tx) -> std::optional<Found> {
        const auto row = tx.row(track_of_peaks, {{"file", file.id}});
        if (!row) return std::nullopt;
        const auto session =
            recording_.find_session(Scope::system(), tx, row->id<RecordingSession>(1));
        if (!session || session->is_open) return std::nullopt;
        Found all{row->id<Track>(0), *session, std::nullopt};
        all.sound.emplace(tx, recording_, blobs_, all.track,
                          SampleRange{0, session->length_samples});
        return all;
    });
    if (!found) return false;
    const std::string draft = blobs_.draft_path();
    write_file_durably(draft, drawn(*found->sound, found->session.length_samples));
    const StoredFile made = blobs_.adopt(draft, file.company_id, "peaks");
    try {
        store_.write([&](Tx& tx) {
            if (!tx.row(track_of_peaks, {{"file", file.id}}))
                throw Error(Fault::conflict, "row.changed");
            blobs_.keep(tx, made);
            tx.run(live_sql::set_track_peaks, {{"track", found->track}, {"file", made.id}});
            blobs_.discard(tx, file.id, "damaged");
        });
    } catch (const Error& error) {
        // Only after a conflict is it sure that nothing was written.
        if (error.fault() == Fault::conflict) blobs_.forget(made);
        throw;
    }
    return true;
}

}  // namespace otklik
