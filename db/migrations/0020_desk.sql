-- What the desk keeps for people: marks of the day and saved views; and how presses that nobody has
-- worked through yet are found without reading those that are done.
create index signal_open on signal (company_id, state, pressed_at, id)
    where state <> 'done' and undone = 0;
create index signal_open_kind on signal (company_id, state, signal_kind, pressed_at, id)
    where state <> 'done' and undone = 0;
create index signal_coding_by on signal_coding (coded_by, coded_at);
create index check_sheet_done_by on check_sheet (checker_id, done_at);
create index press_refusal_company on press_refusal (company_id, received_at);
-- One thing of «Мой день» put off until an instant, or seen for good while nothing new comes to it.
create table due_mark (
    company_id {int} not null,
    unit {int} not null,
    account_id {int} not null,
    item text not null,
    stamp {int} not null,
    until_at {int},
    marked_by text not null,
    marked_at {int} not null,
    primary key (company_id, account_id, item)
){strict};
create index due_mark_age on due_mark (company_id, marked_at);
-- A named set of filters of a list.
create table saved_view (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    account_id {int} not null,
    list text not null check (list in ('inbox', 'checks', 'recordings')),
    name text not null,
    query text not null,
    shared {int} not null default 0,
    version {int} not null default 1,
    created_at {int} not null,
    changed_at {int} not null
){strict};
create index saved_view_company on saved_view (company_id, list, id);
-- The view a list opens with, by the choice of one account.
create table view_default (
    account_id {int} not null,
    list text not null,
    company_id {int} not null,
    view_id {int} not null,
    primary key (account_id, list)
){strict};
create index view_default_view on view_default (view_id);
