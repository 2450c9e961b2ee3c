#pragma once
// Statements of recording/retention; private to it.
#include "store/store.h"

namespace otklik::retention_sql {

extern const Sql due_recordings, count_kept, oldest_kept;
extern const Sql drop_peaks, mark_recording;
extern const Sql old_originals, find_original_file, mark_original;

}  // namespace otklik::retention_sql
