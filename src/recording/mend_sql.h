#pragma once
// Statements of mending; private to the room recording.
#include "store/store.h"

namespace otklik::mend_sql {

extern const Sql minutes_of_file, session_of_track, delete_minute, track_of_peaks;

}  // namespace otklik::mend_sql
