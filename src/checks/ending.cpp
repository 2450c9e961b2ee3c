// The end of a check: finished, given up with a reason, reopened, withdrawn and taken back.
#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "checks/checks.h"
#include "checks/checks_sql.h"
#include "store/facts.h"

namespace otklik {
namespace {

using namespace checks_sql;

constexpr UnassessedReason reasons[] = {
    {.reason = Unassessed::bad_sound, .sound = true},
    {.reason = Unassessed::other_talk},
    {.reason = Unassessed::no_consent},
    {.reason = Unassessed::silent_customer},
    {.reason = Unassessed::cut_short, .sound = true},
    {.reason = Unassessed::other_language},
    {.reason = Unassessed::something_else, .needs_note = true},
};

std::optional<std::int64_t> num_of(const std::optional<Ratio>& ratio) {
    return ratio ? std::optional(ratio->num) : std::nullopt;
}
std::optional<std::int64_t> den_of(const std::optional<Ratio>& ratio) {
    return ratio ? std::optional(ratio->den) : std::nullopt;
}

/// The row becomes done with the score, or without one and with the reason.
void close_check(Tx& tx, const Check& check, std::int64_t version, const Score& result,
                 std::optional<std::int64_t> sort, std::optional<Unassessed> reason = {},
                 std::string_view note = {}) {
    const std::optional<std::string_view> word =
        reason ? std::optional(enum_word(*reason)) : std::nullopt;
    if (tx.run(finish_check, {{"id", check.id},
                              {"version", version},
                              {"outcome", enum_word(result.outcome)},
                              {"score_num", num_of(result.value)},
                              {"score_den", den_of(result.value)},
                              {"kept_num", num_of(result.kept)},
                              {"kept_den", den_of(result.kept)},
                              {"score_sort", sort},
                              {"reason", word},
                              {"reason_note", note},
                              {"now", tx.now()}}) == 0)
        throw Error(Fault::precondition, "row.changed");
    tell(tx, "check.done", check.company_id, check.unit.value, check.id.value);
}

constexpr Duration check_pin = Duration::days(30);  // of a draft that nobody ends

}  // namespace

void Checks::pin_sound(Tx& tx, const Check& check) {
    const Scope scope = Scope::system();
    TimeRange at;
    if (check.clip_id) {
        const auto clip = uses_.clips.find(scope, tx, check.clip_id);
        if (!clip) return;
        at = {clip->asked.begin - clip->uncertainty, clip->asked.end + clip->uncertainty};
    } else {
        at = uses_.sampling.get(scope, tx, check.draw_id).at;
    }
    uses_.recording.pin(tx, uses_.sites.get_point(scope, tx, check.point_id), at, "check", "check",
                        check.id.value, tx.now() + check_pin);
}

void Checks::unpin_sound(Tx& tx, const Check& check) {
    uses_.recording.unpin(tx, "check", check.id.value);
    if (check.draw_id) uses_.recording.unpin(tx, "draw", check.draw_id.value);
}

std::span<const UnassessedReason> unassessed_reasons() {
    return reasons;
}

Check Checks::decided_by(const Scope& scope, Tx& tx, Id<Check> id) const {
    Check check = get(scope, tx, id);
    if (!scope.is_system() && scope.role() != Role::administrator &&
        check.checker_id.value != scope.person_id())
        throw Error(Fault::forbidden, "check.not_yours");
    return check;
}

void Checks::finish(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version) {
    const Check check = draft_of(scope, tx, id);
    // A recording just imported may have been recognised only after the check was begun.
    if (check.draw_id) {
        const Draw draw = uses_.sampling.get(scope, tx, check.draw_id);
        if (uses_.clips.returned_clip(tx, draw.session_id))
            throw Error(Fault::conflict, "check.standard_on_press",
                        {{"form", uses_.forms.get(scope, tx, check.form_id).name}});
    }
    const FormBody body = form_of(tx, check).body;
    if (const auto all = hindrances(tx, check); !all.empty())
        throw Error(Fault::conflict, all.front().code,
                    {{"item", all.front().item}, {"text", body.find_item(all.front().item)->text}})
            .at(all.front().item);
    const Score result = score(tx, check);
    // Only fractions have a place on the common scale of 1/10 000; a zero-norm sum has none.
    std::optional<std::int64_t> sort;
    if (result.value && body.scoring != Scoring::zero_norm) sort = rounded(*result.value, 10'000);
    close_check(tx, check, version, result, sort);
    unpin_sound(tx, check);
}

void Checks::give_up(const Scope& scope, Tx& tx, Id<Check> id, std::int64_t version,
                     Unassessed reason, std::string_view note) {
    const Check check = draft_of(scope, tx, id);
    const auto rule = std::find_if(std::begin(reasons), std::end(reasons),
                                   [&](const auto& each) { return each.reason == reason; });
    if (rule->needs_note && trim(note).empty())
        throw Error(Fault::invalid, "check.reason_note").at("note");
    close_check(tx, check, version, Score{.outcome = Outcome::cannot_assess}, {}, reason,
                trim(note));
    unpin_sound(tx, check);
}

void Checks::reopen(const Scope& scope, Tx& tx, Id<Check> id) {
    const Check check = decided_by(scope, tx, id);
    if (tx.run(reopen_check, {{"id", id}}) == 0) throw Error(Fault::conflict, "check.not_done");
    pin_sound(tx, check);
    tell(tx, "check.changed", check.company_id, check.unit.value, id.value);
}

void Checks::withdraw(const Scope& scope, Tx& tx, Id<Check> id) {
    const Check check = decided_by(scope, tx, id);
    if (tx.run(withdraw_check, {{"id", id}}) == 0) return;
    unpin_sound(tx, check);
    tell(tx, "check.changed", check.company_id, check.unit.value, id.value);
}

void Checks::restore(const Scope& scope, Tx& tx, Id<Check> id) {
    const Check check = decided_by(scope, tx, id);
    if (check.state != CheckState::withdrawn) return;
    // One opinion counts once: a check of the same by the same form was begun meanwhile.
    if (!tx.rows(earlier_checks, {{"checker_id", check.checker_id},
                                  {"form_id", check.form_id},
                                  {"clip_id", check.clip_id},
                                  {"draw_id", check.draw_id}})
             .empty())
        throw Error(Fault::conflict, "check.begun_again");
    if (tx.run(restore_check, {{"id", id}}) == 0) return;
    if (!check.outcome) pin_sound(tx, check);
    tell(tx, check.outcome ? "check.done" : "check.changed", check.company_id, check.unit.value,
         id.value);
}

std::vector<Checks::BadSound> Checks::bad_sound(const Scope& scope, Tx& tx, std::int64_t day_from,
                                                std::int64_t day_to) const {
    std::vector<BadSound> points;
    for (const Row& row : tx.rows(
             unassessed_checks,
             {{"company_id", scope.company_id()}, {"day_from", day_from}, {"day_to", day_to}})) {
        const auto reason = parse_enum<Unassessed>(row.text(4));
        const auto rule = std::find_if(std::begin(reasons), std::end(reasons),
                                       [&](const auto& each) { return each.reason == reason; });
        if (rule == std::end(reasons) || !rule->sound) continue;
        if (!allows(scope, {scope.company_id(), row.integer(1), row.maybe_integer(2).value_or(0)}))
            continue;
        const auto point = row.id<Point>(3);
        auto found = std::find_if(points.begin(), points.end(),
                                  [&](const auto& each) { return each.point_id == point; });
        if (found == points.end()) found = points.insert(points.end(), {.point_id = point});
        found->checks.push_back(row.id<Check>(0));
    }
    return points;
}

}  // namespace otklik
