-- A file of a recorder on its way, and what became of it. Owner: recording.
create table upload (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    owner text not null,
    state text not null check (state in ('open', 'whole', 'asking', 'done', 'refused', 'gone')),
    name text not null,
    bytes_total {int} not null,
    bytes_done {int} not null check (bytes_done >= 0 and bytes_done <= bytes_total),
    metadata text not null,
    starts_at {int},
    uncertainty_us {int} not null,
    sure {int} not null default 0,
    modified_at {int},
    sha256 {blob},
    length_us {int},
    tag text not null default '',
    reason text not null default '',
    reason_params text not null default '{"items":[]}',
    session_id {int},
    already_there {int} not null default 0,
    warnings text not null default '',
    path text not null default '',
    mark text not null default '',
    created_at {int} not null,
    changed_at {int} not null,
    expires_at {int} not null
){strict};
create index upload_owner on upload (company_id, owner, state, id);
create index upload_state on upload (state);
create index upload_path on upload (recorder_id, path);
