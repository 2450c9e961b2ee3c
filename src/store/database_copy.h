#pragma once
// Copies a whole database between PostgreSQL and an SQLite file: both have one schema, so a backup
// is an SQLite file whichever database it came from, and can be restored into either. Private to
// the room. Thread: any; long, on connections of its own.
#include <string>

#include "base/clock.h"

namespace otklik {

/// The database as of one moment, as a new SQLite file, synced. Reads in one transaction without
/// writing, so it holds back neither presses nor facts.
/// Error{conflict, "store.newer"}: a newer program migrated the database meanwhile.
void copy_postgres_to_sqlite(const std::string& conninfo, const std::string& path,
                             const Clock& clock);

/// Error{conflict, "restore.database_not_empty"}: it holds tables; Error{conflict,
/// "restore.database_in_use"}: somebody else is connected to it.
void require_empty_postgres(const std::string& conninfo);

/// All tables and rows in one transaction: when it fails, the database is as empty as before.
/// `path`: migrated by this program. Error{conflict, "restore.database_not_empty"}.
void copy_sqlite_to_postgres(const std::string& path, const std::string& conninfo,
                             const Clock& clock);

}  // namespace otklik
