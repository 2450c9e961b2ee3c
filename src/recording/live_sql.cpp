#include "recording/live_sql.h"

namespace otklik::live_sql {

const Sql insert_agent{
    "insert into agent (recorder_id, company_id, unit) values (:recorder, :company, :unit)"
    " on conflict (recorder_id) do nothing"};
const Sql find_agent{
    "select recorder_id, company_id, unit, program, ring_bytes, ring_bytes_max, paired_at, seen_at,"
    " revoked_at, refused_count, refused_code, refused_at from agent"
    " where recorder_id = :recorder"};
const Sql agent_by_token{
    "select recorder_id, company_id, unit, program, ring_bytes, ring_bytes_max, paired_at, seen_at,"
    " revoked_at, refused_count, refused_code, refused_at from agent"
    " where token_hash = :hash and revoked_at is null"};
const Sql set_agent_token{
    "update agent set token_hash = :hash, program = :program, paired_at = :at, revoked_at = null"
    " where recorder_id = :recorder"};
const Sql revoke_agent{
    "update agent set token_hash = null, revoked_at = :at where recorder_id = :recorder"
    " and revoked_at is null"};
const Sql note_agent{
    "update agent set ring_bytes = :ring, ring_bytes_max = :ring_max, seen_at = :at"
    " where recorder_id = :recorder"};
const Sql count_refused{
    "update agent set refused_count = refused_count + 1, refused_code = :code, refused_at = :at"
    " where recorder_id = :recorder"};
const Sql insert_agent_code{
    "insert into agent_pairing (id, company_id, unit, recorder_id, code_hash, created_by,"
    " created_at, expires_at) values (:id, :company, :unit, :recorder, :hash, :by, :at, :expires)"};
const Sql void_agent_codes{
    "update agent_pairing set used_at = :at where recorder_id = :recorder and used_at is null"};
const Sql use_agent_code{
    "update agent_pairing set used_at = :at where code_hash = :hash and used_at is null"
    " and expires_at > :at"};
const Sql agent_code_recorder{"select recorder_id from agent_pairing where code_hash = :hash"};

const Sql picked_up_by_agent{
    "update recorder set pickup = 'agent', version = version + 1 where id = :recorder"
    " and pickup <> 'agent'"};

const Sql insert_live{
    "insert into live_session (session_id, company_id, unit, recorder_id, point_id, incarnation,"
    " channels, rate, state, next_sequence, next_packet, whole_sequence, whole_sample, heard_until,"
    " created_at) values (:session, :company, :unit, :recorder, :point, :incarnation, :channels,"
    " :rate, 'open', 0, 0, 0, 0, :begin, :at)"};
const Sql live_of_incarnation{
    "select session_id, company_id, unit, recorder_id, point_id, incarnation, channels, rate, "
    "state,"
    " next_sequence, next_packet, whole_sequence, whole_sample, heard_until from live_session"
    " where recorder_id = :recorder and incarnation = :incarnation"};
const Sql live_of_session{
    "select session_id, company_id, unit, recorder_id, point_id, incarnation, channels, rate, "
    "state,"
    " next_sequence, next_packet, whole_sequence, whole_sample, heard_until from live_session"
    " where session_id = :session"};
const Sql live_of_track{
    "select l.session_id, l.channels, t.channel from track t join live_session l"
    " on l.session_id = t.session_id where t.id = :track and l.state <> 'sealed'"};
const Sql unsealed_of_recorder{
    "select session_id, company_id, unit, recorder_id, point_id, incarnation, channels, rate, "
    "state,"
    " next_sequence, next_packet, whole_sequence, whole_sample, heard_until from live_session"
    " where recorder_id = :recorder and state = 'open' order by session_id"};
const Sql move_whole{
    "update live_session set whole_sequence = :sequence, whole_sample = :sample,"
    " heard_until = :heard where session_id = :session"};
const Sql move_live_state{"update live_session set state = :state where session_id = :session"};
const Sql sealed_live{
    "update live_session set next_sequence = :sequence, next_packet = :packet"
    " where session_id = :session and next_sequence = :before"};
const Sql heard_at_point{
    "select heard_until from live_session where point_id = :point order by heard_until desc"
    " limit 1"};
const Sql heard_of_recorder{
    "select heard_until from live_session where recorder_id = :recorder order by heard_until desc"
    " limit 1"};
const Sql grow_session{
    "update recording_session set length_samples = :length, end_at = :end where id = :session"
    " and length_samples < :length"};
const Sql close_session{
    "update recording_session set length_samples = :length, end_at = :end, state = 'closed'"
    " where id = :session"};
// The run before and the run after of one recorder at one point.
const Sql neighbour_before{
    "select s.end_at from recording_session s join live_session l on l.session_id = s.id"
    " where s.recorder_id = :recorder and s.begin_at < :at and s.begin_at > :from"
    " and s.point_id = :point and s.state = 'closed' order by s.begin_at desc limit 1"};
const Sql neighbour_after{
    "select s.begin_at from recording_session s join live_session l on l.session_id = s.id"
    " where s.recorder_id = :recorder and s.begin_at >= :at and s.begin_at < :until"
    " and s.point_id = :point order by s.begin_at limit 1"};

const Sql insert_tail{
    "insert into tail_chunk (id, company_id, unit, session_id, sequence, span, kind, packet_count,"
    " first_sample, sample_count, content, bytes, ended_at, created_at) values (:id, :company,"
    " :unit, :session, :sequence, :span, :kind, :packets, :first, :samples, :content, :bytes,"
    " :ended, :at)"};
const Sql tail_of_sequence{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session and sequence = :sequence"};
const Sql tail_before{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session and sequence < :sequence order by sequence desc limit 1"};
const Sql tail_after{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session and sequence > :sequence order by sequence limit 1"};
const Sql tail_between{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session and sequence >= :sequence and sequence < :until"
    " order by sequence"};
const Sql tail_from{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session and sequence >= :sequence order by sequence limit :count"};
const Sql newest_tail{
    "select id, sequence, span, kind, first_sample, sample_count, content from tail_chunk"
    " where session_id = :session order by sequence desc limit 1"};
// With their bytes, from here on.
const Sql tail_until{
    "select id, sequence, span, kind, first_sample, sample_count, content, packet_count, bytes,"
    " ended_at, created_at from tail_chunk where session_id = :session and sequence >= :sequence"
    " and sequence < :until order by sequence limit :count"};
const Sql tail_meeting{
    "select id, sequence, span, kind, first_sample, sample_count, content, packet_count, bytes,"
    " ended_at, created_at from tail_chunk where session_id = :session"
    " and first_sample >= :from_sample and first_sample < :to_sample order by first_sample"};
const Sql change_tail{"update tail_chunk set bytes = :bytes where id = :id"};
const Sql delete_tail{
    "delete from tail_chunk where session_id = :session and sequence < :sequence"};
const Sql insert_run{
    "insert into chunk_run (id, company_id, unit, session_id, first_sequence, sequence_count,"
    " content) values (:id, :company, :unit, :session, :first, :count, :content)"};
const Sql run_holding{
    "select first_sequence, sequence_count, content from chunk_run where session_id = :session"
    " and first_sequence <= :sequence order by first_sequence desc limit 1"};

const Sql last_segment{
    "select media_file_id, first_packet + packet_count from segment where track_id = :track"
    " order by first_sample desc limit 1"};
const Sql pages_of_file{"select page_index from segment where media_file_id = :file"};
const Sql set_track_peaks{"update track set peaks_file_id = :file where id = :track"};
const Sql raise_peak{
    "update track set peak_centidb = :peak where id = :track"
    " and (peak_centidb is null or peak_centidb < :peak)"};
const Sql mark_silent{
    "update track set silent = 1 where session_id = :session"
    " and (peak_centidb is null or peak_centidb <= :peak)"};
// A pause is at most a day long, so the walk of the index begins there.
const Sql pauses_meeting{
    "select begin_at, end_at, uncertainty_us from pause where point_id = :point"
    " and begin_at > :from and begin_at < :end and (end_at is null or end_at > :begin)"
    " order by begin_at"};

}  // namespace otklik::live_sql
