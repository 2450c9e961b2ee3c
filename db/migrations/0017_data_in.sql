-- Data that people bring in: parts of names, phones; production calendars; drafts of forms; imports
-- of tables with what each row did; scores of earlier checks.
alter table person add column last_name text;
alter table person add column first_name text;
alter table person add column patronymic text;
alter table person add column phone text;
alter table person add column email text;
create index person_number on person (company_id, personnel_number);
create index account_person on account (person_id);
create table work_calendar (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    year {int} not null,
    file_name text not null,
    created_by text not null,
    created_at {int} not null
){strict};
create index work_calendar_company on work_calendar (company_id, year, id);
create table work_calendar_day (
    calendar_id {int} not null,
    day {int} not null,
    kind text not null check (kind in ('working', 'shortened', 'off')),
    primary key (calendar_id, day)
){strict};
create table form_draft (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int},
    name text not null,
    purpose text not null check (purpose in ('standard', 'signal')),
    body text not null,
    created_by text not null,
    created_at {int} not null
){strict};
create index form_draft_company on form_draft (company_id, id);
create table sheet_import (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_kind text not null check (import_kind in ('staff', 'form', 'past_scores', 'calendar')),
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
create index sheet_import_company on sheet_import (company_id, id);
create index sheet_import_sha256 on sheet_import (company_id, sha256);
create table sheet_import_file (
    import_id {int} primary key,
    bytes {blob} not null
){strict};
create table sheet_import_row (
    import_id {int} not null,
    row {int} not null,
    action text not null check (action in ('made', 'changed', 'bad')),
    title text not null,
    subject_id {int},
    before text not null default '',
    after text not null default '',
    faults text not null default '',
    undo text not null default '' check (undo in ('', 'undone', 'kept')),
    primary key (import_id, row)
){strict};
create table past_score (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_id {int} not null,
    person_id {int} not null,
    local_day {int} not null,
    at {int} not null,
    form_name text not null,
    score_num {int} not null,
    score_den {int} not null check (score_den > 0),
    comment text not null,
    key {blob} not null
){strict};
create index past_score_day on past_score (company_id, local_day);
create unique index past_score_key on past_score (company_id, key);
