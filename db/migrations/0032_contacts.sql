-- Contacts with customers, as receipts, a counter at the door or the phone records tell of them:
-- what presses are held against.
create table contact (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    person_id {int},
    import_id {int} not null,
    first_id {int} not null,
    source text not null check (source in ('receipt', 'counter', 'call')),
    at {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    local_day {int} not null,
    number text not null default '',
    key {blob} not null,
    unique (company_id, key)
){strict};
create index contact_day on contact (company_id, local_day);
create index contact_first on contact (first_id);

-- Contacts come by an import: the check of its kinds is of the table, which is made anew.
create table sheet_import_before as select * from sheet_import;
drop table sheet_import;
create table sheet_import (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_kind text not null check (import_kind in ('staff', 'form', 'past_scores', 'calendar',
        'contacts')),
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
