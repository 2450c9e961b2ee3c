-- Idempotency keys of requests that make things. Owner: store/request_keys. A row lives 24 hours.
-- Nothing of a person stands here in the clear: hash is of actor and key, answer is sealed with
-- the key itself, which only the client knows (a device's token may be in it).
create table request_key (
    hash {blob} primary key,
    request_hash {blob} not null, -- SHA-256 of method, path, query and body
    state text not null check (state in ('claimed', 'made', 'answered')),
    attempt {int} not null,       -- id of the run that holds the claim
    lease_until {int} not null,   -- microseconds; a claim past it belongs to whoever asks next
    answer {blob},                -- sealed; only when answered
    created_at {int} not null     -- microseconds
){strict};
create index request_key_created on request_key (created_at);
-- Buttons of a company by name, for the figures.
create index button_company on button (company_id, id);
