#include "store/death_watch.h"

#include <algorithm>

namespace otklik {
namespace {

/// Who watches may have been stopped itself, with the whole machine: of such a time no more than
/// this is held against the others.
constexpr Duration silence_per_look_max = Duration::ms(1'500);

}  // namespace

bool DeathWatch::is_due(Instant now) const {
    return !looked_at_ || now < *looked_at_ || now - *looked_at_ >= look_every;
}

std::vector<SignOfLife> DeathWatch::look(const std::vector<SignOfLife>& signs, Instant now) {
    const Duration gone =
        looked_at_ ? std::clamp(now - *looked_at_, Duration{}, silence_per_look_max) : Duration{};
    looked_at_ = now;
    std::map<std::int64_t, Seen> seen;
    std::vector<SignOfLife> silent;
    for (const SignOfLife& sign : signs) {
        Duration silence;
        const auto before = seen_.find(sign.worker);
        if (before != seen_.end() && before->second.sign.beats == sign.beats &&
            before->second.sign.newest_claim == sign.newest_claim)
            silence = before->second.silence + gone;
        seen[sign.worker] = {sign, silence};
        if (silence >= silence_max) silent.push_back(sign);
    }
    seen_ = std::move(seen);
    return silent;
}

}  // namespace otklik
