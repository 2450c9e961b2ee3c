#include "alarms/judge.h"

#include <algorithm>

namespace otklik {
namespace {

constexpr int silent_up_to = 1, quiet_up_to = 4, full = 126;  // of 128
constexpr double clipped_share_max = 0.02;
constexpr double clipped_samples_max = 0.002;   // of samples, not of 20 ms
constexpr std::int64_t quiet_centidb = -3'000;  // 4 of 128

bool is_open_now(const RecorderFacts& facts, Instant now) {
    return facts.open && facts.open->contains(now);
}

bool is_paused(const RecorderFacts& facts, Instant now) {
    return facts.paused_until && *facts.paused_until > now;
}

/// The end of what is accounted for: sound, or a private talk.
std::optional<Instant> known_until(const RecorderFacts& facts) {
    if (!facts.heard_until) return std::nullopt;
    return std::max(*facts.heard_until, facts.paused_until.value_or(*facts.heard_until));
}

void judge_live(const RecorderFacts& facts, const AlarmRules& rules, Instant now,
                std::vector<Finding>& found) {
    if (is_paused(facts, now)) return;
    const auto until = known_until(facts);
    if (is_open_now(facts, now) && (!until || *until < facts.open->begin)) {
        if (now - std::max(facts.open->begin, facts.watched_from) >= rules.not_started_after)
            found.push_back({AlarmCause::not_started, facts.open->begin});
        return;
    }
    const bool expected = facts.hours_stated ? is_open_now(facts, now) : facts.session_open;
    if (expected && until && now - std::max(*until, facts.watched_from) >= rules.stopped_after)
        found.push_back({AlarmCause::stopped, *until});
}

}  // namespace

std::optional<Loudness> loudness_of(std::span<const Peak> peaks, std::size_t buckets) {
    std::size_t told = 0, touching = 0;
    int highest = 0;
    for (const Peak& peak : peaks) {
        if (peak.empty()) continue;
        ++told;
        const int height = std::max<int>(peak.high, -static_cast<int>(peak.low));
        highest = std::max(highest, height);
        if (height >= full) ++touching;
    }
    if (buckets == 0 || told * 5 < buckets * 4) return std::nullopt;
    if (highest <= silent_up_to) return Loudness::dead;
    if (highest <= quiet_up_to) return Loudness::quiet;
    const double share = static_cast<double>(touching) / static_cast<double>(told);
    return share > clipped_share_max ? Loudness::clipped : Loudness::good;
}

Loudness loudness_of_files(bool silent, std::int64_t peak_centidb, double clipped_share) {
    if (silent) return Loudness::dead;
    if (peak_centidb <= quiet_centidb) return Loudness::quiet;
    return clipped_share > clipped_samples_max ? Loudness::clipped : Loudness::good;
}

std::vector<Finding> judge(const RecorderFacts& facts, const AlarmRules& rules, Instant now) {
    std::vector<Finding> found;
    if (!rules.on) return found;
    if (facts.is_live) judge_live(facts, rules, now, found);
    if (!facts.is_live && facts.due && !facts.due->handed)
        found.push_back({AlarmCause::not_handed, facts.due->open.end, facts.due->day});
    if (facts.loudness && *facts.loudness != Loudness::good) {
        const AlarmCause cause = *facts.loudness == Loudness::dead    ? AlarmCause::dead
                                 : *facts.loudness == Loudness::quiet ? AlarmCause::quiet
                                                                      : AlarmCause::clipped;
        const Instant since = facts.is_live ? now - rules.sound_over
                              : facts.due   ? facts.due->open.begin
                                            : now;
        found.push_back({cause, since});
    }
    return found;
}

bool tells_of(const RecorderFacts& facts, AlarmCause cause) {
    switch (cause) {
        case AlarmCause::quiet:
        case AlarmCause::clipped:
        case AlarmCause::dead:
            return facts.loudness.has_value();
        default:
            return true;
    }
}

bool is_unexpected(const RecorderFacts& facts, AlarmCause cause, Instant now) {
    if (cause == AlarmCause::not_handed) return facts.is_live || !facts.due;
    if (cause != AlarmCause::stopped && cause != AlarmCause::not_started) return false;
    if (!facts.is_live) return true;
    return facts.hours_stated ? !is_open_now(facts, now) : !facts.session_open;
}

}  // namespace otklik
