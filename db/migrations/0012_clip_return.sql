-- A clip of a press may leave the house and come back as a recording; staff must not be judged by it.
-- How loudness moves in a cut, a byte per 100 ms (media/likeness.h), by channel; made with the cut.
create table clip_envelope (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    version_id {int} not null,
    channel {int} not null,
    length_samples {int} not null,
    loudness {blob} not null,
    unique (version_id, channel)
){strict};
create index clip_envelope_length on clip_envelope (company_id, length_samples, version_id, channel);
-- What a short recording turned out to be: clip_id is the press clip whose sound it carries, null for none.
create table clip_return (
    session_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    clip_id {int},
    begin_sample {int} not null, -- of the clip, where the recording begins; 48 kHz, below 0: earlier
    likeness_milli {int} not null, -- of the best clip compared
    compared {int} not null, -- cuts
    looked_at {int} not null
){strict};
