#include "recording/repair.h"

#include <algorithm>

#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "recording/holds.h"
#include "recording/live_sql.h"
#include "recording/recording_sql.h"
#include "recording/rows.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace recording_sql;

namespace {

Repair repair_of(const Row& row) {
    Repair r;
    r.id = row.id<Repair>(0);
    r.session_id = row.id<RecordingSession>(1);
    r.number = row.integer(2);
    r.recorder_before = row.id<Recorder>(3);
    r.recorder_id = row.id<Recorder>(4);
    r.point_before = row.id<Point>(5);
    r.point_id = row.id<Point>(6);
    r.map_before = row.id<ClockMap>(7);
    r.map_id = row.id<ClockMap>(8);
    r.undoes = row.id<Repair>(9);
    r.reason = row.text(10);
    r.made_by = row.text(11);
    r.made_at = row.instant(12);
    return r;
}

/// A recorder that goes on writes behind the rows that a repair would move; of sound that is gone
/// nobody can hear where it belongs.
void require_movable(Tx& tx, const RecordingSession& session) {
    if (session.erased_at) throw Error(Fault::conflict, "repair.erased");
    const auto live = tx.row(live_sql::live_of_session, {{"session", session.id}});
    if (live && live->text(8) != "sealed") throw Error(Fault::conflict, "repair.live");
}

/// The session as it stands, to be changed by what is wished.
RepairPlan standing(Tx& tx, const Recording& recording, const RecordingSession& session) {
    RepairPlan plan;
    plan.before = plan.after = session;
    plan.map_before = plan.map_after = recording.clock_map(tx, session.id);
    const auto newest = tx.row(newest_repair, {{"session", session.id}});
    plan.number = newest ? newest->integer(0) + 1 : 1;
    return plan;
}

void require_seen(Tx& tx, const Sites& sites, const RepairPlan& plan, const SeenRecording& seen) {
    if (seen.map_number == plan.map_before.number && seen.repair_number == plan.number - 1) return;
    const auto point = sites.find_point(Scope::system(), tx, plan.before.point_id);
    const std::string zone = point ? point->zone : "UTC";
    throw Error(Fault::conflict, "recording.repaired_meanwhile",
                {{"started_at", format_local(plan.before.at.begin, zone)},
                 {"point", point ? point->name : ""}});
}

void require_no_twin(Tx& tx, const Recording& recording, const RepairPlan& plan) {
    const std::string bytes = recording.original_sha256(tx, plan.after.id);
    if (bytes.empty()) return;
    const auto twin = tx.row(same_repaired, {{"recorder", plan.after.recorder_id},
                                             {"started", plan.after.at.begin},
                                             {"sha256", Bytes{bytes}}});
    if (twin && twin->id<RecordingSession>(0) != plan.after.id)
        throw Error(Fault::conflict, "repair.same_there");
}

RepairAsk ask_of(const Row& row) {
    return {row.id<RepairAsk>(0), row.id<RecordingSession>(1), row.text(2), row.id<Person>(3),
            row.instant(4)};
}

}  // namespace

void Repairs::go_to(Tx& tx, RepairPlan& plan, const Point& point) const {
    if (point.id != plan.before.point_id) sites_.require_basis(tx, point);
    plan.after.point_id = point.id;
    plan.after.unit = point.unit;
}

void Repairs::move_place(const Scope& scope, Tx& tx, RepairPlan& plan,
                         const RepairWish& wish) const {
    const Id<Recorder> wanted = wish.recorder_id.value_or(plan.before.recorder_id);
    const auto recorder = recording_.find_recorder(scope, tx, wanted);
    if (!recorder && wish.recorder_id) throw Error(Fault::not_found, "not_found").at("recorder_id");
    plan.after.recorder_id = wanted;
    if (wish.point_id) return go_to(tx, plan, sites_.get_point(scope, tx, *wish.point_id));
    if (wanted == plan.before.recorder_id) {
        if (!plan.moves_time()) return;
        const auto was = recording_.placement_at(tx, wanted, plan.before.at.begin);
        if (!was || was->point_id != plan.before.point_id) return;  // a person had put it here
    }
    const auto stood = recording_.placement_at(tx, wanted, plan.after.at.begin);
    if (!stood)
        throw Error(Fault::conflict, "recorder.not_placed",
                    {{"recorder", recorder ? recorder->name : ""}});
    go_to(tx, plan, sites_.get_point(scope, tx, stood->point_id));
}

RepairPlan Repairs::plan(const Scope& scope, Tx& tx, const RepairWish& wish) const {
    const auto session = recording_.find_session(scope, tx, wish.seen.session_id);
    if (!session) throw Error(Fault::not_found, "not_found");
    require_movable(tx, *session);
    RepairPlan plan = standing(tx, recording_, *session);
    require_seen(tx, sites_, plan, wish.seen);
    move_time(tx, plan, wish);
    const auto point = sites_.find_point(Scope::system(), tx, plan.before.point_id);
    require_possible_start(plan.after.at.begin, tx.now(), point ? point->zone : "UTC");
    move_place(scope, tx, plan, wish);
    if (!plan.moves_time() && !plan.moves_place()) throw Error(Fault::invalid, "repair.nothing");
    require_no_twin(tx, recording_, plan);
    return plan;
}

std::vector<RepairPlan> Repairs::plan_all(const Scope& scope, Tx& tx,
                                          const std::vector<RepairWish>& wishes) const {
    std::vector<RepairPlan> plans;
    const auto planned = [&](Id<RecordingSession> id) {
        return std::any_of(plans.begin(), plans.end(),
                           [&](const RepairPlan& plan) { return plan.before.id == id; });
    };
    for (const RepairWish& wish : wishes)
        if (!planned(wish.seen.session_id)) plans.push_back(plan(scope, tx, wish));
    const std::size_t asked = plans.size();
    for (std::size_t i = 0; i < asked; ++i)
        for (const Id<RecordingSession> id : siblings(tx, plans[i].before)) {
            if (planned(id)) continue;
            RepairWish along = wishes.at(i);
            along.seen = {id, recording_.clock_map(tx, id).number, newest_number(tx, id)};
            along.heard.reset();
            along.shift_by = plans[i].after.at.begin - plans[i].before.at.begin;
            plans.push_back(plan(scope, tx, along));
        }
    return plans;
}

RepairPlan Repairs::plan_undo(const Scope& scope, Tx& tx, Id<Repair> id) const {
    const auto repair = find(tx, id);
    const auto session =
        repair ? recording_.find_session(scope, tx, repair->session_id) : std::nullopt;
    if (!session) throw Error(Fault::not_found, "not_found");
    if (!is_newest(tx, *session, *repair)) throw Error(Fault::conflict, "repair.not_newest");
    RepairPlan plan = standing(tx, recording_, *session);
    plan.undoes = id;
    if (repair->moves_time()) restore_time(tx, plan, repair->map_before);
    if (repair->moves_place()) {
        plan.after.recorder_id = repair->recorder_before;
        go_to(tx, plan, sites_.get_point(scope, tx, repair->point_before));
    }
    require_no_twin(tx, recording_, plan);
    return plan;
}

Id<Repair> Repairs::apply(Tx& tx, const RepairPlan& plan, std::string_view reason,
                          std::string_view made_by) {
    const auto id = tx.make_id<Repair>();
    const RecordingSession& after = plan.after;
    const Id<ClockMap> map = plan.moves_time() ? write_map(tx, plan, made_by) : plan.map_before.id;
    if (plan.moves_place()) {
        tx.run(place_session, {{"id", after.id},
                               {"recorder", after.recorder_id},
                               {"point", after.point_id},
                               {"unit", after.unit}});
        tx.run(place_bookmarks, {{"session", after.id}, {"unit", after.unit}});
        make_invisible(tx, "recording", after.id.value);
        make_visible(tx, "recording", after.id.value, {after.company_id, after.unit.value, 0},
                     after.at.begin);
    }
    tx.run(insert_repair, {{"id", id},
                           {"company", after.company_id},
                           {"unit", after.unit},
                           {"session", after.id},
                           {"number", plan.number},
                           {"recorder_before", plan.before.recorder_id},
                           {"recorder", after.recorder_id},
                           {"point_before", plan.before.point_id},
                           {"point", after.point_id},
                           {"map_before", plan.map_before.id},
                           {"map", map},
                           {"undoes", plan.undoes},
                           {"reason", reason},
                           {"by", made_by},
                           {"at", tx.now()}});
    tx.run(close_asks, {{"session", after.id}, {"how", "repaired"}, {"at", tx.now()}});
    hold_repaired(tx, recording_, sites_.get_point(Scope::system(), tx, after.point_id), plan);
    tell(tx, "repair.made", after.company_id, after.unit.value, id.value);
    return id;
}

std::optional<Repair> Repairs::find(Tx& tx, Id<Repair> id) const {
    const auto row = tx.row(find_repair, {{"id", id}});
    return row ? std::optional(repair_of(*row)) : std::nullopt;
}

std::vector<Repair> Repairs::of_session(const Scope& scope, Tx& tx, Id<RecordingSession> id) const {
    std::vector<Repair> all;
    if (!recording_.find_session(scope, tx, id)) return all;
    for (const Row& row : tx.rows(repairs_of_session, {{"session", id}}))
        all.push_back(repair_of(row));
    return all;
}

bool Repairs::is_newest(Tx& tx, const RecordingSession& session, const Repair& repair) const {
    if (repair.moves_time() && recording_.clock_map(tx, session.id).id != repair.map_id)
        return false;
    return !repair.moves_place() ||
           (session.recorder_id == repair.recorder_id && session.point_id == repair.point_id);
}

std::int64_t Repairs::newest_number(Tx& tx, Id<RecordingSession> id) const {
    const auto row = tx.row(newest_repair, {{"session", id}});
    return row ? row->integer(0) : 0;
}

std::vector<Id<RecordingSession>> Repairs::siblings(Tx& tx, const RecordingSession& session) const {
    std::vector<Id<RecordingSession>> all;
    if (session.original_id == 0) return all;
    for (const Row& row :
         tx.rows(siblings_of_session, {{"original", session.original_id}, {"id", session.id}}))
        all.push_back(row.id<RecordingSession>(0));
    return all;
}

std::vector<RecordingSession> Repairs::overlapping(const Scope& scope, Tx& tx,
                                                   std::span<const RepairPlan> plans,
                                                   const RepairPlan& plan) const {
    std::vector<RecordingSession> all;
    for (const Stretch& s :
         recording_.coverage(scope, tx, plan.after.point_id, plan.after.at, supposed_by(plans))
             .stretches)
        if (s.session.id != plan.after.id) all.push_back(s.session);
    return all;
}

std::vector<Stretch> supposed_by(std::span<const RepairPlan> plans) {
    std::vector<Stretch> all;
    for (const RepairPlan& plan : plans) all.push_back({plan.after, plan.map_after});
    return all;
}

Id<RepairAsk> Repairs::ask(const Scope& scope, Tx& tx, Id<RecordingSession> id,
                           std::string_view text) {
    const auto session = recording_.find_session(scope, tx, id);
    if (!session) throw Error(Fault::not_found, "not_found");
    if (open_ask(scope, tx, id)) throw Error(Fault::conflict, "repair.asked");
    const auto ask = tx.make_id<RepairAsk>();
    tx.run(insert_ask, {{"id", ask},
                        {"company", session->company_id},
                        {"unit", session->unit},
                        {"session", id},
                        {"text", text},
                        {"person", scope.person_id()},
                        {"at", tx.now()}});
    return ask;
}

std::vector<RepairAsk> Repairs::asks(const Scope& scope, Tx& tx) const {
    std::vector<RepairAsk> all;
    for (const Row& row : tx.rows(open_asks, {{"company", scope.company_id()}}))
        if (recording_.find_session(scope, tx, row.id<RecordingSession>(1)))
            all.push_back(ask_of(row));
    return all;
}

std::optional<RepairAsk> Repairs::open_ask(const Scope& scope, Tx& tx,
                                           Id<RecordingSession> id) const {
    const auto row = tx.row(open_ask_of_session, {{"session", id}});
    if (!row || !recording_.find_session(scope, tx, id)) return std::nullopt;
    return ask_of(*row);
}

RepairAsk Repairs::leave(const Scope& scope, Tx& tx, Id<RepairAsk> id) {
    const auto row = tx.row(find_ask, {{"id", id}});
    if (!row || !recording_.find_session(scope, tx, row->id<RecordingSession>(1)))
        throw Error(Fault::not_found, "not_found");
    RepairAsk ask = ask_of(*row);
    tx.run(close_asks, {{"session", ask.session_id}, {"how", "left"}, {"at", tx.now()}});
    return ask;
}

}  // namespace otklik
