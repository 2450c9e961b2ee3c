#pragma once
// Gates: how fast one device may press and how often one address may send unknown tokens. Refused
// is never lost: 429 with Retry-After, and the client sends the same again. In memory: a restart
// forgives. Thread: any.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace otklik {

/// A bucket per key, refilled steadily. What is taken may overdraw it, so that a batch larger than
/// the bucket passes too and the next one waits for the debt: a rate is bounded, no size is.
class Buckets {
public:
    /// `per_second` 0: no limit.
    Buckets(const Clock& clock, double per_second, double size);
    /// Takes `count` when anything is in the bucket. Else the whole seconds to wait, at least 1.
    std::int64_t take(const std::string& key, std::int64_t count);
    /// The seconds to wait; 0: something is there. Takes nothing.
    std::int64_t wait(const std::string& key) const;

private:
    struct Bucket {
        double level = 0;
        Instant at;
    };
    double level_of(const std::string& key) const;
    std::int64_t seconds_to(double level) const;

    const Clock& clock_;
    const double per_second_, size_;
    mutable std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
};

/// A device at a till presses at most once or twice a second by hand; two thousand presses of a day
/// without network, sent as two full batches, pass in about 10 s.
inline constexpr std::int64_t press_rate_default = 50;    // presses a second
inline constexpr std::int64_t press_burst_default = 500;  // presses at once
/// A device with a lost token asks every half minute or so; a token has 256 bits, so this bounds
/// the load and the noise rather than the guessing.
inline constexpr double token_failures_per_second = 0.1;
inline constexpr double token_failures_at_once = 20;

/// A hook has no queue of its own and is pressed by hand; a stuck contact is not the inbox's
/// affair.
inline constexpr double hook_presses_per_second = 10;
inline constexpr double hook_presses_at_once = 20;

inline constexpr double marks_per_second = 1.0 / 30;
inline constexpr double marks_at_once = 60;

class Gates {
public:
    Gates(const Clock& clock, std::int64_t press_rate, std::int64_t press_burst);
    /// Error{busy, "press.rate"}: nothing of it was taken.
    void press(std::int64_t device, std::size_t count);
    /// An audible mark of a panel: one in half a minute, 60 at once after days without network.
    /// Error{busy, "press.rate"}.
    void mark(std::int64_t device);
    /// The same for a button that comes by /hook/button.
    void hook(std::int64_t device);
    /// The identity of a press by /hook/button. With a counter: the same count and key within ten
    /// minutes is the same press, sent again; a counter that begins anew later makes new ones.
    /// Without: what comes within 300 ms of the one before.
    std::string hook_identity(std::int64_t device, const std::string& key,
                              const std::optional<std::int64_t>& count);
    /// Looks a token up. Once an address has sent too many unknown ones, only tokens that were
    /// right before are looked up from there: Error{busy, "token.throttled"} for all others.
    void token(const std::string& address, std::string_view token,
               const std::function<bool()>& is_known);

private:
    bool was_right(const std::string& hash) const;
    void remember(const std::string& hash);

    struct Hooked {
        std::string press_id;
        Instant at;
    };
    const Clock& clock_;
    Buckets presses_, hooks_, tokens_, marks_;
    mutable std::mutex mutex_;
    std::set<std::string> right_;           // hashes of tokens that were right
    std::map<std::string, Hooked> hooked_;  // by device, key and count
};

}  // namespace otklik
