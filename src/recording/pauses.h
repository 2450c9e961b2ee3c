#pragma once
// Pauses: a private talk at a point, begun and ended at its panel. Both ends are durable by
// themselves, so that a pause outlives a panel without network; at its end it becomes a gap
// `paused` of the point, widened at each end by what the panel's clock does not know and by 40 ms,
// so that no packet holds a sample of the talk.
// Owns: pause. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <string_view>

#include "recording/recording.h"

namespace otklik {

struct Pause {
    std::string pause_id;  // given by the device; the same id again is the same pause
    std::string reason;
    Instant at;  // its begin
    Duration uncertainty;
};

/// Asked twice, it changes nothing. Error{invalid, "pause.id"}.
void begin_pause(Tx& tx, const Point& point, std::int64_t device_id, const Pause& pause);
/// Declares the gap; asked twice, it changes nothing. Error{not_found, "pause.unknown"}.
void end_pause(Tx& tx, Recording& recording, const Point& point, std::int64_t device_id,
               std::string_view pause_id, Instant at, Duration uncertainty);
/// The newest one of the point that has no end yet.
std::optional<Pause> open_pause(Tx& tx, Id<Point> point);

}  // namespace otklik
