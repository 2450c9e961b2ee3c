-- The data of Otklik, for reading: what db/migrations add up to. Nothing runs this file but a test,
-- which holds it against a database migrated from empty, on SQLite and on PostgreSQL
-- (src/store/schema_test.cpp). To change a table, write a migration, then this file.
--
-- Words in braces are filled in by store/sql_text.cpp for the database at hand.
--
-- Said once, for every table:
--   id            made by the program, rising with time, never used again
--   company_id    the company that the row belongs to; all rows of a box have the same
--   unit          where it happened: the unit whose readers may see the row (kinds/rights.h)
--   version       1 at first, raised by every change; a writer names the one that it read
--   name_fold     name for searching and sorting: small letters, one form of io and ie
--   created_at    when the row was written; archived_at: when it went out of use, null: in use
--   …_at          an instant, microseconds since 1970 UTC; …_us: a length in microseconds
--   …_sample(s)   media time or a length in samples at 48 kHz
--   begin, end    ranges hold their begin and not their end
--   …_by          who did it, as an actor: account_…, device_…, stage:…, console:…; a number is an
--                 id, and the comment says of what
--   local_day     days since 1970-01-01 of the date on the wall of the site
--   0 and 1       no and yes
--   JSON          opaque to the database; the named header reads and writes it
-- References between tables are ids without foreign keys: a room writes only its own tables, and
-- what belongs together is written in one transaction.

-- ================================================================== store (src/store)

-- Which migrations ran. Owner: store/migrate. A changed or unknown file keeps the program from
-- starting.
create table migration (
    name text primary key,    -- of the file: 0001_store.sql
    sha256 {blob} not null,   -- of its bytes, raw
    applied_at {int} not null
){strict};

-- Something happened: ids only, nothing about a person; lives 30 days. Owner: store/facts. Every
-- kind stands in docs/architecture.md.
create table fact (
    id {int} primary key,
    at {int} not null,        -- of the transaction that tells it
    kind text not null,       -- clip.final
    subject {int} not null,   -- id of the thing
    unit {int} not null,
    company_id {int} not null{xid} -- on PostgreSQL also xid: its transaction, the order of reading
){strict};
{fact order};

-- How far each reader has come. Owner: store/facts.
create table fact_cursor (
    reader text primary key,  -- pipeline
    fact_id {int} not null    -- the last one it has done
){strict};

-- "Look at this subject", for one stage of the pipeline. Owner: store/jobs. A row goes when done.
create table job (
    id {int} primary key,
    stage text not null,        -- clips.cut
    subject {int} not null,     -- id of the thing to look at
    -- parked: it waits for a person
    state text not null check (state in ('open', 'running', 'parked')),
    not_before {int} not null,  -- instant
    lease_until {int},          -- instant; running: after it the worker counts as dead
    again {int} not null default 0, -- running, and asked for once more meanwhile
    again_at {int},             -- the earliest of these wishes
    failures {int} not null default 0, -- looks that threw; five park it
    crashes {int} not null default 0,  -- workers that died over it; three park it
    reason_code text,           -- of the last failure, key of the message catalogue
    reason_detail text,         -- the same for an administrator
    created_at {int} not null,
    changed_at {int} not null,  -- running: names the claim
    -- whose claim it is, and after a death by silence whose it was; null: only the lease tells
    worker_id {int},
    unique (stage, subject)
){strict};
create index job_due on job (state, stage, not_before);
create index job_parked on job (state, id) where state = 'parked';

-- A program that runs jobs. Owner: store/jobs. Written only while a look of it takes longer than a
-- second; the row goes when the program stops or is found dead.
create table worker (
    id {int} primary key,
    beats {int} not null,  -- one more each second; others watch whether it moves
    seen_at {int} not null -- by its own clock; only for clearing away what nobody buried
){strict};

-- A file of the data folder; it stands there complete before its row appears. Owner: store/blobs.
create table media_file (
    id {int} primary key,
    company_id {int} not null,
    kind text not null check (kind in ('original', 'track', 'clip', 'peaks')),
    path text not null unique, -- below data/media, made by the program
    bytes {int} not null check (bytes >= 0), -- its length
    sha256 {blob} not null,    -- raw
    created_at {int} not null
){strict};
create index media_file_sha256 on media_file (sha256);

-- A file to unlink, whose media_file row is gone. Owner: store/blobs.
create table garbage (
    id {int} primary key,
    path text not null,   -- below data/media
    reason text not null, -- a word for the log
    at {int} not null     -- when it was given up
){strict};

-- Who did or heard what. Owner: store/audit. Rows are never changed or removed.
create table audit_entry (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    at {int} not null,          -- of the transaction that wrote it
    actor text not null,        -- account_…, device_…, stage:…, console:…
    verb text not null,         -- clip.listen
    subject {int} not null,     -- id of the thing
    subject_kind text not null, -- its kind: clip
    detail text not null,       -- JSON, of the verb
    minute_key text unique      -- listening: one entry a minute and thing; null for all others
){strict};
create index audit_entry_company on audit_entry (company_id, id);

-- The chain over the entries, in the order of sealing. Owner: store/audit. Its heads are signed
-- into keys/audit-heads.
create table audit_seal (
    number {int} primary key,       -- 1, 2, 3 …
    entry_id {int} not null unique, -- of audit_entry
    hash {blob} not null            -- SHA-256 over the hash before and the entry, raw
){strict};
-- Triggers that refuse to change or remove rows of these two tables.
{audit kept};

-- Idempotency keys of requests that make things; a row lives 24 hours. Owner: store/request_keys.
create table request_key (
    hash {blob} primary key,      -- SHA-256 of actor and key, raw
    request_hash {blob} not null, -- SHA-256 of method, path, query and body, raw
    state text not null check (state in ('claimed', 'made', 'answered')),
    attempt {int} not null,       -- id of the run that holds the claim
    lease_until {int} not null,   -- instant; a claim past it belongs to whoever asks next
    answer {blob},                -- sealed with the key itself; only when answered
    created_at {int} not null
){strict};
create index request_key_created on request_key (created_at);

-- ================================================================== kinds (src/kinds)

-- Narrows lists by unit: a row per thing and unit at or above its own. Owner: kinds/rights.
create table sight (
    unit {int} not null, -- the thing's unit or one above it
    kind text not null,  -- clip, check: as in Kind::name
    at {int} not null,   -- instant that lists sort by
    id {int} not null,   -- of the thing
    primary key (unit, kind, at, id)
){strict};
create index sight_id on sight (kind, id);

-- ================================================================== people (src/people)

-- Owner: people. One row in a box.
create table company (
    id {int} primary key,
    name text not null,
    created_at {int} not null
){strict};

-- The company's tree. Owner: people. The root has the kind company and no parent.
create table unit (
    id {int} primary key,
    company_id {int} not null,
    parent_id {int}, -- unit above it
    kind text not null check (kind in ('company', 'site', 'team')),
    name text not null,
    name_fold text not null,
    created_at {int} not null,
    archived_at {int}
){strict};
create index unit_company on unit (company_id, id);

-- Every unit with itself and all above it. Owner: people.
create table unit_ancestor (
    unit {int} not null,
    ancestor {int} not null, -- a unit
    depth {int} not null,    -- steps between them, 0: itself
    primary key (unit, ancestor)
){strict};
create index unit_ancestor_below on unit_ancestor (ancestor, unit);

-- Somebody who works for the company. Owner: people.
create table person (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,   -- where the person belongs
    name text not null,
    name_fold text not null,
    personnel_number text, -- as the company's books have it
    position text,         -- the person's post, in words
    created_at {int} not null,
    archived_at {int},
    last_name text,        -- of name; null: not told apart yet, read from it
    first_name text,       -- of name
    patronymic text,       -- of name; may be of two words
    phone text,            -- E.164
    email text             -- mail address, looked at by its form only
){strict};
create index person_company on person (company_id, name_fold, id);
create index person_number on person (company_id, personnel_number);

-- How a person signs in. Owner: people.
create table account (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    person_id {int} not null,
    login text not null,             -- the name to sign in with
    login_fold text not null unique, -- login as name_fold is of name
    password_hash text not null,     -- argon2id, with its salt and limits
    role text not null check (role in ('administrator', 'checker', 'employee')),
    language text not null check (language in ('ru', 'en')), -- of the screens
    must_change_password {int} not null default 0, -- 0 or 1, at the next sign-in
    rights_version {int} not null default 1, -- raised when role or units change
    version {int} not null default 1,
    created_at {int} not null,
    disabled_at {int} -- null: may sign in
){strict};
create index account_company on account (company_id, id);
create index account_person on account (person_id);

-- Units that an account may see; what lies below them comes with them. Owner: people.
create table account_grant (
    account_id {int} not null,
    unit {int} not null, -- granted
    primary key (account_id, unit)
){strict};

-- A browser that is signed in. Owner: people.
create table web_session (
    id {int} primary key,
    account_id {int} not null,
    token_hash {blob} not null unique, -- SHA-256 of the cookie, raw
    csrf text not null,                -- word that a changing request must bring along
    created_at {int} not null,
    seen_at {int} not null,            -- last request, to the minute
    expires_at {int} not null,
    agent text not null                -- what the browser calls itself
){strict};
create index web_session_account on web_session (account_id);
create index web_session_expires on web_session (expires_at);

-- Sign-ins that failed lately. Owner: people.
create table sign_in_throttle (
    key text primary key,       -- login:… or peer:… with the address
    failures {int} not null,    -- an hour without one forgives them
    first_at {int} not null,    -- of the newest failure
    locked_until {int} not null -- instant; nobody is let in before
){strict};

-- argon2id of the digits an employee types at the beginning of a shift. Owner: people.
create table person_pin (
    person_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    pin_hash text not null,  -- as libsodium writes it
    set_by text not null, -- actor
    set_at {int} not null
){strict};
create index person_pin_company on person_pin (company_id);

-- Settings that are changed on a screen; each name stands in docs/operating.md. Owner: people.
create table setting (
    company_id {int} not null,
    name text not null,  -- speech.engine
    value text not null, -- as the setting's own rule reads it
    changed_at {int} not null,
    changed_by text not null, -- actor
    primary key (company_id, name)
){strict};

-- ================================================================== sites (src/sites)

-- A place with an address and a time zone. Owner: sites. Each has a unit of its own.
create table site (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    zone text not null, -- IANA: Europe/Moscow
    address text not null default '', -- in words
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int}
){strict};
create index site_company on site (company_id, id);

-- A point of contact: till, desk, phone line. Owner: sites.
create table point (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,    -- of its site
    site_id {int} not null,
    name text not null,
    name_fold text not null,
    give_up_after_us {int} not null default 86400000000, -- how long a clip waits for its sound
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int},
    area text not null default '', -- part of the site: hall, second floor
    point_type text not null default 'unstated' -- what stands there
        check (point_type in ('unstated', 'till', 'reception', 'sales_floor', 'manager_desk', 'room', 'phone')),
    flow_class text not null default 'unstated' -- customers in an hour: low up to 5, medium up to 20, high above
        check (flow_class in ('unstated', 'low', 'medium', 'high')),
    hours text not null default '' -- open hours: weekday (1 is Monday), minutes of the day,
                                   -- "1 540-1200;2 540-1200"; empty: unstated
){strict};
create index point_company on point (company_id, id);

-- The lawful basis of recording at a point; without a card in force no sound is accepted. Owner:
-- sites. The texts are free words of the company's lawyer.
create table basis_card (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    ground text not null,  -- what allows it: a contract, consent
    notice text not null,  -- what customers are told
    signage text not null, -- where the notice hangs
    consent text not null, -- of the employees: document and date
    retention_days {int} not null check (retention_days between 1 and 3650), -- for the sound
    confirmed_by {int} not null, -- person
    confirmed_at {int} not null,
    revoked_at {int}, -- null: in force; a newer card revokes the one before
    clip_days {int} not null default 90 -- for cuts
        check (clip_days between 1 and 3650),
    original_days {int} not null default 30 -- for imported files, since they came
        check (original_days between 1 and 3650)
){strict};
create index basis_card_point on basis_card (point_id, id);

-- Who served a point. Owner: sites.
create table duty (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    person_id {int} not null,
    begin_at {int} not null,
    end_at {int}, -- null: still there
    -- who said so
    source text not null check (source in ('api', 'settings', 'demo', 'panel', 'shift')),
    created_at {int} not null,
    check (end_at is null or end_at > begin_at)
){strict};
create index duty_point on duty (point_id, begin_at);
create index duty_company on duty (company_id, begin_at, id);
create index duty_person on duty (person_id, begin_at);

-- What staff ask customers; a button may be bound to one. Owner: sites.
create table question (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    text text not null, -- the question itself
    created_at {int} not null,
    archived_at {int},
    prompts text not null default '',   -- up to three lines that help to ask on
    organic {int} not null default 0    -- 1: may be planned for every day
){strict};
create index question_company on question (company_id, id);

-- Which question a shift asks. Owner: sites.
create table question_plan (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int},             -- null: every point
    question_id {int} not null,
    weekdays {int} not null check (weekdays between 1 and 127), -- bit 0 is Monday
    day_from {int},             -- local days of the point, both included; null: open
    day_to {int},               -- included too
    created_by text not null,
    created_at {int} not null,
    archived_at {int}
){strict};
create index question_plan_company on question_plan (company_id, id);

-- A private talk: an interval of the point that may not be kept; becomes a gap `paused` at its end.
-- Owner: sites.
create table pause (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    device_id {int} not null,   -- the panel that asked for it
    pause_id text not null,     -- given by the panel
    reason text not null,       -- in the words of the person
    begin_at {int} not null,
    end_at {int},               -- null: it goes on
    uncertainty_us {int} not null, -- half-width of both ends
    created_at {int} not null,
    unique (device_id, pause_id),
    check (end_at is null or end_at > begin_at)
){strict};
create index pause_point on pause (point_id, begin_at);

-- The days of a year, as a file of the company had them. Owner: sites. The newest row of a unit and
-- a year is in force; taking it back brings the one before.
create table work_calendar (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,      -- the company's root, or that of a site
    year {int} not null,      -- of the calendar, 2000 to 2099
    file_name text not null,  -- as the person called it
    created_by text not null, -- actor
    created_at {int} not null
){strict};
create index work_calendar_company on work_calendar (company_id, year, id);

-- One such day. Owner: sites.
create table work_calendar_day (
    calendar_id {int} not null,
    day {int} not null, -- days since 1970-01-01
    kind text not null check (kind in ('working', 'shortened', 'off')),
    primary key (calendar_id, day)
){strict};

-- ================================================================== forms (src/forms)

-- A questionnaire for checks. Owner: forms.
create table form (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    name text not null,
    name_fold text not null,
    purpose text not null check (purpose in ('standard', 'signal')), -- judges staff; reads a press
    created_at {int} not null,
    archived_at {int}
){strict};
create index form_company on form (company_id, id);

-- A form as it was at one time; never changed. Owner: forms.
create table form_version (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    number {int} not null,     -- 1, 2, 3 … within the form
    body text not null,        -- JSON: sections, items, weights (forms/form_body.h)
    created_by {int} not null, -- account, 0: the console
    created_at {int} not null,
    unique (form_id, number)
){strict};

-- What an import read of a form and nobody has published yet. Owner: forms. The row goes when it is
-- published or thrown away.
create table form_draft (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int},            -- whose next version it would be; null: a new form
    name text not null,
    purpose text not null check (purpose in ('standard', 'signal')),
    body text not null,       -- JSON, forms/form_body.h
    created_by text not null, -- actor
    created_at {int} not null
){strict};
create index form_draft_company on form_draft (company_id, id);

-- ================================================================== imports (src/imports)

-- A table that somebody brought in. Owner: imports. A batch: carried out and taken back in slices.
create table sheet_import (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_kind text not null check (import_kind in ('staff', 'form', 'past_scores', 'calendar',
        'contacts', 'presses')),
    state text not null check (state in ('draft', 'waiting', 'running', 'done', 'cancelled', 'failed',
        'undoing', 'undone')),
    file_name text not null,            -- as the person called it
    sha256 {blob} not null,             -- of the file, raw
    settings text not null,             -- JSON: sheet, columns, choices (imports/imports.h)
    rows_total {int} not null default 0, -- below the header, with anything in them
    rows_done {int} not null default 0, -- of them; where the next slice begins
    made {int} not null default 0,      -- rows, by what they did
    changed {int} not null default 0,   -- rows that changed something that was there
    same {int} not null default 0,      -- rows that found all as it was
    bad {int} not null default 0,       -- rows that were left out
    undone {int} not null default 0,    -- rows taken back
    kept {int} not null default 0,      -- rows left by the undo: changed since
    result_id {int},                    -- the work_calendar or form_draft that came of the whole
    reason text not null default '',    -- why it failed, a code of the catalogue
    created_by text not null,           -- actor
    account_id {int},                   -- whose rights it has; null: the console
    created_at {int} not null,
    ended_at {int},
    version {int} not null default 1
){strict};
create index sheet_import_company on sheet_import (company_id, id);
create index sheet_import_sha256 on sheet_import (company_id, sha256);

-- Its file, until it has ended. Owner: imports.
create table sheet_import_file (
    import_id {int} primary key, -- sheet_import
    bytes {blob} not null        -- as it was uploaded
){strict};

-- What a row did; rows that changed nothing are only counted. Owner: imports.
create table sheet_import_row (
    import_id {int} not null,
    row {int} not null,              -- as the person's program counts
    action text not null check (action in ('made', 'changed', 'bad')),
    title text not null,             -- whom or what it is about
    subject_id {int},                -- person, past_score, contact or signal
    before text not null default '', -- JSON of the person before; empty: there was none
    after text not null default '',  -- and afterwards: still so, it can be taken back
    faults text not null default '', -- JSON: why it was not taken
    undo text not null default '' check (undo in ('', 'undone', 'kept')),
    primary key (import_id, row)
){strict};

-- A score of an earlier system. Owner: imports. Never a check of ours: a figure of its own.
create table past_score (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,       -- the person's, when it was imported
    import_id {int} not null,
    person_id {int} not null,  -- whose work was checked
    local_day {int} not null,  -- of the check
    at {int} not null,         -- midnight of that day in UTC, to sort by
    form_name text not null,   -- as that system called it
    score_num {int} not null,  -- score_num / score_den in [0, 1], in lowest terms
    score_den {int} not null check (score_den > 0), -- the other half of score_num
    comment text not null,     -- as it stood in the file
    key {blob} not null        -- SHA-256 of person, day, form and score: the same row twice
){strict};
create index past_score_day on past_score (company_id, local_day);
create unique index past_score_key on past_score (company_id, key);
-- A ready comment to an item of a form, picked by a key while filling. Owner: forms.
create table comment_template (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    item text not null,        -- its key in the form
    owner_id {int} not null,   -- person whose own it is, 0: shared with all checkers
    text text not null,        -- as it is put into the comment
    created_at {int} not null,
    removed_at {int}           -- null: in use
){strict};
create index comment_template_form on comment_template (form_id, owner_id, id);

-- A contact with a customer, of a receipt, a counter or phone records. Owner: imports.
create table contact (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,      -- of the point
    point_id {int} not null,
    person_id {int},          -- on duty then; null: nobody known
    import_id {int} not null, -- sheet_import
    first_id {int} not null,  -- of the first contact of the same row of the file
    source text not null check (source in ('receipt', 'counter', 'call')),
    at {int} not null,        -- of the receipt, begin of the counted time or of the call
    begin_at {int} not null,  -- a press of these instants may belong to it
    end_at {int} not null,
    local_day {int} not null, -- of `at`
    number text not null default '', -- of the receipt or call, as the file has it
    key {blob} not null,      -- SHA-256 of what the row says: the same file twice is one
    unique (company_id, key)
){strict};
create index contact_day on contact (company_id, local_day);
create index contact_first on contact (first_id);

-- A press that the log of another system brought, and the fragment that it is said to have. Owner:
-- imports.
create table logged_press (
    signal_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    import_id {int} not null,      -- sheet_import
    point_id {int} not null,
    pressed_at {int} not null,     -- these two as in signal
    uncertainty_us {int} not null, -- half-width
    file_named text not null,      -- the file as the log calls it, maybe with folders; empty: not said
    file_fold text not null,       -- folded name without folders of the file it has; empty: none
    -- who says that this is its file: the log, or the time in the file's name; empty: it has none
    named_by text not null check (named_by in ('', 'log', 'time')),
    fragment_begin_at {int},       -- the begin that was told to whoever sends the file
    session_id {int}               -- recording_session of the fragment; null: it has not come
){strict};
create index logged_press_import on logged_press (import_id, pressed_at, signal_id);
create index logged_press_file on logged_press (import_id, file_fold);
create index logged_press_point on logged_press (point_id, file_fold);
-- What has no fragment yet.
create index logged_press_open on logged_press (import_id, pressed_at, signal_id)
    where session_id is null;

-- The form that is proposed for signals of a kind. Owner: forms.
create table form_default (
    company_id {int} not null,
    signal_kind text not null, -- as in button
    form_id {int} not null,
    changed_by {int} not null, -- account, 0: the console
    changed_at {int} not null,
    primary key (company_id, signal_kind)
){strict};

-- ================================================================== recording (src/recording)

-- A device that records all the time. Owner: recording.
create table recorder (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null, -- of the point where it stands, else where it was made
    name text not null,
    name_fold text not null,
    model text not null default '',        -- in words
    clock_source text not null default '', -- in words: how its clock is kept right
    channels {int} not null default 1 check (channels in (1, 2)), -- that it writes
    format text not null default '',       -- in words: what it writes
    -- how its files come
    pickup text not null check (pickup in ('upload', 'folder', 'stream', 'agent')),
    version {int} not null default 1,
    created_at {int} not null,
    archived_at {int},
    fragments {int} not null default 0 -- 1: no device; it has the fragments of another system
){strict};
create index recorder_company on recorder (company_id, id);

-- Where a recorder stood. Owner: recording.
create table placement (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int} -- null: still there
){strict};
create index placement_recorder on placement (recorder_id, begin_at);
create index placement_point on placement (point_id, begin_at);

-- The imported file, bit-exact; what it is = recorder, content, start. Owner: recording.
create table original (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    media_file_id {int} not null,
    sha256 {blob} not null,     -- of the file, raw
    started_at {int} not null,  -- its first sample, as start_source has it
    start_source text not null check (start_source in ('stated', 'name', 'tag', 'agent')),
    start_uncertainty_us {int} not null, -- half-width
    name text not null,         -- as the person called it
    format text not null,       -- container and codec: wav pcm_s16le
    sample_rate {int} not null, -- Hz, of the file
    channels {int} not null,    -- of the file
    length_samples {int} not null, -- of all its sessions
    warnings text not null,     -- message codes with spaces between, or empty
    silent {int} not null,      -- 0 or 1: no sound on any channel
    imported_by text not null,  -- actor
    imported_at {int} not null,
    erased_at {int},            -- its term was over: the file is gone; null: it stands
    unique (recorder_id, sha256, started_at)
){strict};
create index original_kept on original (company_id, imported_at, id) where erased_at is null;
create index original_company on original (company_id, imported_at, id);
create index original_file on original (media_file_id);

-- One uninterrupted run of a recorder, at most 24 h. Owner: recording.
create table recording_session (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null, -- these two and unit follow the newest repair
    point_id {int} not null,
    original_id {int},       -- null: it came otherwise than as a file
    begin_at {int} not null, -- both follow the newest clock map
    end_at {int} not null,
    uncertainty_us {int} not null, -- half-width, of the newest clock map
    length_samples {int} not null,
    state text not null check (state in ('open', 'closed')), -- an import writes closed ones only
    created_at {int} not null, -- arrival
    erased_at {int},           -- its term was over and no sound of it is left; null: there is
    fragment {int} not null default 0 -- 1: cut by another system; it covers nothing but its press
){strict};
create index recording_session_kept on recording_session (point_id, end_at, id)
    where erased_at is null;
create index recording_session_point on recording_session (point_id, begin_at, end_at);
create index recording_session_recorder on recording_session (recorder_id, begin_at);
create index recording_session_company on recording_session (company_id, begin_at, id);
create index recording_session_original on recording_session (original_id);

-- One channel of a session, as Opus. Owner: recording.
create table track (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,    -- 0, 1
    role text not null check (role in ('mix', 'left', 'right', 'client', 'employee')),
    pre_skip {int} not null,   -- samples that an Opus decoder throws away at first
    peaks_file_id {int},       -- media_file with the drawn wave (media/peaks.h)
    rms_centidb {int},         -- loudness, 1/100 dB below full scale
    peak_centidb {int},        -- the highest sample, the same
    clipped_samples {int},     -- how many stood at full scale
    silent {int} not null default 0, -- 0 or 1
    unique (session_id, channel)
){strict};
create index track_peaks on track (peaks_file_id);

-- About a minute of Opus packets of a track, inside a file of an hour (media/segment.h). Owner:
-- recording.
create table segment (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    track_id {int} not null,
    media_file_id {int} not null,
    byte_begin {int} not null,   -- in the file
    byte_count {int} not null,   -- how many bytes of it
    first_packet {int} not null, -- in the session; a packet is 960 samples
    packet_count {int} not null, -- how many of them
    first_sample {int} not null,
    sample_count {int} not null, -- its length
    sha256 {blob} not null,      -- of these bytes, raw
    page_index {blob} not null   -- 8 bytes a page: first packet, byte; little-endian 32 bit
){strict};
create unique index segment_track on segment (track_id, first_sample);
create index segment_file on segment (media_file_id);

-- The program beside a recorder that hands over what it recorded. Owner: recording.
create table agent (
    recorder_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    token_hash {blob} unique,      -- SHA-256 of its token, raw; null: never paired, or revoked
    program text not null default '', -- name and version, as it says
    ring_bytes {int} not null default 0, -- held on its disk, not yet received here
    ring_bytes_max {int} not null default 0, -- what its ring may hold; 0: it never told
    paired_at {int},
    seen_at {int},                 -- last call, roughly
    revoked_at {int},
    refused_count {int} not null default 0, -- chunks that could not be taken, ever
    refused_code text not null default '', -- of the last one
    refused_at {int}
){strict};
create index agent_company on agent (company_id, recorder_id);

-- One-time codes that an agent exchanges for its token. Owner: recording.
create table agent_pairing (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    code_hash {blob} not null unique, -- SHA-256 of the code, raw
    created_by text not null,
    created_at {int} not null,
    expires_at {int} not null,
    used_at {int}                  -- null: not exchanged yet
){strict};
create index agent_pairing_recorder on agent_pairing (recorder_id);

-- A recording session that comes in chunks (media/chunk.h). Owner: recording.
create table live_session (
    session_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    recorder_id {int} not null,
    point_id {int} not null,
    incarnation {int} not null,    -- one uninterrupted run of the recorder, as it names it
    channels {int} not null,       -- tracks, 1 or 2
    rate {int} not null,           -- of the source, Hz; for information
    state text not null check (state in ('open', 'closing', 'sealed')), -- closing: not all sealed
    next_sequence {int} not null,  -- below it all is sealed into segments, or lost
    next_packet {int} not null,    -- the same in packets
    whole_sequence {int} not null, -- below it all is there, or known to be lost
    whole_sample {int} not null,   -- the same in raw samples
    heard_until {int} not null,    -- end of the newest sound that came
    created_at {int} not null,
    unique (recorder_id, incarnation)
){strict};
create index live_session_state on live_session (recorder_id, state);
create index live_session_newest on live_session (recorder_id, heard_until);
create index live_session_heard on live_session (point_id, heard_until);
create index live_session_open on live_session (point_id, state);

-- The open minute of a live session: chunks as they came, until they are sealed. Owner: recording.
create table tail_chunk (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    sequence {int} not null,       -- given by the recorder
    span {int} not null,           -- how many sequences it stands for; above 1: lost
    kind text not null check (kind in ('sound', 'lost', 'end')),
    packet_count {int} not null,   -- 20 ms each
    first_sample {int} not null,   -- raw: 960 a packet since the session's start
    sample_count {int} not null,   -- of an end: the exact length of the session in media time
    content {blob} not null,       -- 16 bytes that tell one content from another
    bytes {blob} not null,         -- packets and peaks (media/chunk.h)
    ended_at {int} not null,       -- its last sample, by the server's clock
    created_at {int} not null,     -- arrival
    unique (session_id, sequence)
){strict};
create index tail_chunk_sample on tail_chunk (session_id, first_sample);

-- Which chunks were sealed: the same one again is known, another one refused. Owner: recording.
create table chunk_run (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    first_sequence {int} not null, -- as the recorder numbered them
    sequence_count {int} not null, -- how many follow each other
    content {blob} not null,       -- 16 bytes a sequence; empty: they were lost
    unique (session_id, first_sequence)
){strict};

-- A private talk that was taken out of a session for good. Owner: recording.
create table silence (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    begin_sample {int} not null, -- media time
    end_sample {int} not null,
    reason text not null,        -- as it was said at the panel
    original_sha256 {blob},      -- raw, of the imported file before; null: there was none
    made_at {int} not null,
    check (end_sample > begin_sample)
){strict};
create index silence_session on silence (session_id, begin_sample);

-- A known interval without sound. Owner: recording.
create table gap (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    recorder_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    cause text not null check (cause in ('off', 'network', 'overflow', 'torn', 'not_uploaded',
        'dead_microphone', 'paused', 'erased')),
    created_at {int} not null,
    check (end_at > begin_at)
){strict};
create index gap_point on gap (point_id, begin_at, end_at);

-- One observation that ties media time to an instant. Owner: recording. An import writes one.
create table clock_anchor (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    media_sample {int} not null,
    at {int} not null,             -- the instant of that sample
    uncertainty_us {int} not null, -- half-width
    source text not null check (source in ('stated', 'name', 'tag', 'agent', 'reading', 'marker',
        'correlation', 'clap', 'nudge', 'person')), -- how it is known (recording/clock_fit.h)
    refused text,                  -- why a map left it out, a message code; null: it did not
    made_by text not null default '', -- actor; empty: it came with the recording
    created_at {int} not null
){strict};
create index clock_anchor_session on clock_anchor (session_id, id);

-- An audible mark (src/align/marker.h) that a panel played. Owner: recording.
create table marker (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,           -- of the point
    point_id {int} not null,
    device_id {int} not null,      -- the panel
    mark_id text not null,         -- given by the panel: sent again, it is the same mark
    code {int} not null check (code between 0 and 15), -- silence between its chirps, 20 ms each
    played_at {int} not null,      -- when its first sample was heard, by the server's clock
    uncertainty_us {int} not null, -- half-width
    latency_us {int} not null,     -- counted in: what the browser told of its way to the speaker
    received_at {int} not null,
    unique (device_id, mark_id)
){strict};
create index marker_company on marker (company_id, played_at);
create index marker_point on marker (point_id, played_at);

-- A recording that was searched for marks; done once, its sound does not change. Owner: recording.
create table marker_search (
    session_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    searched_at {int} not null
){strict};

-- A mark that was heard in a recording. Owner: recording.
create table marker_heard (
    session_id {int} not null,
    media_sample {int} not null, -- of its first sample
    code {int} not null,         -- as in marker
    score {int} not null,        -- align/marker_finder.h
    alone {int} not null,        -- 0: another one or a siren is within 15 s, it proves nothing
    primary key (session_id, media_sample)
){strict};

-- What a mark that was played says of the time of a recording; judged anew when more is known.
-- Owner: recording.
create table marker_turn (
    session_id {int} not null,
    marker_id {int} not null,
    turn text not null check (turn in ('used', 'agrees', 'refused', 'unheard', 'ambiguous',
        'doubtful')),
    reason text not null,        -- of a refused one, a message code; else empty
    media_sample {int},          -- where it was heard; null: nowhere that is known
    judged_at {int} not null,
    primary key (session_id, marker_id)
){strict};

-- Two recordings of a point laid over each other: did they hear the same scene (align/scene.h)?
-- Done once for a pair. Owner: recording.
create table scene_match (
    session_id {int} not null,    -- whose time was not known
    other_id {int} not null,      -- the recording whose time is
    company_id {int} not null,
    unit {int} not null,
    turn text not null check (turn in ('used', 'agrees', 'refused')),
    reason text not null,         -- of a refused one, a message code; else empty
    pieces_agree {int} not null,  -- of `pieces` whose place lies on one line
    pieces {int} not null,        -- of 24, that were like something in the other
    windows_agree {int} not null, -- of the clear ones, on one line within 5 ms
    windows_clear {int} not null, -- of 16 s each, in which both heard the same
    judged_at {int} not null,
    primary key (session_id, other_id)
){strict};

-- Where media time and instants meet, piecewise linear; appended, never edited. Owner: recording.
create table clock_map (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    number {int} not null,         -- 1, 2, 3 … within the session; the highest holds
    points text not null,          -- JSON: [[media_sample, at_us], …], rising
    anchors text not null,         -- JSON: ids of clock_anchor
    uncertainty_us {int} not null, -- half-width
    created_at {int} not null,
    unique (session_id, number)
){strict};

-- Sound that must not be removed as long as something needs it. Owner: recording.
create table pin (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    reason text not null,       -- press
    subject_kind text not null, -- who needs it: clip
    subject {int} not null,     -- its id
    until_at {int},             -- null: until it is taken away
    created_at {int} not null
){strict};
create index pin_point on pin (point_id, begin_at, end_at);
create index pin_subject on pin (subject_kind, subject);

-- Sound that a person keeps from being erased, for a dispute or a court. Owner: recording/holds.
-- What holds are its pins, which follow a repaired recording.
create table hold (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,        -- of the point
    point_id {int} not null,
    begin_at {int} not null,
    end_at {int} not null,
    reason text not null,       -- in words
    subject_kind text not null, -- what it was asked on: clip, recording, point
    subject {int} not null,     -- its id
    made_by {int} not null,     -- account, 0: the console
    made_at {int} not null,
    released_by {int},          -- account; these two null: it holds
    released_at {int},
    release_reason text not null default '', -- in words; empty: it holds
    kept_until {int},           -- released: the sound stays so long, so that one may think again
    check (end_at > begin_at)
){strict};
create index hold_company on hold (company_id, id);
create index hold_point on hold (point_id, begin_at, end_at);

-- A recording whose time, recorder or point was wrong, put right by a person; appended, never edited.
-- recording_session follows the newest one as it follows the newest map. Rights ask the session,
-- where it stands now: `unit` of its tracks and segments says where it was stored. Owner: recording.
create table repair (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,            -- of the recording after it
    session_id {int} not null,
    number {int} not null,          -- 1, 2, 3 … within the session
    recorder_before {int} not null, -- that was written down
    recorder_id {int} not null,     -- after it; the same when that was right
    point_before {int} not null,    -- the same
    point_id {int} not null,
    map_before {int} not null,      -- clock_map that held
    map_id {int} not null,          -- … that holds after it; the same when the time was right
    undoes {int},                   -- repair whose state before it brings back; null: none
    reason text not null,           -- as the person typed it
    made_by text not null,          -- actor
    made_at {int} not null,
    unique (session_id, number)
){strict};

-- Somebody who may not repair asks for it. Owner: recording.
create table repair_ask (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,            -- of the recording then
    session_id {int} not null,
    text text not null,             -- what is wrong, in words
    asked_by {int} not null,        -- person
    asked_at {int} not null,
    closed_at {int},                -- null: nobody has answered
    closed_how text check (closed_how in ('repaired', 'left')) -- left: it stays as it is
){strict};
create index repair_ask_open on repair_ask (company_id, closed_at, id);
create index repair_ask_session on repair_ask (session_id, id);

-- A named second of a recording. Owner: recording.
create table bookmark (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,
    media_sample {int} not null,
    text text not null,       -- its name
    person_id {int} not null, -- who set it
    created_at {int} not null,
    removed_at {int}          -- null: stands
){strict};
create index bookmark_session on bookmark (session_id, media_sample);

-- A file of a recorder on its way, and what became of it; its bytes lie in data/uploads/<id> until
-- they are a recording's original. Owner: recording.
create table upload (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,       -- of the recorder when it began
    recorder_id {int} not null,
    owner text not null,       -- actor who sends it and alone reaches it; stage:folder: the watched folder
    state text not null check (state in ('open', 'whole', 'asking', 'done', 'refused', 'gone')),
    name text not null,        -- as the person or the folder called it; never a path
    bytes_total {int} not null, -- as announced
    bytes_done {int} not null check (bytes_done >= 0 and bytes_done <= bytes_total), -- synced
    metadata text not null,    -- Upload-Metadata as it was sent
    starts_at {int},           -- stated by a person
    uncertainty_us {int} not null, -- of that start
    sure {int} not null default 0, -- the person was asked and confirmed
    modified_at {int},         -- of the file, by the computer it came from
    sha256 {blob},             -- of the whole file, raw
    length_us {int},           -- by the file's head
    tag text not null default '', -- start by the file's own tag, as otklik-decode read it
    reason text not null default '', -- code of the catalogue: what it asks, why it was refused
    reason_params text not null default '{"items":[]}', -- JSON: parameters of that code
    session_id {int},          -- done: the first recording_session
    already_there {int} not null default 0, -- 1: the recording stood before
    warnings text not null default '', -- as in original
    path text not null default '', -- below the watched folder; empty: sent by a person
    mark text not null default '', -- of that file there: its size and time
    created_at {int} not null,
    changed_at {int} not null, -- of the last byte or state
    expires_at {int} not null  -- open: given up then
){strict};
create index upload_owner on upload (company_id, owner, state, id);
create index upload_state on upload (state);
create index upload_path on upload (recorder_id, path);

-- ================================================================== signals (src/signals)

-- A button pad, panel or program that sends presses. Owner: signals.
create table device (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    name text not null,
    name_fold text not null,
    token_hash {blob} not null unique, -- SHA-256 of its token, raw
    version {int} not null default 1,
    created_at {int} not null,
    revoked_at {int}, -- null: its token is good
    seen_at {int},    -- last call, roughly
    of_log {int} not null default 0 -- 1: no device; it stands for the logs of another system
){strict};
create index device_company on device (company_id, id);
create unique index device_log on device (point_id) where of_log = 1;

-- One-time codes that a panel exchanges for the token of its device. Owner: signals.
create table device_pairing (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    code_hash {blob} not null unique, -- SHA-256 of the code, raw
    created_by text not null,
    created_at {int} not null,
    expires_at {int} not null,
    used_at {int}                -- null: not exchanged yet
){strict};
create index device_pairing_device on device_pairing (device_id);

-- One version of what a device's keys mean. Owner: signals.
create table button_map (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    number {int} not null,     -- 1, 2, 3 … within the device
    valid_from {int} not null, -- instant; a press has the map of its moment
    created_by text not null,  -- actor
    created_at {int} not null,
    unique (device_id, number)
){strict};
create index button_map_valid on button_map (device_id, valid_from);

-- One key of a map. Owner: signals.
create table button (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    map_id {int} not null,
    key text not null,   -- what the device sends: 1
    label text not null, -- what stands on it
    signal_kind text not null check (signal_kind in ('answer', 'idea', 'complaint', 'praise')),
    question_id {int},   -- asked with it; null: none
    window_before_us {int} not null, -- what a clip asks for before the press
    window_after_us {int} not null,  -- the same after it
    merge {int} not null default 0,  -- 0 or 1; kept as wished, no rule reads it
    prompts text not null default '',  -- up to three lines that help to ask on
    code text not null default '',     -- KeyboardEvent.code of a pad that types; empty: none
    score_pad {int} not null default 0, -- 1: the panel asks for 0 to 10 after it
    unique (map_id, key)
){strict};
create index button_company on button (company_id, id);

-- A stored press; what it is = (device, press_id). Owner: signals.
create table signal (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null, -- of the device at that time
    device_id {int} not null,
    press_id text not null,  -- given by the device
    key text not null,       -- as in button
    content_hash {blob} not null,  -- SHA-256 of key and stated time, raw: a repeat has the same
    pressed_at {int} not null,     -- as well as we know
    uncertainty_us {int} not null, -- half-width
    received_at {int} not null,    -- first delivery
    age_us {int},                  -- stated by the device when it sent it; null: not stated
    deliveries {int} not null default 1, -- how often it came
    button_id {int},         -- null: the key had no meaning then
    signal_kind text,        -- these two as in that button
    question_id {int},
    person_id {int},         -- on duty at the press; null: nobody known
    local_day {int} not null,  -- of pressed_at
    local_hour {int} not null, -- 0 to 23, on the same wall
    undone {int} not null default 0, -- 0 or 1: there is a row in signal_undo
    state text not null default 'new' check (state in ('new', 'later', 'done')), -- in the inbox
    state_by {int},          -- account, null: the console
    state_at {int},
    version {int} not null default 1,
    device_at {int},         -- what the device's own clock showed; null: it was not stated
    heard {int} not null default 0, -- 1: said unasked, so no question is bound
    import_id {int},         -- sheet_import whose log brought it; null: its device sent it
    unique (device_id, press_id)
){strict};
create index signal_point on signal (point_id, pressed_at);
create index signal_company_day on signal (company_id, local_day, point_id, signal_kind);
create index signal_device on signal (device_id, pressed_at);
create index signal_company on signal (company_id, pressed_at, id);
-- What nobody has worked through: found without reading what is done.
create index signal_open on signal (company_id, state, pressed_at, id)
    where state <> 'done' and undone = 0;
create index signal_open_kind on signal (company_id, state, signal_kind, pressed_at, id)
    where state <> 'done' and undone = 0;

-- The second durable row: a press withdrawn. Owner: signals.
create table signal_undo (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    signal_id {int} not null unique,
    undone_by text not null, -- actor
    undone_at {int} not null,
    test {int} not null default 0 -- 1: pressed to try the point, never counted
){strict};

-- The customer's own answer given after the press; the first one stays. Owner: signals.
create table signal_score (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    signal_id {int} not null unique,
    score {int} not null check (score between 0 and 10), -- 10 is best
    scored_at {int} not null
){strict};

-- What exactly the customer said, by the person who processed the signal. Owner: signals.
create table signal_coding (
    signal_id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    what text not null,   -- in that person's words
    coded_by {int},       -- account; null: the console
    coded_at {int} not null
){strict};
create index signal_coding_by on signal_coding (coded_by, coded_at);

-- Words of signal_coding.what, folded, to be found by their beginnings. Owner: signals.
create table signal_word (
    unit {int} not null,      -- an ancestor of the signal's unit, as in sight
    word {blob} not null,     -- UTF-8, at most 60 bytes
    at {int} not null,        -- pressed_at of the signal
    signal_id {int} not null,
    primary key (unit, word, at, signal_id)
){strict};
create index signal_word_signal on signal_word (signal_id);

-- A press of a known identity with other content: refused, the first one stays. Owner: signals.
create table press_refusal (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    device_id {int} not null,
    signal_id {int} not null, -- the one that stays
    press_id text not null,
    field text not null,      -- what differed
    received_at {int} not null
){strict};
create index press_refusal_device on press_refusal (device_id, received_at);
create index press_refusal_company on press_refusal (company_id, received_at);

-- ================================================================== clips (src/clips)

-- A piece of recording that a press asked to keep. Owner: clips.
create table clip (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    point_id {int} not null,
    person_id {int},               -- on duty at the press
    signal_id {int} not null,
    asked_begin_at {int} not null, -- the button's window around the press
    asked_end_at {int} not null,
    uncertainty_us {int} not null, -- the cut is wider by it on both sides
    state text not null check (state in ('waiting_tail', 'waiting_upload', 'partial', 'final',
        'failed')),
    reason text not null,          -- why it stands so, a code of the message catalogue
    give_up_at {int} not null,     -- after it the clip ends with what there is
    version_id {int},              -- newest clip_version; null: never cut
    missing_samples {int} not null default 0, -- of that version
    undone {int} not null default 0, -- 0 or 1: the press was withdrawn
    local_day {int} not null,      -- of the press
    first_playable_at {int},       -- when a version with sound first stood there
    final_at {int},                -- when it became final
    created_at {int} not null,
    changed_at {int} not null,
    reopened_by {int},             -- repair that asks it anew and was not looked at; null: none
    erased_at {int},               -- its term was over: the files of all cuts are gone
    fragment_id {int}              -- recording_session that it is, whole; null: it is cut by its window
){strict};
create index clip_kept on clip (point_id, asked_end_at, id) where erased_at is null;
create unique index clip_signal_one on clip (signal_id);
create index clip_point on clip (point_id, asked_begin_at, asked_end_at);
create index clip_state on clip (company_id, state, local_day);
create index clip_open on clip (state, give_up_at);
create index clip_fragment on clip (fragment_id) where fragment_id is not null;

-- Which clip a signal has. Owner: clips.
create table clip_signal (
    clip_id {int} not null,
    signal_id {int} not null,
    primary key (clip_id, signal_id)
){strict};
create index clip_signal_signal on clip_signal (signal_id);

-- One cut of a clip; never edited. Owner: clips.
create table clip_version (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    clip_id {int} not null,
    number {int} not null,       -- 1, 2, 3 … within the clip
    begin_at {int} not null,
    end_at {int} not null,
    length_samples {int} not null,
    missing_samples {int} not null, -- of them without sound
    state text not null check (state in ('partial', 'final')), -- whether more may still come
    rule_version {int} not null, -- of clips/clip_rules.h
    input_version text not null, -- hash of what it was cut from
    made_by text not null,       -- actor
    made_at {int} not null,
    unique (clip_id, number)
){strict};

-- A run of one session, or a gap, inside a version; together they are its whole length. Owner:
-- clips.
create table clip_piece (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    version_id {int} not null,
    ordinal {int} not null,      -- in order of time
    kind text not null check (kind in ('sound', 'gap')),
    gap_cause text,              -- only of a gap
    clip_sample {int} not null,  -- where it begins in the version
    sample_count {int} not null, -- its length
    begin_at {int} not null,     -- where it begins on the clock
    session_id {int},            -- recording_session; these three only of sound
    session_sample {int},        -- where it begins in the session
    map_id {int},                -- clock_map that says so
    unique (version_id, ordinal)
){strict};
create index clip_piece_session on clip_piece (session_id);

-- The file of one channel of a version. Owner: clips.
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

-- How loudness moves in a cut, so that a copy of it is known again. Owner: clips.
create table clip_envelope (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    version_id {int} not null,
    channel {int} not null,
    length_samples {int} not null, -- of the version
    loudness {blob} not null,      -- a byte per 100 ms (media/likeness.h)
    unique (version_id, channel)
){strict};
create index clip_envelope_length
    on clip_envelope (company_id, length_samples, version_id, channel);

-- What a short recording turned out to be: the sound of a press clip that came back, or not. Owner:
-- clips.
create table clip_return (
    session_id {int} primary key,  -- recording_session
    company_id {int} not null,
    unit {int} not null,
    clip_id {int},                 -- whose sound it carries; null: of none
    begin_sample {int} not null,   -- of the clip, where the recording begins; below 0: earlier
    likeness_milli {int} not null, -- 0 to 1000, of the best clip compared
    compared {int} not null,       -- how many cuts
    looked_at {int} not null
){strict};

-- A link to one cut for people without an account, until a moment. Owner: clips.
create table clip_link (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    clip_id {int} not null,
    version_id {int} not null,      -- the cut that was shown to whoever made it
    token_hash {blob} not null unique, -- SHA-256 of its secret, raw
    note text not null,             -- for whom and what
    made_by {int} not null,         -- account: nothing is heard that this one may not hear
    made_at {int} not null,
    expires_at {int} not null,
    ended_at {int},                 -- null: nobody ended it by hand
    opened_count {int} not null default 0, -- visits of its page
    opened_at {int}                 -- the last time
){strict};
create index clip_link_clip on clip_link (clip_id, id);

-- ================================================================== speech (src/speech)

-- Words on a stretch of a recording, by one maker. Owner: speech. A newer one of the same maker
-- replaces the older, which stays.
create table transcript (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    session_id {int} not null,
    channel {int} not null,
    begin_sample {int} not null, -- what was listened to
    end_sample {int} not null,
    source text not null check (source in ('engine', 'sidecar', 'script')),
    engine text not null,        -- its name; of others the word of the source
    language text not null,      -- BCP 47
    content_hash {blob} not null, -- SHA-256 of the words, raw: the same text comes once
    created_at {int} not null,
    replaced_at {int}            -- null: the one to show
){strict};
create index transcript_session on transcript (session_id, channel, begin_sample);
create unique index transcript_same
    on transcript (session_id, channel, engine, begin_sample, end_sample, content_hash);

-- One word of a transcript. Owner: speech.
create table word (
    transcript_id {int} not null,
    ordinal {int} not null,      -- in order of speech
    session_id {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    text text not null,          -- the word as written
    speaker text,                -- as its maker calls the voice; null: not told apart
    confidence {int},            -- 0 to 1000 by the maker's own measure; null: not given
    primary key (transcript_id, ordinal)
){strict};
create index word_session on word (session_id, begin_sample);

-- ================================================================== sampling (src/sampling)

-- An interval of a recording chosen by chance. Owner: sampling. Seed and frame give it again.
create table draw (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    seed text not null,          -- of the chance (sampling/choose.h)
    rule_version {int} not null, -- of that rule
    frame text not null,         -- JSON: what could have been drawn (sampling/sampling.h)
    session_id {int} not null,
    point_id {int} not null,
    begin_sample {int} not null,
    end_sample {int} not null,
    begin_at {int} not null,     -- by the clock map of the moment of drawing
    end_at {int} not null,
    person_id {int},             -- on duty when it begins
    drawn_by {int} not null,     -- account, 0: the console
    created_at {int} not null
){strict};
create index draw_company on draw (company_id, created_at, id);
create index draw_session on draw (session_id);

-- ================================================================== checks (src/checks)

-- A form filled for a clip or a drawn interval; check is a word of SQL. Owner: checks.
create table check_sheet (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    form_version_id {int} not null, -- the version it began with
    purpose text not null check (purpose in ('standard', 'signal')), -- of the form
    clip_id {int},            -- one of these two
    draw_id {int},
    point_id {int} not null,
    person_id {int},          -- whose work it is: on duty then; null: nobody known
    checker_id {int} not null, -- person
    state text not null check (state in ('draft', 'done', 'withdrawn')),
    outcome text check (outcome in ('scored', 'no_score', 'failed_critical', 'cannot_assess')),
    score_num {int},          -- the score as a fraction; these five only when done
    score_den {int},          -- its denominator, above 0
    score_kept_num {int},     -- what it would be without the failed critical item
    score_kept_den {int},     -- its denominator, above 0
    score_sort {int},         -- the score in 1/10 000; null where the form's sums have no scale
    local_day {int} not null, -- of the service that is checked
    version {int} not null default 1,
    started_at {int} not null,
    done_at {int},
    reason text,              -- why it could not be assessed; with outcome cannot_assess only
    reason_note text not null default '', -- the checker's own words to the reason
    check ((clip_id is null) <> (draw_id is null)),
    check (purpose = 'signal' or clip_id is null)
){strict};
create index check_sheet_clip on check_sheet (clip_id);
create index check_sheet_draw on check_sheet (draw_id);
create index check_sheet_day on check_sheet (company_id, state, local_day, purpose);
create index check_sheet_checker on check_sheet (checker_id, state, started_at);
create index check_sheet_done_by on check_sheet (checker_id, done_at);
create index check_sheet_person on check_sheet (person_id, state, done_at, id);
create index check_sheet_reason on check_sheet (company_id, local_day, id)
    where reason is not null;

-- One answer. Owner: checks.
create table check_answer (
    check_id {int} not null, -- check_sheet
    item text not null,      -- its key in the form's version
    answer text not null,    -- the answer's key; empty: a comment alone
    comment text not null default '', -- words of the checker
    answered_at {int} not null,
    primary key (check_id, item)
){strict};

-- A second of a track that shows why an answer was given. Owner: checks.
create table evidence (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    check_id {int} not null, -- check_sheet
    item text not null,      -- as in check_answer
    session_id {int} not null,
    channel {int} not null,
    media_sample {int} not null,
    quote text not null default '', -- words said around it, or empty
    created_at {int} not null,
    removed_at {int}         -- null: stands
){strict};
create index evidence_check on evidence (check_id, id);
create index evidence_session on evidence (session_id);

-- ================================================================== notices (src/notices)

-- How a company sends mail. Owner: notices.
create table mail_server (
    company_id {int} primary key,
    unit {int} not null,            -- the root
    host text not null,             -- name or address, without a port
    port {int} not null,            -- 1 to 65 535
    tls text not null check (tls in ('starttls', 'implicit', 'none')), -- none: this computer only
    login text not null,            -- empty: none is tried
    password_sealed {blob},         -- by keys/secrets.key (store/secrets.h); null: there is none
    authority text not null,        -- PEM; empty: the authorities of the system
    from_address text not null,     -- ASCII alone
    from_name text not null,        -- shown beside the address
    desk_url text not null,         -- where links of letters lead
    quiet_begin_min {int} not null, -- minutes of the day, by the site's clock
    quiet_end_min {int} not null,   -- equal to the begin: no quiet hours
    sends {int} not null,           -- 0: nothing is posted or sent
    version {int} not null default 1,
    changed_at {int} not null,
    changed_by text not null,       -- actor
    sent_at {int},                  -- the last letter that was taken
    trouble_code text,              -- why letters wait, as notice.reason; null: no trouble
    trouble_words text,             -- the server's own
    trouble_since {int}             -- the first failure since the last letter
){strict};

-- Which letters an account asked for. Owner: notices.
create table notice_choice (
    account_id {int} not null,
    topic text not null check (topic in ('recording', 'sound', 'files', 'cleared', 'response',
        'server')),
    company_id {int} not null,
    at_night {int} not null,        -- 1: also within the quiet hours
    changed_at {int} not null,
    primary key (account_id, topic)
){strict};
create index notice_choice_topic on notice_choice (company_id, topic);

-- The outbox: one line for one account. Owner: notices. The address is looked up when it is sent.
create table notice (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,            -- where it happened
    account_id {int} not null,      -- for whom
    topic text not null,            -- as in notice_choice
    subject_kind text not null,     -- "alarm"
    subject {int} not null,         -- id of what it tells of
    line text not null,             -- in the language of the account, no personal data
    made_at {int} not null,
    not_before {int} not null,      -- quiet hours, and what the server put off
    expires_at {int} not null,      -- not sent by then: failed, old
    state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'dropped')),
    letter_id {int},                -- the first line of its letter
    attempts {int} not null default 0, -- talks with the server so far
    lease_until {int},              -- of sending: then it is taken up again
    settled_at {int},               -- sent, failed or dropped
    reason text not null default '', -- ui.set.mail.code.…
    reason_words text not null default '' -- the server's own answer
){strict};
create index notice_due on notice (company_id, state, not_before, id)
    where settled_at is null;
create index notice_account on notice (account_id, state, not_before, id)
    where settled_at is null;
create index notice_letter on notice (letter_id) where letter_id is not null;
create index notice_subject on notice (subject, subject_kind, state);
create index notice_company on notice (company_id, id);
create index notice_settled on notice (settled_at) where settled_at is not null;

-- ================================================================== alarms (src/alarms)

-- What is wrong with a recorder, the response of a point, the disk or the mail. Owner: alarms. One
-- open row per subject and cause.
create table alarm (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    subject {int} not null,         -- recorder; point, of response; company, of disk and mail
    point_id {int},                 -- where the recorder stood; null: of the server
    recorder_id {int},
    cause text not null check (cause in ('stopped', 'not_started', 'not_handed', 'quiet',
        'clipped', 'dead', 'response', 'disk_low', 'disk_scarce', 'mail')),
    local_day {int} not null,       -- of not_handed: the first day without a file; else 0
    since_at {int} not null,        -- since when it is wrong
    raised_at {int} not null,       -- when it was noticed
    good_since {int},               -- it looks well; null: it does not
    cleared_at {int},
    cleared_how text check (cleared_how in ('mended', 'moved', 'closed', 'not_expected')),
    times {int} not null default 1, -- how often it came back
    told_at {int}                   -- the last time letters were written
){strict};
create unique index alarm_open on alarm (subject, cause) where cleared_at is null;
create index alarm_company_open on alarm (company_id, cleared_at, id);
create index alarm_newest on alarm (subject, cause, cleared_at) where cleared_at is not null;

-- ================================================================== desk (src/desk)

-- One thing of «Мой день» put off, or seen. Owner: desk. Holds while the thing's own stamp has not
-- grown past it, so that what is new about it is shown again.
create table due_mark (
    company_id {int} not null,
    unit {int} not null,       -- the root
    account_id {int} not null, -- whose; 0: everybody's
    item text not null,        -- signal.17, sound.17.20775 (desk/my_day.cpp)
    stamp {int} not null,      -- of the thing when it was marked
    until_at {int},            -- null: for good
    marked_by text not null,   -- actor
    marked_at {int} not null,
    primary key (company_id, account_id, item)
){strict};
create index due_mark_age on due_mark (company_id, marked_at);

-- A named set of filters of a list. Owner: desk.
create table saved_view (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,       -- the root
    account_id {int} not null, -- whose; 0: made at the console
    list text not null check (list in ('inbox', 'checks', 'recordings')),
    name text not null,
    query text not null,       -- as the address of the list holds it, without a question mark
    shared {int} not null default 0, -- 1: everybody who may open the list sees it
    version {int} not null default 1,
    created_at {int} not null,
    changed_at {int} not null
){strict};
create index saved_view_company on saved_view (company_id, list, id);

-- The view a list opens with. Owner: desk.
create table view_default (
    account_id {int} not null,
    list text not null,        -- as in saved_view
    company_id {int} not null,
    view_id {int} not null,
    primary key (account_id, list)
){strict};
create index view_default_view on view_default (view_id);

-- ================================================================== insight (src/insight)

-- A local day whose presses stand in figure_cell. Owner: insight.
create table figure_day (
    company_id {int} not null,
    local_day {int} not null,  -- as in signal
    counted_at {int} not null,
    primary key (company_id, local_day)
){strict};

-- Presses of a day, point, button and person, counted. Owner: insight. Holds only while no fact
-- past the cursor `figures` tells of a press of that day.
create table figure_cell (
    company_id {int} not null,
    local_day {int} not null, -- as in signal
    point_id {int} not null,
    button_id {int} not null, -- 0: the key had no meaning
    person_id {int} not null, -- 0: nobody known on duty
    unit {int} not null,
    n {int} not null,         -- not withdrawn
    left_out {int} not null,  -- withdrawn
    coded {int} not null,     -- of the n: with words of what exactly was said
    primary key (company_id, local_day, point_id, button_id, person_id, unit)
){strict};
