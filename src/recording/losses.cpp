#include "recording/losses.h"

#include <algorithm>

namespace otklik {
namespace {

/// Takes `taken` (sorted, without overlaps) out of `whole`.
std::vector<TimeRange> left_of(TimeRange whole, const std::vector<TimeRange>& taken) {
    std::vector<TimeRange> left;
    for (const TimeRange& each : taken) {
        if (each.end <= whole.begin) continue;
        if (each.begin >= whole.end) break;
        if (each.begin > whole.begin) left.push_back({whole.begin, each.begin});
        whole.begin = each.end;
    }
    if (!whole.empty()) left.push_back(whole);
    return left;
}

void take(std::vector<TimeRange>& taken, TimeRange more) {
    if (more.empty()) return;
    taken.push_back(more);
    std::sort(taken.begin(), taken.end());
    std::vector<TimeRange> joined;
    for (const TimeRange& each : taken) {
        if (!joined.empty() && each.begin <= joined.back().end)
            joined.back().end = std::max(joined.back().end, each.end);
        else
            joined.push_back(each);
    }
    taken = std::move(joined);
}

}  // namespace

std::vector<Loss> losses_of(const Coverage& coverage, Id<Point> point, TimeRange range) {
    std::vector<TimeRange> taken;
    for (const Stretch& stretch : coverage.stretches) take(taken, stretch.session.at.meet(range));
    // A pause is asked for: silence that was declared as well is no loss.
    for (const Gap& gap : coverage.gaps)
        if (gap.cause == "paused") take(taken, gap.at.meet(range));
    std::vector<Loss> found;
    for (const Gap& gap : coverage.gaps) {
        if (gap.cause == "paused") continue;
        const TimeRange within = gap.at.meet(range);
        if (within.empty()) continue;
        for (const TimeRange& each : left_of(within, taken))
            found.push_back({point, each, gap.cause});
        take(taken, within);
    }
    std::sort(found.begin(), found.end(), [](const Loss& a, const Loss& b) { return a.at < b.at; });
    return found;
}

}  // namespace otklik
