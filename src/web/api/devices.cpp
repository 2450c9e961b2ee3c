// Devices, their tokens, and the versioned meaning of their buttons.
#include <array>

#include "base/messages.h"
#include "signals/pairing.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

// A first map holds for all presses there ever were: the panel may have been pressed before it was
// described.
constexpr Instant first_map_from{946'684'800'000'000};  // 2000-01-01

struct ButtonRequest {
    std::string key, label;
    SignalKind kind = SignalKind::answer;
    std::optional<Id<Question>> question_id;
    std::optional<Duration> window_before, window_after;
    std::optional<bool> merge, score_pad;
    std::optional<std::string> prompts, code;
    void fields(FieldSink& f) {
        f.text("key", key, {.bytes_max = 32, .may_be_empty = false},
               "what the device sends; 1:long and 1:double are further meanings of 1");
        f.text("label", label, {.bytes_max = 100, .may_be_empty = false});
        f.choice("kind", kind);
        f.id("question_id", question_id, "the question that staff ask before this button");
        f.length_ms("window_before_ms", window_before, {0, 600'000}, "60 s when absent");
        f.length_ms("window_after_ms", window_after, {0, 600'000}, "60 s when absent");
        f.flag("merge", merge);
        f.text("prompts", prompts, {.bytes_max = 700}, "up to three lines to ask on");
        f.text("code", code, {.bytes_max = 40}, "KeyboardEvent.code of a pad that types");
        f.flag("score_pad", score_pad, "the panel asks for the customer's 0 to 10 after it");
    }
};
struct DeviceRequest {
    std::string name;
    Id<Point> point_id;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 200, .may_be_empty = false});
        f.id("point_id", point_id);
    }
};
struct NewDeviceRequest : DeviceRequest {
    std::optional<std::vector<ButtonRequest>> buttons;
    void fields(FieldSink& f) {
        DeviceRequest::fields(f);
        f.list("buttons", buttons, 32, "answer, idea, complaint and praise on 1 to 4 when absent");
    }
};
struct DeviceView {
    Id<Device> id;
    std::string name;
    Id<Point> point_id;
    std::string point_name;
    std::optional<Instant> seen_at, revoked_at, paired_at;
    std::int64_t version = 1, buttons_version = 0;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.instant("seen_at", seen_at, "when its last press came, to the minute");
        f.instant("revoked_at", revoked_at);
        f.instant("paired_at", paired_at, "when a panel came in by a code last");
        f.integer("version", version);
        f.integer("buttons_version", buttons_version, {}, "number of its newest button map");
    }
};
struct DeviceList {
    std::vector<DeviceView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct NewDeviceView {
    Id<Device> id;
    std::string token;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("token", token, {}, "shown once; only its hash is kept");
    }
};
struct TokenView {
    std::string token;
    void fields(FieldSink& f) {
        f.text("token", token, {}, "shown once; the earlier one is void within 5 s");
    }
};
struct PairingView {
    std::string code;
    Instant expires_at;
    void fields(FieldSink& f) {
        f.text("code", code, {}, "8 letters, once; only its hash is kept");
        f.instant("expires_at", expires_at);
    }
};
struct ButtonView {
    Id<Button> id;
    std::string key, label;
    SignalKind kind = SignalKind::answer;
    std::optional<Id<Question>> question_id;
    std::optional<std::string> question_text;
    Duration window_before, window_after;
    bool merge = false, score_pad = false;
    std::string prompts, code;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("key", key);
        f.text("label", label);
        f.choice("kind", kind);
        f.id("question_id", question_id);
        f.text("question_text", question_text);
        f.length_ms("window_before_ms", window_before);
        f.length_ms("window_after_ms", window_after);
        f.flag("merge", merge);
        f.text("prompts", prompts, {}, "a line each");
        f.text("code", code);
        f.flag("score_pad", score_pad);
    }
};
struct ButtonMapView {
    std::int64_t number = 1;
    Instant valid_from;
    std::vector<ButtonView> buttons;
    void fields(FieldSink& f) {
        f.integer("number", number);
        f.instant("valid_from", valid_from, "presses before it keep the meaning of the map before");
        f.list("buttons", buttons, 32);
    }
};
struct ButtonMapList {
    std::vector<ButtonMapView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct ButtonMapRequest {
    std::optional<Instant> valid_from;
    std::vector<ButtonRequest> buttons;
    void fields(FieldSink& f) {
        f.instant("valid_from", valid_from,
                  "now when absent; the first map of a device holds from 2000");
        f.list("buttons", buttons, 32);
    }
};

Device get_device(Call& call, Tx& tx) {
    auto device = call.rooms.signals.find_device(call.scope, tx, call.id<Device>());
    if (!device) throw Error(Fault::not_found, "not_found");
    return std::move(*device);
}

DeviceView view_of(Call& call, Tx& tx, const Device& device) {
    DeviceView view;
    view.id = device.id;
    view.name = device.name;
    view.point_id = device.point_id;
    const auto point = call.rooms.sites.find_point(call.scope, tx, device.point_id);
    view.point_name = point ? point->name : "";
    view.seen_at = device.seen_at;
    view.revoked_at = device.revoked_at;
    view.paired_at = paired_at(tx, device.id);
    view.version = device.version;
    const auto maps = call.rooms.signals.button_maps(tx, device.id);
    view.buttons_version = maps.empty() ? 0 : maps.front().number;
    return view;
}

ButtonMapView view_of(Call& call, Tx& tx, const ButtonMap& map) {
    ButtonMapView view{map.number, map.valid_from, {}};
    for (const Button& button : map.buttons) {
        ButtonView each{button.id,
                        button.key,
                        button.label,
                        button.signal_kind,
                        {},
                        {},
                        button.window_before,
                        button.window_after,
                        button.merge,
                        button.score_pad,
                        text_of_lines(button.prompts),
                        button.code};
        if (button.question_id) {
            each.question_id = button.question_id;
            each.question_text = call.rooms.sites.question_text(tx, button.question_id);
        }
        view.buttons.push_back(std::move(each));
    }
    return view;
}

std::vector<Button> buttons_of(const std::vector<ButtonRequest>& wanted) {
    std::vector<Button> buttons;
    for (const ButtonRequest& each : wanted) {
        Button button;
        button.key = each.key;
        button.label = each.label;
        button.signal_kind = each.kind;
        button.question_id = each.question_id.value_or(Id<Question>{});
        button.window_before = each.window_before.value_or(button.window_before);
        button.window_after = each.window_after.value_or(button.window_after);
        button.merge = each.merge.value_or(false);
        button.score_pad = each.score_pad.value_or(false);
        button.prompts = lines_of(each.prompts.value_or(""));
        button.code = each.code.value_or("");
        buttons.push_back(std::move(button));
    }
    return buttons;
}

/// What most panels begin with, in the words of the person who makes it.
std::vector<Button> starter_buttons(const Call& call) {
    constexpr std::array<std::pair<SignalKind, std::string_view>, 4> starters = {{
        {SignalKind::answer, "button.starter.answer"},
        {SignalKind::idea, "button.starter.idea"},
        {SignalKind::complaint, "button.starter.complaint"},
        {SignalKind::praise, "button.starter.praise"},
    }};
    std::vector<Button> buttons;
    for (const auto& [kind, key] : starters) {
        Button button;
        button.key = std::to_string(buttons.size() + 1);
        button.label = call.rooms.messages.message(enum_word(call.actor.language), key);
        button.signal_kind = kind;
        buttons.push_back(std::move(button));
    }
    return buttons;
}

DeviceList list_devices(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        DeviceList list;
        for (const Device& device : call.rooms.signals.devices(call.scope, tx))
            list.items.push_back(view_of(call, tx, device));
        return list;
    });
}

NewDeviceView make_device(Call& call, NewDeviceRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto found = call.rooms.sites.find_point(call.scope, tx, in.point_id);
        if (!found) throw Error(Fault::not_found, "not_found").at("point_id");
        const Point& point = *found;
        const auto made = call.rooms.signals.make_device(tx, point, in.name);
        Device device;
        device.id = made.id;
        device.company_id = point.company_id;
        device.unit = point.unit;
        device.point_id = point.id;
        call.rooms.signals.make_button_map(
            tx, device, first_map_from,
            in.buttons && !in.buttons->empty() ? buttons_of(*in.buttons) : starter_buttons(call),
            call.actor.word);
        journal(call, tx, "device.made", "device", made.id.value, point.unit.value);
        return NewDeviceView{made.id, made.token};
    });
}

DeviceView change_device(Call& call, DeviceRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        Device device = get_device(call, tx);
        call.require_version(device.version);
        device.name = in.name;
        device.point_id = in.point_id;
        call.rooms.signals.change_device(call.scope, tx, device);
        const Device changed = get_device(call, tx);
        journal(call, tx, "device.changed", "device", device.id.value, changed.unit.value);
        call.set_version(changed.version);
        return view_of(call, tx, changed);
    });
}

TokenView renew_token(Call& call) {
    return call.rooms.store.write([&](Tx& tx) {
        const Device device = get_device(call, tx);
        TokenView view{call.rooms.signals.renew_token(call.scope, tx, device.id)};
        journal(call, tx, "device.token", "device", device.id.value, device.unit.value);
        return view;
    });
}

PairingView make_code(Call& call) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Device device = get_device(call, tx);
        const PairingCode made = make_pairing(tx, device, call.actor.word);
        journal(call, tx, "device.code", "device", device.id.value, device.unit.value);
        return PairingView{made.code, made.expires_at};
    });
}

Nothing revoke_device(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const Device device = get_device(call, tx);
        call.rooms.signals.revoke_device(call.scope, tx, device.id);
        journal(call, tx, "device.revoked", "device", device.id.value, device.unit.value);
    });
    return {};
}

ButtonMapList list_maps(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        ButtonMapList list;
        for (const ButtonMap& map : call.rooms.signals.button_maps(tx, get_device(call, tx).id))
            list.items.push_back(view_of(call, tx, map));
        return list;
    });
}

ButtonMapView make_map(Call& call, ButtonMapRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Device device = get_device(call, tx);
        const bool first = call.rooms.signals.button_maps(tx, device.id).empty();
        const auto id = call.rooms.signals.make_button_map(
            tx, device, in.valid_from.value_or(first ? first_map_from : tx.now()),
            buttons_of(in.buttons), call.actor.word);
        journal(call, tx, "device.buttons", "device", device.id.value, device.unit.value);
        for (const ButtonMap& map : call.rooms.signals.button_maps(tx, device.id))
            if (map.id == id) return view_of(call, tx, map);
        throw Error(Fault::internal, "internal").because("the map just made is not there");
    });
}

constexpr Route devices_table[] = {
    route<&list_devices>("GET", "/devices", Right::manage, "Devices, revoked ones too."),
    route<&make_device>("POST", "/devices", Right::manage,
                        "A new device with its token and buttons."),
    route<&change_device>("PUT", "/devices/{id}", Right::manage,
                          "Renames a device or moves it to another point."),
    route<&renew_token>("POST", "/devices/{id}/token", Right::manage,
                        "A new token; the earlier one is void."),
    route<&make_code>("POST", "/devices/{id}/pairing", Right::manage,
                      "A one-time code for a panel; holds 10 minutes, the code before is void."),
    route<&revoke_device>("DELETE", "/devices/{id}", Right::manage,
                          "Revokes the token; its presses stay."),
    route<&list_maps>("GET", "/devices/{id}/button-maps", Right::manage,
                      "All versions, newest first."),
    route<&make_map>("POST", "/devices/{id}/button-maps", Right::manage,
                     "A new version of the buttons; earlier presses keep their meaning."),
};

}  // namespace

const std::span<const Route> device_routes = devices_table;

}  // namespace otklik
