#pragma once
// Losses: intervals declared to be without sound that no recording healed since, by point and
// cause. A recording does not heal what its own recorder told of it, or fsck found in it, after it
// had come. A pause asked for by people is no loss. Reads only. Thread: any.
#include <string>
#include <vector>

#include "recording/recording.h"

namespace otklik {

/// One stretch of a point's time that is lost for good, as far as we know.
struct Loss {
    Id<Point> point_id;
    TimeRange at;
    std::string cause;  // as Gap::cause, never "paused"
};

/// The parts of the coverage's gaps within the range that no stretch covers; two gaps over the same
/// time count it once, for the earlier declared of them. In order of time.
std::vector<Loss> losses_of(const Coverage& coverage, Id<Point> point, TimeRange range);

/// Of an interval in which a point works, without its pauses: how much is recorded.
struct WorkShare {
    Duration expected, recorded;
};
WorkShare recorded_of(const Coverage& coverage, Id<Point> point, TimeRange open);

}  // namespace otklik
