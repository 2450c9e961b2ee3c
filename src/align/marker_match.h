#pragma once
// Which marker that was heard is which one that was played? A recording heard marks of codes at
// its samples; panels played marks of codes at instants. The clock of the recorder may be off by
// all of `reach`, so a code alone proves little: what fits one begin of the recording together is
// believed, and only when nothing else fits as well. Pure. Thread: values.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "align/marker_finder.h"
#include "base/time.h"

namespace otklik::align {

struct PlayedMarker {
    Instant at;
    Duration uncertainty;
    int code = 0;
    bool elsewhere = false;  // by a panel of another point: no evidence, but a rival explanation
};
enum class MarkerTurn {
    matched,    // it is this one that was heard
    unheard,    // nothing like it where it should be
    ambiguous,  // more than one begin of the recording explains what was heard
    doubtful,   // heard beside another one or a siren
    outside     // it was played before or after the recording
};
struct MarkerMatch {
    MarkerTurn turn = MarkerTurn::unheard;
    std::size_t heard = 0;  // of a matched one: which
};

/// One answer for each played one that is not elsewhere, in their order; the others stay unheard.
/// `begin`: of the recording by its clock, which may be wrong by `reach`; `length` of it.
std::vector<MarkerMatch> match_markers(std::span<const PlayedMarker> played,
                                       std::span<const HeardMarker> heard, Instant begin,
                                       Duration length, Duration reach);

}  // namespace otklik::align
