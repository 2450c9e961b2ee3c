#pragma once
// Estimates with their intervals: pure functions, no database, no word of the product.
// Undefined is nothing, never 0: an empty sample has no mean, one value has no interval.
// Thread: any.
#include <cstdint>
#include <optional>
#include <span>

namespace otklik {

struct Interval {
    double low = 0;
    double high = 0;
};
struct MeanEstimate {
    std::int64_t n = 0;
    std::optional<double> mean;        // nothing when n = 0
    std::optional<double> deviation;   // of the sample, divisor n - 1; nothing when n < 2
    std::optional<Interval> interval;  // mean ± t(n - 1) · deviation / √n; nothing when n < 2
};
struct ShareEstimate {
    std::int64_t n = 0;
    std::optional<double> share;       // 0..1; nothing when n = 0
    std::optional<Interval> interval;  // Wilson's score interval; nothing when n = 0
};

/// Mean with Student's interval. `level` in (0, 1), 0.95 by custom. The sum is made in two passes,
/// so that values far from 0 keep their deviation.
MeanEstimate estimate_mean(std::span<const double> values, double level = 0.95);
/// Share of `hits` among `n` with the interval of Wilson (1927); 0 <= hits <= n.
ShareEstimate estimate_share(std::int64_t hits, std::int64_t n, double level = 0.95);

/// Quantile of Student's distribution, p in (0, 1), by bisection of its distribution function
/// (relative 1e-12).
double student_quantile(double p, double degrees);
/// P(T <= t): the regularised incomplete beta by Lentz's continued fraction (DLMF 8.17.22).
double student_below(double t, double degrees);
/// Quantile of the normal distribution, p in (0, 1), by bisection of erfc.
double normal_quantile(double p);

}  // namespace otklik
