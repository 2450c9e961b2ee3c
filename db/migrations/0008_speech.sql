-- Words with times, on the recording and never on the clip.
create table transcript (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    source text not null check (source in ('engine', 'sidecar', 'script')),
    engine text not null,
    language text not null,
    content_hash {blob} not null,
    created_at {int} not null,
    replaced_at {int}
){strict};
create index transcript_session on transcript (session_id, channel, begin_sample);
create unique index transcript_same on transcript (session_id, channel, engine, begin_sample, end_sample, content_hash);
create table word (
    transcript_id {int} not null,
    ordinal {int} not null,
    session_id {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    text text not null,
    speaker text,
    confidence {int},
    primary key (transcript_id, ordinal)
){strict};
create index word_session on word (session_id, begin_sample);
