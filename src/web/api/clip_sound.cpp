#include "web/api/clip_sound.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/hash.h"
#include "base/text.h"
#include "media/mp4.h"
#include "media/peaks.h"
#include "people/people.h"
#include "recording/live.h"
#include "recording/recording.h"
#include "speech/speech.h"
#include "store/audit.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr std::int64_t buckets_default = 800, buckets_max = 10'000;
constexpr std::int64_t live_samples_max = samples_per_second * 3600 * 24;

std::optional<ClipVersion> newest_cut(Call& call, Tx& tx, const Clip& clip) {
    if (!clip.version_id) return std::nullopt;
    return call.rooms.clips.version(call.scope, tx, clip.version_id);
}

std::optional<std::int64_t> version_asked(const Call& call) {
    return call.query_integer("version", 1, 1'000'000);
}

/// The part of a track's peaks file that holds the range; the rest of a day is not read.
std::string peaks_part(const MediaFile& file, SampleRange range) {
    std::string bytes(peaks_head_bytes, '\0');
    if (file.read(0, bytes) != peaks_head_bytes) return {};
    const auto head = parse_peaks(bytes);
    if (!head) return {};
    const std::int64_t first =
        std::max<std::int64_t>(0, (range.begin - head->first_sample) / peak_bucket_samples);
    const std::int64_t last = (range.end - head->first_sample) / peak_bucket_samples + 1;
    if (last <= first) return {};
    const std::int64_t first_sample = head->first_sample + first * peak_bucket_samples;
    for (std::size_t i = 0; i < 8; ++i)  // little-endian, the last field of the head
        bytes[8 + i] = static_cast<char>(static_cast<std::uint64_t>(first_sample) >> (8 * i));
    std::string part(static_cast<std::size_t>(last - first) * 2, '\0');
    part.resize(file.read(static_cast<std::int64_t>(peaks_head_bytes) + first * 2, part));
    return bytes + part;
}

/// Fills the buckets of the reply that the piece touches.
void draw(const ClipPieceRow& piece, std::string_view peaks, std::int64_t length,
          PeaksReply& reply) {
    const auto view = parse_peaks(peaks);
    if (!view) return;
    const auto count = static_cast<std::int64_t>(reply.min.size());
    const std::int64_t end = piece.clip_sample + piece.sample_count;
    const std::int64_t shift = piece.session_sample - piece.clip_sample;
    for (std::int64_t i = piece.clip_sample * count / length; i < count; ++i) {
        const std::int64_t from = std::max(i * length / count, piece.clip_sample);
        const std::int64_t until = std::min((i + 1) * length / count, end);
        if (from >= end) break;
        if (until <= from) continue;
        const auto peak = peaks_of_range({&*view, 1}, {from + shift, until + shift}, 1).front();
        if (peak.empty()) continue;
        const auto at = static_cast<std::size_t>(i);
        reply.min[at] = std::min<std::int64_t>(reply.min[at], peak.low);
        reply.max[at] = std::max<std::int64_t>(reply.max[at], peak.high);
    }
}

/// The track of a session that a channel of the clip plays: a mono recording is heard on both.
std::optional<Track> track_of(Call& call, Tx& tx, Id<RecordingSession> session,
                              std::int64_t channel) {
    std::optional<Track> found;
    for (Track& track : call.rooms.recording.tracks(tx, session))
        if (!found || track.channel == channel) found = std::move(track);
    return found;
}

}  // namespace

void PeaksReply::fields(FieldSink& f) {
    f.integers("min", min, buckets_max);
    f.integers("max", max, buckets_max);
}
void ClipWord::fields(FieldSink& f) {
    f.text("text", text);
    f.integer("begin_sample", begin_sample, {}, "samples at 48 kHz since the clip's start");
    f.integer("end_sample", end_sample);
    f.text("speaker", speaker);
    f.number("confidence", confidence, "0..1, by the engine's own measure");
    f.integer("channel", channel);
    f.id("recording_id", recording_id);
    f.integer("session_sample", session_sample);
}
void ClipWords::fields(FieldSink& f) {
    f.list("items", items, 100'000);
    f.text("source", source, {}, "sidecar, script or engine");
    f.text("language", language);
    f.text("engine", engine);
}
void ClipBookmark::fields(FieldSink& f) {
    f.id("id", id);
    f.integer("clip_sample", clip_sample);
    f.integer("channel", channel);
    f.text("text", text);
    f.text("person_name", person_name);
    f.instant("created_at", created_at);
}
void ClipBookmarks::fields(FieldSink& f) {
    f.list("items", items, 10'000);
}
void ClipBookmarkRequest::fields(FieldSink& f) {
    f.integer("clip_sample", clip_sample, {.min = 0});
    f.integer("channel", channel, {0, 15});
    f.text("text", text, {.bytes_max = 500});
}

Clip get_clip(Call& call, Tx& tx) {
    auto clip = call.rooms.clips.find(call.scope, tx, call.id<Clip>());
    if (!clip) throw Error(Fault::not_found, "not_found");
    return std::move(*clip);
}

ClipVersion wanted_cut(Call& call, Tx& tx, const Clip& clip, std::optional<std::int64_t> number) {
    if (!number) {
        if (auto version = newest_cut(call, tx, clip)) return std::move(*version);
        throw Error(Fault::not_found, "clip.not_cut");
    }
    for (const ClipVersion& each : call.rooms.clips.versions(call.scope, tx, clip.id))
        if (each.number == *number)
            return call.rooms.clips.version(call.scope, tx, each.id).value();
    throw Error(Fault::not_found, "not_found");
}

std::string track_role(Call& call, Tx& tx, const ClipVersion& cut, std::int64_t channel) {
    // A mono recording beside a two-sided one is heard on both.
    std::string role = "mix";
    std::int64_t longest = 0;
    for (const ClipPieceRow& piece : cut.pieces) {
        if (piece.is_gap || piece.sample_count <= longest) continue;
        longest = piece.sample_count;
        role = "mix";
        for (const Track& each : call.rooms.recording.tracks(tx, piece.session_id))
            if (each.channel == channel) role = each.role;
    }
    return role;
}

PeaksReply clip_peaks(Call& call) {
    const auto channel = call.query_integer("channel", 0, 15).value_or(0);
    const auto count = static_cast<std::size_t>(
        call.query_integer("buckets", 1, buckets_max).value_or(buckets_default));
    // Files are found inside the transaction and read outside of it.
    struct Part {
        ClipPieceRow piece;
        std::optional<StoredFile> file;
        std::string open_minute;  // a peaks file too
        SampleRange range() const {
            return {piece.session_sample, piece.session_sample + piece.sample_count};
        }
    };
    std::vector<Part> parts;
    const auto live = call.rooms.clips.live_sound(call.scope, call.id<Clip>(),
                                                  call.query_integer("live", 1, live_samples_max));
    const auto version = call.rooms.store.read([&](Tx& tx) {
        parts.clear();
        const Clip clip = get_clip(call, tx);
        auto cut = live ? std::optional(live->version) : newest_cut(call, tx, clip);
        if (!cut) return cut;
        for (const ClipPieceRow& piece : cut->pieces) {
            if (piece.is_gap) continue;
            const auto track = track_of(call, tx, piece.session_id, channel);
            if (!track) continue;
            Part part{piece, std::nullopt, {}};
            if (track->peaks_file_id) part.file = call.rooms.blobs.find(tx, track->peaks_file_id);
            part.open_minute = tail_peaks(tx, track->id, part.range());
            parts.push_back(std::move(part));
        }
        return cut;
    });
    PeaksReply reply{std::vector<std::int64_t>(count, 0), std::vector<std::int64_t>(count, 0)};
    if (!version || version->length_samples == 0) return reply;
    for (const Part& part : parts) {
        if (part.file)
            draw(part.piece, peaks_part(*call.rooms.blobs.open(*part.file), part.range()),
                 version->length_samples, reply);
        draw(part.piece, part.open_minute, version->length_samples, reply);
    }
    return reply;
}

ClipWords clip_words(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        ClipWords words;
        const auto version = newest_cut(call, tx, get_clip(call, tx));
        if (!version) return words;
        for (const ClipPieceRow& piece : version->pieces) {
            if (piece.is_gap) continue;
            const std::int64_t shift = piece.clip_sample - piece.session_sample;
            const std::int64_t end = piece.clip_sample + piece.sample_count;
            for (const Track& track : call.rooms.recording.tracks(tx, piece.session_id)) {
                const auto text = call.rooms.speech.words_between(
                    call.scope, tx, piece.session_id, track.channel,
                    {piece.session_sample, piece.session_sample + piece.sample_count});
                for (const Word& word : text.words)
                    words.items.push_back(
                        {word.text, std::max(word.at.begin + shift, piece.clip_sample),
                         std::min(word.at.end + shift, end), word.speaker, word.confidence,
                         track.channel, piece.session_id, word.at.begin});
                if (!text.main || words.source) continue;
                words.source = std::string(enum_word(text.main->source));
                words.language = text.main->language;
                words.engine = text.main->engine;
            }
        }
        std::stable_sort(
            words.items.begin(), words.items.end(),
            [](const ClipWord& a, const ClipWord& b) { return a.begin_sample < b.begin_sample; });
        return words;
    });
}

ClipBookmarks list_clip_bookmarks(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        ClipBookmarks list;
        const auto version = newest_cut(call, tx, get_clip(call, tx));
        if (!version) return list;
        for (const ClipPieceRow& piece : version->pieces) {
            if (piece.is_gap) continue;
            for (const Bookmark& mark :
                 call.rooms.recording.bookmarks(call.scope, tx, piece.session_id)) {
                const std::int64_t into = mark.media_sample - piece.session_sample;
                if (into < 0 || into >= piece.sample_count) continue;
                list.items.push_back({mark.id, piece.clip_sample + into, mark.channel, mark.text,
                                      call.rooms.people.person_name(tx, mark.person_id),
                                      mark.created_at});
            }
        }
        return list;
    });
}

ClipBookmark make_clip_bookmark(Call& call, ClipBookmarkRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Clip clip = get_clip(call, tx);
        const ClipVersion version = wanted_cut(call, tx, clip, version_asked(call));
        for (const ClipPieceRow& piece : version.pieces) {
            const std::int64_t into = in.clip_sample - piece.clip_sample;
            if (into < 0 || into >= piece.sample_count) continue;
            if (piece.is_gap) throw Error(Fault::conflict, "bookmark.in_gap").at("clip_sample");
            Bookmark mark;
            mark.session_id = piece.session_id;
            mark.channel = in.channel.value_or(0);
            mark.media_sample = piece.session_sample + into;
            mark.text = in.text;
            if (call.actor.signed_in) mark.person_id = call.actor.signed_in->account.person_id;
            const auto id = call.rooms.recording.make_bookmark(call.scope, tx, mark);
            return ClipBookmark{id,
                                in.clip_sample,
                                mark.channel,
                                mark.text,
                                call.rooms.people.person_name(tx, mark.person_id),
                                tx.now()};
        }
        throw Error(Fault::invalid, "bookmark.outside").at("clip_sample");
    });
}

Response serve_clip_sound(Call& call, std::shared_ptr<MediaFile> ogg, const std::string& tag) {
    if (call.request.query_value("format").value_or("ogg") != "mp4")
        return serve_range(call.request, std::move(ogg), "audio/ogg", '"' + tag + '"');
    std::string bytes(static_cast<std::size_t>(ogg->size()), '\0');
    bytes.resize(ogg->read(0, bytes));
    return serve_range(call.request, std::make_shared<MemoryMediaFile>(mp4_of_ogg(bytes_of(bytes))),
                       "audio/mp4", '"' + tag + "-mp4\"");
}

namespace {

/// Who heard it is written before the first byte leaves: one entry per person, clip and minute.
void audit_clip(Call& call, const Clip& clip, std::int64_t version, std::string_view verb) {
    call.rooms.store.write([&](Tx& tx) {
        AuditEntry entry;
        entry.company_id = clip.company_id;
        entry.unit = clip.unit.value;
        entry.actor = call.actor.word;
        entry.verb = verb;
        entry.subject = clip.id.value;
        entry.subject_kind = "clip";
        entry.detail = "{\"version\":" + std::to_string(version) + "}";
        audit_listening(tx, entry);
    });
}

/// As far as it was there when the page asked: the length is fixed, so that ranges fit each other.
std::optional<Response> live_audio(Call& call, std::int64_t channel) {
    const auto length = call.query_integer("live", 1, live_samples_max);
    if (!length) return std::nullopt;
    auto sound = call.rooms.clips.live_sound(call.scope, call.id<Clip>(), length);
    if (!sound) return std::nullopt;  // it is cut by now: the newest version is served
    if (channel >= static_cast<std::int64_t>(sound->ogg.size()))
        throw Error(Fault::not_found, "not_found").at("channel");
    const Clip clip = call.rooms.store.read([&](Tx& tx) { return get_clip(call, tx); });
    audit_clip(call, clip, 0, "clip.listen");
    std::string bytes = std::move(sound->ogg[static_cast<std::size_t>(channel)]);
    const std::string tag = "live-" + hex(sha256(bytes)).substr(0, 32);
    Response response =
        serve_clip_sound(call, std::make_shared<MemoryMediaFile>(std::move(bytes)), tag);
    response.set("Cache-Control", "private, no-cache");
    return response;
}

}  // namespace

Response clip_audio(Call& call) {
    const auto channel = call.query_integer("channel", 0, 15).value_or(0);
    const bool download = call.query_integer("download", 0, 1).value_or(0) == 1;
    // Fetched before it is asked for, while the one before it plays: written down under its own
    // verb. When it is played the browser asks again, and that is listening.
    const bool ahead = !download && call.request.header("X-Ahead") == "1";
    if (auto live = live_audio(call, channel)) return std::move(*live);
    struct Found {
        Clip clip;
        ClipVersion version;
        StoredFile file;
    };
    const Found found = call.rooms.store.read([&](Tx& tx) {
        Found result;
        result.clip = get_clip(call, tx);
        result.version = wanted_cut(call, tx, result.clip, version_asked(call));
        for (const ClipTrackRow& track : result.version.tracks)
            if (track.channel == channel) result.file = track.file;
        if (!result.file.id) throw Error(Fault::not_found, "not_found").at("channel");
        return result;
    });
    audit_clip(call, found.clip, found.version.number,
               download ? "clip.download"
               : ahead  ? "clip.ahead"
                        : "clip.listen");
    const bool is_mp4 = call.request.query_value("format").value_or("ogg") == "mp4";
    Response response =
        serve_clip_sound(call, call.rooms.blobs.open(found.file), hex(found.file.sha256));
    // Asked again each time: rights may be gone and listening is written down. The ETag saves the
    // bytes.
    response.set("Cache-Control", "private, no-cache");
    if (download)
        response.set("Content-Disposition", "attachment; filename=\"" + word(found.clip.id) + "-" +
                                                std::to_string(found.version.number) + "-" +
                                                std::to_string(channel) +
                                                (is_mp4 ? ".mp4\"" : ".ogg\""));
    return response;
}

}  // namespace otklik
