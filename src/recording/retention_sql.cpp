#include "recording/retention_sql.h"

namespace otklik::retention_sql {

// Held ones stay in front, so the walk goes on behind the last one looked at.
const Sql due_recordings{
    "select id, end_at from recording_session where point_id = :point and erased_at is null"
    " and end_at < :before and end_at >= :after and (end_at > :after or id > :after_id)"
    " order by end_at, id limit :count"};
const Sql count_kept{
    "select count(*) from recording_session where point_id = :point and erased_at is null"
    " and end_at < :before"};
const Sql oldest_kept{
    "select end_at from recording_session where point_id = :point and erased_at is null"
    " order by end_at, id limit 1"};

const Sql drop_peaks{"update track set peaks_file_id = null where id = :track"};
const Sql mark_recording{
    "update recording_session set erased_at = :at where id = :id and erased_at is null"};

const Sql old_originals{
    "select id, imported_at from original where company_id = :company and erased_at is null"
    " and imported_at < :before and imported_at >= :after"
    " and (imported_at > :after or id > :after_id) order by imported_at, id limit :count"};
const Sql find_original_file{
    "select company_id, unit, media_file_id, imported_at, erased_at from original where id = :id"};
const Sql mark_original{"update original set erased_at = :at where id = :id"};

}  // namespace otklik::retention_sql
