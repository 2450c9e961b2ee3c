#include "clips/clips_sql.h"

namespace otklik::clips_sql {

const Sql insert_clip{
    "insert into clip (id, company_id, unit, point_id, person_id, signal_id, asked_begin_at,"
    " asked_end_at, uncertainty_us, state, reason, give_up_at, undone, local_day, created_at,"
    " changed_at) values (:id, :company, :unit, :point, :person, :signal, :begin, :end,"
    " :uncertainty, :state, :reason, :give_up, :undone, :day, :at, :at)"
    " on conflict (signal_id) do nothing"};
const Sql insert_clip_signal{
    "insert into clip_signal (clip_id, signal_id) values (:clip, :signal)"};
const Sql find_clip{
    "select id, company_id, unit, point_id, person_id, signal_id, asked_begin_at, asked_end_at,"
    " uncertainty_us, state, reason, give_up_at, version_id, missing_samples, undone,"
    " first_playable_at, final_at, created_at, reopened_by, erased_at, fragment_id from clip"
    " where id = :id"};
const Sql ask_clip_anew{
    "update clip set reopened_by = :repair where id = :id and erased_at is null"};
const Sql clip_of_signal{"select clip_id from clip_signal where signal_id = :signal"};
const Sql update_clip{
    "update clip set state = :state, reason = :reason, uncertainty_us = :uncertainty,"
    " version_id = :version, missing_samples = :missing, first_playable_at = :playable,"
    " final_at = :final, reopened_by = null, changed_at = :at where id = :id"};
const Sql mark_undone{"update clip set undone = 1, changed_at = :at where id = :id and undone = 0"};
const Sql reopen_clip{
    "update clip set state = 'waiting_upload', reason = 'waiting.upload', version_id = null,"
    " missing_samples = 0, changed_at = :at where id = :id"};
// What was cut stays; the next look decides anew.
const Sql move_window{
    "update clip set asked_begin_at = :begin, asked_end_at = :end, state = 'waiting_upload',"
    " reason = 'waiting.upload', give_up_at = :give_up, changed_at = :at where id = :id"};
const Sql become_fragment{"update clip set fragment_id = :session where id = :id"};
const Sql clips_of_fragment{"select id from clip where fragment_id = :session order by id"};
const Sql clip_to_join{
    "select c.id from clip c join signal s on s.id = c.signal_id where c.point_id = :point"
    " and c.asked_begin_at > :from and c.asked_begin_at <= :end and c.asked_end_at >= :begin"
    " and c.undone = 0 and s.device_id = :device and s.key = :key order by c.asked_begin_at desc"
    " limit 1"};
const Sql signals_of_clip{
    "select s.pressed_at, s.id from clip_signal c join signal s on s.id = c.signal_id"
    " where c.clip_id = :clip"};
const Sql version_of_file{
    "select t.version_id, v.clip_id from clip_track t join clip_version v on v.id = t.version_id"
    " where t.media_file_id = :file"};
const Sql delete_track_of_file{"delete from clip_track where media_file_id = :file"};
const Sql delete_tracks{"delete from clip_track where version_id = :version"};
// Held ones stay in front, so the walk goes on behind the last one looked at.
const Sql due_clips{
    "select id, asked_end_at from clip where point_id = :point and erased_at is null"
    " and asked_end_at < :before and asked_end_at >= :after and (asked_end_at > :after or id > "
    ":after_id) order by asked_end_at, id limit :count"};
const Sql count_due_clips{
    "select count(*) from clip where point_id = :point and erased_at is null"
    " and asked_end_at < :before"};
const Sql pieces_kept{
    "select p.session_sample, p.sample_count from clip_piece p"
    " join clip_version v on v.id = p.version_id join clip c on c.id = v.clip_id"
    " where p.session_id = :session and c.erased_at is null"};
const Sql sources_of_clip{
    "select p.session_id from clip_piece p join clip_version v on v.id = p.version_id"
    " where v.clip_id = :clip and p.session_id is not null"};
const Sql mark_clip_erased{"update clip set erased_at = :at, changed_at = :at where id = :id"};
const Sql delete_envelopes{"delete from clip_envelope where version_id = :version"};

const Sql open_clips_meeting{
    "select id from clip where point_id = :point and asked_begin_at < :end and asked_end_at > "
    ":begin"
    " and asked_begin_at > :from and (state <> 'final' or missing_samples > 0) order by id"};
const Sql clips_meeting{
    "select id from clip where point_id = :point and asked_begin_at < :end and asked_end_at > "
    ":begin"
    " and asked_begin_at > :from order by id"};
// By unit and person, so that allows() can decide over each sum. 0 and an empty word mean all; the
// column stands first, so that PostgreSQL knows the type.
const Sql count_waiting{
    "select c.unit, c.person_id, count(*) from clip c join signal s on s.id = c.signal_id"
    " where c.company_id = :company and c.state in ('waiting_tail', 'waiting_upload')"
    " and c.local_day >= :from and c.local_day <= :to and s.state = 'new' and s.undone = 0"
    " and (s.point_id = :point or :point = 0) and (s.signal_kind = :kind or :kind = '')"
    " and (s.key = :key or :key = '') group by c.unit, c.person_id"};
const Sql window_meeting{
    "select id from clip where point_id = :point and asked_begin_at < :end and asked_end_at > "
    ":begin"
    " and asked_begin_at > :from and undone = 0 limit 1"};

const Sql insert_version{
    "insert into clip_version (id, company_id, unit, clip_id, number, begin_at, end_at,"
    " length_samples, missing_samples, state, rule_version, input_version, made_by, made_at)"
    " values (:id, :company, :unit, :clip, :number, :begin, :end, :length, :missing, :state, :rule,"
    " :input, :by, :at)"};
const Sql insert_piece{
    "insert into clip_piece (id, company_id, unit, version_id, ordinal, kind, gap_cause, "
    "clip_sample,"
    " sample_count, begin_at, session_id, session_sample, map_id) values (:id, :company, :unit,"
    " :version, :ordinal, :kind, :cause, :sample, :count, :begin, :session, :session_sample, "
    ":map)"};
const Sql insert_track{
    "insert into clip_track (id, company_id, unit, version_id, channel, media_file_id)"
    " values (:id, :company, :unit, :version, :channel, :file)"};

const Sql insert_envelope{
    "insert into clip_envelope (id, company_id, unit, version_id, channel, length_samples,"
    " loudness) values (:id, :company, :unit, :version, :channel, :length, :loudness)"};
// By length, so that a page of it is one walk of the index, and the newest of a length first; both
// keys of the last row go on.
const Sql envelopes_of_length{
    "select e.length_samples, e.version_id, e.channel, e.loudness, v.clip_id from clip_envelope e"
    " join clip_version v on v.id = e.version_id where e.company_id = :company"
    " and e.length_samples >= :shortest and e.length_samples <= :length"
    " and (e.length_samples < :length or e.version_id < :version)"
    " order by e.length_samples desc, e.version_id desc, e.channel desc limit :count"};
const Sql clip_of_file{
    "select v.clip_id from clip_track t join clip_version v on v.id = t.version_id"
    " where t.media_file_id = :file"};
const Sql insert_return{
    "insert into clip_return (session_id, company_id, unit, clip_id, begin_sample,"
    " likeness_milli, compared, looked_at) values (:session, :company, :unit, :clip, :begin,"
    " :likeness, :compared, :at) on conflict (session_id) do nothing"};
const Sql return_of_session{
    "select clip_id, begin_sample, likeness_milli, compared from clip_return"
    " where session_id = :session"};

const Sql find_version{
    "select id, clip_id, number, begin_at, end_at, length_samples, missing_samples, state,"
    " rule_version, input_version, made_at from clip_version where id = :id"};
const Sql latest_version{
    "select id, clip_id, number, begin_at, end_at, length_samples, missing_samples, state,"
    " rule_version, input_version, made_at from clip_version where clip_id = :clip"
    " order by number desc limit 1"};
const Sql versions_of_clip{
    "select id, clip_id, number, begin_at, end_at, length_samples, missing_samples, state,"
    " rule_version, input_version, made_at from clip_version where clip_id = :clip"
    " order by number desc"};
const Sql pieces_of_version{
    "select ordinal, kind, gap_cause, clip_sample, sample_count, begin_at, session_id,"
    " session_sample, map_id from clip_piece where version_id = :version order by ordinal"};
const Sql tracks_of_version{
    "select channel, media_file_id from clip_track where version_id = :version order by channel"};

const Sql insert_link{
    "insert into clip_link (id, company_id, unit, clip_id, version_id, token_hash, note, made_by,"
    " made_at, expires_at) values (:id, :company, :unit, :clip, :version, :hash, :note, :by, :at,"
    " :expires)"};
const Sql count_links{
    "select count(*) from clip_link where clip_id = :clip and ended_at is null"
    " and expires_at > :at"};
const Sql links_of_clip{
    "select id, company_id, unit, clip_id, version_id, note, made_by, made_at, expires_at,"
    " ended_at, opened_count, opened_at from clip_link where clip_id = :clip order by id desc"
    " limit 100"};
const Sql find_link{
    "select id, company_id, unit, clip_id, version_id, note, made_by, made_at, expires_at,"
    " ended_at, opened_count, opened_at from clip_link where id = :id"};
const Sql link_of_token{
    "select id, company_id, unit, clip_id, version_id, note, made_by, made_at, expires_at,"
    " ended_at, opened_count, opened_at from clip_link where token_hash = :hash"};
const Sql end_link{
    "update clip_link set ended_at = :at where id = :id and ended_at is null and expires_at > :at"};
const Sql count_link{
    "update clip_link set opened_count = opened_count + 1, opened_at = :at where id = :id"};

const Sql place_of_clip{"select company_id, unit, person_id from clip where id = :id"};
const Sql place_of_version{
    "select c.company_id, c.unit, c.person_id from clip_version v join clip c on c.id = v.clip_id"
    " where v.id = :id"};
const Sql place_of_link{"select company_id, unit, 0 from clip_link where id = :id"};

}  // namespace otklik::clips_sql
