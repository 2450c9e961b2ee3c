-- A recording that came with a wrong time, recorder or point is put right by a person. Every
-- correction is a row, and so is every undo of one: number rises within the recording.
create table repair (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    number {int} not null,
    recorder_before {int} not null,
    recorder_id {int} not null,
    point_before {int} not null,
    point_id {int} not null,
    map_before {int} not null,
    map_id {int} not null,
    undoes {int},
    reason text not null,
    made_by text not null,
    made_at {int} not null,
    unique (session_id, number)
){strict};
-- Who hears that a recording stands wrong and may not put it right asks for it.
create table repair_ask (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    text text not null,
    asked_by {int} not null,
    asked_at {int} not null,
    closed_at {int},
    closed_how text check (closed_how in ('repaired', 'left'))
){strict};
create index repair_ask_open on repair_ask (company_id, closed_at, id);
create index repair_ask_session on repair_ask (session_id, id);
-- The repair that asks a clip anew: looked at, it stands as if the recording had come right at first.
alter table clip add column reopened_by {int};
-- Which checks stand on a recording is asked before it is put right.
create index evidence_session on evidence (session_id);
create index draw_session on draw (session_id);
-- Clock evidence of more kinds, and who gave it. A changed column is a new table and a copy; there
-- and back, so that the keys are called as in a fresh database.
create table clock_anchor_copy (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    media_sample {int} not null,
    at {int} not null,
    uncertainty_us {int} not null,
    source text not null,
    refused text,
    created_at {int} not null
){strict};
insert into clock_anchor_copy (id, company_id, unit, session_id, media_sample, at, uncertainty_us,
    source, refused, created_at)
    select id, company_id, unit, session_id, media_sample, at, uncertainty_us, source, refused,
        created_at from clock_anchor;
drop table clock_anchor;
create table clock_anchor (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    media_sample {int} not null,
    at {int} not null,
    uncertainty_us {int} not null,
    source text not null check (source in ('stated', 'name', 'tag', 'agent', 'reading', 'marker',
        'correlation', 'clap', 'nudge', 'person')),
    refused text,
    made_by text not null default '',
    created_at {int} not null
){strict};
create index clock_anchor_session on clock_anchor (session_id, id);
insert into clock_anchor (id, company_id, unit, session_id, media_sample, at, uncertainty_us, source,
    refused, created_at)
    select id, company_id, unit, session_id, media_sample, at, uncertainty_us, source, refused,
        created_at from clock_anchor_copy;
drop table clock_anchor_copy;
