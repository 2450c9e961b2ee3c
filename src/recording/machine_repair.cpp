#include "recording/machine_repair.h"

#include "base/error.h"

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
        repairs.apply(tx, plan, actor, actor);
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
