#include "web/api/clip_view.h"

#include <algorithm>

#include "base/messages.h"
#include "base/text.h"
#include "recording/recording.h"
#include "web/api/clip_sound.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

ClipTrack track_view(Call& call, Tx& tx, const Clip& clip, const ClipVersion& version,
                     const ClipTrackRow& track) {
    ClipTrack view;
    view.channel = track.channel;
    view.bytes = track.file.bytes;
    view.sha256 = hex(track.file.sha256);
    view.url = "/api/v1/clips/" + word(clip.id) +
               "/audio?channel=" + std::to_string(track.channel) +
               "&version=" + std::to_string(version.number);
    view.role = track_role(call, tx, version, track.channel);
    return view;
}

PieceView piece_view(Call& call, Tx& tx, const ClipPieceRow& piece) {
    PieceView view;
    view.kind = piece.is_gap ? "gap" : "sound";
    view.clip_sample = piece.clip_sample;
    view.sample_count = piece.sample_count;
    view.begin_at = piece.begin_at;
    if (piece.is_gap) {
        view.gap_cause = piece.gap_cause;
        view.gap_text = call.rooms.messages.message(enum_word(call.actor.language),
                                                    "clip.gap." + piece.gap_cause);
        return view;
    }
    view.recording_id = piece.session_id;
    view.session_sample = piece.session_sample;
    // The clip's own rights decide: whoever may hear it may know where it comes from.
    const auto session = call.rooms.recording.find_session(call.scope, tx, piece.session_id);
    if (!session) return view;
    if (const auto recorder =
            call.rooms.recording.find_recorder(call.scope, tx, session->recorder_id))
        view.recorder_name = recorder->name;
    if (const auto original = call.rooms.recording.original(tx, *session)) {
        view.original_name = original->name;
        view.original_sha256 = hex(original->sha256);
    }
    if (!piece.map_id) return view;
    const ClockMap map = call.rooms.recording.find_map(tx, piece.map_id);
    view.map_number = map.number;
    view.map_uncertainty = map.uncertainty;
    return view;
}

}  // namespace

VersionView version_view(Call& call, Tx& tx, const Clip& clip, const ClipVersion& version,
                         Instant pressed_at) {
    VersionView view;
    view.id = version.id;
    view.number = version.number;
    view.state = version.state;
    view.begin_at = version.at.begin;
    view.end_at = version.at.end;
    view.length_samples = version.length_samples;
    view.missing_samples = version.missing_samples;
    view.press_sample = std::clamp<std::int64_t>(samples_of(pressed_at - version.at.begin), 0,
                                                 version.length_samples);
    view.made_at = version.made_at;
    view.rule_version = version.rule_version;
    for (const ClipTrackRow& track : version.tracks)
        view.tracks.push_back(track_view(call, tx, clip, version, track));
    for (const ClipPieceRow& piece : version.pieces)
        view.pieces.push_back(piece_view(call, tx, piece));
    return view;
}

std::vector<VersionLine> version_lines(Call& call, std::span<const ClipVersion> newest_first) {
    std::vector<VersionLine> lines;
    for (std::size_t i = 0; i < newest_first.size(); ++i) {
        const ClipVersion& cut = newest_first[i];
        const ClipVersion* before = i + 1 < newest_first.size() ? &newest_first[i + 1] : nullptr;
        const CutReason why = why_cut(before, cut);
        lines.push_back({cut.id, cut.number, cut.state, cut.made_at, cut.missing_samples, why,
                         call.rooms.messages.message(enum_word(call.actor.language),
                                                     "clip.cut." + std::string(enum_word(why)))});
    }
    return lines;
}

}  // namespace otklik
