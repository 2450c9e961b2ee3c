#include "web/api/check_view.h"

#include "base/messages.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

void put(const std::optional<Ratio>& ratio, std::optional<std::int64_t>& num,
         std::optional<std::int64_t>& den) {
    if (!ratio) return;
    num = ratio->num;
    den = ratio->den;
}

CheckScore score_view(const FormBody& body, const Score& score) {
    CheckScore view;
    put(score.value, view.num, view.den);
    put(score.kept, view.kept_num, view.kept_den);
    view.percent = percent_of(body, score.value);
    view.kept_percent = percent_of(body, score.kept);
    view.min_percent = percent_of(body, score.min);
    view.max_percent = percent_of(body, score.max);
    view.answered = score.answered;
    view.total = score.total;
    view.critical = score.critical;
    for (const SectionScore& section : score.sections) {
        CheckSectionScore each{.key = section.key, .zeroed = section.zeroed};
        put(section.value, each.num, each.den);
        view.sections.push_back(std::move(each));
    }
    return view;
}

/// A recording that was put at another unit takes its words along.
bool may_read_quote(Call& call, Tx& tx, const Check& check, Id<RecordingSession> id) {
    const auto session = call.rooms.recording.find_session(Scope::system(), tx, id);
    return session && (session->unit == check.unit ||
                       allows(call.scope, {session->company_id, session->unit.value, 0}));
}

void add_parts(Call& call, Tx& tx, const Check& check, CheckView& view) {
    for (CheckAnswer& each : call.rooms.checks.answers(tx, check))
        view.answers.push_back(
            {{std::move(each.item), std::move(each.answer), std::move(each.comment)},
             each.answered_at});
    for (const Evidence& each : call.rooms.checks.evidence(tx, check))
        view.evidence.push_back(
            {each.id, each.item, each.session_id, each.channel, each.media_sample,
             may_read_quote(call, tx, check, each.session_id) ? each.quote : std::string(),
             call.rooms.checks.clip_sample_of(Scope::system(), tx, check, each)});
    if (check.state == CheckState::draft)
        for (auto& each : call.rooms.checks.hindrances(tx, check))
            view.reason_no_finish.push_back({std::move(each.code), std::move(each.item)});
}

}  // namespace

std::optional<std::string> reason_text(const Call& call, const Check& check) {
    if (!check.reason) return std::nullopt;
    return call.rooms.messages.message(enum_word(call.actor.language),
                                       "check.reason." + std::string(enum_word(*check.reason)));
}

CheckView check_view(Call& call, Tx& tx, Id<Check> id) {
    const Check check = call.rooms.checks.get(call.scope, tx, id);
    const FormVersion version = call.rooms.checks.form_of(tx, check);
    const auto form = call.rooms.forms.find(Scope::system(), tx, check.form_id);
    const auto point = call.rooms.sites.find_point(Scope::system(), tx, check.point_id);
    CheckView view;
    view.id = check.id;
    view.state = check.state;
    view.version = check.version;
    view.form = {check.form_id, form ? form->name : "", check.purpose, version.number,
                 version.body};
    if (check.clip_id) view.clip_id = check.clip_id;
    if (check.draw_id)
        if (const auto draw = call.rooms.sampling.find(call.scope, tx, check.draw_id))
            if (call.rooms.sites.find_point(call.scope, tx, draw->point_id))
                view.draw = draw_view(call, tx, *draw);
    view.point_name = point ? point->name : "";
    view.zone = point ? point->zone : "UTC";
    view.checker_name = call.rooms.people.person_name(tx, check.checker_id);
    if (check.person_id) view.person_name = call.rooms.people.person_name(tx, check.person_id);
    view.mine = check.checker_id.value == call.scope.person_id();
    view.score = score_view(version.body, call.rooms.checks.score(tx, check));
    view.score.outcome = check.outcome;
    view.local_day = check.local_day;
    view.started_at = check.started_at;
    view.done_at = check.done_at;
    view.reason = check.reason;
    view.reason_text = reason_text(call, check);
    if (!check.reason_note.empty()) view.reason_note = check.reason_note;
    add_parts(call, tx, check, view);
    call.set_version(check.version);
    return view;
}

}  // namespace otklik
