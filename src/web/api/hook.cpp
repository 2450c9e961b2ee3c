// Presses of simple buttons: no header, often no TLS, one short address. The token stands in the
// path, so paths of hooks are never logged.
#include <charconv>

#include "base/error.h"
#include "base/fields.h"
#include "base/text.h"
#include "signals/signals.h"
#include "web/api/front.h"
#include "web/api/gates.h"

namespace otklik {
namespace {

constexpr std::string_view before_token = "/hook/button/";
constexpr std::size_t token_bytes_max = 128;
constexpr std::int64_t count_max = 9'007'199'254'740'991;  // 2^53 - 1
constexpr std::int64_t ts_ms_max = 253'402'300'800'000;    // the end of the year 9999

enum class Gesture { single, double_, long_, triple };

}  // namespace

// What devices call their gestures: ours, Tasmota's, Shelly's.
template <>
inline constexpr std::pair<Gesture, std::string_view> enum_words<Gesture>[13] = {
    {Gesture::single, "single"},
    {Gesture::single, "press"},
    {Gesture::single, "s"},
    {Gesture::single, "single_push"},
    {Gesture::double_, "double"},
    {Gesture::double_, "ss"},
    {Gesture::double_, "double_push"},
    {Gesture::long_, "long"},
    {Gesture::long_, "hold"},
    {Gesture::long_, "l"},
    {Gesture::long_, "long_push"},
    {Gesture::triple, "triple"},
    {Gesture::triple, "sss"}};

namespace {

struct HookBody {
    std::int64_t button = 0;
    std::optional<std::string> device, gesture;
    std::optional<std::int64_t> n;
    std::optional<double> ts;
    void fields(FieldSink& f) {
        f.text("device", device, {.bytes_max = 100}, "for people; the token says which it is");
        f.integer("button", button, {0, 1000});
        f.text("gesture", gesture, {.bytes_max = 32});
        f.integer("n", n, {0, count_max});
        f.number("ts", ts);
    }
};

struct HookPress {
    std::string button, gesture = "single";
    std::optional<std::int64_t> count;
    std::optional<Instant> device_at;
};

[[noreturn]] void refuse(std::string_view code, std::string_view field) {
    throw Error(Fault::invalid, code).at(field);
}

std::optional<std::int64_t> whole(const Request& request, std::string_view name) {
    const auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < 0 ||
        value > count_max)
        refuse("hook.count", name);
    return value;
}

std::optional<Instant> device_time(std::optional<double> seconds) {
    if (!seconds || !(*seconds >= 0) || *seconds * 1000 > static_cast<double>(ts_ms_max))
        return std::nullopt;  // a clock that was never set says nothing
    return Instant{} + Duration::ms(static_cast<std::int64_t>(*seconds * 1000));
}

/// A reader that only follows links presses nothing: `b` must be there.
HookPress read_press(const Request& request) {
    HookPress press;
    if (request.method == "POST" && !request.body.empty()) {
        const auto body = from_json<HookBody>(request.body);
        press.button = std::to_string(body.button);
        if (body.gesture) press.gesture = *body.gesture;
        press.count = body.n;
        press.device_at = device_time(body.ts);
        return press;
    }
    press.button = request.query_value("b").value_or("");
    if (const auto g = request.query_value("g"); g && !g->empty()) press.gesture = *g;
    press.count = whole(request, "n");
    if (const auto ts = request.query_value("ts"); ts && !ts->empty()) {
        double seconds = 0;
        const auto [end, error] = std::from_chars(ts->data(), ts->data() + ts->size(), seconds);
        if (error == std::errc() && end == ts->data() + ts->size())
            press.device_at = device_time(seconds);
    }
    return press;
}

std::string key_of(const HookPress& press) {
    if (press.button.empty() || press.button.find(':') != std::string::npos)
        refuse("hook.button", "b");
    const auto gesture = parse_enum<Gesture>(lower_ascii(press.gesture));
    if (!gesture) refuse("hook.gesture", "g");
    switch (*gesture) {
        case Gesture::single:
            return press.button;
        case Gesture::double_:
            return press.button + ":double";
        case Gesture::long_:
            return press.button + ":long";
        case Gesture::triple:
            return press.button + ":triple";
    }
    return press.button;
}

Device device_of(Rooms& rooms, const Request& request) {
    const std::string_view token = std::string_view(request.path).substr(before_token.size());
    std::optional<Device> device;
    if (!token.empty() && token.size() <= token_bytes_max &&
        token.find('/') == std::string_view::npos)
        rooms.gates.token(request.peer, token, [&] {
            device = rooms.signals.device_of_token(rooms.store, token);
            return device.has_value();
        });
    if (!device) throw Error(Fault::not_found, "not_found");
    return *device;
}

}  // namespace

bool is_hook_path(std::string_view path) {
    return path.starts_with(before_token);
}

Response press_by_hook(Rooms& rooms, Request& request) {
    if (request.method != "GET" && request.method != "POST")
        throw Error(Fault::method, "method.wrong",
                    {{"method", request.method}, {"allowed", "GET, POST"}});
    const Device device = device_of(rooms, request);
    const HookPress hooked = read_press(request);
    Press press;
    press.key = key_of(hooked);
    rooms.gates.hook(device.id.value);
    press.press_id = rooms.gates.hook_identity(device.id.value, press.key, hooked.count);
    // It went down now, as far as anybody knows; the device's own clock is kept beside.
    press.age = Duration{};
    press.device_at = hooked.device_at;
    const PressResult result = rooms.intake.take(device, {press}).at(0);
    if (result.answer == PressAnswer::refused)
        throw Error(result.error_code == "press.differs" ? Fault::conflict : Fault::invalid,
                    result.error_code, {{"field", result.field}})
            .at(result.field);
    return Response::text(200, std::string(enum_word(result.answer)) + "\n");
}

}  // namespace otklik
