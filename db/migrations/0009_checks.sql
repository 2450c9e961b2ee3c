-- Draws by chance, checks, answers, evidence. `check` is a word of SQL, so the table is check_sheet.
create table draw (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    seed text not null,
    rule_version {int} not null,
    frame text not null,
    session_id {int} not null,
    point_id {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    person_id {int},
    drawn_by {int} not null,
    created_at {int} not null
){strict};
create index draw_company on draw (company_id, created_at, id);
create table check_sheet (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    form_version_id {int} not null,
    purpose text not null check (purpose in ('standard', 'signal')),
    clip_id {int},
    draw_id {int},
    point_id {int} not null,
    person_id {int},
    checker_id {int} not null,
    state text not null check (state in ('draft', 'done', 'withdrawn')),
    outcome text check (outcome in ('scored', 'no_score', 'failed_critical', 'cannot_assess')),
    score_num {int},
    score_den {int},
    score_kept_num {int},
    score_kept_den {int},
    score_sort {int},
    local_day {int} not null,
    version {int} not null default 1,
    started_at {int} not null,
    done_at {int},
    check ((clip_id is null) <> (draw_id is null)),
    check (purpose = 'signal' or clip_id is null)
){strict};
create index check_sheet_clip on check_sheet (clip_id);
create index check_sheet_draw on check_sheet (draw_id);
create index check_sheet_day on check_sheet (company_id, state, local_day, purpose);
create index check_sheet_checker on check_sheet (checker_id, state, started_at);
create index check_sheet_person on check_sheet (person_id, state, done_at, id);
create table check_answer (
    check_id {int} not null,
    item text not null,
    answer text not null,
    comment text not null default '',
    answered_at {int} not null,
    primary key (check_id, item)
){strict};
create table evidence (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    check_id {int} not null,
    item text not null,
    session_id {int} not null,
    channel {int} not null,
    media_sample {int} not null,
    quote text not null default '',
    created_at {int} not null,
    removed_at {int}
){strict};
create index evidence_check on evidence (check_id, id);
