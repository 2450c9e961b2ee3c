// A clip whose tail is still recorded is played from the segments, without a file of its own.
#include <algorithm>

#include "clips/clip_look.h"
#include "store/store.h"

namespace otklik {
namespace {

/// The plan up to a sample of the clip.
ClipPlan shortened(ClipPlan plan, std::int64_t length) {
    std::vector<PlannedPiece> kept;
    plan.missing_samples = 0;
    for (PlannedPiece& piece : plan.pieces) {
        const std::int64_t count = std::min(piece.sample_count, length - piece.clip_sample);
        if (count <= 0) continue;
        piece.sample_count = count;
        if (piece.is_gap())
            plan.missing_samples += piece.gap_cause == "joint" ? 0 : count;
        else
            piece.range.end = piece.range.begin + count;
        kept.push_back(std::move(piece));
    }
    plan.pieces = std::move(kept);
    plan.length_samples = std::min(plan.length_samples, length);
    return plan;
}

/// Where its last sound ends.
std::int64_t sound_end(const ClipPlan& plan) {
    std::int64_t end = 0;
    for (const PlannedPiece& piece : plan.pieces)
        if (!piece.is_gap()) end = piece.clip_sample + piece.sample_count;
    return end;
}

}  // namespace

std::optional<Clips::LiveSound> Clips::live_sound(const Scope& scope, Id<Clip> id,
                                                  std::optional<std::int64_t> length_samples) {
    const auto look = store_.read([&](Tx& tx) -> std::optional<Look> {
        const auto clip = find(scope, tx, id);
        if (!clip || clip->version_id || clip->state != ClipState::waiting_tail)
            return std::nullopt;
        return look_at(tx, id);
    });
    if (!look) return std::nullopt;
    const std::int64_t there = sound_end(look->plan);
    const std::int64_t length = std::min(length_samples.value_or(there), there);
    const ClipPlan plan = shortened(look->plan, length);
    if (length <= 0 || !plan.has_sound()) return std::nullopt;
    CutTracks cut = cut_tracks(blobs_, plan, look->world.sources, look->tracks, CutFor::playing);
    LiveSound sound;
    sound.version.clip_id = id;
    sound.version.number = 0;
    sound.version.state = "live";
    sound.version.at = {plan.window.begin,
                        plan.window.begin + duration_of_samples(cut.length_samples)};
    sound.version.length_samples = cut.length_samples;
    sound.version.missing_samples = plan.missing_samples;
    sound.version.rule_version = clip_rule_version;
    sound.version.made_at = look->world.now;
    sound.version.pieces = std::move(cut.rows);
    sound.ogg = std::move(cut.ogg);
    return sound;
}

}  // namespace otklik
