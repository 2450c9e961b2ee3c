#pragma once
// Why a clip was cut anew, told from its cuts alone: nothing is stored that could say otherwise.
// Thread: values.
#include <string_view>

#include "clips/clip.h"

namespace otklik {

enum class CutReason { first, rules, clock, more, less, window, sound };
template <>
inline constexpr std::pair<CutReason, std::string_view> enum_words<CutReason>[7] = {
    {CutReason::first, "first"},    // there was none before
    {CutReason::rules, "rules"},    // the program cuts by newer rules
    {CutReason::clock, "clock"},    // a recording in both has another clock map
    {CutReason::more, "more"},      // sound came that was missing
    {CutReason::less, "less"},      // sound went: a private talk, or a recording put elsewhere
    {CutReason::window, "window"},  // a person or a joined press asked for other borders
    {CutReason::sound, "sound"}};   // the same stretch from other recordings

/// Both with their pieces. `before` nullptr: `after` is the first cut of its clip.
CutReason why_cut(const ClipVersion* before, const ClipVersion& after);

}  // namespace otklik
