#include "recording/holds.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "people/people.h"
#include "recording/holds_sql.h"
#include "recording/repair.h"
#include "store/store.h"

namespace otklik {
namespace {

Hold hold_of(const Row& row) {
    Hold hold;
    hold.id = row.id<Hold>(0);
    hold.company_id = row.integer(1);
    hold.unit = row.id<Unit>(2);
    hold.point_id = row.id<Point>(3);
    hold.at = {row.instant(4), row.instant(5)};
    hold.reason = row.text(6);
    hold.subject_kind = row.text(7);
    hold.subject = row.integer(8);
    hold.made_by = row.id<Account>(9);
    hold.made_at = row.instant(10);
    hold.released_by = row.id<Account>(11);
    hold.released_at = row.maybe_instant(12);
    hold.release_reason = row.text(13);
    hold.kept_until = row.maybe_instant(14);
    return hold;
}

std::string reason_of(std::string_view typed) {
    const std::string_view reason = trim(typed);
    if (reason.empty()) throw Error(Fault::invalid, "hold.reason").at("reason");
    return std::string(reason);
}

Params meeting(Id<Point> point, TimeRange range, Instant now) {
    return {{"point", point}, {"begin", range.begin}, {"end", range.end}, {"now", now}};
}

}  // namespace

Hold make_hold(Tx& tx, Recording& recording, const Point& point, const Hold& wish) {
    if (wish.at.empty()) throw Error(Fault::invalid, "range.empty").at("end_at");
    if (wish.at.length() > hold_length_max)
        throw Error(Fault::invalid, "hold.long", {{"days_max", "3660"}}).at("end_at");
    Hold hold = wish;
    hold.reason = reason_of(wish.reason);
    hold.id = tx.make_id<Hold>();
    hold.company_id = point.company_id;
    hold.unit = point.unit;
    hold.point_id = point.id;
    hold.made_at = tx.now();
    tx.run(holds_sql::insert_hold, {{"id", hold.id},
                                    {"company", hold.company_id},
                                    {"unit", hold.unit},
                                    {"point", hold.point_id},
                                    {"begin", hold.at.begin},
                                    {"end", hold.at.end},
                                    {"reason", hold.reason},
                                    {"kind", hold.subject_kind},
                                    {"subject", hold.subject},
                                    {"by", hold.made_by.value},
                                    {"at", hold.made_at}});
    recording.pin(tx, point, hold.at, "hold", "hold", hold.id.value, std::nullopt);
    return hold;
}

std::optional<Hold> find_hold(const Scope& scope, Tx& tx, Id<Hold> id) {
    const auto row = tx.row(holds_sql::find_hold, {{"id", id}});
    if (!row) return std::nullopt;
    Hold hold = hold_of(*row);
    if (!allows(scope, {hold.company_id, hold.unit.value, 0})) return std::nullopt;
    return hold;
}

std::vector<Hold> holds(const Scope& scope, Tx& tx, bool also_over) {
    std::vector<Hold> all;
    for (const Row& row : tx.rows(holds_sql::holds_of_company, {{"company", scope.company_id()}})) {
        Hold hold = hold_of(row);
        if (!also_over && !hold.keeps(tx.now())) continue;
        if (allows(scope, {hold.company_id, hold.unit.value, 0})) all.push_back(std::move(hold));
    }
    std::sort(all.begin(), all.end(), [](const Hold& a, const Hold& b) { return b.id < a.id; });
    all.resize(std::min<std::size_t>(all.size(), holds_shown_max));
    return all;
}

std::vector<Hold> holds_meeting(const Scope& scope, Tx& tx, Id<Point> point, TimeRange range) {
    std::vector<Hold> all;
    std::set<Id<Hold>, std::greater<>> ids;  // one may keep several stretches of the range
    for (const Row& row : tx.rows(holds_sql::holds_meeting, meeting(point, range, tx.now())))
        ids.insert(row.id<Hold>(0));
    for (const Id<Hold> id : ids)
        if (auto hold = find_hold(scope, tx, id)) all.push_back(*std::move(hold));
    return all;
}

bool release_hold(Tx& tx, const Hold& hold, Id<Account> by, std::string_view reason) {
    const Instant until = tx.now() + kept_after_release;
    if (tx.run(holds_sql::release_hold, {{"id", hold.id},
                                         {"by", by.value},
                                         {"at", tx.now()},
                                         {"reason", reason_of(reason)},
                                         {"until", until}}) == 0)
        return false;
    tx.run(holds_sql::limit_pins, {{"hold", hold.id}, {"until", until}});
    return true;
}

void restore_hold(Tx& tx, const Hold& hold) {
    if (!hold.released_at) return;
    if (tx.run(holds_sql::restore_hold, {{"id", hold.id}, {"now", tx.now()}}) == 0)
        throw Error(Fault::conflict, "hold.over");
    tx.run(holds_sql::limit_pins, {{"hold", hold.id}, {"until", std::optional<Instant>()}});
}

bool is_held(Tx& tx, Id<Point> point, TimeRange range) {
    return tx.row(holds_sql::held_pin, meeting(point, range, tx.now())).has_value();
}

bool is_cut_kept(Tx& tx, Id<Point> point, TimeRange range, std::int64_t clip) {
    Params params = meeting(point, range, tx.now());
    params.emplace_back("clip", clip);
    return tx.row(holds_sql::cut_pin, params).has_value();
}

void hold_repaired(Tx& tx, Recording& recording, const Point& to, const RepairPlan& plan) {
    for (const Row& row :
         tx.rows(holds_sql::held_pins, meeting(plan.before.point_id, plan.before.at, tx.now()))) {
        // The sound that was held, not the time at which it was thought to be.
        const auto moved = [&](Instant at) {
            return plan.map_after.at(plan.map_before.sample_at(at));
        };
        const TimeRange range =
            TimeRange{moved(row.instant(0)), moved(row.instant(1))}.meet(plan.after.at);
        if (!range.empty())
            recording.pin(tx, to, range, "hold", "hold", row.integer(2), row.maybe_instant(3));
    }
}

}  // namespace otklik
