#include "recording/mend_sql.h"

namespace otklik::mend_sql {

const Sql minutes_of_file{
    "select id, track_id, byte_begin, byte_count, first_sample, sample_count, sha256 from segment"
    " where media_file_id = :file"};
const Sql session_of_track{"select session_id from track where id = :track"};
const Sql delete_minute{"delete from segment where id = :id"};
const Sql track_of_peaks{"select id, session_id from track where peaks_file_id = :file"};

}  // namespace otklik::mend_sql
