-- Clips: what was asked, every cut that was made, and the truth about each piece.
create table clip (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    person_id {int},
    signal_id {int} not null,
    asked_begin_at {int} not null,
    asked_end_at {int} not null,
    uncertainty_us {int} not null,
    state text not null check (state in ('waiting_tail', 'waiting_upload', 'partial', 'final', 'failed')),
    reason text not null,
    give_up_at {int} not null,
    version_id {int},
    missing_samples {int} not null default 0,
    undone {int} not null default 0,
    local_day {int} not null,
    first_playable_at {int},
    final_at {int},
    created_at {int} not null,
    changed_at {int} not null
){strict};
create unique index clip_signal_one on clip (signal_id);
create index clip_point on clip (point_id, asked_begin_at, asked_end_at);
create index clip_state on clip (company_id, state, local_day);
create index clip_open on clip (state, give_up_at);
create table clip_signal (
    clip_id {int} not null,
    signal_id {int} not null,
    primary key (clip_id, signal_id)
){strict};
create index clip_signal_signal on clip_signal (signal_id);
create table clip_version (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    clip_id {int} not null,
    number {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    length_samples {int} not null,
    missing_samples {int} not null,
    state text not null check (state in ('partial', 'final')),
    rule_version {int} not null,
    input_version text not null,
    made_by text not null,
    made_at {int} not null,
    unique (clip_id, number)
){strict};
create table clip_piece (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    version_id {int} not null,
    ordinal {int} not null,
    kind text not null check (kind in ('sound', 'gap')),
    gap_cause text,
    clip_sample {int} not null,
    sample_count {int} not null,
    begin_at {int} not null,
    session_id {int},
    session_sample {int},
    map_id {int},
    unique (version_id, ordinal)
){strict};
create index clip_piece_session on clip_piece (session_id);
create table clip_track (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    version_id {int} not null,
    channel {int} not null,
    media_file_id {int} not null,
    unique (version_id, channel)
){strict};
create index clip_track_file on clip_track (media_file_id);
