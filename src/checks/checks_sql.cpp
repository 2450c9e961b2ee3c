#include "checks/checks_sql.h"

namespace otklik::checks_sql {

const Sql insert_check{R"(
insert into check_sheet (id, company_id, unit, form_id, form_version_id, purpose, clip_id,
    draw_id, point_id, person_id, checker_id, state, local_day, started_at)
values (:id, :company_id, :unit, :form_id, :form_version_id, :purpose, :clip_id, :draw_id,
    :point_id, :person_id, :checker_id, 'draft', :local_day, :now))"};
const Sql check_by_id{R"(
select id, company_id, unit, form_id, form_version_id, purpose, clip_id, draw_id, point_id,
    person_id, checker_id, state, outcome, score_num, score_den, score_kept_num, score_kept_den,
    local_day, version, started_at, done_at, reason, reason_note
from check_sheet where id = :id)"};
const Sql check_place{R"(
select company_id, unit, person_id from check_sheet where id = :id)"};
const Sql own_checks{R"(
select id, company_id, unit, form_id, form_version_id, purpose, clip_id, draw_id, point_id,
    person_id, checker_id, state, outcome, score_num, score_den, score_kept_num, score_kept_den,
    local_day, version, started_at, done_at, reason, reason_note
from check_sheet where person_id = :person_id and state = 'done'
order by done_at desc, id desc limit 200)"};
const Sql checks_of_clip{R"(
select id, company_id, unit, form_id, form_version_id, purpose, clip_id, draw_id, point_id,
    person_id, checker_id, state, outcome, score_num, score_den, score_kept_num, score_kept_den,
    local_day, version, started_at, done_at, reason, reason_note
from check_sheet where clip_id = :clip_id and state <> 'withdrawn' order by id desc)"};

const Sql checks_with_evidence{R"(
select id, company_id, unit, form_id, form_version_id, purpose, clip_id, draw_id, point_id,
    person_id, checker_id, state, outcome, score_num, score_den, score_kept_num, score_kept_den,
    local_day, version, started_at, done_at
from check_sheet c where c.state <> 'withdrawn' and c.id in (
    select check_id from evidence where session_id = :session_id and removed_at is null))"};
const Sql checks_on_draws{R"(
select c.id, c.company_id, c.unit, c.form_id, c.form_version_id, c.purpose, c.clip_id, c.draw_id,
    c.point_id, c.person_id, c.checker_id, c.state, c.outcome, c.score_num, c.score_den,
    c.score_kept_num, c.score_kept_den, c.local_day, c.version, c.started_at, c.done_at
from draw d join check_sheet c on c.draw_id = d.id
where d.session_id = :session_id and c.state <> 'withdrawn')"};

// The checker's earlier checks of the same thing by the same form, so that one opinion counts once.
const Sql earlier_checks{R"(
select id, state from check_sheet
where checker_id = :checker_id and state in ('draft', 'done') and form_id = :form_id
  and (clip_id = :clip_id or draw_id = :draw_id))"};

const Sql touch_check{R"(
update check_sheet set version = version + 1
where id = :id and version = :version and state = 'draft')"};
const Sql finish_check{R"(
update check_sheet set state = 'done', outcome = :outcome, score_num = :score_num,
    score_den = :score_den,
    score_kept_num = :kept_num, score_kept_den = :kept_den, score_sort = :score_sort,
    reason = :reason, reason_note = :reason_note, done_at = :now, version = version + 1
where id = :id and version = :version and state = 'draft')"};
const Sql reopen_check{R"(
update check_sheet set state = 'draft', outcome = null, score_num = null, score_den = null,
    score_kept_num = null, score_kept_den = null, score_sort = null, reason = null,
    reason_note = '', done_at = null, version = version + 1
where id = :id and state = 'done')"};
const Sql withdraw_check{R"(
update check_sheet set state = 'withdrawn',
    version = version + 1 where id = :id and state <> 'withdrawn')"};
// A withdrawn check keeps its outcome: it tells what the check was.
const Sql restore_check{R"(
update check_sheet set state = case when outcome is null then 'draft' else 'done' end,
    version = version + 1 where id = :id and state = 'withdrawn')"};
const Sql unassessed_checks{R"(
select id, unit, person_id, point_id, reason from check_sheet
where company_id = :company_id and reason is not null and state = 'done'
  and local_day between :day_from and :day_to
order by local_day desc, id desc limit 2000)"};

const Sql put_answer{R"(
insert into check_answer (check_id, item, answer, comment, answered_at)
values (:check_id, :item, :answer, :comment, :now)
on conflict (check_id, item) do update
set answer = excluded.answer, comment = excluded.comment, answered_at = excluded.answered_at)"};
const Sql remove_answer{R"(delete from check_answer where check_id = :check_id and item = :item)"};
const Sql answers_of{R"(
select item, answer, comment, answered_at from check_answer
where check_id = :check_id order by item)"};

const Sql insert_evidence{R"(
insert into evidence (id, company_id, unit, check_id, item, session_id, channel, media_sample,
    quote, created_at)
values (:id, :company_id, :unit, :check_id, :item, :session_id, :channel, :media_sample, :quote,
    :now))"};
const Sql remove_evidence{R"(
update evidence set removed_at = :now where id = :id and check_id = :check_id and removed_at is
    null)"};
const Sql evidence_of{R"(
select id, item, session_id, channel, media_sample, quote from evidence
where check_id = :check_id and removed_at is null order by id)"};

namespace {
std::optional<Ratio> ratio_of(const Row& row, std::size_t column) {
    if (row.is_null(column) || row.is_null(column + 1)) return std::nullopt;
    return Ratio{row.integer(column), row.integer(column + 1)};
}
}  // namespace

Check check_of(const Row& row) {
    Check check;
    check.id = row.id<Check>(0);
    check.company_id = row.integer(1);
    check.unit = row.id<Unit>(2);
    check.form_id = row.id<Form>(3);
    check.form_version_id = row.id<FormVersion>(4);
    check.purpose = parse_enum<Purpose>(row.text(5)).value_or(Purpose::signal);
    check.clip_id = row.id<Clip>(6);
    check.draw_id = row.id<Draw>(7);
    check.point_id = row.id<Point>(8);
    check.person_id = row.id<Person>(9);
    check.checker_id = row.id<Person>(10);
    check.state = parse_enum<CheckState>(row.text(11)).value_or(CheckState::draft);
    if (const auto word = row.maybe_text(12)) check.outcome = parse_enum<Outcome>(*word);
    check.score = ratio_of(row, 13);
    check.kept = ratio_of(row, 15);
    check.local_day = row.integer(17);
    check.version = row.integer(18);
    check.started_at = row.instant(19);
    check.done_at = row.maybe_instant(20);
    if (const auto word = row.maybe_text(21)) check.reason = parse_enum<Unassessed>(*word);
    check.reason_note = row.text(22);
    return check;
}

}  // namespace otklik::checks_sql
