#include "desk/desk_sql.h"

namespace otklik::desk_sql {

// By unit and person, so that allows() can decide over each sum.
const Sql open_signals_counted{R"(
select unit, person_id, count(*), count(case when pressed_at <= (case when
    signal_kind = 'complaint' then :complaint_at else :signal_at end) then 1 end)
from signal
where company_id = :company and state = 'new' and state <> 'done' and undone = 0
group by unit, person_id)"};
const Sql later_signals_due{R"(
select id, unit, person_id, point_id, pressed_at, state_at
from signal
where company_id = :company and state = 'later' and state <> 'done' and undone = 0
order by pressed_at, id limit 500)"};

const Sql draws_to_check{R"(
select d.id, d.unit, d.person_id, d.point_id, d.created_at
from draw d
where d.company_id = :company and d.created_at >= :since and d.drawn_by = :account
  and not exists (select 1 from check_sheet k where k.draw_id = d.id)
order by d.created_at, d.id limit 200)"};
const Sql drafts_of_checker{R"(
select id, unit, person_id, point_id, started_at
from check_sheet where checker_id = :person and state = 'draft'
order by started_at, id limit 200)"};
const Sql own_checks_since{R"(
select id, unit, person_id, point_id, done_at
from check_sheet where person_id = :person and state = 'done' and done_at >= :since
order by done_at, id limit 200)"};

const Sql clips_of_days{R"(
select unit, person_id, point_id, local_day, state, count(*), min(give_up_at), min(asked_begin_at)
from clip
where company_id = :company and state in ('waiting_upload', 'failed', 'partial')
  and local_day between :day_from and :day_to and undone = 0 and reason <> 'failed.no_fragment'
group by unit, person_id, point_id, local_day, state)"};

const Sql refusals_since{R"(
select device_id, unit, count(*), min(received_at), max(received_at)
from press_refusal where company_id = :company and received_at >= :since
group by device_id, unit)"};
const Sql jobs_parked_counted{R"(
select count(*), min(changed_at), max(changed_at) from job where state = 'parked')"};

const Sql signals_done_by{R"(
select count(*) from signal_coding where coded_by = :account and coded_at >= :since)"};
const Sql checks_done_by{R"(
select count(*) from check_sheet where checker_id = :person and done_at >= :since)"};

const Sql marks_of_desk{R"(
select item, stamp, until_at from due_mark
where company_id = :company and account_id in (0, :account))"};
const Sql put_mark{R"(
insert into due_mark (company_id, unit, account_id, item, stamp, until_at, marked_by, marked_at)
values (:company, :unit, :account, :item, :stamp, :until, :by, :at)
on conflict (company_id, account_id, item) do update set stamp = excluded.stamp,
    until_at = excluded.until_at, marked_by = excluded.marked_by, marked_at = excluded.marked_at)"};
const Sql delete_mark{R"(
delete from due_mark where company_id = :company and account_id = :account and item = :item)"};
// What is marked is at most as old as what the day shows.
const Sql forget_marks{R"(
delete from due_mark where company_id = :company and marked_at < :before)"};

const Sql insert_view{R"(
insert into saved_view (id, company_id, unit, account_id, list, name, query, shared, created_at,
    changed_at)
values (:id, :company, :unit, :account, :list, :name, :query, :shared, :at, :at))"};
const Sql view_by_id{R"(
select id, company_id, unit, account_id, list, name, query, shared, version
from saved_view where id = :id)"};
const Sql views_of_list{R"(
select id, company_id, unit, account_id, list, name, query, shared, version
from saved_view where company_id = :company and list = :list
  and (shared = 1 or account_id = :account)
order by id limit 500)"};
const Sql count_own_views{R"(
select count(*) from saved_view
where company_id = :company and list = :list and account_id = :account)"};
const Sql change_view_row{R"(
update saved_view set name = :name, query = :query, shared = :shared, changed_at = :at,
    version = version + 1
where id = :id and version = :version)"};
const Sql delete_view_row{R"(delete from saved_view where id = :id)"};
const Sql view_place{R"(select company_id, unit from saved_view where id = :id)"};
const Sql put_default{R"(
insert into view_default (account_id, list, company_id, view_id)
values (:account, :list, :company, :view)
on conflict (account_id, list) do update set view_id = excluded.view_id)"};
const Sql drop_default{R"(
delete from view_default where account_id = :account and list = :list)"};
const Sql drop_defaults_of{R"(delete from view_default where view_id = :id)"};
const Sql default_of{R"(
select view_id from view_default where account_id = :account and list = :list)"};

}  // namespace otklik::desk_sql
