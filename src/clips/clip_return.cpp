// Stage clips.recognise: a short recording against the press clips of about its length.
#include <algorithm>
#include <limits>

#include "base/error.h"
#include "clips/clips.h"
#include "clips/clips_sql.h"
#include "media/likeness.h"
#include "recording/sound.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

namespace {

constexpr std::int64_t recording_samples_max = samples_per_second * 60 * 15;
constexpr std::int64_t lead_samples_max = 10 * samples_per_second;  // what may stand beside a clip
constexpr std::size_t rows_at_once = 500;
// Multiplications, half a minute of one core: 100 000 cuts of two minutes and one track, 11 000 of
// two tracks, 260 of a quarter of an hour and two tracks (docs/performance.md). The newest of a
// length come first.
constexpr std::int64_t products_max = 100'000'000'000;

/// One cut of a clip, ready to be compared.
struct Candidate {
    std::int64_t length_samples = 0;
    Id<ClipVersion> version_id;
    Id<Clip> clip_id;
    std::vector<std::string> loudness;  // by channel
};
struct Found {
    Id<Clip> clip_id;
    Likeness likeness;
    std::int64_t compared = 0;
    std::int64_t products = 0;  // what that took
    double best = 0;
};

/// A page of cuts, whole: the channels of the last one may continue on the next page, so it is
/// left for that one.
std::vector<Candidate> candidates_of(const std::vector<Row>& rows) {
    std::vector<Candidate> all;
    for (const Row& row : rows) {
        if (all.empty() || all.back().version_id != row.id<ClipVersion>(1))
            all.push_back({row.integer(0), row.id<ClipVersion>(1), row.id<Clip>(4), {}});
        all.back().loudness.push_back(row.blob(3));
    }
    if (rows.size() == rows_at_once && all.size() > 1) all.pop_back();
    return all;
}

}  // namespace

bool Clips::is_cut_from(Tx& tx, Id<ClipVersion> version, const RecordingSession& session) const {
    const std::string bytes = recording_.original_sha256(tx, session.id);
    for (const Row& row : tx.rows(pieces_of_version, {{"version", version.value}})) {
        const auto source = row.id<RecordingSession>(6);
        if (row.text(1) == "gap" || !source) continue;
        if (source == session.id) return true;
        if (!bytes.empty() && recording_.original_sha256(tx, source) == bytes) return true;
    }
    return false;
}

void Clips::recognise(std::int64_t session_id) {
    std::vector<std::vector<Peak>> waves;
    const auto session = store_.read([&](Tx& tx) -> std::optional<RecordingSession> {
        waves.clear();
        const auto found = recording_.find_session(Scope::system(), tx, {session_id});
        if (!found || found->length_samples > recording_samples_max ||
            found->length_samples < likeness_samples_min ||
            tx.row(return_of_session, {{"session", session_id}}))
            return std::nullopt;
        for (const Track& track : recording_.tracks(tx, found->id))
            if (const auto file = blobs_.find(tx, track.peaks_file_id))
                waves.push_back(read_peaks(*blobs_.open(*file), {0, found->length_samples}));
        return found;
    });
    if (!session) return;
    const LikenessProbe probe(waves);
    const std::int64_t shortest = session->length_samples - 2 * lead_samples_max;
    std::int64_t length = session->length_samples * 4 / 3 + samples_per_second;
    Id<ClipVersion> version{std::numeric_limits<std::int64_t>::max()};
    Found found;
    while (!waves.empty() && !found.clip_id && found.products < products_max) {
        const auto page = store_.read([&](Tx& tx) {
            return candidates_of(
                tx.rows(envelopes_of_length, {{"company", session->company_id},
                                              {"shortest", shortest},
                                              {"length", length},
                                              {"version", version},
                                              {"count", static_cast<int>(rows_at_once)}}));
        });
        if (page.empty()) break;
        for (const Candidate& candidate : page) {
            found.products += probe.products(candidate.loudness);
            if (found.products > products_max) break;
            ++found.compared;
            const Likeness likeness = probe.compare(candidate.loudness);
            found.best = std::max(found.best, likeness.score);
            if (likeness.score < likeness_bound) continue;
            // Its own sound is no return, and neither is the same file stored twice.
            if (store_.read(
                    [&](Tx& tx) { return is_cut_from(tx, candidate.version_id, *session); }))
                continue;
            found.clip_id = candidate.clip_id;
            found.likeness = likeness;
            found.best = likeness.score;
            break;
        }
        length = page.back().length_samples;
        version = page.back().version_id;
    }
    store_.write([&](Tx& tx) {
        tx.run(insert_return, {{"session", session->id},
                               {"company", session->company_id},
                               {"unit", session->unit},
                               {"clip", found.clip_id},
                               {"begin", found.likeness.shift_steps * likeness_step_samples},
                               {"likeness", static_cast<std::int64_t>(found.best * 1000)},
                               {"compared", found.compared},
                               {"at", tx.now()}});
    });
}

std::optional<Id<Clip>> Clips::returned_clip(Tx& tx, Id<RecordingSession> id) const {
    if (const auto row = tx.row(return_of_session, {{"session", id}}); row && !row->is_null(0))
        return row->id<Clip>(0);
    const auto session = recording_.find_session(Scope::system(), tx, id);
    const std::string bytes = recording_.original_sha256(tx, id);
    if (!session || bytes.empty()) return std::nullopt;
    const auto file = blobs_.find_same(tx, session->company_id, "clip", bytes);
    if (!file) return std::nullopt;
    const auto row = tx.row(clip_of_file, {{"file", file->id}});
    return row ? std::optional(row->id<Clip>(0)) : std::nullopt;
}

}  // namespace otklik
