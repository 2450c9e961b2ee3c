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

/// Whether the recording is sound where the gap says that there is none: it came after the gap was
/// told, or another recorder heard. Of a gap that no recorder told nobody knows better.
bool heals(const RecordingSession& session, const Gap& gap) {
    return !gap.recorder_id || session.recorder_id != gap.recorder_id ||
           session.created_at > gap.created_at;
}

std::vector<TimeRange> pauses_of(const Coverage& coverage, TimeRange range) {
    std::vector<TimeRange> pauses;
    for (const Gap& gap : coverage.gaps)
        if (gap.cause == "paused") take(pauses, gap.at.meet(range));
    return pauses;
}

Duration length_of(const std::vector<TimeRange>& ranges) {
    Duration sum;
    for (const TimeRange& each : ranges) sum = sum + each.length();
    return sum;
}

}  // namespace

std::vector<Loss> losses_of(const Coverage& coverage, Id<Point> point, TimeRange range) {
    // A pause is asked for: silence that was declared as well is no loss.
    std::vector<TimeRange> told = pauses_of(coverage, range);
    std::vector<Loss> found;
    for (const Gap& gap : coverage.gaps) {
        const TimeRange within = gap.at.meet(range);
        // What was erased in time had been recorded.
        if (gap.cause == "paused" || gap.cause == "erased" || within.empty()) continue;
        std::vector<TimeRange> taken = told;
        for (const Stretch& stretch : coverage.stretches)
            if (heals(stretch.session, gap)) take(taken, stretch.session.at.meet(within));
        for (const TimeRange& each : left_of(within, taken))
            found.push_back({point, each, gap.cause});
        take(told, within);
    }
    std::sort(found.begin(), found.end(), [](const Loss& a, const Loss& b) { return a.at < b.at; });
    return found;
}

WorkShare recorded_of(const Coverage& coverage, Id<Point> point, TimeRange open) {
    WorkShare share;
    std::vector<TimeRange> left_out = pauses_of(coverage, open);
    share.expected = open.length() - length_of(left_out);
    for (const Loss& loss : losses_of(coverage, point, open)) take(left_out, loss.at);
    std::vector<TimeRange> heard;
    for (const Stretch& stretch : coverage.stretches) take(heard, stretch.session.at.meet(open));
    for (const TimeRange& each : heard)
        share.recorded = share.recorded + length_of(left_of(each, left_out));
    return share;
}

}  // namespace otklik
