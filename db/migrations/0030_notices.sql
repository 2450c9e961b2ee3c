-- Letters to people, and alarms of recording. The mail server of a company; its password is sealed
-- by keys/secrets.key.
create table mail_server (
    company_id {int} primary key,
    unit {int} not null,
    host text not null,
    port {int} not null,
    tls text not null check (tls in ('starttls', 'implicit', 'none')),
    login text not null,
    password_sealed {blob},
    authority text not null,
    from_address text not null,
    from_name text not null,
    desk_url text not null,
    quiet_begin_min {int} not null,
    quiet_end_min {int} not null,
    sends {int} not null,
    version {int} not null default 1,
    changed_at {int} not null,
    changed_by text not null,
    sent_at {int},
    trouble_code text,
    trouble_words text,
    trouble_since {int}
){strict};
-- Which letters an account asked for.
create table notice_choice (
    account_id {int} not null,
    topic text not null check (topic in ('recording', 'sound', 'files', 'cleared')),
    company_id {int} not null,
    at_night {int} not null,
    changed_at {int} not null,
    primary key (account_id, topic)
){strict};
create index notice_choice_topic on notice_choice (company_id, topic);
-- The outbox: one line for one account. Lines that go together have one letter.
create table notice (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    account_id {int} not null,
    topic text not null,
    subject_kind text not null,
    subject {int} not null,
    line text not null,
    made_at {int} not null,
    not_before {int} not null,
    expires_at {int} not null,
    state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'dropped')),
    letter_id {int},
    attempts {int} not null default 0,
    lease_until {int},
    settled_at {int},
    reason text not null default '',
    reason_words text not null default ''
){strict};
create index notice_due on notice (company_id, state, not_before, id)
    where settled_at is null;
create index notice_account on notice (account_id, state, not_before, id)
    where settled_at is null;
create index notice_letter on notice (letter_id) where letter_id is not null;
create index notice_subject on notice (subject, subject_kind, state);
create index notice_company on notice (company_id, id);
create index notice_settled on notice (settled_at) where settled_at is not null;
-- What is wrong with a recorder, or with the recording of a point. One open row per recorder and
-- cause.
create table alarm (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    recorder_id {int} not null,
    cause text not null check (cause in ('stopped', 'not_started', 'not_handed', 'quiet',
        'clipped', 'dead')),
    local_day {int} not null,
    since_at {int} not null,
    raised_at {int} not null,
    good_since {int},
    cleared_at {int},
    cleared_how text check (cleared_how in ('mended', 'moved', 'closed', 'not_expected')),
    times {int} not null default 1,
    told_at {int}
){strict};
create unique index alarm_open on alarm (recorder_id, cause) where cleared_at is null;
create index alarm_company_open on alarm (company_id, cleared_at, id);
create index alarm_newest on alarm (recorder_id, cause, cleared_at) where cleared_at is not null;
