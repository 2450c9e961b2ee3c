// The press panel: it comes in by a one-time code, asks what to show, begins and ends shifts and
// pauses. Presses themselves go through presses.cpp. A panel sees no results and no names but those
// who may start a shift at its point.
#include <algorithm>

#include "base/calendar.h"
#include "recording/live.h"
#include "recording/markers.h"
#include "recording/pauses.h"
#include "signals/pairing.h"
#include "signals/signals.h"
#include "store/audit.h"
#include "store/store.h"
#include "web/api/gates.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t small_body_max = 4096;
constexpr std::int64_t days_ahead = 14;  // a panel may be without network for so long
constexpr Duration age_max = Duration::days(366);
constexpr Duration uncertainty_max = Duration::hours(24);

/// How sound comes from the point: it decides what the lamp may say.
enum class Feed { none, files, live };

}  // namespace

template <>
inline constexpr std::pair<Feed, std::string_view> enum_words<Feed>[3] = {
    {Feed::none, "none"}, {Feed::files, "files"}, {Feed::live, "live"}};

namespace {

struct PairRequest {
    std::string code;
    void fields(FieldSink& f) { f.text("code", code, {.bytes_max = 20, .may_be_empty = false}); }
};
struct PairView {
    Id<Device> device_id;
    std::string name, token;
    void fields(FieldSink& f) {
        f.id("device_id", device_id);
        f.text("name", name);
        f.text("token", token, {}, "given once; only its hash is kept");
    }
};
struct PanelButton {
    std::string key, label, prompts, code;
    SignalKind kind = SignalKind::answer;
    std::optional<std::string> question_text;
    bool score_pad = false;
    void fields(FieldSink& f) {
        f.text("key", key);
        f.text("label", label);
        f.choice("kind", kind);
        f.text("question_text", question_text);
        f.text("prompts", prompts, {}, "a line each");
        f.text("code", code, {}, "KeyboardEvent.code of a pad that types");
        f.flag("score_pad", score_pad);
    }
};
struct PanelMap {
    Instant valid_from;
    std::vector<PanelButton> buttons;
    void fields(FieldSink& f) {
        f.instant("valid_from", valid_from);
        f.list("buttons", buttons, 32);
    }
};
struct PanelDay {
    std::int64_t day = 0;
    std::string text, prompts;
    void fields(FieldSink& f) {
        f.day("day", day, "of the point's calendar");
        f.text("text", text);
        f.text("prompts", prompts, {}, "a line each");
    }
};
struct PanelView {
    Id<Device> device_id;
    std::string device_name, point_name, zone;
    Instant server_at;
    Feed feed = Feed::none;
    std::optional<Instant> covered_until, shift_since, pause_since;
    std::vector<PanelMap> maps;
    std::vector<PanelDay> questions;
    void fields(FieldSink& f) {
        f.id("device_id", device_id);
        f.text("device_name", device_name);
        f.text("point_name", point_name);
        f.text("zone", zone);
        f.instant("server_at", server_at, "the clock that a panel holds its own against");
        f.choice("feed", feed, "how sound comes from the point");
        f.instant("covered_until", covered_until,
                  "the last second that a live recorder of the point handed over");
        f.instant("shift_since", shift_since, "somebody is on duty since then");
        f.instant("pause_since", pause_since, "a private talk goes on since then");
        f.list("maps", maps, 1000, "the one that holds now, then those that will");
        f.list("questions", questions, 100, "days without a planned question are left out");
    }
};
struct ShiftPerson {
    Id<Person> id;
    std::string name;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
    }
};
struct ShiftPeople {
    std::vector<ShiftPerson> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct ShiftRequest {
    Id<Person> person_id;
    std::string pin;
    void fields(FieldSink& f) {
        f.id("person_id", person_id);
        f.text("pin", pin, {.bytes_max = 8});
    }
};
struct ShiftView {
    Instant shift_since;
    void fields(FieldSink& f) { f.instant("shift_since", shift_since); }
};
/// When something happened, by a clock that only counts.
struct Aged {
    std::optional<Duration> age, uncertainty;
    void fields(FieldSink& f) {
        f.length_ms("age_ms", age, {}, "how long ago; now when absent");
        f.length_ms("uncertainty_ms", uncertainty);
    }
    Instant at(Instant now) const {
        const Duration d = age.value_or(Duration{});
        if (d < Duration{} || d > age_max) throw Error(Fault::invalid, "press.age").at("age_ms");
        return now - d;
    }
    Duration width() const {
        return std::clamp(uncertainty.value_or(Duration{}), Duration{}, uncertainty_max);
    }
};
struct PauseRequest : Aged {
    std::string pause_id, reason;
    void fields(FieldSink& f) {
        f.text("pause_id", pause_id, {.bytes_max = 64, .may_be_empty = false});
        f.text("reason", reason, {.bytes_max = 200, .may_be_empty = false});
        Aged::fields(f);
    }
};
struct PauseEnd : Aged {
    std::string pause_id;
    void fields(FieldSink& f) {
        f.text("pause_id", pause_id, {.bytes_max = 64, .may_be_empty = false});
        Aged::fields(f);
    }
};

struct MarkerRequest {
    std::string mark_id;
    std::int64_t code = 0;
    Instant played_at;
    std::optional<Duration> uncertainty, latency;
    void fields(FieldSink& f) {
        f.text("mark_id", mark_id, {.bytes_max = 64, .may_be_empty = false});
        f.integer("code", code, {0, 15}, "silence between its two sweeps, 20 ms each");
        f.instant("played_at", played_at, "when it was heard first, by the server's clock");
        f.length_ms("uncertainty_ms", uncertainty);
        f.length_ms("latency_ms", latency, {}, "of the way to the speaker, counted in");
    }
};
struct MarkerView {
    Id<Marker> id;
    void fields(FieldSink& f) { f.id("marker_id", id); }
};

/// A panel is a device with its token; people have their own pages for all this.
const Device& panel_of(const Call& call) {
    if (!call.actor.device) throw Error(Fault::invalid, "press.device");
    return *call.actor.device;
}

/// A panel has no reader: its own point and company are looked up.
Scope reader_of(const Device& device) {
    return Scope::console(device.company_id);
}

Point point_of(Call& call, Tx& tx, const Device& device) {
    return call.rooms.sites.get_point(reader_of(device), tx, device.point_id);
}

PairView pair(Call& call, PairRequest& in) {
    const std::string key = "pair:" + call.request.peer;
    call.rooms.store.write([&](Tx& tx) { call.rooms.people.count_try(tx, key, "pair.throttled"); });
    const auto paired = call.rooms.store.write([&](Tx& tx) {
        auto found = pair_panel(call.rooms.signals, tx, in.code);
        if (!found) return found;
        call.rooms.people.forget_tries(tx, key);
        AuditEntry entry;
        entry.company_id = found->device.company_id;
        entry.unit = found->device.unit.value;
        entry.actor = word(found->device.id);
        entry.verb = "device.paired";
        entry.subject = found->device.id.value;
        entry.subject_kind = "device";
        entry.detail = "{}";
        audit(tx, entry);
        return found;
    });
    if (!paired) throw Error(Fault::not_found, "pair.code").at("code");
    return {paired->device.id, paired->device.name, paired->token};
}

PanelMap view_of(Call& call, Tx& tx, const ButtonMap& map) {
    PanelMap view{map.valid_from, {}};
    for (const Button& button : map.buttons) {
        PanelButton each{button.key,      button.label,       text_of_lines(button.prompts),
                         button.code,     button.signal_kind, std::nullopt,
                         button.score_pad};
        if (button.question_id)
            each.question_text = call.rooms.sites.question_text(tx, button.question_id);
        view.buttons.push_back(std::move(each));
    }
    return view;
}

void add_maps(Call& call, Tx& tx, const Device& device, PanelView& view) {
    const auto maps = call.rooms.signals.button_maps(tx, device.id);
    const ButtonMap* now = map_at(maps, tx.now());
    if (now) view.maps.push_back(view_of(call, tx, *now));
    for (const ButtonMap& map : maps)
        if (map.valid_from > tx.now()) view.maps.push_back(view_of(call, tx, map));
    std::sort(view.maps.begin(), view.maps.end(),
              [](const PanelMap& a, const PanelMap& b) { return a.valid_from < b.valid_from; });
}

void add_questions(Call& call, Tx& tx, const Point& point, PanelView& view) {
    const auto plan = call.rooms.sites.question_plan(tx, point.company_id);
    const auto questions = call.rooms.sites.questions(Scope::console(point.company_id), tx);
    const std::int64_t today = local_day(tx.now(), point.zone);
    for (std::int64_t day = today - 1; day <= today + days_ahead; ++day) {
        const PlannedQuestion* planned = planned_for(plan, point.id, day);
        for (const Question& question : questions)
            if (planned && question.id == planned->question_id)
                view.questions.push_back({day, question.text, text_of_lines(question.prompts)});
    }
}

void add_recording(Call& call, Tx& tx, const Device& device, PanelView& view) {
    const Scope reader = reader_of(device);
    for (const Recorder& recorder : call.rooms.recording.recorders(reader, tx)) {
        if (recorder.archived_at || recorder.point_id != device.point_id) continue;
        const bool is_live = recorder.pickup == "stream" || recorder.pickup == "agent";
        view.feed = is_live || view.feed == Feed::live ? Feed::live : Feed::files;
    }
    // A file that came is no sign that anything is recorded now: only a live recorder tells it.
    if (view.feed == Feed::live) view.covered_until = live_until(tx, device.point_id);
}

PanelView show_panel(Call& call) {
    const Device& device = panel_of(call);
    return call.rooms.store.read([&](Tx& tx) {
        const Point point = point_of(call, tx, device);
        PanelView view;
        view.device_id = device.id;
        view.device_name = device.name;
        view.point_name = point.name;
        view.zone = point.zone;
        view.server_at = call.rooms.clock.now();
        add_maps(call, tx, device, view);
        add_questions(call, tx, point, view);
        add_recording(call, tx, device, view);
        const TimeRange now{tx.now(), tx.now() + Duration::ms(1)};
        for (const Duty& duty : call.rooms.sites.duties(reader_of(device), tx, point.id, now))
            view.shift_since = duty.begin_at;
        if (const auto pause = open_pause(tx, point.id)) view.pause_since = pause->at;
        return view;
    });
}

ShiftPeople list_shift_people(Call& call) {
    const Device& device = panel_of(call);
    return call.rooms.store.read([&](Tx& tx) {
        ShiftPeople list;
        for (const Person& person :
             call.rooms.people.shift_people(reader_of(device), tx, device.unit))
            list.items.push_back({person.id, person.name});
        return list;
    });
}

ShiftView begin_shift(Call& call, ShiftRequest& in) {
    const Device& device = panel_of(call);
    const bool may = call.rooms.store.read([&](Tx& tx) {
        const auto all = call.rooms.people.shift_people(reader_of(device), tx, device.unit);
        return std::any_of(all.begin(), all.end(),
                           [&](const Person& each) { return each.id == in.person_id; });
    });
    if (!may) throw Error(Fault::not_found, "not_found").at("person_id");
    call.rooms.people.require_pin(call.rooms.store, in.person_id, in.pin);
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Point point = point_of(call, tx, device);
        Duty duty;
        duty.point_id = point.id;
        duty.person_id = in.person_id;
        duty.begin_at = tx.now();
        duty.source = "panel";
        const auto id = call.rooms.sites.begin_duty(tx, point, duty);
        journal(call, tx, "duty.begun", "duty", id.value, point.unit.value);
        return ShiftView{duty.begin_at};
    });
}

Nothing end_shift(Call& call, Aged& in) {
    const Device& device = panel_of(call);
    call.rooms.store.write([&](Tx& tx) {
        const Point point = point_of(call, tx, device);
        call.rooms.sites.end_duty(tx, point, in.at(call.rooms.clock.now()));
        journal(call, tx, "duty.ended", "point", point.id.value, point.unit.value);
    });
    return {};
}

Nothing begin_pause_of(Call& call, PauseRequest& in) {
    const Device& device = panel_of(call);
    call.rooms.store.write(
        [&](Tx& tx) {
            const Point point = point_of(call, tx, device);
            begin_pause(tx, point, device.id.value,
                        {in.pause_id, in.reason, in.at(call.rooms.clock.now()), in.width()});
            journal(call, tx, "pause.begun", "point", point.id.value, point.unit.value);
        },
        Lane::press);
    return {};
}

Nothing end_pause_of(Call& call, PauseEnd& in) {
    const Device& device = panel_of(call);
    call.rooms.store.write([&](Tx& tx) {
        const Point point = point_of(call, tx, device);
        end_pause(tx, call.rooms.recording, point, device.id.value, in.pause_id,
                  in.at(call.rooms.clock.now()), in.width());
        journal(call, tx, "pause.ended", "point", point.id.value, point.unit.value);
    });
    return {};
}

MarkerView keep_mark(Call& call, MarkerRequest& in) {
    const Device& device = panel_of(call);
    call.rooms.gates.mark(device.id.value);
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Point point = point_of(call, tx, device);
        Marker marker{{},
                      point.id,
                      device.id.value,
                      in.mark_id,
                      in.code,
                      in.played_at,
                      in.uncertainty.value_or(Duration::ms(500)),
                      in.latency.value_or(Duration{})};
        return MarkerView{keep_marker(tx, point, marker)};
    });
}

constexpr Route panel_table[] = {
    route<&pair>("POST", "/panel/pair", Right::anyone,
                 "Exchanges a one-time code for the token of its device.", small_body_max),
    route<&show_panel>("GET", "/panel", Right::press,
                       "What the panel of this token shows: buttons, questions, lamp, shift."),
    route<&list_shift_people>("GET", "/panel/people", Right::press,
                              "Who may start a shift at the panel's point: people with a PIN."),
    route<&begin_shift>("POST", "/panel/shift", Right::press,
                        "Somebody comes on duty by name and PIN.", small_body_max),
    route<&end_shift>("POST", "/panel/shift/end", Right::press, "Ends the open duty.",
                      small_body_max),
    route<&begin_pause_of>("POST", "/panel/pauses", Right::press,
                           "A private talk begins; the same id again changes nothing.",
                           small_body_max),
    route<&end_pause_of>("POST", "/panel/pauses/end", Right::press,
                         "The private talk is over; its interval is a gap `paused` of the point.",
                         small_body_max),
    route<&keep_mark>("POST", "/panel/markers", Right::press,
                      "The panel played its audible mark; the same id again changes nothing.",
                      small_body_max),
};

}  // namespace

const std::span<const Route> panel_routes = panel_table;

}  // namespace otklik
