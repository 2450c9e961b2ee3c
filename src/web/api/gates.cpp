#include "web/api/gates.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"

namespace otklik {
namespace {

constexpr std::size_t keys_max = 10'000;  // full buckets are forgotten over it
constexpr std::size_t right_max = 10'000;
constexpr Duration hook_counted = Duration::seconds(600), hook_bounce = Duration::ms(300);

}  // namespace

Buckets::Buckets(const Clock& clock, double per_second, double size)
    : clock_(clock), per_second_(per_second), size_(size) {}

double Buckets::level_of(const std::string& key) const {
    const auto found = buckets_.find(key);
    if (found == buckets_.end()) return size_;
    const auto passed = static_cast<double>((clock_.now() - found->second.at).us) / 1e6;
    if (passed < 0) return size_;  // the clock was put back: nobody waits until it is there again
    return std::min(size_, found->second.level + passed * per_second_);
}

std::int64_t Buckets::seconds_to(double level) const {
    return level > 0 ? 0 : static_cast<std::int64_t>(std::floor(-level / per_second_)) + 1;
}

std::int64_t Buckets::take(const std::string& key, std::int64_t count) {
    if (per_second_ <= 0) return 0;
    const std::lock_guard lock(mutex_);
    const double level = level_of(key);
    if (level <= 0) return seconds_to(level);
    if (buckets_.size() >= keys_max)
        std::erase_if(buckets_, [&](const auto& each) { return level_of(each.first) >= size_; });
    buckets_.insert_or_assign(key, Bucket{level - static_cast<double>(count), clock_.now()});
    return 0;
}

std::int64_t Buckets::wait(const std::string& key) const {
    if (per_second_ <= 0) return 0;
    const std::lock_guard lock(mutex_);
    return seconds_to(level_of(key));
}

Gates::Gates(const Clock& clock, std::int64_t press_rate, std::int64_t press_burst)
    : clock_(clock),
      presses_(clock, static_cast<double>(press_rate), static_cast<double>(press_burst)),
      hooks_(clock, hook_presses_per_second, hook_presses_at_once),
      tokens_(clock, token_failures_per_second, token_failures_at_once),
      marks_(clock, marks_per_second, marks_at_once) {}

void Gates::press(std::int64_t device, std::size_t count) {
    if (const auto seconds =
            presses_.take(std::to_string(device), static_cast<std::int64_t>(count)))
        throw Error(Fault::busy, "press.rate", {{"retry_after", std::to_string(seconds)}});
}

void Gates::mark(std::int64_t device) {
    if (const auto seconds = marks_.take(std::to_string(device), 1))
        throw Error(Fault::busy, "press.rate", {{"retry_after", std::to_string(seconds)}});
}

void Gates::hook(std::int64_t device) {
    if (const auto seconds = hooks_.take(std::to_string(device), 1))
        throw Error(Fault::busy, "press.rate", {{"retry_after", std::to_string(seconds)}});
}

std::string Gates::hook_identity(std::int64_t device, const std::string& key,
                                 const std::optional<std::int64_t>& count) {
    const Instant now = clock_.now();
    const Duration same = count ? hook_counted : hook_bounce;
    const std::string what =
        std::to_string(device) + " " + key + (count ? " " + std::to_string(*count) : std::string());
    const std::lock_guard lock(mutex_);
    if (const auto found = hooked_.find(what);
        found != hooked_.end() && now >= found->second.at && now - found->second.at < same)
        return found->second.press_id;
    if (hooked_.size() >= keys_max)
        std::erase_if(hooked_,
                      [&](const auto& each) { return now - each.second.at >= hook_counted; });
    if (hooked_.size() >= keys_max) hooked_.clear();
    // The ten minutes stand in the identity too, for the one that is sent again after our restart.
    std::string press_id =
        count ? "hook-" + std::to_string(*count) + "-" + std::to_string(now.us / hook_counted.us)
              : "hook-at-" + std::to_string(now.us);
    hooked_.insert_or_assign(what, Hooked{press_id, now});
    return press_id;
}

void Gates::token(const std::string& address, std::string_view token,
                  const std::function<bool()>& is_known) {
    const std::string hash = sha256(token);
    const std::int64_t seconds = tokens_.wait(address);
    if (seconds > 0 && !was_right(hash))
        throw Error(Fault::busy, "token.throttled", {{"retry_after", std::to_string(seconds)}});
    if (is_known())
        remember(hash);
    else
        tokens_.take(address, 1);
}

bool Gates::was_right(const std::string& hash) const {
    const std::lock_guard lock(mutex_);
    return right_.contains(hash);
}

void Gates::remember(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    if (right_.size() >= right_max && !right_.contains(hash)) right_.clear();
    right_.insert(hash);
}

}  // namespace otklik
