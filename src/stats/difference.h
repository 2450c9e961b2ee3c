#pragma once
// Differences of two samples with their intervals: whether a figure moved by more than chance. The
// first sample is the later one: above 0 means that it grew. Thread: any; pure functions.
#include <cstdint>
#include <optional>

#include "stats/estimate.h"

namespace otklik {

struct Moments {
    std::int64_t n = 0;
    double mean = 0;
    double deviation = 0;  // of the sample, divisor n - 1
};
struct Hits {
    std::int64_t hits = 0;
    std::int64_t n = 0;
};

/// Welch (1947): unequal variances, degrees of freedom by Satterthwaite. Nothing when one of both
/// has less than two values.
std::optional<Interval> difference_of_means(const Moments& now, const Moments& before,
                                            double level = 0.95);
/// Newcombe (1998), method 10: from Wilson's intervals of both, so that it stays within [-1, 1].
/// Nothing when one of both is empty.
std::optional<Interval> difference_of_shares(const Hits& now, const Hits& before,
                                             double level = 0.95);
/// Two counts over equal times, each taken as Poisson: z times the root of their sum, and at least
/// one event, so that 0 against 0 is not certain.
Interval difference_of_counts(std::int64_t now, std::int64_t before, double level = 0.95);

}  // namespace otklik
