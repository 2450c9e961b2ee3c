#pragma once
// Backup: a consistent copy of the database, as an SQLite file whichever database it is, and of
// every file its rows name, taken while the server works; never the keys. The manifest is written
// last: a folder without it is no backup. Restore writes a new folder, holds every file against its
// row's hash, and only then gives the folder its name. Thread: any; long; deletions must be paused
// meanwhile (a file of the copy must not be unlinked).
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"

namespace otklik {

class Store;
class Blobs;

struct BackupReport {
    std::int64_t files = 0;
    std::int64_t bytes = 0;  // of the files, without the database
};

/// How far a backup is, for whoever watches from another thread, and the wish to end it.
struct BackupProgress {
    std::atomic<std::int64_t> files{0}, files_total{0}, bytes{0}, bytes_total{0};
    std::atomic<bool> cancelled{false};
    std::function<void()> on_step;  // of the thread that copies
    void begin() {
        files = files_total = bytes = bytes_total = 0;
        cancelled = false;
    }
};

/// Error{conflict, "backup.not_empty"} when the folder holds anything.
void require_backup_folder(const std::string& folder);
/// Error{full}: the folder stays without a manifest. Error{conflict, "backup.cancelled"}: what was
/// copied is removed.
BackupReport make_backup(Store& store, const Blobs& blobs, const std::string& folder,
                         const Clock& clock, BackupProgress* progress = nullptr);

/// Error{conflict, "restore.not_empty"}: the data folder is there already; Error{invalid,
/// "restore.no_manifest"}, Error{invalid, "restore.damaged", {path}}: nothing was written under the
/// data folder's name. Error{conflict, "restore.database_not_empty"}, Error{conflict,
/// "restore.database_in_use"}: of PostgreSQL; it is filled in one transaction, after all checks.
struct RestoreWhere {
    std::string data_folder;
    std::string database_url;  // "postgres:…": there; else SQLite in the data folder
    std::string keys_folder;   // where the restore is signed, so that the audit journal knows of it
    std::string actor;         // "console:root"
};
BackupReport restore_backup(const std::string& folder, const RestoreWhere& where,
                            const Clock& clock);

}  // namespace otklik
