#include "recording/machine_repair.h"

#include "base/error.h"
#include "store/audit.h"

namespace otklik {
namespace {

/// Words of the catalogue stand behind codes of the clock only.
std::string reason_of(const Error& error) {
    return error.code().starts_with("clock.") ? error.code() : "clock.not_moved";
}

void require_nobody_said_else(const RepairPlan& plan) {
    for (const JudgedAnchor& judged : plan.fit->anchors)
        if (judged.anchor.source == "person" && judged.verdict == AnchorVerdict::refused)
            throw Error(Fault::conflict, "clock.person_said");
}

std::string_view word_of(AnchorVerdict verdict) {
    switch (verdict) {
        case AnchorVerdict::used:
            return "used";
        case AnchorVerdict::agrees:
            return "agrees";
        default:
            return "refused";
    }
}

/// As a person's repair stands in the journal, by whom a stage is.
void journal_turn(Tx& tx, const RepairPlan& plan, Id<Repair> repair, std::string_view actor) {
    AuditEntry entry;
    entry.company_id = plan.after.company_id;
    entry.unit = plan.after.unit.value;
    entry.actor = "stage:" + std::string(actor);
    entry.verb = "recording.repair";
    entry.subject = plan.after.id.value;
    entry.subject_kind = "recording";
    entry.detail = "{\"repair\":\"" + word(repair) + "\",\"before\":\"" +
                   format_instant(plan.before.at.begin) + "\",\"after\":\"" +
                   format_instant(plan.after.at.begin) + "\"}";
    audit(tx, entry);
}

}  // namespace

std::vector<MachineTurn> repair_by_machine(Tx& tx, Repairs& repairs, const RepairWish& wish,
                                           std::string_view actor) {
    std::vector<MachineTurn> turns(1 + wish.along.size());
    try {
        const RepairPlan plan = repairs.plan(Scope::system(), tx, wish);
        require_nobody_said_else(plan);
        for (const JudgedAnchor& judged : plan.fit->anchors)
            if (judged.anchor.id <= 0)
                turns.at(static_cast<std::size_t>(-judged.anchor.id)) = {
                    std::string(word_of(judged.verdict)), judged.reason};
        journal_turn(tx, plan, repairs.apply(tx, plan, actor, actor), actor);
    } catch (const Error& error) {
        // A rule stands against it; what a database or a disk says is not ours to judge.
        if (error.fault() != Fault::conflict && error.fault() != Fault::invalid) throw;
        const bool agrees = error.code() == "clock.adds_nothing";
        for (MachineTurn& each : turns)
            each = {agrees ? "agrees" : "refused", agrees ? "" : reason_of(error)};
    }
    return turns;
}

}  // namespace otklik
