#include "recording/markers_sql.h"

namespace otklik::markers_sql {

const Sql insert_marker{
    "insert into marker (id, company_id, unit, point_id, device_id, mark_id, code, played_at,"
    " uncertainty_us, latency_us, received_at) values (:id, :company, :unit, :point, :device,"
    " :mark, :code, :played, :uncertainty, :latency, :at) on conflict do nothing"};
const Sql same_marker{
    "select id, code, played_at from marker where device_id = :device and mark_id = :mark"};
const Sql find_marker{
    "select id, point_id, device_id, mark_id, code, played_at, uncertainty_us, latency_us"
    " from marker where id = :id"};
const Sql markers_of_point{
    "select id, point_id, device_id, mark_id, code, played_at, uncertainty_us, latency_us"
    " from marker where point_id = :point and played_at >= :begin and played_at < :end"
    " order by played_at limit :count"};
const Sql markers_between{
    "select id, point_id, device_id, mark_id, code, played_at, uncertainty_us, latency_us"
    " from marker where company_id = :company and played_at >= :begin and played_at < :end"
    " order by played_at limit :count"};
const Sql insert_search{
    "insert into marker_search (session_id, company_id, unit, searched_at) values (:session,"
    " :company, :unit, :at) on conflict do nothing"};
const Sql find_search{"select searched_at from marker_search where session_id = :session"};
const Sql insert_heard{
    "insert into marker_heard (session_id, media_sample, code, score, alone) values (:session,"
    " :sample, :code, :score, :alone) on conflict do nothing"};
const Sql heard_in_session{
    "select media_sample, code, score, alone from marker_heard where session_id = :session"
    " order by media_sample"};
const Sql put_turn{
    "insert into marker_turn (session_id, marker_id, turn, reason, media_sample, judged_at) values"
    " (:session, :marker, :turn, :reason, :sample, :at)"};
const Sql drop_turns{"delete from marker_turn where session_id = :session"};
const Sql turns_of_session{
    "select m.id, m.point_id, m.device_id, m.mark_id, m.code, m.played_at, m.uncertainty_us,"
    " m.latency_us, t.turn, t.reason, t.media_sample from marker_turn t join marker m"
    " on m.id = t.marker_id where t.session_id = :session"};
// A session is at most 24 h long, so the walk of the index begins a little over a day before.
const Sql sessions_of_point{
    "select id, begin_at, end_at, uncertainty_us from recording_session where point_id = :point"
    " and begin_at > :from and begin_at < :end"};

}  // namespace otklik::markers_sql
