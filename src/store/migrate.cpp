#include "store/migrate.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

using Known = std::map<std::string, std::string>;  // name, hash

Known read_known(const MigrationTarget& target) {
    Known known;
    for (const auto& row : target.rows(sql::migrations, {})) known[row.text(0)] = row.blob(1);
    return known;
}

void check_known(const Known& known, std::span<const EmbeddedFile> files) {
    for (const auto& [name, hash] : known) {
        const auto file = std::find_if(files.begin(), files.end(),
                                       [&](const EmbeddedFile& each) { return each.name == name; });
        if (file == files.end()) throw Error(Fault::conflict, "store.newer", {{"name", name}});
        if (sha256(file->bytes) != hash)
            throw Error(Fault::conflict, "store.changed", {{"name", name}});
    }
}

/// True when the file ran now; another process may have been faster.
void run_file(const MigrationTarget& target, const EmbeddedFile& file, const Clock& clock) {
    target.script("begin");
    try {
        if (!target.lock.empty()) target.script(target.lock);
        if (!read_known(target).contains(std::string(file.name))) {
            target.script(fill_words(file.bytes, target.dialect));
            target.rows(
                sql::add_migration,
                {{"name", file.name}, {"sha256", Bytes{sha256(file.bytes)}}, {"at", clock.now()}});
        }
        target.script("commit");
    } catch (...) {
        try {
            target.script("rollback");
        } catch (const Error&) {  // the first error is the one to tell
        }
        throw;
    }
}

}  // namespace

void migrate(const MigrationTarget& target, std::span<const EmbeddedFile> files, const Clock& clock,
             bool may_migrate) {
    if (may_migrate) {
        try {
            target.script(fill_words(sql::make_migration.text, target.dialect));
        } catch (const Error& error) {  // PostgreSQL: two processes made it at once
            if (error.fault() != Fault::conflict) throw;
        }
    }
    Known known;
    try {
        known = read_known(target);
    } catch (const Error&) {
        if (may_migrate) throw;
        throw Error(Fault::conflict, "store.old");
    }
    check_known(known, files);
    for (const auto& file : files) {
        if (known.contains(std::string(file.name))) continue;
        if (!may_migrate)
            throw Error(Fault::conflict, "store.old", {{"name", std::string(file.name)}});
        run_file(target, file, clock);
    }
}

}  // namespace otklik
