-- A link to one cut of a clip for people without an account, until a moment. The secret is in no
-- row: only its hash.
create table clip_link (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    clip_id {int} not null,
    version_id {int} not null,
    token_hash {blob} not null unique,
    note text not null,
    made_by {int} not null,
    made_at {int} not null,
    expires_at {int} not null,
    ended_at {int},
    opened_count {int} not null default 0,
    opened_at {int}
){strict};
create index clip_link_clip on clip_link (clip_id, id);
