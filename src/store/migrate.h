#pragma once
// Migrations: each file once, in its own transaction, in the order of the names, remembered with
// its hash. Owns: table migration. Thread: at opening only.
#include <functional>
#include <span>
#include <string>

#include "embedded.h"
#include "store/inside.h"

namespace otklik {

/// A connection that can migrate. `script` runs many statements, inside a transaction of ours.
struct MigrationTarget {
    Dialect dialect;
    std::function<void(const std::string& script)> script;
    std::function<std::vector<Row>(Sql sql, const Params& params)> rows;
    std::string lock;  // statement that keeps other processes out, inside the transaction
};

/// Throws Error{conflict}: "store.changed" (a file that ran has another hash now), "store.newer"
/// (the database knows a migration we do not), "store.old" (there is work and may_migrate is
/// false).
void migrate(const MigrationTarget& target, std::span<const EmbeddedFile> files, const Clock& clock,
             bool may_migrate);

}  // namespace otklik
