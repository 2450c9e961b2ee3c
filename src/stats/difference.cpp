#include "stats/difference.h"

#include <algorithm>
#include <cmath>

namespace otklik {

std::optional<Interval> difference_of_means(const Moments& now, const Moments& before,
                                            double level) {
    if (now.n < 2 || before.n < 2) return std::nullopt;
    const double a = now.deviation * now.deviation / static_cast<double>(now.n);
    const double b = before.deviation * before.deviation / static_cast<double>(before.n);
    const double difference = now.mean - before.mean;
    if (a + b == 0) return Interval{difference, difference};
    const double degrees =
        (a + b) * (a + b) /
        (a * a / static_cast<double>(now.n - 1) + b * b / static_cast<double>(before.n - 1));
    const double half = student_quantile(1 - (1 - level) / 2, degrees) * std::sqrt(a + b);
    return Interval{difference - half, difference + half};
}

std::optional<Interval> difference_of_shares(const Hits& now, const Hits& before, double level) {
    const ShareEstimate a = estimate_share(now.hits, now.n, level);
    const ShareEstimate b = estimate_share(before.hits, before.n, level);
    if (!a.share || !b.share) return std::nullopt;
    const double difference = *a.share - *b.share;
    const auto root = [](double x, double y) { return std::sqrt(x * x + y * y); };
    return Interval{difference - root(*a.share - a.interval->low, b.interval->high - *b.share),
                    difference + root(a.interval->high - *a.share, *b.share - b.interval->low)};
}

Interval difference_of_counts(std::int64_t now, std::int64_t before, double level) {
    const auto difference = static_cast<double>(now - before);
    const double sum = std::max<double>(static_cast<double>(now + before), 1);
    const double half = normal_quantile(1 - (1 - level) / 2) * std::sqrt(sum);
    return {difference - half, difference + half};
}

}  // namespace otklik
