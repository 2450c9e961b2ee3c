// The presses of the demonstration: buttons that send at once, a panel that was days without
// network and sends late, and what a checker writes down about them.
#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "demo/day_inside.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr std::int64_t offline_uncertainty_ms = 400;  // of a tablet that slept meanwhile

/// As a panel sends what waited for the network: how long ago by its counter, and its own clock.
void add_age(json::object& press, Instant pressed_at, Instant now) {
    press.erase("pressed_at");
    press["age_ms"] = (now - pressed_at).us / 1000;
    press["uncertainty_ms"] = offline_uncertainty_ms;
    press["device_ms"] = pressed_at.us / 1000;
}

}  // namespace

void DemoDay::open_panel(const DemoDevice& device) {
    const json::value code =
        ask("POST", "/devices/" + devices_.at(device.key) + "/pairing", "").body;
    const json::value paired =
        ask("POST", "/panel/pair", json::serialize(json::object{{"code", code.at("code")}})).body;
    tokens_[device.key] = text(paired, "token");
    for (const DemoPerson& person : script_.people)
        if (person.key == device.shift)
            ask("POST", "/panel/shift",
                json::serialize(
                    json::object{{"person_id", people_.at(person.key)}, {"pin", person.pin}}),
                tokens_.at(device.key));
    ++result_.made["device_pairing"];
    ++result_.made["duty"];
}

void DemoDay::press_all() {
    int number = 0;
    const auto next_id = [&] { return fmt::format("demo-{:03}", ++number); };
    for (const DemoTalk& talk : script_.talks)
        if (talk.pressed_at)
            sent_[talk.device].push_back({next_id(), talk.key, *talk.pressed_at, &talk, false});
    for (const DemoPress& press : script_.lone_presses)
        sent_[press.device].push_back({next_id(), press.key, press.at, nullptr, press.undone});
    for (const DemoDevice& device : script_.devices) send_presses(device.key);
    result_.made["clip"] = result_.made["signal"];
}

void DemoDay::send_presses(const std::string& device) {
    const bool is_panel = std::any_of(
        script_.devices.begin(), script_.devices.end(),
        [&](const DemoDevice& each) { return each.key == device && !each.shift.empty(); });
    const Instant now = SystemClock().now();
    json::array presses;
    for (const Sent& sent : sent_[device]) {
        json::object press{{"press_id", sent.press_id},
                           {"key", sent.key},
                           {"pressed_at", format_instant(sent.at)}};
        if (is_panel) add_age(press, sent.at, now);
        presses.push_back(std::move(press));
    }
    if (presses.empty()) return;
    const std::string& token = tokens_.at(device);
    const json::value answer =
        ask("POST", "/presses/batch", json::serialize(json::object{{"presses", presses}}), token)
            .body;
    for (const auto& item : answer.at("items").as_array()) {
        const std::string press_id = text(item, "press_id");
        for (const Sent& sent : sent_[device])
            if (sent.press_id == press_id) follow_press(sent, text(item, "signal_id"), token);
        ++result_.made["signal"];
    }
}

void DemoDay::follow_press(const Sent& sent, const std::string& signal, const std::string& token) {
    json::object id{{"press_id", sent.press_id}};
    if (sent.undone) {
        ask("POST", "/presses/undo", json::serialize(id), token);
        ++result_.made["signal_undo"];
    }
    if (!sent.talk) return;
    signals_[sent.talk] = signal;
    if (sent.talk->name == script_.bookmark_talk) result_.shown_signal = signal;
    if (!sent.talk->score) return;
    id["score"] = *sent.talk->score;
    ask("POST", "/presses/score", json::serialize(id), token);
    ++result_.made["signal_score"];
}

std::string DemoDay::clip_of(const DemoTalk& talk) {
    return text(ask("GET", "/signals/" + signals_.at(&talk), "").body, "clip_id");
}

void DemoDay::code_signals() {
    const auto checker =
        std::find_if(script_.people.begin(), script_.people.end(),
                     [](const DemoPerson& each) { return each.role == "checker"; });
    enter(checker->key);
    for (const auto& [talk, signal] : signals_) {
        if (talk->what.empty() && !talk->later) continue;
        json::object wanted{{"state", talk->later ? "later" : "done"}};
        if (!talk->what.empty()) {
            wanted["what"] = talk->what;
            ++result_.made["signal_coding"];
        }
        const std::string thing = "/signals/" + signal;
        ask_versioned(thing, "PUT", thing + "/state", json::serialize(wanted));
    }
    leave();
}

}  // namespace otklik
