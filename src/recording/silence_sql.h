#pragma once
// Statements of stage recording.silence. Private to the room.
#include "store/store.h"

namespace otklik::silence_sql {

extern const Sql insert_silence, silences_of_session, pauses_with_reason, files_of_track,
    segments_of_file, delete_segments, sessions_of_original, originals_of_file, replace_original;

}  // namespace otklik::silence_sql
