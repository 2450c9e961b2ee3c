#include "insight/insight_sql.h"

namespace otklik::insight_sql {

// :point 0 is every point. Columns of all: id, unit, person, point, local day, instant, left out,
// button.
const Sql signals_of_days{R"(
select s.id, s.unit, s.person_id, s.point_id, s.local_day, s.pressed_at, s.undone, s.button_id
from signal s
where s.company_id = :company and s.local_day between :day_from and :day_to
  and (:point = 0 or s.point_id = :point))"};
// Whether somebody wrote what exactly was said.
const Sql coded_signals{R"(
select s.id, s.unit, s.person_id, s.point_id, s.local_day, s.pressed_at, s.undone, s.button_id,
    case when c.signal_id is null then 0 else 1 end
from signal s left join signal_coding c on c.signal_id = s.id
where s.company_id = :company and s.local_day between :day_from and :day_to
  and (:point = 0 or s.point_id = :point))"};
const Sql waiting_clips{R"(
select c.id, c.unit, c.person_id, c.point_id, c.local_day, c.asked_begin_at, c.undone, s.button_id
from clip c join signal s on s.id = c.signal_id
where c.company_id = :company and c.state in ('waiting_tail', 'waiting_upload')
  and c.local_day between :day_from and :day_to and (:point = 0 or c.point_id = :point))"};
const Sql failed_clips{R"(
select c.id, c.unit, c.person_id, c.point_id, c.local_day, c.asked_begin_at, c.undone, s.button_id
from clip c join signal s on s.id = c.signal_id
where c.company_id = :company and c.state = 'failed' and c.reason <> 'failed.no_fragment'
  and c.local_day between :day_from and :day_to and (:point = 0 or c.point_id = :point))"};
// A check of a press that was withdrawn is left out, as the press is. score_sort is there for
// fractions only.
const Sql scored_checks{R"(
select k.id, k.unit, k.person_id, k.point_id, k.local_day, k.done_at, coalesce(c.undone, 0),
    s.button_id,
    k.score_num, k.score_den, k.score_sort, k.reason
from check_sheet k
left join clip c on c.id = k.clip_id
left join signal s on s.id = c.signal_id
where k.company_id = :company and k.state = 'done' and k.purpose = :purpose
  and k.local_day between :day_from and :day_to and (:point = 0 or k.point_id = :point))"};

const Sql imported_scores{R"(
select p.id, p.unit, p.person_id, 0, p.local_day, p.at, 0, cast(null as {int}),
    p.score_num, p.score_den
from past_score p
where p.company_id = :company and p.local_day between :day_from and :day_to and :point = 0)"};

const Sql contacts_of_days{R"(
select c.id, c.unit, c.person_id, c.point_id, c.local_day, c.at, 0, cast(null as {int}),
    c.begin_at, c.end_at
from contact c
where c.company_id = :company and c.local_day between :day_from and :day_to
  and (:point = 0 or c.point_id = :point))"};

const Sql names_of_company{R"(
select id, name from person where company_id = :company)"};
const Sql buttons_of_company{R"(
select id, signal_kind, label from button where company_id = :company)"};

// The roll-up.
const Sql day_of_signal{R"(select company_id, local_day from signal where id = :id)"};
const Sql next_signal_day{R"(
select min(local_day) from signal where company_id = :company and local_day > :day)"};
const Sql find_figure_day{R"(
select counted_at from figure_day where company_id = :company and local_day = :day)"};
const Sql figure_days{R"(
select local_day from figure_day
where company_id = :company and local_day between :day_from and :day_to)"};
const Sql figure_cells{R"(
select local_day, point_id, button_id, person_id, unit, n, left_out, coded
from figure_cell
where company_id = :company and local_day between :day_from and :day_to
  and (:point = 0 or point_id = :point))"};
const Sql drop_cells{R"(
delete from figure_cell where company_id = :company and local_day = :day)"};
const Sql count_cells{R"(
insert into figure_cell (company_id, local_day, point_id, button_id, person_id, unit, n, left_out,
    coded)
select s.company_id, s.local_day, s.point_id, coalesce(s.button_id, 0), coalesce(s.person_id, 0),
    s.unit, count(case when s.undone = 0 then 1 end), count(case when s.undone <> 0 then 1 end),
    count(case when s.undone = 0 and c.signal_id is not null then 1 end)
from signal s left join signal_coding c on c.signal_id = s.id
where s.company_id = :company and s.local_day = :day
group by s.company_id, s.local_day, s.point_id, coalesce(s.button_id, 0),
    coalesce(s.person_id, 0), s.unit)"};
const Sql put_figure_day{R"(
insert into figure_day (company_id, local_day, counted_at) values (:company, :day, :at)
on conflict (company_id, local_day) do update set counted_at = excluded.counted_at)"};

}  // namespace otklik::insight_sql
