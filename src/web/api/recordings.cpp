// Recordings: lists, levels, sound of an interval, the original file.
#include "base/text.h"
#include "recording/holds.h"
#include "recording/recording.h"
#include "recording/repair.h"
#include "recording/silence.h"
#include "recording/sound.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "speech/speech.h"
#include "store/store.h"
#include "web/api/gap_view.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t interval_samples_max = samples_per_second * 60 * 30;
constexpr Duration around = Duration::hours(4);  // gaps shown beside a recording
constexpr int page_rows = 50;

struct TrackView {
    std::int64_t channel = 0;
    std::string role;
    bool silent = false;
    void fields(FieldSink& f) {
        f.integer("channel", channel);
        f.text("role", role, {}, "mix, left, right, client or employee");
        f.flag("silent", silent);
    }
};
struct RecordingView {
    Id<RecordingSession> id;
    Id<Recorder> recorder_id;
    Id<Point> point_id;
    std::string recorder_name, point_name, zone;
    Instant begin_at, end_at;
    Duration uncertainty;
    std::int64_t length_samples = 0;
    Duration length;
    std::optional<std::string> original_name, format, sha256, start_source;
    bool silent = false;
    std::vector<std::string> warnings;
    Instant imported_at;
    std::optional<Instant> erased_at;
    std::int64_t map_number = 1, repair_number = 0;
    std::vector<TrackView> tracks;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("recorder_id", recorder_id);
        f.text("recorder_name", recorder_name);
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.text("zone", zone, {}, "of the site, IANA");
        f.instant("begin_at", begin_at, "by the newest clock map");
        f.instant("end_at", end_at);
        f.length_ms("uncertainty_ms", uncertainty);
        f.length_ms("length_ms", length);
        f.integer("length_samples", length_samples, {}, "at 48 kHz");
        f.text("original_name", original_name);
        f.text("format", format);
        f.text("sha256", sha256, {}, "of the original file, hex");
        f.text("start_source", start_source, {},
               "where the start is known from: stated, name, tag or agent");
        f.flag("silent", silent);
        f.texts("warnings", warnings, 10, {}, "audio.silent, audio.torn");
        f.instant("imported_at", imported_at);
        f.instant("erased_at", erased_at, "its term was over: no sound of it is left");
        f.integer("map_number", map_number, {}, "version of the clock map");
        f.integer("repair_number", repair_number, {}, "of the newest repair; 0: never repaired");
        f.list("tracks", tracks, 2);
    }
};
struct RecordingList {
    std::vector<RecordingView> items;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items, 1000);
        f.text("next", next, {}, "?after= of the next page");
    }
};
struct MapPointView {
    std::int64_t media_sample = 0;
    Instant at;
    void fields(FieldSink& f) {
        f.integer("media_sample", media_sample);
        f.instant("at", at);
    }
};
struct SilenceView {
    Instant begin_at, end_at;
    std::string reason;
    std::optional<std::string> original_sha256;
    void fields(FieldSink& f) {
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.text("reason", reason, {}, "as it was said at the panel");
        f.text("original_sha256", original_sha256, {}, "of the file that was replaced by a copy");
    }
};
struct RecordingPage : RecordingView {
    std::int64_t transcripts_count = 0;
    std::optional<Instant> kept_until;
    bool file_kept = false, held = false;
    std::vector<MapPointView> map_points;
    std::vector<GapView> gaps;
    std::vector<SilenceView> silences;
    void fields(FieldSink& f) {
        RecordingView::fields(f);
        f.list("map_points", map_points, 10'000, "media time meets instants here");
        f.list("gaps", gaps, 10'000, "declared gaps of the point up to 4 h around");
        f.list("silences", silences, 10'000, "private talks that were taken out for good");
        f.integer("transcripts_count", transcripts_count);
        f.instant("kept_until", kept_until, "its term");
        f.flag("held", held, "a hold keeps some of it for longer");
        f.flag("file_kept", file_kept, "the imported file can still be had");
    }
};
struct WaveView {
    std::int64_t from_sample = 0, to_sample = 0;
    std::vector<std::int64_t> min, max;
    void fields(FieldSink& f) {
        f.integer("from_sample", from_sample);
        f.integer("to_sample", to_sample);
        f.integers("min", min, 100'000, "-128..127");
        f.integers("max", max);
    }
};
RecordingSession get_session(Call& call, Tx& tx) {
    const auto s = call.rooms.recording.find_session(call.scope, tx, call.id<RecordingSession>());
    if (!s) throw Error(Fault::not_found, "not_found");
    return *s;
}

void fill(RecordingView& view, Call& call, Tx& tx, const RecordingSession& s) {
    view.id = s.id;
    view.recorder_id = s.recorder_id;
    view.point_id = s.point_id;
    const auto recorder = call.rooms.recording.find_recorder(call.scope, tx, s.recorder_id);
    view.recorder_name = recorder ? recorder->name : "";
    const auto point = call.rooms.sites.find_point(call.scope, tx, s.point_id);
    view.point_name = point ? point->name : "";
    view.zone = point ? point->zone : "UTC";
    view.begin_at = s.at.begin;
    view.end_at = s.at.end;
    view.uncertainty = s.uncertainty;
    view.length_samples = s.length_samples;
    view.length = duration_of_samples(s.length_samples);
    view.imported_at = s.created_at;
    view.erased_at = s.erased_at;
    view.map_number = call.rooms.recording.clock_map(tx, s.id).number;
    view.repair_number = call.rooms.repairs.newest_number(tx, s.id);
    if (const auto o = call.rooms.recording.original(tx, s)) {
        view.original_name = o->name;
        view.format = o->format;
        view.sha256 = hex(o->sha256);
        view.start_source = o->start_source;
        view.silent = o->silent;
        view.warnings = o->warnings;
    }
    for (const Track& t : call.rooms.recording.tracks(tx, s.id))
        view.tracks.push_back({t.channel, t.role, t.silent});
}

/// ?from and ?to are instants, or local days of the point where each recording was made.
SessionFilter filter_of(Call& call) {
    SessionFilter filter;
    filter.point = call.query_id<Point>("point").value_or(Id<Point>{});
    filter.recorder = call.query_id<Recorder>("recorder").value_or(Id<Recorder>{});
    filter.begin_in = {{0}, {INT64_MAX / 2}};
    constexpr std::int64_t day_us = Duration::hours(24).us;
    if (const auto from = call.request.query_value("from"); from && !from->empty()) {
        if (from->size() == 10) {
            filter.first_day = call.query_day("from");
            filter.begin_in.begin = {(*filter.first_day - 1) * day_us};
        } else {
            filter.begin_in.begin = *call.query_instant("from");
        }
    }
    if (const auto to = call.request.query_value("to"); to && !to->empty()) {
        if (to->size() == 10) {
            filter.last_day = call.query_day("to");
            filter.begin_in.end = {(*filter.last_day + 2) * day_us};
        } else {
            filter.begin_in.end = *call.query_instant("to");
        }
    }
    return filter;
}

RecordingList list_recordings(Call& call) {
    const SessionFilter filter = filter_of(call);
    const auto limit = static_cast<int>(call.query_integer("limit", 1, 500).value_or(page_rows));
    return call.rooms.store.read([&](Tx& tx) {
        std::vector<RecordingSession> sessions;
        const auto next = call.rooms.recording.sessions(call.scope, tx, filter, call.query_page(),
                                                        limit, sessions);
        RecordingList list;
        for (const RecordingSession& s : sessions) fill(list.items.emplace_back(), call, tx, s);
        if (next) list.next = page_word(*next);
        return list;
    });
}

RecordingPage show_recording(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const RecordingSession s = get_session(call, tx);
        RecordingPage page;
        fill(page, call, tx, s);
        const ClockMap map = call.rooms.recording.clock_map(tx, s.id);
        for (const auto& [sample, at] : map.points) page.map_points.push_back({sample, at});
        const Coverage coverage = call.rooms.recording.coverage(
            call.scope, tx, s.point_id, {s.at.begin - around, s.at.end + around});
        for (const Gap& gap : coverage.gaps) page.gaps.push_back(view_of(gap));
        for (const Silence& each : silences(tx, s.id)) {
            SilenceView view{map.at(each.range.begin), map.at(each.range.end), each.reason,
                             std::nullopt};
            if (!each.original_sha256.empty()) view.original_sha256 = hex(each.original_sha256);
            page.silences.push_back(std::move(view));
        }
        if (const auto kept = call.rooms.sites.kept_days(tx, s.point_id))
            page.kept_until = s.at.end + Duration::days(kept->recordings);
        page.held = is_held(tx, s.point_id, s.at);
        if (const auto original = call.rooms.recording.original(tx, s))
            page.file_kept = call.rooms.blobs.find(tx, original->media_file_id).has_value();
        page.transcripts_count =
            static_cast<std::int64_t>(call.rooms.speech.transcripts(call.scope, tx, s.id).size());
        return page;
    });
}

/// ?channel of the session.
Track track_of(Call& call, Tx& tx, const RecordingSession& s) {
    const std::int64_t channel = call.query_integer("channel", 0, 1).value_or(0);
    for (const Track& track : call.rooms.recording.tracks(tx, s.id))
        if (track.channel == channel) return track;
    throw Error(Fault::invalid, "channel.unknown").at("channel");
}

/// ?from_sample and ?to_sample, the whole session when absent.
SampleRange range_of(Call& call, const RecordingSession& s) {
    const std::int64_t from =
        call.query_integer("from_sample", 0, s.length_samples - 1).value_or(0);
    const std::int64_t to =
        call.query_integer("to_sample", from + 1, s.length_samples).value_or(s.length_samples);
    return {from, to};
}

WaveView show_peaks(Call& call) {
    const auto buckets = static_cast<int>(call.query_integer("buckets", 1, 20'000).value_or(800));
    std::unique_ptr<MediaFile> file;
    const SampleRange range = call.rooms.store.read([&](Tx& tx) {
        const RecordingSession s = get_session(call, tx);
        const auto stored = call.rooms.blobs.find(tx, track_of(call, tx, s).peaks_file_id);
        if (stored) file = call.rooms.blobs.open(*stored);
        return range_of(call, s);
    });
    DrawnWave wave;
    if (file) wave = draw_wave(*file, range, buckets);
    return {range.begin, range.end, std::move(wave.min), std::move(wave.max)};
}

void journal_listening(Call& call, std::string_view verb, const RecordingSession& s,
                       std::string detail) {
    AuditEntry entry;
    entry.company_id = s.company_id;
    entry.unit = s.unit.value;
    entry.actor = call.actor.word;
    entry.verb = verb;
    entry.subject = s.id.value;
    entry.subject_kind = "recording";
    entry.detail = std::move(detail);
    call.rooms.store.write([&](Tx& tx) { audit_listening(tx, entry); });
}

Response recording_audio(Call& call) {
    RecordingSession session;
    SampleRange range;
    Track track;
    const TrackSound sound = call.rooms.store.read([&](Tx& tx) {
        session = get_session(call, tx);
        range = range_of(call, session);
        if (range.count() > interval_samples_max)
            throw Error(Fault::too_large, "interval.too_long", {{"minutes_max", "30"}})
                .at("to_sample");
        track = track_of(call, tx, session);
        return TrackSound(tx, call.rooms.recording, call.rooms.blobs, track.id, range);
    });
    const std::string from = std::to_string(range.begin), to = std::to_string(range.end);
    const std::string channel = std::to_string(track.channel);
    journal_listening(
        call, "recording.listen", session,
        R"({"channel":)" + channel + R"(,"from_sample":)" + from + R"(,"to_sample":)" + to + "}");
    const std::string etag = word(session.id) + '-' + channel + '-' + from + '-' + to;
    Response response = serve_range(
        call.request, std::make_shared<MemoryMediaFile>(sound.cut(range)), "audio/ogg", etag);
    response.set("Cache-Control", "private, no-cache");
    return response;
}

Response recording_original(Call& call) {
    RecordingSession session;
    std::optional<Original> original;
    std::shared_ptr<MediaFile> file;
    call.rooms.store.read([&](Tx& tx) {
        session = get_session(call, tx);
        original = call.rooms.recording.original(tx, session);
        const auto stored =
            original ? call.rooms.blobs.find(tx, original->media_file_id) : std::nullopt;
        if (!stored) throw Error(Fault::not_found, original ? "audio.file_erased" : "not_found");
        file = call.rooms.blobs.open(*stored);
    });
    journal_listening(call, "recording.download", session, "{}");
    Response response =
        serve_range(call.request, file, "application/octet-stream", hex(original->sha256));
    response.set("Content-Disposition",
                 "attachment; filename*=UTF-8''" + percent_encode(original->name));
    response.set("Cache-Control", "private, no-cache");
    return response;
}

constexpr Route recordings_table[] = {
    route<&list_recordings>(
        "GET", "/recordings", Right::see_recording,
        "Recordings, newest first (?point, ?recorder, ?from, ?to, ?after, ?limit)."),
    route<&show_recording>("GET", "/recordings/{id}", Right::see_recording,
                           "A recording with its clock map."),
    route<&show_peaks>("GET", "/recordings/{id}/peaks", Right::listen,
                       "The drawn wave (?channel, ?from_sample, ?to_sample, ?buckets)."),
    raw_route<&recording_audio>(
        "GET", "/recordings/{id}/audio", Right::listen,
        "Sound of at most 30 min (?channel, ?from_sample, ?to_sample), Ogg Opus, by Range."),
    raw_route<&recording_original>("GET", "/recordings/{id}/original", Right::listen,
                                   "The imported file, bit-exact, or its silenced copy."),
};

}  // namespace

const std::span<const Route> recording_routes{recordings_table};

}  // namespace otklik
