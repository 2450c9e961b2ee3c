-- Companies, units, people and who may come in.
create table company (
    id {int} primary key,
    name text not null,
    created_at {int} not null
){strict};
create table unit (
    id {int} primary key,
    company_id {int} not null,
    parent_id {int},
    kind text not null check (kind in ('company', 'site', 'team')),
    name text not null,
    name_fold text not null,
    created_at {int} not null,
    archived_at {int}
){strict};
create index unit_company on unit (company_id, id);
create table unit_ancestor (
    unit {int} not null,
    ancestor {int} not null,
    depth {int} not null,
    primary key (unit, ancestor)
){strict};
create index unit_ancestor_below on unit_ancestor (ancestor, unit);
create table person (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    personnel_number text,
    position text,
    created_at {int} not null,
    archived_at {int}
){strict};
create index person_company on person (company_id, name_fold, id);
create table account (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    person_id {int} not null,
    login text not null,
    login_fold text not null unique,
    password_hash text not null,
    role text not null check (role in ('administrator', 'checker', 'employee')),
    language text not null check (language in ('ru', 'en')),
    must_change_password {int} not null default 0,
    rights_version {int} not null default 1,
    version {int} not null default 1,
    created_at {int} not null,
    disabled_at {int}
){strict};
create index account_company on account (company_id, id);
create table account_grant (
    account_id {int} not null,
    unit {int} not null,
    primary key (account_id, unit)
){strict};
create table web_session (
    id {int} primary key,
    account_id {int} not null,
    token_hash {blob} not null unique,
    csrf text not null,
    created_at {int} not null,
    seen_at {int} not null,
    expires_at {int} not null,
    agent text not null
){strict};
create index web_session_account on web_session (account_id);
create index web_session_expires on web_session (expires_at);
create table sign_in_throttle (
    key text primary key,
    failures {int} not null,
    first_at {int} not null,
    locked_until {int} not null
){strict};
create table sight (
    unit {int} not null,
    kind text not null,
    at {int} not null,
    id {int} not null,
    primary key (unit, kind, at, id)
){strict};
create index sight_id on sight (kind, id);
