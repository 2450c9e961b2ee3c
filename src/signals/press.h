#pragma once
// Presses on their way in: what a device sends, what makes two deliveries the same press, and the
// intake that keeps them. Thread: PressIntake any; it has one thread of its own.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "base/time.h"

namespace otklik {

class Clock;
class Signals;
class Sites;
class Store;
struct Device;
struct Signal;
template <>
inline constexpr std::string_view id_prefix<Signal> = "signal";

/// One press as it comes from outside.
struct Press {
    std::string press_id;               // 1..64 visible ASCII
    std::string key;                    // 1..32
    std::optional<Instant> pressed_at;  // by the device's clock
    std::optional<Duration> age;  // monotonic age at sending; wins over pressed_at for the instant
    std::optional<Duration> uncertainty;  // stated by the device
    // What the device's own clock showed, right or wrong: kept beside the resolved instant.
    std::optional<Instant> device_at = {};
    bool heard = false;  // said unasked: not an answer to the question of the shift
    // Who tries the point. Not empty: the press is withdrawn in the transaction that stores it.
    std::string tested_by = {};
};
enum class PressAnswer { stored, repeated, refused };
template <>
inline constexpr std::pair<PressAnswer, std::string_view> enum_words<PressAnswer>[3] = {
    {PressAnswer::stored, "stored"},
    {PressAnswer::repeated, "repeated"},
    {PressAnswer::refused, "refused"}};
struct PressResult {
    PressAnswer answer = PressAnswer::stored;
    Id<Signal> signal_id;
    std::string error_code;  // when refused: "press.differs", "press.time", "press.age", …
    std::string field;       // which field differs or is wrong
};

/// The rules of a press that need no database.
struct ResolvedPress {
    Instant at;  // when the button went down, as well as we know
    Duration uncertainty;
    std::string content;  // hash of key and stated time: what makes two deliveries the same press
    std::string error_code;  // not empty: refused, with the field
    std::string field;
};
ResolvedPress resolve_press(const Press& press, Instant received_at);

/// Takes presses of many requests into one transaction (lane press) and answers after the commit.
class PressIntake {
public:
    /// `free_reserve` gives the disk reserve back when a press could not be written (blobs.h); true
    /// when it did.
    PressIntake(Store& store, Signals& signals, Sites& sites, const Clock& clock,
                std::function<bool()> free_reserve = {});
    ~PressIntake();
    /// Blocks until durable. Same order as given. Error{full, "disk.full"} only when the reserve is
    /// spent too; Error{busy, "press.queue"} over 20 000 waiting presses and after stop().
    std::vector<PressResult> take(const Device& device, const std::vector<Press>& presses);
    void stop();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
