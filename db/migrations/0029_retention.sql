-- How long each kind of sound is kept, and what is kept longer than that.
alter table basis_card add column clip_days {int} not null default 90
    check (clip_days between 1 and 3650);
alter table basis_card add column original_days {int} not null default 30
    check (original_days between 1 and 3650);
-- The lawyer confirmed the days for all sound: cuts of before get no more of them.
update basis_card set clip_days = retention_days;
alter table recording_session add column erased_at {int};
alter table original add column erased_at {int};
alter table clip add column erased_at {int};
create index recording_session_kept on recording_session (point_id, end_at, id)
    where erased_at is null;
create index original_kept on original (company_id, imported_at, id) where erased_at is null;
create index clip_kept on clip (point_id, asked_end_at, id) where erased_at is null;
create table hold (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    reason text not null,
    subject_kind text not null,
    subject {int} not null,
    made_by {int} not null,
    made_at {int} not null,
    released_by {int},
    released_at {int},
    release_reason text not null default '',
    kept_until {int},
    check (end_at > begin_at)
){strict};
create index hold_company on hold (company_id, id);
create index hold_point on hold (point_id, begin_at, end_at);
