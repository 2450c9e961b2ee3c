-- Alarms of the server and of a point's response: no recorder stands behind them. The checks of
-- causes and topics are of the tables, which are made anew.
create table alarm_before as select * from alarm;
drop table alarm;
create table alarm (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    subject {int} not null,
    point_id {int},
    recorder_id {int},
    cause text not null check (cause in ('stopped', 'not_started', 'not_handed', 'quiet',
        'clipped', 'dead', 'response', 'disk_low', 'disk_scarce', 'mail')),
    local_day {int} not null,
    since_at {int} not null,
    raised_at {int} not null,
    good_since {int},
    cleared_at {int},
    cleared_how text check (cleared_how in ('mended', 'moved', 'closed', 'not_expected')),
    times {int} not null default 1,
    told_at {int}
){strict};
insert into alarm (
    id, company_id, unit, subject, point_id, recorder_id, cause, local_day, since_at, raised_at,
    good_since, cleared_at, cleared_how, times, told_at)
select
    id, company_id, unit, recorder_id, point_id, recorder_id, cause, local_day, since_at, raised_at,
    good_since, cleared_at, cleared_how, times, told_at
from alarm_before;
drop table alarm_before;
create unique index alarm_open on alarm (subject, cause) where cleared_at is null;
create index alarm_company_open on alarm (company_id, cleared_at, id);
create index alarm_newest on alarm (subject, cause, cleared_at) where cleared_at is not null;

create table notice_choice_before as select * from notice_choice;
drop table notice_choice;
create table notice_choice (
    account_id {int} not null,
    topic text not null check (topic in ('recording', 'sound', 'files', 'cleared', 'response',
        'server')),
    company_id {int} not null,
    at_night {int} not null,
    changed_at {int} not null,
    primary key (account_id, topic)
){strict};
insert into notice_choice (account_id, topic, company_id, at_night, changed_at)
select account_id, topic, company_id, at_night, changed_at from notice_choice_before;
drop table notice_choice_before;
create index notice_choice_topic on notice_choice (company_id, topic);
