-- What every room stands on: facts, jobs, files, the audit journal.
create table fact (
    id {int} primary key,
    at {int} not null,
    kind text not null,
    subject {int} not null,
    unit {int} not null,
    company_id {int} not null{xid}
){strict};
{fact order};
create table fact_cursor (
    reader text primary key,
    fact_id {int} not null
){strict};
create table job (
    id {int} primary key,
    stage text not null,
    subject {int} not null,
    state text not null check (state in ('open', 'running', 'parked')),
    not_before {int} not null,
    lease_until {int},
    again {int} not null default 0,
    again_at {int},
    failures {int} not null default 0,
    crashes {int} not null default 0,
    reason_code text,
    reason_detail text,
    created_at {int} not null,
    changed_at {int} not null,
    unique (stage, subject)
){strict};
create index job_due on job (state, stage, not_before);
create table media_file (
    id {int} primary key,
    company_id {int} not null,
    kind text not null check (kind in ('original', 'track', 'clip', 'peaks')),
    path text not null unique,
    bytes {int} not null check (bytes >= 0),
    sha256 {blob} not null,
    created_at {int} not null
){strict};
create index media_file_sha256 on media_file (sha256);
create table garbage (
    id {int} primary key,
    path text not null,
    reason text not null,
    at {int} not null
){strict};
create table audit_entry (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    at {int} not null,
    actor text not null,
    verb text not null,
    subject {int} not null,
    subject_kind text not null,
    detail text not null,
    minute_key text unique
){strict};
create index audit_entry_company on audit_entry (company_id, id);
create table audit_seal (
    number {int} primary key,
    entry_id {int} not null unique,
    hash {blob} not null
){strict};
create table setting (
    company_id {int} not null,
    name text not null,
    value text not null,
    changed_at {int} not null,
    changed_by text not null,
    primary key (company_id, name)
){strict};
