#include "recording/clock_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace otklik {
namespace {

Duration part(std::int64_t samples, double ppm) {
    const double us = static_cast<double>(std::abs(samples)) * 125.0 / 6.0;
    return {static_cast<std::int64_t>(std::ceil(us * ppm / 1e6))};
}
Duration size(Duration d) {
    return {std::abs(d.us)};
}

/// Whether one recorder could have both, at any drift that crystals have.
bool agree(const ClockAnchor& a, const ClockAnchor& b) {
    const std::int64_t apart = b.media_sample - a.media_sample;
    const Duration off = (b.at - a.at) - duration_of_samples(apart);
    return size(off) <= a.uncertainty + b.uncertainty + part(apart, drift_ppm_max);
}

bool is_own_clock(const ClockAnchor& a) {
    return a.source == "stated" || a.source == "name" || a.source == "tag" || a.source == "agent";
}

bool better(const ClockAnchor& a, const ClockAnchor& b) {
    if (a.uncertainty != b.uncertainty) return a.uncertainty < b.uncertainty;
    if (a.created_at != b.created_at) return a.created_at > b.created_at;  // the newer look
    return a.id < b.id;
}

using Numbers = std::vector<std::size_t>;

/// Everybody who agrees with the first and with each other, the best first.
Numbers gather(const std::vector<ClockAnchor>& sorted, std::size_t first) {
    Numbers together{first};
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (i != first && std::all_of(together.begin(), together.end(), [&](std::size_t other) {
                return agree(sorted[i], sorted[other]);
            }))
            together.push_back(i);
    std::sort(together.begin(), together.end());
    return together;
}

std::size_t witnesses(const std::vector<ClockAnchor>& sorted, const Numbers& numbers) {
    std::size_t count = 0;
    bool own_clock = false;
    for (const std::size_t i : numbers) {
        if (!is_own_clock(sorted[i]) || !std::exchange(own_clock, true)) ++count;
    }
    return count;
}

/// Most witnesses win; among as many, the best of them.
Numbers choose(const std::vector<ClockAnchor>& sorted) {
    Numbers best;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        Numbers together = gather(sorted, i);
        if (witnesses(sorted, together) > witnesses(sorted, best)) best = std::move(together);
    }
    return best;
}

struct Knot {
    std::int64_t sample = 0;
    Instant at;
    Duration doubt;
};

/// What knots say of a sample: the instant and its doubt.
std::pair<Instant, Duration> predict(const std::vector<Knot>& knots, std::int64_t sample) {
    const auto next =
        std::find_if(knots.begin(), knots.end(), [&](const Knot& k) { return k.sample >= sample; });
    if (next != knots.end() && next->sample == sample) return {next->at, next->doubt};
    if (knots.size() == 1) {
        const std::int64_t apart = sample - knots[0].sample;
        return {knots[0].at + duration_of_samples(apart),
                knots[0].doubt + part(apart, drift_ppm_unknown)};
    }
    const std::size_t right = next == knots.begin() ? 1
                              : next == knots.end()
                                  ? knots.size() - 1
                                  : static_cast<std::size_t>(next - knots.begin());
    const Knot &a = knots[right - 1], &b = knots[right];
    const double share =
        static_cast<double>(sample - a.sample) / static_cast<double>(b.sample - a.sample);
    const Instant at{a.at.us + std::llround(static_cast<double>((b.at - a.at).us) * share)};
    const std::int64_t reach = std::min(std::abs(sample - a.sample), std::abs(sample - b.sample));
    // Between knots their doubts mix; beyond them the slope's own doubt grows with the way.
    const double mixed = std::abs(1 - share) * static_cast<double>(a.doubt.us) +
                         std::abs(share) * static_cast<double>(b.doubt.us);
    const Duration by_slope{static_cast<std::int64_t>(std::ceil(mixed))};
    const Duration wander = part(reach, drift_ppm_wander);
    if (share >= 0 && share <= 1) return {at, by_slope + wander};
    // However little the two knots tell of the drift, crystals bound it.
    const Knot& near = share < 0 ? a : b;
    return {at,
            std::min(by_slope + wander, near.doubt + part(sample - near.sample, drift_ppm_max))};
}

class Fitter {
public:
    Fitter(std::span<const ClockAnchor> anchors, std::int64_t length) : length_(length) {
        for (const ClockAnchor& a : anchors) {
            if (a.media_sample < 0 || a.media_sample > length)
                refuse(a, "clock.outside");
            else if (a.uncertainty > anchor_doubt_max)
                refuse(a, "clock.too_vague");
            else
                sorted_.push_back(a);
        }
        std::sort(sorted_.begin(), sorted_.end(), better);
    }
    ClockFit fit() {
        const Numbers chosen = choose(sorted_);
        const std::set<std::size_t> in(chosen.begin(), chosen.end());
        for (const std::size_t i : chosen) add(sorted_[i]);
        for (std::size_t i = 0; i < sorted_.size(); ++i)
            if (!in.contains(i)) refuse(sorted_[i], "clock.contradicts");
        finish();
        return std::move(fit_);
    }

private:
    void refuse(const ClockAnchor& a, std::string_view reason) {
        fit_.anchors.push_back({a, AnchorVerdict::refused, std::string(reason), {}});
    }
    /// A knot where it knows more than the others say; else it only agrees, or it does not.
    void add(const ClockAnchor& a) {
        if (!knots_.empty()) {
            const auto [at, doubt] = predict(knots_, a.media_sample);
            // One knot foretells no drift; agree() has asked whether any crystal could have both.
            if (knots_.size() > 1 && size(a.at - at) > a.uncertainty + doubt)
                return refuse(a, "clock.contradicts");
            if (a.uncertainty >= doubt || !may_stand(a)) {
                fit_.anchors.push_back({a, AnchorVerdict::agrees, {}, {}});
                return;
            }
        }
        const auto place = std::find_if(knots_.begin(), knots_.end(),
                                        [&](const Knot& k) { return k.sample > a.media_sample; });
        knots_.insert(place, {a.media_sample, a.at, a.uncertainty});
        fit_.anchors.push_back({a, AnchorVerdict::used, {}, {}});
    }
    /// Two knots tell the drift only when they stand so far apart that their own doubt moves it by
    /// less than is not known anyway; nearer ones would lever the far end of the day about.
    bool may_stand(const ClockAnchor& a) const {
        return std::all_of(knots_.begin(), knots_.end(), [&](const Knot& k) {
            return a.uncertainty + k.doubt < part(a.media_sample - k.sample, drift_ppm_unknown);
        });
    }
    void finish() {
        if (knots_.empty()) knots_.push_back({0, {0}, anchor_doubt_max});
        for (const Knot& k : knots_) {
            fit_.map.points.emplace_back(k.sample, k.at);
            fit_.knot_doubts.push_back(k.doubt);
        }
        extend();
        if (knots_.size() > 1) {
            const Knot &a = knots_.front(), &b = knots_.back();
            const Duration span = duration_of_samples(b.sample - a.sample);
            fit_.drift_known = true;
            fit_.drift_ppm =
                static_cast<double>((b.at - a.at - span).us) / static_cast<double>(span.us) * 1e6;
        }
        Duration worst;
        for (const auto& [sample, at] : fit_.map.points)
            worst = std::max(worst, predict(knots_, sample).second);
        for (std::size_t i = 0; i + 1 < knots_.size(); ++i)
            worst = std::max(
                worst,
                predict(knots_, std::midpoint(knots_[i].sample, knots_[i + 1].sample)).second);
        for (const std::int64_t end : {std::int64_t{0}, length_})
            worst = std::max(worst, predict(knots_, end).second);
        fit_.map.uncertainty = std::min(worst, anchor_doubt_max);
        for (JudgedAnchor& judged : fit_.anchors)
            judged.off = judged.anchor.at - fit_.map.at(judged.anchor.media_sample);
        std::stable_sort(fit_.anchors.begin(), fit_.anchors.end(),
                         [](const JudgedAnchor& a, const JudgedAnchor& b) {
                             return better(a.anchor, b.anchor);
                         });
    }
    /// A map goes on at the nominal rate beyond its ends: the known drift is carried to them.
    void extend() {
        if (knots_.size() < 2) return;
        const auto add_point = [&](std::int64_t sample, bool front) {
            const auto [at, doubt] = predict(knots_, sample);
            const auto where = front ? 0 : static_cast<std::ptrdiff_t>(fit_.map.points.size());
            fit_.map.points.insert(fit_.map.points.begin() + where, {sample, at});
            fit_.knot_doubts.insert(fit_.knot_doubts.begin() + where, doubt);
        };
        if (knots_.front().sample > 0) add_point(0, true);
        if (knots_.back().sample < length_) add_point(length_, false);
    }

    std::int64_t length_;
    std::vector<ClockAnchor> sorted_;
    std::vector<Knot> knots_;
    ClockFit fit_;
};

}  // namespace

Duration ClockFit::doubt_at(std::int64_t sample) const {
    std::vector<Knot> knots;
    for (std::size_t i = 0; i < map.points.size(); ++i)
        knots.push_back({map.points[i].first, map.points[i].second, knot_doubts[i]});
    return std::min(predict(knots, sample).second, anchor_doubt_max);
}

ClockFit fit_clock(std::span<const ClockAnchor> anchors, std::int64_t length_samples) {
    return Fitter(anchors, length_samples).fit();
}

}  // namespace otklik
