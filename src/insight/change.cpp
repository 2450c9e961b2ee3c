// How a figure moved between two ranges of days.
#include "insight/insight.h"
#include "stats/difference.h"

namespace otklik {

bool FigureChange::is_clear() const {
    return interval && (interval->low > 0 || interval->high < 0);
}

FigureChange change_of(const FigureDef& figure, const FigureValue& now, const FigureValue& before) {
    FigureChange change;
    if (!now.value || !before.value) return change;
    change.difference = *now.value - *before.value;
    if (!figure.mean) {
        change.interval = difference_of_counts(now.n, before.n);
    } else if (figure.share) {
        if (const auto interval = difference_of_shares({now.hits, now.n}, {before.hits, before.n}))
            change.interval = Interval{100 * interval->low, 100 * interval->high};
    } else if (now.deviation && before.deviation) {
        change.interval = difference_of_means({now.n, *now.value, *now.deviation},
                                              {before.n, *before.value, *before.deviation});
    }
    return change;
}

}  // namespace otklik
