// Repairs: a recording's time, recorder or point put right by a person, seen before it is done, and
// undone.
#include "base/json_text.h"
#include "base/messages.h"
#include "base/text.h"
#include "people/people.h"
#include "recording/markers.h"
#include "recording/scenes.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/repair_view.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct MadeRepair {
    Id<Repair> id;
    Id<RecordingSession> recording_id;
    void fields(FieldSink& f) {
        f.id("repair_id", id);
        f.id("recording_id", recording_id);
    }
};
struct MadeRepairs {
    std::vector<MadeRepair> items;
    void fields(FieldSink& f) { f.list("items", items, 1000); }
};
struct RepairView {
    Repair repair;
    std::string made_by_name;
    RepairSide before, after;
    std::optional<Id<Repair>> undoes;
    bool may_undo = false;
    void fields(FieldSink& f) {
        f.id("id", repair.id);
        f.integer("number", repair.number);
        f.instant("made_at", repair.made_at);
        f.text("made_by_name", made_by_name, {}, "empty: the console, or somebody unseen");
        f.text("reason", repair.reason);
        f.id("undoes", undoes, "the repair whose earlier state it brought back");
        f.object("before", before);
        f.object("after", after);
        f.flag("may_undo", may_undo, "nothing that it changed was changed again");
    }
};
struct RepairAskView {
    Id<RepairAsk> id;
    Id<RecordingSession> recording_id;
    std::string recording_name, zone, text, asked_by_name;
    Instant begin_at, asked_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("recording_id", recording_id);
        f.text("point_name", recording_name);
        f.text("zone", zone);
        f.instant("begin_at", begin_at, "of the recording");
        f.text("text", text);
        f.text("asked_by_name", asked_by_name);
        f.instant("asked_at", asked_at);
    }
};
struct RepairList {
    std::vector<RepairView> items;
    std::optional<RepairAskView> ask;
    void fields(FieldSink& f) {
        f.list("items", items, 10'000);
        f.object("ask", ask, "what somebody asks for and nobody has answered");
    }
};
struct RepairAskList {
    std::vector<RepairAskView> items;
    void fields(FieldSink& f) { f.list("items", items, 200); }
};
struct RepairAskRequest {
    Id<RecordingSession> recording_id;
    std::string text;
    void fields(FieldSink& f) {
        f.id("recording_id", recording_id);
        f.text("text", text, {.bytes_max = 1000, .may_be_empty = false});
    }
};

std::string name_of_actor(Call& call, Tx& tx, std::string_view actor) {
    const auto id = parse_id_word(id_prefix<Account>, actor);
    const auto account = id ? call.rooms.people.find_account(call.scope, tx, {*id}) : std::nullopt;
    return account ? call.rooms.people.person_name(tx, account->person_id) : "";
}

void add_side(std::string& out, std::string_view name, const RecordingSession& s) {
    out += std::string("\"") + std::string(name) + "\":{\"recorder\":\"" + word(s.recorder_id) +
           "\",\"point\":\"" + word(s.point_id) + "\",\"begin_at\":\"" +
           format_instant(s.at.begin) +
           "\",\"uncertainty_ms\":" + std::to_string(s.uncertainty.us / 1000) + "}";
}

void journal_repair(Call& call, Tx& tx, const RepairPlan& plan, std::string_view reason) {
    std::string detail = "{";
    add_side(detail, "before", plan.before);
    detail += ',';
    add_side(detail, "after", plan.after);
    detail += ",\"reason\":";
    append_json_text(detail, reason);
    if (plan.undoes) detail += ",\"undoes\":\"" + word(plan.undoes) + '"';
    detail += '}';
    journal(call, tx, plan.undoes ? "recording.repair_undone" : "recording.repair", "recording",
            plan.before.id.value, plan.after.unit.value, detail);
}

RepairPreview preview_repair(Call& call, RepairRequest& in) {
    return call.rooms.store.read(
        [&](Tx& tx) { return preview_of(call, tx, plans_of(call, tx, in)); });
}

MadeRepairs make_repair(Call& call, RepairRequest& in) {
    const std::string reason(trim(in.reason.value_or("")));
    if (reason.empty()) throw Error(Fault::invalid, "repair.reason").at("reason");
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        MadeRepairs made;
        for (const RepairPlan& plan : plans_of(call, tx, in)) {
            made.items.push_back(
                {call.rooms.repairs.apply(tx, plan, reason, call.actor.word), plan.before.id});
            journal_repair(call, tx, plan, reason);
        }
        return made;
    });
}

RepairAskView view_of(Call& call, Tx& tx, const RepairAsk& ask) {
    RepairAskView view;
    view.id = ask.id;
    view.recording_id = ask.session_id;
    view.text = ask.text;
    view.asked_by_name = call.rooms.people.person_name(tx, ask.asked_by);
    view.asked_at = ask.asked_at;
    if (const auto s = call.rooms.recording.find_session(call.scope, tx, ask.session_id)) {
        const RepairSide side = side_of(call, tx, *s);
        view.recording_name = side.point_name;
        view.zone = side.zone;
        view.begin_at = side.begin_at;
    }
    return view;
}

RepairView view_of(Call& call, Tx& tx, const RecordingSession& session, const Repair& repair) {
    RepairView view;
    view.repair = repair;
    view.made_by_name = name_of_actor(call, tx, repair.made_by);
    // Who made it is told in the reader's language: a row has none.
    if (repair.made_by == marker_actor || repair.made_by == scene_actor)
        view.repair.reason = call.rooms.messages.message(enum_word(call.actor.language),
                                                         "clock." + repair.made_by + ".repair");
    const auto side = [&](Id<Recorder> recorder, Id<Point> point, Id<ClockMap> id) {
        const ClockMap map = call.rooms.recording.find_map(tx, id);
        RecordingSession then = session;
        then.recorder_id = recorder;
        then.point_id = point;
        then.at = {map.at(0), map.at(session.length_samples)};
        then.uncertainty = map.uncertainty;
        return side_of(call, tx, then);
    };
    view.before = side(repair.recorder_before, repair.point_before, repair.map_before);
    view.after = side(repair.recorder_id, repair.point_id, repair.map_id);
    if (repair.undoes) view.undoes = repair.undoes;
    view.may_undo = call.rooms.repairs.is_newest(tx, session, repair);
    return view;
}

RepairList list_repairs(Call& call) {
    const auto id = call.query_id<RecordingSession>("recording");
    if (!id) throw Error(Fault::invalid, "field.missing", {{"field", "recording"}}).at("recording");
    return call.rooms.store.read([&](Tx& tx) {
        const auto session = call.rooms.recording.find_session(call.scope, tx, *id);
        if (!session) throw Error(Fault::not_found, "not_found");
        RepairList list;
        for (const Repair& repair : call.rooms.repairs.of_session(call.scope, tx, *id))
            list.items.push_back(view_of(call, tx, *session, repair));
        if (const auto ask = call.rooms.repairs.open_ask(call.scope, tx, *id))
            list.ask = view_of(call, tx, *ask);
        return list;
    });
}

RepairAskView ask_for_repair(Call& call, RepairAskRequest& in) {
    const std::string text(trim(in.text));
    if (text.empty()) throw Error(Fault::invalid, "repair.ask_text").at("text");
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto session = call.rooms.recording.find_session(call.scope, tx, in.recording_id);
        if (!session) throw Error(Fault::not_found, "not_found");
        call.rooms.repairs.ask(call.scope, tx, in.recording_id, text);
        journal(call, tx, "recording.repair_asked", "recording", in.recording_id.value,
                session->unit.value);
        return view_of(call, tx,
                       call.rooms.repairs.open_ask(call.scope, tx, in.recording_id).value());
    });
}

RepairAskList list_asks(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        RepairAskList list;
        for (const RepairAsk& ask : call.rooms.repairs.asks(call.scope, tx))
            list.items.push_back(view_of(call, tx, ask));
        return list;
    });
}

Nothing leave_as_it_is(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const RepairAsk ask = call.rooms.repairs.leave(call.scope, tx, call.id<RepairAsk>());
        const auto session = call.rooms.recording.find_session(call.scope, tx, ask.session_id);
        journal(call, tx, "recording.repair_left", "recording", ask.session_id.value,
                session->unit.value);
    });
    return {};
}

constexpr Route repairs_table[] = {
    route<&list_repairs>("GET", "/repairs", Right::see_recording,
                         "Repairs of a recording, newest first (?recording)."),
    route<&preview_repair>("POST", "/repairs/preview", Right::manage,
                           "What a repair or an undo would change; nothing is written."),
    route<&make_repair>("POST", "/repairs", Right::manage,
                        "Puts recordings right, or undoes that; 409 when somebody was faster."),
    route<&list_asks>("GET", "/repair-asks", Right::see_recording,
                      "Recordings that somebody asks to put right."),
    route<&ask_for_repair>("POST", "/repair-asks", Right::see_recording,
                           "Asks to put a recording right."),
    route<&leave_as_it_is>("POST", "/repair-asks/{id}/leave", Right::manage,
                           "The recording stays as it is."),
};

}  // namespace

const std::span<const Route> repair_routes{repairs_table};

}  // namespace otklik
