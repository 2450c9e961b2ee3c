-- The press panel: pairing, names and PINs at shift start, the question plan, the customer's own
-- score, pauses of a point, and what exactly a signal said.
-- One-time codes that a panel exchanges for the token of its device; only the hash is kept.
create table device_pairing (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    code_hash {blob} not null unique,
    created_by text not null,
    created_at {int} not null,
    expires_at {int} not null,
    used_at {int}
){strict};
create index device_pairing_device on device_pairing (device_id);
-- argon2id of the digits an employee types at the beginning of a shift.
create table person_pin (
    person_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    pin_hash text not null,
    set_by text not null,
    set_at {int} not null
){strict};
create index person_pin_company on person_pin (company_id);
-- prompts: up to three lines that help to ask on; organic: may be planned for every day.
alter table question add column prompts text not null default '';
alter table question add column organic {int} not null default 0;
-- Which question a shift asks. point_id null: every point; weekdays: bit 0 is Monday; days are
-- local days of the point, both ends included, null: open.
create table question_plan (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int},
    question_id {int} not null,
    weekdays {int} not null check (weekdays between 1 and 127),
    day_from {int},
    day_to {int},
    created_by text not null,
    created_at {int} not null,
    archived_at {int}
){strict};
create index question_plan_company on question_plan (company_id, id);
-- code: KeyboardEvent.code of a pad that types; score_pad: the panel asks for 0-10 after it.
alter table button add column prompts text not null default '';
alter table button add column code text not null default '';
alter table button add column score_pad {int} not null default 0;
-- device_at: what the device's own clock showed; heard: said unasked, so no question is bound.
alter table signal add column device_at {int};
alter table signal add column heard {int} not null default 0;
-- The customer's own answer from 0 to 10, given after the press; the first one stays.
create table signal_score (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    signal_id {int} not null unique,
    score {int} not null check (score between 0 and 10),
    scored_at {int} not null
){strict};
-- What exactly the customer said, in the words of the person who processed the signal.
create table signal_coding (
    signal_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    what text not null,
    coded_by {int},
    coded_at {int} not null
){strict};
-- A private talk: an interval of the point that may not be kept. Becomes a gap `paused` at its end.
create table pause (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    device_id {int} not null,
    pause_id text not null,
    reason text not null,
    begin_at {int} not null,
    end_at {int},
    uncertainty_us {int} not null,
    created_at {int} not null,
    unique (device_id, pause_id),
    check (end_at is null or end_at > begin_at)
){strict};
create index pause_point on pause (point_id, begin_at);
