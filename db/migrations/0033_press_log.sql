-- Presses and fragments of another system, for a company that moves over: the log is imported, the
-- fragments are uploaded and become the clips of their presses.
alter table signal add column import_id {int};
alter table device add column of_log {int} not null default 0;
create unique index device_log on device (point_id) where of_log = 1;
alter table recorder add column fragments {int} not null default 0;
alter table recording_session add column fragment {int} not null default 0;
alter table clip add column fragment_id {int};
create index clip_fragment on clip (fragment_id) where fragment_id is not null;

create table logged_press (
    signal_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_id {int} not null,
    point_id {int} not null,
    pressed_at {int} not null,
    uncertainty_us {int} not null,
    file_named text not null,
    file_fold text not null,
    named_by text not null check (named_by in ('', 'log', 'time')),
    fragment_begin_at {int},
    session_id {int}
){strict};
create index logged_press_import on logged_press (import_id, pressed_at, signal_id);
create index logged_press_file on logged_press (import_id, file_fold);
create index logged_press_point on logged_press (point_id, file_fold);
create index logged_press_open on logged_press (import_id, pressed_at, signal_id)
    where session_id is null;

-- Press logs come by an import: the check of its kinds is of the table, which is made anew.
create table sheet_import_before as select * from sheet_import;
drop table sheet_import;
create table sheet_import (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_kind text not null check (import_kind in ('staff', 'form', 'past_scores', 'calendar',
        'contacts', 'presses')),
    state text not null check (state in ('draft', 'waiting', 'running', 'done', 'cancelled', 'failed',
        'undoing', 'undone')),
    file_name text not null,
    sha256 {blob} not null,
    settings text not null,
    rows_total {int} not null default 0,
    rows_done {int} not null default 0,
    made {int} not null default 0,
    changed {int} not null default 0,
    same {int} not null default 0,
    bad {int} not null default 0,
    undone {int} not null default 0,
    kept {int} not null default 0,
    result_id {int},
    reason text not null default '',
    created_by text not null,
    account_id {int},
    created_at {int} not null,
    ended_at {int},
    version {int} not null default 1
){strict};
insert into sheet_import (
    id, company_id, unit, import_kind, state, file_name, sha256, settings, rows_total,
    rows_done, made, changed, same, bad, undone, kept, result_id, reason, created_by,
    account_id, created_at, ended_at, version)
select
    id, company_id, unit, import_kind, state, file_name, sha256, settings, rows_total,
    rows_done, made, changed, same, bad, undone, kept, result_id, reason, created_by,
    account_id, created_at, ended_at, version
from sheet_import_before;
drop table sheet_import_before;
create index sheet_import_company on sheet_import (company_id, id);
create index sheet_import_sha256 on sheet_import (company_id, sha256);
