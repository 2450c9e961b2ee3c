#pragma once
// The agent's clock: the wall clock of this boot's first start, gone on by a clock that nobody
// sets. The server reckons a chunk's instant from its age when it is sent, so a wall clock that is
// put right in between, as by NTP after a start without a battery, would move the sound. Kept in
// the folder, so that a run takes over what the one before stamped. Owns: <folder>/boot. Thread:
// any.
#include <string>

#include "base/clock.h"

namespace otklik {

class SteadyWall : public Clock {
public:
    explicit SteadyWall(const std::string& folder);
    Instant now() const override;

private:
    Duration ahead_;  // of the time since the boot
};

}  // namespace otklik
