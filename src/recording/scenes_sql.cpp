#include "recording/scenes_sql.h"

namespace otklik::scenes_sql {

const Sql insert_match{
    "insert into scene_match (session_id, other_id, company_id, unit, turn, reason, pieces_agree,"
    " pieces, windows_agree, windows_clear, judged_at) values (:session, :other, :company, :unit,"
    " :turn, :reason, :pieces_agree, :pieces, :windows_agree, :windows_clear, :at)"
    " on conflict do nothing"};
const Sql matches_of_session{
    "select other_id, turn, reason, pieces_agree, pieces, windows_agree, windows_clear"
    " from scene_match where session_id = :session order by other_id"};
// A session is at most 24 h long, so the walk of the index begins a little over a day before.
const Sql sessions_near{
    "select id from recording_session"
    " where point_id = :point and begin_at > :from and begin_at < :end and erased_at is null"};

}  // namespace otklik::scenes_sql
