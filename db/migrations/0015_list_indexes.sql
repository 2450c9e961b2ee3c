-- What reading the plans of all statements found without an index: the recordings of an imported file,
-- asked at each import, and the page of parked jobs, which sorted all of them.
create index recording_session_original on recording_session (original_id);
create index job_parked on job (state, id) where state = 'parked';
