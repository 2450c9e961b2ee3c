-- Live recorders: agents that hand over chunks, what they handed over last, and what is sealed.
-- One agent per recorder; only the hash of its token is kept.
create table agent (
    recorder_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    token_hash {blob} unique,
    program text not null default '',
    ring_bytes {int} not null default 0,
    ring_bytes_max {int} not null default 0,
    paired_at {int},
    seen_at {int},
    revoked_at {int},
    refused_count {int} not null default 0,
    refused_code text not null default '',
    refused_at {int}
){strict};
create index agent_company on agent (company_id, recorder_id);
-- One-time codes that an agent exchanges for its token.
create table agent_pairing (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    code_hash {blob} not null unique,
    created_by text not null,
    created_at {int} not null,
    expires_at {int} not null,
    used_at {int}
){strict};
create index agent_pairing_recorder on agent_pairing (recorder_id);
-- A session that comes in chunks. Below whole_sequence everything is there or known to be lost;
-- below next_sequence it is sealed into segments.
create table live_session (
    session_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    point_id {int} not null,
    incarnation {int} not null,
    channels {int} not null,
    rate {int} not null,
    state text not null check (state in ('open', 'closing', 'sealed')),
    next_sequence {int} not null,
    next_packet {int} not null,
    whole_sequence {int} not null,
    whole_sample {int} not null,
    heard_until {int} not null,
    created_at {int} not null,
    unique (recorder_id, incarnation)
){strict};
create index live_session_state on live_session (recorder_id, state);
create index live_session_newest on live_session (recorder_id, heard_until);
create index live_session_heard on live_session (point_id, heard_until);
create index live_session_open on live_session (point_id, state);
-- The open minute: chunks as they came, until they are sealed.
create table tail_chunk (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    sequence {int} not null,
    span {int} not null,
    kind text not null check (kind in ('sound', 'lost', 'end')),
    packet_count {int} not null,
    first_sample {int} not null,
    sample_count {int} not null,
    content {blob} not null,
    bytes {blob} not null,
    ended_at {int} not null,
    created_at {int} not null,
    unique (session_id, sequence)
){strict};
create index tail_chunk_sample on tail_chunk (session_id, first_sample);
-- What was sealed, so that the same chunk again is known and another one refused.
create table chunk_run (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    first_sequence {int} not null,
    sequence_count {int} not null,
    content {blob} not null,
    unique (session_id, first_sequence)
){strict};
-- A private talk that was taken out of a session for good.
create table silence (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    reason text not null,
    original_sha256 {blob},
    made_at {int} not null,
    check (end_sample > begin_sample)
){strict};
create index silence_session on silence (session_id, begin_sample);
create index original_file on original (media_file_id);
