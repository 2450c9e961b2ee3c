#include "align/marker_match.h"

#include <algorithm>
#include <cmath>

namespace otklik::align {
namespace {

constexpr double drift_ppm_max = 500;
constexpr Duration heard_within = Duration::ms(10);
// What one recording can have at most; the nearest to its own clock are looked at.
constexpr std::size_t pairs_max = 3000;

Duration of_seconds(double s) {
    return {std::llround(s * 1e6)};
}
Duration size(Duration d) {
    return {std::abs(d.us)};
}

/// This played one is that heard one.
struct Pair {
    std::size_t played = 0, heard = 0;
    Duration off;  // the recording begins so much later than by its clock
    Duration uncertainty;
    double at_s = 0;
    bool elsewhere = false;
};

bool fit_together(const Pair& a, const Pair& b) {
    if (a.played == b.played || a.heard == b.heard)
        return a.played == b.played && a.heard == b.heard;
    const Duration drift = of_seconds(std::abs(a.at_s - b.at_s) * drift_ppm_max / 1e6);
    return size(a.off - b.off) <= a.uncertainty + b.uncertainty + heard_within + drift;
}

class Matcher {
public:
    Matcher(std::span<const PlayedMarker> played, std::span<const HeardMarker> heard, Instant begin,
            Duration length, Duration reach)
        : played_(played), heard_(heard), begin_(begin), length_(length), reach_(reach) {
        collect();
    }
    std::vector<MarkerMatch> match() {
        std::vector<MarkerMatch> result(played_.size());
        const std::vector<Pair> best = best_group();
        if (best.empty()) {
            tell_the_rest(result, {});
            return result;
        }
        if (has_rival(best)) {
            for (const Pair& pair : pairs_)
                if (!pair.elsewhere) result[pair.played].turn = MarkerTurn::ambiguous;
            return result;
        }
        for (const Pair& pair : best) result[pair.played] = {MarkerTurn::matched, pair.heard};
        tell_the_rest(result, best);
        return result;
    }

private:
    void collect() {
        for (std::size_t i = 0; i < played_.size(); ++i)
            for (std::size_t k = 0; k < heard_.size(); ++k) {
                if (!heard_[k].alone || heard_[k].code != played_[i].code) continue;
                const Duration off = played_[i].at - (begin_ + of_seconds(heard_[k].at_s));
                if (size(off) > reach_ + played_[i].uncertainty) continue;
                pairs_.push_back(
                    {i, k, off, played_[i].uncertainty, heard_[k].at_s, played_[i].elsewhere});
            }
        std::sort(pairs_.begin(), pairs_.end(),
                  [](const Pair& a, const Pair& b) { return size(a.off) < size(b.off); });
        if (pairs_.size() > pairs_max) pairs_.resize(pairs_max);
    }
    /// Pairs of one kind that fit this one and each other, the nearest first.
    std::vector<Pair> group_of(const Pair& seed) const {
        std::vector<Pair> near;
        for (const Pair& pair : pairs_)
            if (pair.elsewhere == seed.elsewhere && fit_together(pair, seed)) near.push_back(pair);
        std::sort(near.begin(), near.end(), [&](const Pair& a, const Pair& b) {
            return size(a.off - seed.off) < size(b.off - seed.off);
        });
        std::vector<Pair> group;
        for (const Pair& pair : near)
            if (std::all_of(group.begin(), group.end(),
                            [&](const Pair& other) { return fit_together(pair, other); }))
                group.push_back(pair);
        return group;
    }
    std::vector<Pair> best_group() const {
        std::vector<Pair> best;
        for (const Pair& seed : pairs_) {
            if (seed.elsewhere) continue;
            std::vector<Pair> group = group_of(seed);
            if (group.size() > best.size()) best = std::move(group);
        }
        return best;
    }
    /// Another begin of the recording explains as much.
    bool has_rival(const std::vector<Pair>& best) const {
        for (const Pair& seed : pairs_) {
            if (std::all_of(best.begin(), best.end(),
                            [&](const Pair& pair) { return same_begin(pair, seed); }))
                continue;
            if (group_of(seed).size() >= best.size()) return true;
        }
        return false;
    }
    /// Both say the same of the recording's begin, whatever each is a pair of.
    static bool same_begin(const Pair& a, const Pair& b) {
        const Duration drift = of_seconds(std::abs(a.at_s - b.at_s) * drift_ppm_max / 1e6);
        return size(a.off - b.off) <= a.uncertainty + b.uncertainty + heard_within + drift;
    }
    void tell_the_rest(std::vector<MarkerMatch>& result, const std::vector<Pair>& best) const {
        // Without a match the recorder's own clock says what lies within.
        const Duration off = best.empty() ? Duration{} : best.front().off;
        const Duration slack = best.empty() ? reach_ : Duration::seconds(15);
        for (std::size_t i = 0; i < played_.size(); ++i) {
            if (result[i].turn == MarkerTurn::matched) continue;
            const Duration at = played_[i].at - (begin_ + off);
            if (at < -slack || at > length_ + slack) result[i].turn = MarkerTurn::outside;
            for (const HeardMarker& heard : heard_)
                if (!heard.alone && heard.code == played_[i].code &&
                    size(at - of_seconds(heard.at_s)) <= slack + played_[i].uncertainty)
                    result[i].turn = MarkerTurn::doubtful;
        }
    }

    std::span<const PlayedMarker> played_;
    std::span<const HeardMarker> heard_;
    Instant begin_;
    Duration length_, reach_;
    std::vector<Pair> pairs_;  // nearest to the recorder's own clock first
};

}  // namespace

std::vector<MarkerMatch> match_markers(std::span<const PlayedMarker> played,
                                       std::span<const HeardMarker> heard, Instant begin,
                                       Duration length, Duration reach) {
    return Matcher(played, heard, begin, length, reach).match();
}

}  // namespace otklik::align
