// How loud a live recorder is: the wave of its last seconds, of the open minute and what is sealed.
#include <algorithm>

#include "media/peaks.h"
#include "recording/live.h"
#include "recording/sound.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t level_seconds = 10;
constexpr std::int64_t level_buckets = level_seconds * 10;  // 100 ms each

struct TrackLevel {
    std::int64_t channel = 0;
    std::string role;
    std::vector<std::int64_t> min = std::vector<std::int64_t>(level_buckets, 0);
    std::vector<std::int64_t> max = std::vector<std::int64_t>(level_buckets, 0);
    void fields(FieldSink& f) {
        f.integer("channel", channel);
        f.text("role", role, {}, "mix, left, right, client or employee");
        f.integers("min", min, level_buckets, "-128..127, 100 ms each, the newest last");
        f.integers("max", max, level_buckets, "0 where nothing was recorded");
    }
};
struct LevelView {
    LiveState live_state = LiveState::none;
    std::optional<Instant> live_until;
    std::vector<TrackLevel> tracks;
    void fields(FieldSink& f) {
        f.choice("live_state", live_state,
                 "none: it hands over files; recording, late (5 s), silent (2 minutes), paused");
        f.instant("live_until", live_until, "end of the newest sound it handed over");
        f.list("tracks", tracks, 16, "its last 10 seconds; empty: no session is open");
    }
};

/// Draws what of the range the peaks tell.
void draw(const std::vector<Peak>& peaks, std::int64_t first_sample, SampleRange range,
          TrackLevel& level) {
    constexpr std::int64_t bucket = samples_per_second / 10;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const std::int64_t sample =
            first_sample + static_cast<std::int64_t>(i) * peak_bucket_samples;
        if (peaks[i].empty() || sample < range.begin || sample >= range.end) continue;
        const auto at = static_cast<std::size_t>((sample - range.begin) / bucket);
        level.min[at] = std::min<std::int64_t>(level.min[at], peaks[i].low);
        level.max[at] = std::max<std::int64_t>(level.max[at], peaks[i].high);
    }
}

LevelView show_level(Call& call) {
    struct Sealed {
        std::size_t track = 0;
        StoredFile file;
    };
    std::vector<Sealed> sealed;  // read outside of the transaction
    SampleRange range{};
    LevelView view = call.rooms.store.read([&](Tx& tx) {
        sealed.clear();
        const Recording& recording = call.rooms.recording;
        const auto recorder = recording.find_recorder(call.scope, tx, call.id<Recorder>());
        if (!recorder) throw Error(Fault::not_found, "not_found");
        LevelView found;
        const auto id = live_session_of(tx, recorder->id);
        const auto session = id ? recording.find_session(call.scope, tx, *id) : std::nullopt;
        if (!session) return found;
        found.live_until = live_until(tx, recorder->id);
        found.live_state =
            live_state(tx, recorder->point_id, found.live_until, call.rooms.clock.now());
        range = {session->length_samples - level_seconds * samples_per_second,
                 session->length_samples};
        for (const Track& track : recording.tracks(tx, session->id)) {
            TrackLevel level;
            level.channel = track.channel;
            level.role = track.role;
            const std::string open_minute = tail_peaks(tx, track.id, range);
            if (const auto tail = parse_peaks(open_minute))
                draw({tail->peaks.begin(), tail->peaks.end()}, tail->first_sample, range, level);
            if (track.peaks_file_id)
                if (auto file = call.rooms.blobs.find(tx, track.peaks_file_id))
                    sealed.push_back({found.tracks.size(), std::move(*file)});
            found.tracks.push_back(std::move(level));
        }
        return found;
    });
    const SampleRange there{std::max<std::int64_t>(range.begin, 0), range.end};
    const std::int64_t first = there.begin / peak_bucket_samples * peak_bucket_samples;
    for (const Sealed& each : sealed)
        draw(read_peaks(*call.rooms.blobs.open(each.file), there), first, range,
             view.tracks[each.track]);
    return view;
}

constexpr Route level_table[] = {
    route<&show_level>("GET", "/recorders/{id}/level", Right::see_recording,
                       "How loud a live recorder was in its last 10 seconds."),
};

}  // namespace

const std::span<const Route> level_routes = level_table;

}  // namespace otklik
