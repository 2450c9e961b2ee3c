-- Forms: questionnaires in versions. `body` is opaque JSON, read by forms/definition only.
create table form (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    purpose text not null check (purpose in ('standard', 'signal')),
    created_at {int} not null,
    archived_at {int}
){strict};
create index form_company on form (company_id, id);
create table form_version (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    number {int} not null,
    body text not null,
    created_by {int} not null,
    created_at {int} not null,
    unique (form_id, number)
){strict};
