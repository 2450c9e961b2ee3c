#pragma once
// A version of a clip as the API tells it: tracks, pieces, provenance. Thread: values.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fields.h"
#include "clips/clip_story.h"
#include "clips/clips.h"
#include "forms/forms.h"
#include "web/api/route.h"

namespace otklik {

struct ClipTrack {
    std::int64_t channel = 0;
    std::string role;
    std::int64_t bytes = 0;
    std::string sha256, url;
    void fields(FieldSink& f) {
        f.integer("channel", channel);
        f.text("role", role, {}, "mix, left, right, client or employee");
        f.integer("bytes", bytes);
        f.text("sha256", sha256);
        f.text("url", url);
    }
};
struct PieceView {
    std::string kind;
    std::int64_t clip_sample = 0, sample_count = 0;
    Instant begin_at;
    std::optional<std::string> gap_cause, gap_text;
    std::optional<Id<RecordingSession>> recording_id;
    std::optional<std::int64_t> session_sample;
    std::optional<std::string> recorder_name, original_name, original_sha256;
    std::optional<std::int64_t> map_number;
    std::optional<Duration> map_uncertainty;
    void fields(FieldSink& f) {
        f.text("kind", kind, {}, "sound or gap");
        f.integer("clip_sample", clip_sample, {}, "samples at 48 kHz since the clip's start");
        f.integer("sample_count", sample_count);
        f.instant("begin_at", begin_at);
        f.text("gap_cause", gap_cause, {}, "code; words under clip.gap.<cause>");
        f.text("gap_text", gap_text);
        f.id("recording_id", recording_id);
        f.integer("session_sample", session_sample, {}, "where the piece begins in the recording");
        f.text("recorder_name", recorder_name);
        f.text("original_name", original_name);
        f.text("original_sha256", original_sha256);
        f.integer("map_number", map_number, {}, "version of the clock map that placed it");
        f.length_ms("map_uncertainty_ms", map_uncertainty);
    }
};
struct VersionView {
    Id<ClipVersion> id;
    std::int64_t number = 1;
    std::string state;
    Instant begin_at, end_at;
    std::int64_t length_samples = 0, missing_samples = 0, press_sample = 0;
    Instant made_at;
    std::int64_t rule_version = 1;
    std::vector<ClipTrack> tracks;
    std::vector<PieceView> pieces;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.integer("number", number);
        f.text("state", state, {}, "partial, final, or live: as far as it is recorded by now");
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.integer("length_samples", length_samples);
        f.integer("missing_samples", missing_samples);
        f.integer("press_sample", press_sample, {}, "where the button went down");
        f.instant("made_at", made_at);
        f.integer("rule_version", rule_version);
        f.list("tracks", tracks, 16);
        f.list("pieces", pieces, 10'000);
    }
};
struct VersionLine {
    Id<ClipVersion> id;
    std::int64_t number = 1;
    std::string state;
    Instant made_at;
    std::int64_t missing_samples = 0;
    CutReason why = CutReason::first;
    std::string why_text;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.integer("number", number);
        f.text("state", state);
        f.instant("made_at", made_at);
        f.integer("missing_samples", missing_samples);
        f.choice("why", why, "what differs from the cut before it");
        f.text("why_text", why_text, {}, "the same in words");
    }
};
/// With its tracks and where each piece comes from, as far as the reader may know it.
VersionView version_view(Call& call, Tx& tx, const Clip& clip, const ClipVersion& version,
                         Instant pressed_at);

/// Every cut of a clip that the reader may hear, the newest first, each with its reason.
std::vector<VersionLine> version_lines(Call& call, std::span<const ClipVersion> newest_first);

struct FormLine {
    Id<Form> id;
    std::string name;
    Purpose purpose = Purpose::signal;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
        f.choice("purpose", purpose);
    }
};
}  // namespace otklik
