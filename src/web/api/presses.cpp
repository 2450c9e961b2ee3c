// Presses as devices send them: durable before they are answered.
#include "signals/signals.h"
#include "store/store.h"
#include "web/api/gates.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {

namespace {

constexpr std::size_t presses_max = 1000;
constexpr std::int64_t batch_bytes_max = 1 << 20;
constexpr std::int64_t device_ms_max = 253'402'300'800'000;  // the end of the year 9999
constexpr std::int64_t press_bytes_max = 4096;

struct PressFields {
    std::string press_id, key;
    std::optional<Instant> pressed_at;
    std::optional<Duration> age, uncertainty;
    std::optional<std::int64_t> device_ms;
    std::optional<bool> heard, test;
    void fields(FieldSink& f) {
        f.text("press_id", press_id, {.bytes_max = 64, .may_be_empty = false},
               "given by the device; the same id again is the same press");
        f.text("key", key, {.bytes_max = 32, .may_be_empty = false});
        f.instant("pressed_at", pressed_at, "when the button went down, by the device's clock");
        f.length_ms("age_ms", age, {},
                    "how long ago by a clock that only counts; goes before pressed_at");
        f.length_ms("uncertainty_ms", uncertainty, {},
                    "half-width of what the device does not know");
        f.integer("device_ms", device_ms, {0, device_ms_max},
                  "milliseconds since 1970 by the device's clock, right or wrong; kept beside the"
                  " resolved instant");
        f.flag("heard", heard, "said unasked: not an answer to the question of the shift");
        f.flag("test", test, "tries the point: stored together with its withdrawal, never counted");
    }
    Press press(const Call& call) const {
        Press press{press_id, key, pressed_at, age, uncertainty};
        if (test.value_or(false)) press.tested_by = call.actor.word;
        if (device_ms) press.device_at = Instant{} + Duration::ms(*device_ms);
        press.heard = heard.value_or(false);
        return press;
    }
};
struct PressRequest : PressFields {
    std::optional<Id<Device>> device_id;
    void fields(FieldSink& f) {
        PressFields::fields(f);
        f.id("device_id", device_id, "for people; a device is known by its token");
    }
};
struct PressReply {
    Id<Signal> signal_id;
    PressAnswer answer = PressAnswer::stored;
    void fields(FieldSink& f) {
        f.id("signal_id", signal_id);
        f.choice("answer", answer);
    }
};
struct BatchRequest {
    std::vector<PressFields> presses;
    std::optional<Id<Device>> device_id;
    void fields(FieldSink& f) {
        f.list("presses", presses, presses_max);
        f.id("device_id", device_id, "for people; a device is known by its token");
    }
};
struct BatchItem {
    std::string press_id;
    PressAnswer answer = PressAnswer::stored;
    std::optional<Id<Signal>> signal_id;
    std::optional<std::string> code, field;
    void fields(FieldSink& f) {
        f.text("press_id", press_id);
        f.choice("answer", answer);
        f.id("signal_id", signal_id);
        f.text("code", code, {}, "why it was refused");
        f.text("field", field);
    }
};
struct BatchReply {
    std::vector<BatchItem> items;
    void fields(FieldSink& f) { f.list("items", items, presses_max); }
};
struct UndoRequest {
    std::string press_id;
    std::optional<Id<Device>> device_id;
    void fields(FieldSink& f) {
        f.text("press_id", press_id, {.bytes_max = 64, .may_be_empty = false});
        f.id("device_id", device_id, "for people; a device is known by its token");
    }
};
struct ScoreRequest {
    std::string press_id;
    std::int64_t score = 0;
    std::optional<Id<Device>> device_id;
    void fields(FieldSink& f) {
        f.text("press_id", press_id, {.bytes_max = 64, .may_be_empty = false});
        f.integer("score", score, {0, 10}, "the customer's own answer; the first one stays");
        f.id("device_id", device_id, "for people; a device is known by its token");
    }
};
struct UndoReply {
    Id<Signal> signal_id;
    void fields(FieldSink& f) { f.id("signal_id", signal_id); }
};

/// The device of the token; an administrator or the console names one.
Device pressing_device(Call& call, const std::optional<Id<Device>>& named) {
    if (call.actor.device) {
        // A token speaks for its own device only.
        if (named && *named != call.actor.device->id)
            throw Error(Fault::not_found, "not_found").at("device_id");
        return *call.actor.device;
    }
    if (!named) throw Error(Fault::invalid, "press.device").at("device_id");
    const auto device = call.rooms.store.read(
        [&](Tx& tx) { return call.rooms.signals.find_device(call.scope, tx, *named); });
    if (!device) throw Error(Fault::not_found, "not_found").at("device_id");
    if (device->revoked_at) throw Error(Fault::conflict, "device.revoked").at("device_id");
    return *device;
}

/// Before anything of it is taken; the console's own presses are nobody's flood.
void slow_down(Call& call, const Device& device, std::size_t count) {
    if (call.actor.who != Actor::Who::console) call.rooms.gates.press(device.id.value, count);
}

PressReply make_press(Call& call, PressRequest& in) {
    const Device device = pressing_device(call, in.device_id);
    slow_down(call, device, 1);
    const PressResult result = call.rooms.intake.take(device, {in.press(call)}).at(0);
    if (result.answer == PressAnswer::refused) {
        const Fault fault = result.error_code == "press.differs" ? Fault::conflict : Fault::invalid;
        throw Error(fault, result.error_code, {{"field", result.field}}).at(result.field);
    }
    if (result.answer == PressAnswer::stored) call.status = 201;
    if (result.answer == PressAnswer::stored && in.test.value_or(false))
        call.rooms.store.write([&](Tx& tx) {
            journal(call, tx, "signal.tested", "signal", result.signal_id.value, device.unit.value);
        });
    return {result.signal_id, result.answer};
}

BatchReply make_presses(Call& call, BatchRequest& in) {
    const Device device = pressing_device(call, in.device_id);
    std::vector<Press> presses;
    for (const PressFields& each : in.presses) presses.push_back(each.press(call));
    slow_down(call, device, presses.size());
    const auto results = call.rooms.intake.take(device, presses);
    BatchReply reply;
    for (std::size_t i = 0; i < results.size(); ++i) {
        BatchItem item{presses[i].press_id, results[i].answer, {}, {}, {}};
        if (results[i].signal_id) item.signal_id = results[i].signal_id;
        if (results[i].answer == PressAnswer::refused) {
            item.code = results[i].error_code;
            item.field = results[i].field;
        }
        reply.items.push_back(std::move(item));
    }
    return reply;
}

UndoReply undo_press(Call& call, UndoRequest& in) {
    const Device device = pressing_device(call, in.device_id);
    slow_down(call, device, 1);
    return call.rooms.store.write(
        [&](Tx& tx) {
            const auto id = call.rooms.signals.undo_press(tx, device, in.press_id);
            journal(call, tx, "signal.undone", "signal", id.value, device.unit.value);
            return UndoReply{id};
        },
        Lane::press);
}

UndoReply score_press(Call& call, ScoreRequest& in) {
    const Device device = pressing_device(call, in.device_id);
    return call.rooms.store.write(
        [&](Tx& tx) {
            const auto id = call.rooms.signals.score_press(tx, device, in.press_id, in.score);
            journal(call, tx, "signal.scored", "signal", id.value, device.unit.value);
            return UndoReply{id};
        },
        Lane::press);
}

constexpr Route presses_table[] = {
    route<&make_press>("POST", "/presses", Right::press,
                       "One press. 201: stored; 200: known already; 409: same id, other content; "
                       "429: too fast, send it again after Retry-After.",
                       press_bytes_max),
    route<&make_presses>("POST", "/presses/batch", Right::press,
                         "Up to 1 000 presses, each with its own answer.", batch_bytes_max),
    route<&undo_press>("POST", "/presses/undo", Right::press, "Withdraws a press; both rows stay.",
                       press_bytes_max),
    route<&score_press>("POST", "/presses/score", Right::press,
                        "The customer's own 0 to 10 after a press.", press_bytes_max),
};

}  // namespace

const std::span<const Route> press_routes = presses_table;

}  // namespace otklik
