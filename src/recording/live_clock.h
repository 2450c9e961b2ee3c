#pragma once
// A live recorder's samples beside the server's clock: a crystal drifts, and the map of its run
// follows; a clock that was set says nothing of the time before, so the map stays and the recorder
// is asked for another run. Private to the room. Thread: any.
#include "recording/live_rows.h"

namespace otklik {

/// How far both may have drifted apart since the map's last point: 1 000 ppm, twice what a bad
/// crystal does, and a second for a machine that is busy.
Duration drift_since(const ClockMap& map, Instant at);

/// True when the last seconds of an open run all came fresh and all say, as `newest` does (raw end
/// sample, and its instant by the server's clock), that the map is off by more than any drift.
bool clock_was_set(Tx& tx, const LiveSession& live, const ClockMap& map,
                   std::pair<std::int64_t, Instant> newest);

}  // namespace otklik
