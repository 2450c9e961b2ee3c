#include "stats/estimate.h"

#include <cassert>
#include <cmath>

namespace otklik {
namespace {

/// The continued fraction of the incomplete beta; quick for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    if (std::fabs(d) < tiny) d = tiny;
    d = 1 / d;
    double result = d;
    for (int m = 1; m <= 500; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (const double term : {even, odd}) {
            d = 1 + term * d;
            if (std::fabs(d) < tiny) d = tiny;
            c = 1 + term / c;
            if (std::fabs(c) < tiny) c = tiny;
            d = 1 / d;
            step = c * d;
            result *= step;
        }
        if (std::fabs(step - 1) < 1e-16) break;
    }
    return result;
}

double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                  a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/// The root of a rising function, p in (1/2, 1).
template <class F>
double upper_quantile(double p, F below) {
    double high = 1;
    while (below(high) < p && high < 1e300) high *= 2;
    double low = 0;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
        const double middle = low + (high - low) / 2;
        (below(middle) < p ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

}  // namespace

double student_below(double t, double degrees) {
    assert(degrees > 0);
    const double tail = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;
    return t > 0 ? 1 - tail : tail;
}

double student_quantile(double p, double degrees) {
    assert(p > 0 && p < 1);
    if (p < 0.5) return -student_quantile(1 - p, degrees);
    if (p == 0.5) return 0;
    return upper_quantile(p, [&](double t) { return student_below(t, degrees); });
}

double normal_quantile(double p) {
    assert(p > 0 && p < 1);
    if (p < 0.5) return -normal_quantile(1 - p);
    if (p == 0.5) return 0;
    return upper_quantile(p, [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; });
}

MeanEstimate estimate_mean(std::span<const double> values, double level) {
    MeanEstimate result{.n = static_cast<std::int64_t>(values.size())};
    if (values.empty()) return result;
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += value;
    const double mean = sum / n;
    result.mean = mean;
    if (values.size() < 2) return result;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    result.deviation = std::sqrt(squares / (n - 1));
    const double half =
        student_quantile(1 - (1 - level) / 2, n - 1) * *result.deviation / std::sqrt(n);
    result.interval = Interval{mean - half, mean + half};
    return result;
}

ShareEstimate estimate_share(std::int64_t hits, std::int64_t n, double level) {
    assert(hits >= 0 && hits <= n);
    ShareEstimate result{.n = n};
    if (n == 0) return result;
    const auto count = static_cast<double>(n);
    const double share = static_cast<double>(hits) / count;
    const double z = normal_quantile(1 - (1 - level) / 2);
    const double middle = (share + z * z / (2 * count)) / (1 + z * z / count);
    const double half = z / (1 + z * z / count) *
                        std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
    result.share = share;
    result.interval = Interval{middle - half, middle + half};
    return result;
}

}  // namespace otklik
