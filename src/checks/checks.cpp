#include "checks/checks.h"

#include <algorithm>
#include <limits>

#include "base/calendar.h"
#include "base/error.h"
#include "checks/checks_sql.h"
#include "signals/signals.h"
#include "store/facts.h"

namespace otklik {

using namespace checks_sql;

/// What is checked: the clip of a press or a drawn interval.
struct Checks::Subject {
    Id<Clip> clip_id;
    Id<Draw> draw_id;
    Id<Point> point_id;
    Id<Person> person_id;
    std::int64_t local_day = 0;
};

namespace {

constexpr std::size_t on_recording_max = 200;

Place place_of(const Check& check) {
    return {check.company_id, check.unit.value, check.person_id.value};
}

/// An employee sees what was decided about them, not how it is being weighed.
bool may_see(const Scope& scope, const Check& check) {
    if (!allows(scope, place_of(check))) return false;
    return scope.is_system() || scope.role() != Role::employee || check.state == CheckState::done;
}

bool fits(const Checks::Filter& filter, const Check& check) {
    return (!filter.state || check.state == *filter.state) &&
           (!filter.purpose || check.purpose == *filter.purpose) &&
           (!filter.outcome || check.outcome == filter.outcome) &&
           (!filter.day_from || check.local_day >= *filter.day_from) &&
           (!filter.day_to || check.local_day <= *filter.day_to) &&
           (!filter.checker_id || check.checker_id == filter.checker_id);
}

}  // namespace

Id<Check> Checks::start_on_clip(const Scope& scope, Tx& tx, Id<Form> form_id, Id<Clip> clip_id) {
    const Form form = uses_.forms.get(scope, tx, form_id);
    const auto clip = uses_.clips.find(scope, tx, clip_id);
    if (!clip) throw Error(Fault::not_found, "not_found");
    // The hard rule first: no state of the clip makes a press fit to judge staff by.
    if (form.purpose == Purpose::standard)
        throw Error(Fault::conflict, "check.standard_on_press", {{"form", form.name}});
    if (clip->undone) throw Error(Fault::conflict, "check.press_undone");
    if (!clip->version_id || clip->erased_at) throw Error(Fault::conflict, "check.nothing_to_hear");
    const auto signal = uses_.signals.find(Scope::system(), tx, clip->signal_id);
    if (!signal) throw Error(Fault::not_found, "not_found");
    return start(scope, tx, form,
                 {.clip_id = clip_id,
                  .point_id = clip->point_id,
                  .person_id = clip->person_id,
                  .local_day = signal->local_day});
}

Id<Check> Checks::start_on_draw(const Scope& scope, Tx& tx, Id<Form> form_id, Id<Draw> draw_id) {
    const Form form = uses_.forms.get(scope, tx, form_id);
    const Draw draw = uses_.sampling.get(scope, tx, draw_id);
    if (form.purpose == Purpose::signal)
        throw Error(Fault::conflict, "check.signal_on_draw", {{"form", form.name}});
    if (uses_.clips.returned_clip(tx, draw.session_id))
        throw Error(Fault::conflict, "check.standard_on_press", {{"form", form.name}});
    const auto session = uses_.recording.find_session(Scope::system(), tx, draw.session_id);
    if (!session || session->point_id != draw.point_id)
        throw Error(Fault::conflict, "draw.recording_moved");
    if (session->erased_at) throw Error(Fault::conflict, "check.nothing_to_hear");
    const Point point = uses_.sites.get_point(scope, tx, draw.point_id);
    return start(scope, tx, form,
                 {.draw_id = draw_id,
                  .point_id = draw.point_id,
                  .person_id = draw.person_id,
                  .local_day = local_time(point.zone, draw.at.begin).day});
}

void Checks::refuse_interval(const Scope& scope, Tx& tx, Id<RecordingSession> session_id,
                             SampleRange samples) {
    const auto session = uses_.recording.find_session(scope, tx, session_id);
    if (!session) throw Error(Fault::not_found, "not_found");
    if (samples.empty() || samples.begin < 0 || samples.end > session->length_samples)
        throw Error(Fault::invalid, "evidence.outside").at("interval");
    const ClockMap map = uses_.recording.clock_map(tx, session_id);
    const TimeRange at{map.at(samples.begin), map.at(samples.end)};
    throw Error(Fault::conflict, uses_.clips.press_meets(tx, session->point_id, at)
                                     ? "check.interval_over_press"
                                     : "check.interval_not_drawn");
}

Id<Check> Checks::start(const Scope& scope, Tx& tx, const Form& form, const Subject& subject) {
    if (form.archived_at) throw Error(Fault::conflict, "form.archived", {{"name", form.name}});
    const Id<Person> checker{scope.person_id()};
    if (checker && checker == subject.person_id) throw Error(Fault::conflict, "check.own_work");
    std::optional<Id<Check>> draft;
    bool done = false;
    for (const Row& row : tx.rows(earlier_checks, {{"checker_id", checker.value},
                                                   {"form_id", form.id},
                                                   {"clip_id", subject.clip_id},
                                                   {"draw_id", subject.draw_id}})) {
        if (row.text(1) == "draft") draft = row.id<Check>(0);
        done |= row.text(1) == "done";
    }
    if (draft) return *draft;
    if (done) throw Error(Fault::conflict, "check.done_before", {{"form", form.name}});
    const Point point = uses_.sites.get_point(scope, tx, subject.point_id);
    const auto id = tx.make_id<Check>();
    tx.run(insert_check, {{"id", id},
                          {"company_id", point.company_id},
                          {"unit", point.unit},
                          {"form_id", form.id},
                          {"form_version_id", form.version_id},
                          {"purpose", enum_word(form.purpose)},
                          {"clip_id", subject.clip_id},
                          {"draw_id", subject.draw_id},
                          {"point_id", subject.point_id},
                          {"person_id", subject.person_id},
                          {"checker_id", checker.value},
                          {"local_day", subject.local_day},
                          {"now", tx.now()}});
    make_visible(tx, "check", id.value,
                 {point.company_id, point.unit.value, subject.person_id.value}, tx.now());
    pin_sound(tx, get(Scope::system(), tx, id));
    tell(tx, "check.changed", point.company_id, point.unit.value, id.value);
    return id;
}

std::optional<Check> Checks::find(const Scope& scope, Tx& tx, Id<Check> id) const {
    const auto row = tx.row(check_by_id, {{"id", id}});
    if (!row) return std::nullopt;
    Check check = check_of(*row);
    if (!may_see(scope, check)) return std::nullopt;
    return check;
}

Check Checks::get(const Scope& scope, Tx& tx, Id<Check> id) const {
    auto check = find(scope, tx, id);
    if (!check) throw Error(Fault::not_found, "not_found");
    return *std::move(check);
}

Checks::Page Checks::list(const Scope& scope, Tx& tx, const Filter& filter,
                          std::optional<PageKey> after, int count_max) const {
    Page page;
    constexpr TimeRange ever{{0}, {std::numeric_limits<std::int64_t>::max()}};
    page.next = walk_sight(tx, scope, "check", ever, after, count_max, [&](const Seen& seen) {
        auto check = find(scope, tx, {seen.id});
        if (!check || !fits(filter, *check)) return false;
        page.items.push_back(*std::move(check));
        return true;
    });
    return page;
}

std::vector<Check> Checks::own(const Scope& scope, Tx& tx) const {
    std::vector<Check> checks;
    if (scope.person_id() == 0) return checks;
    for (const Row& row : tx.rows(own_checks, {{"person_id", scope.person_id()}})) {
        Check check = check_of(row);
        if (check.company_id == scope.company_id()) checks.push_back(std::move(check));
    }
    // An employee looks for a day of service; when the checker came to it is another's business.
    std::ranges::stable_sort(checks, std::ranges::greater{}, &Check::local_day);
    return checks;
}

std::vector<Check> Checks::of_clip(const Scope& scope, Tx& tx, Id<Clip> clip) const {
    std::vector<Check> checks;
    for (const Row& row : tx.rows(checks_of_clip, {{"clip_id", clip}})) {
        Check check = check_of(row);
        if (may_see(scope, check)) checks.push_back(std::move(check));
    }
    return checks;
}

std::vector<Check> Checks::on_recording(const Scope& scope, Tx& tx, Id<RecordingSession> id) const {
    std::vector<Check> checks;
    for (const Sql* statement : {&checks_with_evidence, &checks_on_draws})
        for (const Row& row : tx.rows(*statement, {{"session_id", id}})) {
            Check check = check_of(row);
            const bool known = std::any_of(checks.begin(), checks.end(),
                                           [&](const Check& c) { return c.id == check.id; });
            if (!known && may_see(scope, check)) checks.push_back(std::move(check));
        }
    std::sort(checks.begin(), checks.end(),
              [](const Check& a, const Check& b) { return b.id < a.id; });
    if (checks.size() > on_recording_max) checks.resize(on_recording_max);
    return checks;
}

std::vector<CheckAnswer> Checks::answers(Tx& tx, const Check& check) const {
    std::vector<CheckAnswer> answers;
    for (const Row& row : tx.rows(answers_of, {{"check_id", check.id}}))
        answers.push_back({row.text(0), row.text(1), row.text(2), row.instant(3)});
    return answers;
}

std::vector<Evidence> Checks::evidence(Tx& tx, const Check& check) const {
    std::vector<Evidence> all;
    for (const Row& row : tx.rows(evidence_of, {{"check_id", check.id}}))
        all.push_back({row.id<Evidence>(0), row.text(1), row.id<RecordingSession>(2),
                       row.integer(3), row.integer(4), row.text(5)});
    return all;
}

FormVersion Checks::form_of(Tx& tx, const Check& check) const {
    return uses_.forms.version(Scope::system(), tx, check.form_version_id);
}

Score Checks::score(Tx& tx, const Check& check) const {
    Answers given;
    for (const CheckAnswer& each : answers(tx, check))
        if (!each.answer.empty()) given.emplace(each.item, each.answer);
    Score score = score_of(form_of(tx, check).body, given);
    // What was answered before giving up judges nobody.
    if (check.outcome == Outcome::cannot_assess)
        return {
            .outcome = Outcome::cannot_assess, .answered = score.answered, .total = score.total};
    return score;
}

namespace {
constexpr std::string_view check_verbs[] = {"check.started",   "check.done",     "check.reopened",
                                            "check.withdrawn", "check.given_up", "check.restored"};
constexpr PersonalColumn check_personal[] = {
    {"check_sheet", "person_id", "whose work was checked", "blank"},
    {"check_sheet", "checker_id", "who answers for the check", "keep"},
    {"check_answer", "comment", "why the answer was given", "blank"},
    {"evidence", "quote", "what was said", "blank"}};
constexpr Kind kinds[] = {
    {.name = "check",
     .table = "check_sheet",
     .path = "/checks/{id}",
     .retention_class = "work",
     .audit_verbs = check_verbs,
     .personal = check_personal,
     .place = &place_by<check_place>},
};
}  // namespace
const std::span<const Kind> check_kinds = kinds;

}  // namespace otklik
