#include "clips/clip_story.h"

#include <map>
#include <set>

namespace otklik {
namespace {

// A cut is made anew when a border moves by more than this (clip_rules.h); what moves less is
// rounding to packets.
constexpr Duration moved_min = Duration::ms(50);

/// Recordings that sound in a cut, each with the clock map that placed it.
std::map<std::int64_t, std::int64_t> maps_of(const ClipVersion& cut) {
    std::map<std::int64_t, std::int64_t> maps;
    for (const ClipPieceRow& piece : cut.pieces)
        if (!piece.is_gap) maps[piece.session_id.value] = piece.map_id.value;
    return maps;
}

bool moved(Instant a, Instant b) {
    const Duration by = a - b;
    return by > moved_min || -by > moved_min;
}

}  // namespace

CutReason why_cut(const ClipVersion* before, const ClipVersion& after) {
    if (!before) return CutReason::first;
    if (before->rule_version != after.rule_version) return CutReason::rules;
    const auto old_maps = maps_of(*before), new_maps = maps_of(after);
    bool came = false;
    for (const auto& [session, map] : new_maps) {
        const auto was = old_maps.find(session);
        if (was == old_maps.end())
            came = true;
        else if (was->second != map)
            return CutReason::clock;
    }
    const bool other_window =
        moved(before->at.begin, after.at.begin) || moved(before->at.end, after.at.end);
    // A recording whose clock is less well known widens the window a little: it came, all the same.
    if (other_window && !came) return CutReason::window;
    const std::int64_t had = before->length_samples - before->missing_samples;
    const std::int64_t has = after.length_samples - after.missing_samples;
    if (has > had) return CutReason::more;
    return has < had ? CutReason::less : CutReason::sound;
}

}  // namespace otklik
