#pragma once
// Statements over uploads; private to the room recording.
#include "store/store.h"

namespace otklik::uploads_sql {

extern const Sql insert_upload, find_upload, uploads_in_state, newest_settled, upload_of_path;
extern const Sql open_of_owner, open_of_folder, bytes_to_come, any_upload;
extern const Sql keep_upload_bytes, look_into_upload, ask_upload, settle_upload, answer_upload,
    end_upload, forget_upload, place_of_upload;

}  // namespace otklik::uploads_sql
