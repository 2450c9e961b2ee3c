#include <algorithm>

#include "base/hash.h"
#include "signals/press_batch.h"

namespace otklik {
namespace {

constexpr std::size_t press_id_length_max = 64;
constexpr Duration age_max = Duration::days(366);
constexpr Duration uncertainty_max = Duration::hours(24);
constexpr Duration ahead_max =
    Duration::hours(24);  // a clock set to another zone, not another year
// Between the moment a device reads its own age and the moment we have the request.
constexpr Duration network_guess = Duration::ms(500);

bool is_plain(std::string_view text, std::size_t length_max) {
    return !text.empty() && text.size() <= length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

ResolvedPress refused(std::string_view code, std::string_view field) {
    ResolvedPress press;
    press.error_code = code;
    press.field = field;
    return press;
}

}  // namespace

ResolvedPress resolve_press(const Press& press, Instant received_at) {
    if (!is_plain(press.press_id, press_id_length_max)) return refused("press.id", "press_id");
    if (!is_plain(press.key, key_length_max)) return refused("press.key", "key");
    if (press.age && (*press.age < Duration{} || *press.age > age_max))
        return refused("press.age", "age_ms");
    const Duration stated = press.uncertainty.value_or(Duration{});
    if (stated < Duration{} || stated > uncertainty_max)
        return refused("press.uncertainty", "uncertainty_ms");

    ResolvedPress resolved;
    if (press.age) {
        // The monotonic age survives a wrong wall clock, so it goes before the device's time.
        resolved.at = received_at - *press.age;
        resolved.uncertainty = std::max(stated, network_guess);
    } else if (press.pressed_at || press.device_at) {
        resolved.at = press.pressed_at ? *press.pressed_at : *press.device_at;
        resolved.uncertainty = stated;
    } else {
        resolved.at = received_at;
        resolved.uncertainty = std::max(stated, network_guess);
    }
    if (resolved.at < press_earliest || resolved.at > received_at + ahead_max)
        return refused("press.time", press.age ? "age_ms" : "pressed_at");
    const std::string time = press.pressed_at ? std::to_string(press.pressed_at->us) : "-";
    std::string content = "press/1\n" + press.key + "\n" + time;
    if (press.device_at) content += "\n" + std::to_string(press.device_at->us);
    if (press.heard) content += "\nheard";
    resolved.content = sha256(content);
    return resolved;
}

}  // namespace otklik
