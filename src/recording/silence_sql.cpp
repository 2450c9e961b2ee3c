#include "recording/silence_sql.h"

namespace otklik::silence_sql {

const Sql insert_silence{
    "insert into silence (id, company_id, unit, session_id, begin_sample, end_sample, reason,"
    " original_sha256, made_at) values (:id, :company, :unit, :session, :begin, :end, :reason,"
    " :sha256, :at)"};
const Sql silences_of_session{
    "select begin_sample, end_sample, reason, original_sha256, made_at from silence"
    " where session_id = :session order by begin_sample, id"};
const Sql pauses_with_reason{
    "select begin_at, end_at, uncertainty_us, reason from pause where point_id = :point"
    " and begin_at > :from and begin_at < :end order by begin_at"};
const Sql files_of_track{
    "select media_file_id, first_packet, packet_count from segment where track_id = :track"
    " order by first_sample"};
const Sql segments_of_file{
    "select byte_begin, byte_count, first_packet, first_sample, sample_count, page_index"
    " from segment where media_file_id = :file"};
const Sql delete_segments{"delete from segment where media_file_id = :file"};
const Sql sessions_of_original{
    "select id, length_samples, begin_at from recording_session where original_id = :original"};
const Sql originals_of_file{
    "select count(*) from original where media_file_id = :file and erased_at is null"};
const Sql replace_original{"update original set media_file_id = :file where id = :id"};

}  // namespace otklik::silence_sql
