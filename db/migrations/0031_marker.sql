-- An audible mark that a panel played, so that recordings of its point know their time.
create table marker (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    device_id {int} not null,
    mark_id text not null,
    code {int} not null check (code between 0 and 15),
    played_at {int} not null,
    uncertainty_us {int} not null,
    latency_us {int} not null,
    received_at {int} not null,
    unique (device_id, mark_id)
){strict};
create index marker_company on marker (company_id, played_at);
create index marker_point on marker (point_id, played_at);
-- A recording that was searched for marks, once; what was heard in it.
create table marker_search (
    session_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    searched_at {int} not null
){strict};
create table marker_heard (
    session_id {int} not null,
    media_sample {int} not null,
    code {int} not null,
    score {int} not null,
    alone {int} not null,
    primary key (session_id, media_sample)
){strict};
-- What a mark that was played says of the time of a recording.
create table marker_turn (
    session_id {int} not null,
    marker_id {int} not null,
    turn text not null check (turn in ('used', 'agrees', 'refused', 'unheard', 'ambiguous',
        'doubtful')),
    reason text not null,
    media_sample {int},
    judged_at {int} not null,
    primary key (session_id, marker_id)
){strict};
-- Two recordings of a point laid over each other: did they hear the same scene?
create table scene_match (
    session_id {int} not null,
    other_id {int} not null,
    company_id {int} not null,
    unit {int} not null,
    turn text not null check (turn in ('used', 'agrees', 'refused')),
    reason text not null,
    pieces_agree {int} not null,
    pieces {int} not null,
    windows_agree {int} not null,
    windows_clear {int} not null,
    judged_at {int} not null,
    primary key (session_id, other_id)
){strict};
