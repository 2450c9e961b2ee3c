-- Places of contact, the lawful basis of recording there, and who was on duty.
create table site (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    zone text not null,
    address text not null default '',
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int}
){strict};
create index site_company on site (company_id, id);
create table point (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    site_id {int} not null,
    name text not null,
    name_fold text not null,
    give_up_after_us {int} not null default 86400000000,
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int}
){strict};
create index point_company on point (company_id, id);
create table basis_card (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    ground text not null,
    notice text not null,
    signage text not null,
    consent text not null,
    retention_days {int} not null check (retention_days between 1 and 3650),
    confirmed_by {int} not null,
    confirmed_at {int} not null,
    revoked_at {int}
){strict};
create index basis_card_point on basis_card (point_id, id);
create table duty (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    person_id {int} not null,
    begin_at {int} not null,
    end_at {int},
    source text not null check (source in ('api', 'settings', 'demo', 'panel', 'shift')),
    created_at {int} not null,
    check (end_at is null or end_at > begin_at)
){strict};
create index duty_point on duty (point_id, begin_at);
create index duty_company on duty (company_id, begin_at, id);
create table question (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    text text not null,
    created_at {int} not null,
    archived_at {int}
){strict};
create index question_company on question (company_id, id);
