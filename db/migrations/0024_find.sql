-- Search by the words of what exactly was said: a row per word and ancestor of the signal's unit, so
-- that a reader's words are one range of the key. Bytes, for they sort alike on both databases.
-- Words of signals processed before this are written by the program after its start: SQL cannot fold
-- them.
create table signal_word (
    unit {int} not null,
    word {blob} not null,
    at {int} not null,
    signal_id {int} not null,
    primary key (unit, word, at, signal_id)
){strict};
create index signal_word_signal on signal_word (signal_id);
create index duty_person on duty (person_id, begin_at);
