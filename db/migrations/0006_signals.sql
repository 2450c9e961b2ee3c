-- Devices, the versioned meaning of their keys, and presses as they came.
create table device (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    name text not null,
    name_fold text not null,
    token_hash {blob} not null unique,
    version {int} not null default 1,
    created_at {int} not null,
    revoked_at {int},
    seen_at {int}
){strict};
create index device_company on device (company_id, id);
create table button_map (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    number {int} not null,
    valid_from {int} not null,
    created_by text not null,
    created_at {int} not null,
    unique (device_id, number)
){strict};
create index button_map_valid on button_map (device_id, valid_from);
create table button (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    map_id {int} not null,
    key text not null,
    label text not null,
    signal_kind text not null check (signal_kind in ('answer', 'idea', 'complaint', 'praise')),
    question_id {int},
    window_before_us {int} not null,
    window_after_us {int} not null,
    merge {int} not null default 0,
    unique (map_id, key)
){strict};
create table signal (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    device_id {int} not null,
    press_id text not null,
    key text not null,
    content_hash {blob} not null,
    pressed_at {int} not null,
    uncertainty_us {int} not null,
    received_at {int} not null,
    age_us {int},
    deliveries {int} not null default 1,
    button_id {int},
    signal_kind text,
    question_id {int},
    person_id {int},
    local_day {int} not null,
    local_hour {int} not null,
    undone {int} not null default 0,
    state text not null default 'new' check (state in ('new', 'later', 'done')),
    state_by {int},
    state_at {int},
    version {int} not null default 1,
    unique (device_id, press_id)
){strict};
create index signal_point on signal (point_id, pressed_at);
create index signal_company_day on signal (company_id, local_day, point_id, signal_kind);
create index signal_device on signal (device_id, pressed_at);
create index signal_company on signal (company_id, pressed_at, id);
-- The second durable row: a press withdrawn.
create table signal_undo (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    signal_id {int} not null unique,
    undone_by text not null,
    undone_at {int} not null
){strict};
-- A press of the same identity with other content: refused with 409, the first stays.
create table press_refusal (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    signal_id {int} not null,
    press_id text not null,
    field text not null,
    received_at {int} not null
){strict};
create index press_refusal_device on press_refusal (device_id, received_at);
