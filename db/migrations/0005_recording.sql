-- Recorders, what they recorded, and how media time meets the clock. Ranges are half-open everywhere.
create table recorder (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    model text not null default '',
    clock_source text not null default '',
    channels {int} not null default 1 check (channels in (1, 2)),
    format text not null default '',
    pickup text not null check (pickup in ('upload', 'folder', 'stream', 'agent')),
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int}
){strict};
create index recorder_company on recorder (company_id, id);
create table placement (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int}
){strict};
create index placement_recorder on placement (recorder_id, begin_at);
create index placement_point on placement (point_id, begin_at);
-- The imported file, bit-exact. Identity = recorder, content, stated start.
create table original (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    media_file_id {int} not null,
    sha256 {blob} not null,
    started_at {int} not null,
    start_source text not null check (start_source in ('stated', 'name', 'tag', 'agent')),
    start_uncertainty_us {int} not null,
    name text not null,
    format text not null,
    sample_rate {int} not null,
    channels {int} not null,
    length_samples {int} not null,
    warnings text not null,
    silent {int} not null,
    imported_by text not null,
    imported_at {int} not null,
    unique (recorder_id, sha256, started_at)
){strict};
create index original_company on original (company_id, imported_at, id);
-- One uninterrupted run of a recorder, at most 24 h. begin_at and end_at follow the newest clock map.
create table recording_session (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    point_id {int} not null,
    original_id {int},
    begin_at {int} not null,
    end_at {int} not null,
    uncertainty_us {int} not null,
    length_samples {int} not null,
    state text not null check (state in ('open', 'closed')),
    created_at {int} not null
){strict};
create index recording_session_point on recording_session (point_id, begin_at, end_at);
create index recording_session_recorder on recording_session (recorder_id, begin_at);
create index recording_session_company on recording_session (company_id, begin_at, id);
create table track (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,
    role text not null check (role in ('mix', 'left', 'right', 'client', 'employee')),
    pre_skip {int} not null,
    peaks_file_id {int},
    rms_centidb {int},
    peak_centidb {int},
    clipped_samples {int},
    silent {int} not null default 0,
    unique (session_id, channel)
){strict};
create table segment (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    track_id {int} not null,
    media_file_id {int} not null,
    byte_begin {int} not null,
    byte_count {int} not null,
    first_packet {int} not null,
    packet_count {int} not null,
    first_sample {int} not null,
    sample_count {int} not null,
    sha256 {blob} not null,
    page_index {blob} not null
){strict};
create unique index segment_track on segment (track_id, first_sample);
create index segment_file on segment (media_file_id);
-- A known interval without sound.
create table gap (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    recorder_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    cause text not null check (cause in ('off', 'network', 'overflow', 'torn', 'not_uploaded', 'dead_microphone', 'paused', 'erased')),
    created_at {int} not null,
    check (end_at > begin_at)
){strict};
create index gap_point on gap (point_id, begin_at, end_at);
create table clock_anchor (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    media_sample {int} not null,
    at {int} not null,
    uncertainty_us {int} not null,
    source text not null check (source in ('stated', 'name', 'tag', 'agent', 'marker', 'correlation', 'reading', 'person')),
    refused text,
    created_at {int} not null
){strict};
create index clock_anchor_session on clock_anchor (session_id, id);
-- Piecewise-linear, append-only; points is opaque JSON [[media_sample, at_us], …] by rising sample.
create table clock_map (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    number {int} not null,
    points text not null,
    anchors text not null,
    uncertainty_us {int} not null,
    created_at {int} not null,
    unique (session_id, number)
){strict};
create table pin (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    reason text not null,
    subject_kind text not null,
    subject {int} not null,
    until_at {int},
    created_at {int} not null
){strict};
create index pin_point on pin (point_id, begin_at, end_at);
create index pin_subject on pin (subject_kind, subject);
create table bookmark (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,
    media_sample {int} not null,
    text text not null,
    person_id {int} not null,
    created_at {int} not null,
    removed_at {int}
){strict};
create index bookmark_session on bookmark (session_id, media_sample);
