#include "store/database_copy.h"

#include <fcntl.h>

#include <filesystem>
#include <limits>
#include <vector>

#include "base/files.h"
#include "store/migrate.h"
#include "store/postgres_connection.h"
#include "store/sqlite_connection.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr std::string_view facts_read = "fact_cursor";  // a cursor means another order there
constexpr std::string_view own_list = "migration";      // each database keeps its own

/// A table and its columns as SQLite has them; PostgreSQL has the same and the xid of facts, which
/// means nothing elsewhere.
struct Table {
    std::string name;
    std::string columns;              // "id", "at"
    std::string insert;               // with :c0, :c1 …
    std::vector<std::string> params;  // c0, c1 …
};

std::vector<Table> tables_of(SqliteConnection& sqlite) {
    std::vector<Table> tables;
    for (const Row& row : sqlite.rows(sql::tables_sqlite, {})) {
        Table table{.name = row.text(0), .columns = {}, .insert = {}, .params = {}};
        if (table.name == own_list) continue;
        std::string values;
        for (const Row& column : sqlite.rows(sql::columns_sqlite, {{"name", table.name}})) {
            const std::string comma = table.params.empty() ? "" : ", ";
            table.params.push_back("c" + std::to_string(table.params.size()));
            table.columns += comma + '"' + column.text(0) + '"';
            values += comma + ':' + table.params.back();
        }
        table.insert =
            "insert into \"" + table.name + "\" (" + table.columns + ") values (" + values + ")";
        tables.push_back(std::move(table));
    }
    return tables;
}

/// The values of a row from column `first` on, under the names of the table's insert.
Params params_of(const Table& table, const Row& row, std::size_t first) {
    Params params;
    params.reserve(table.params.size());
    for (std::size_t i = 0; i < table.params.size(); ++i) {
        params.emplace_back(table.params[i], nullptr);
        params.back().value = row.value(first + i);
    }
    return params;
}

/// A draft: when the machine fails, there is no manifest and so no backup. Synced at the end.
void make_draft(SqliteConnection& sqlite, const Clock& clock) {
    sqlite.script("pragma journal_mode = memory; pragma synchronous = off;");
    migrate({Dialect::sqlite, [&](const std::string& text) { sqlite.script(text); },
             [&](Sql sql, const Params& params) { return sqlite.rows(sql, params); }, ""},
            embedded_migrations(), clock, true);
}

void require_same_schema(SqliteConnection& sqlite, PostgresConnection& postgres) {
    const auto ours = sqlite.rows(sql::migrations, {});
    const auto theirs = postgres.rows(sql::migrations, {});
    if (ours.size() != theirs.size())
        throw Error(Fault::conflict, "store.newer", {{"name", theirs.back().text(0)}});
}

void read_table(PostgresConnection& from, SqliteConnection& to, const Table& table) {
    from.script("declare rows_copied no scroll cursor for select " + table.columns + " from \"" +
                table.name + '"');
    for (;;) {
        const auto page = from.rows(sql::fetch_copied_postgres, {});
        for (const Row& row : page) to.run({table.insert}, params_of(table, row, 0));
        if (page.empty()) break;
    }
    from.script("close rows_copied");
}

void write_table(SqliteConnection& from, PostgresConnection& to, const Table& table) {
    const std::string select = "select rowid, " + table.columns + " from \"" + table.name +
                               "\" where rowid > :after order by rowid limit :count";
    for (std::int64_t after = std::numeric_limits<std::int64_t>::min();;) {
        const auto page = from.rows({select}, {{"after", after}, {"count", sql::page_rows}});
        if (page.empty()) return;
        std::vector<Params> rows;
        rows.reserve(page.size());
        for (const Row& row : page) rows.push_back(params_of(table, row, 1));
        to.insert_many({table.insert}, rows);
        after = page.back().integer(0);
    }
}

/// Who has just gone may still be on the way out.
bool is_in_use(PostgresConnection& connection) {
    for (int i = 0; i < 10; ++i) {
        if (connection.rows(sql::others_postgres, {}).empty()) return false;
        connection.rows(sql::wait_postgres, {});
    }
    return true;
}

void require_empty(PostgresConnection& connection) {
    if (!connection.rows(sql::anything_postgres, {}).empty())
        throw Error(Fault::conflict, "restore.database_not_empty");
}

/// The end of one's own transaction is not the end of the one around all of it.
void make_tables(PostgresConnection& connection, const Clock& clock) {
    const auto script = [&](const std::string& text) {
        if (text != "begin" && text != "commit") connection.script(text);
    };
    migrate({Dialect::postgres, script,
             [&](Sql sql, const Params& params) { return connection.rows(sql, params); },
             "lock table migration in exclusive mode"},
            embedded_migrations(), clock, true);
}

}  // namespace

void copy_postgres_to_sqlite(const std::string& conninfo, const std::string& path,
                             const Clock& clock) {
    {
        SqliteConnection to(path, SqliteUse::write);
        make_draft(to, clock);
        PostgresConnection from(conninfo, PostgresUse::migrate);
        from.script("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
        from.script("begin isolation level repeatable read read only");
        require_same_schema(to, from);
        to.script("begin");
        for (const Table& table : tables_of(to))
            if (table.name != facts_read) read_table(from, to, table);
        for (const Row& row : from.rows(sql::cursors_by_id_postgres, {}))
            if (!row.is_null(1))
                to.run(sql::move_fact_cursor,
                       {{"reader", row.text(0)}, {"fact_id", row.integer(1)}});
        to.script("commit");
        from.script("rollback");
    }
    const Fd copy = open_file(path, O_RDWR);
    durable(copy.get(), path);
    const auto folder = std::filesystem::path(path).parent_path().string();
    durable_folder(folder.empty() ? "." : folder);
}

void require_empty_postgres(const std::string& conninfo) {
    PostgresConnection connection(conninfo, PostgresUse::migrate);
    if (is_in_use(connection)) throw Error(Fault::conflict, "restore.database_in_use");
    require_empty(connection);
}

void copy_sqlite_to_postgres(const std::string& path, const std::string& conninfo,
                             const Clock& clock) {
    PostgresConnection to(conninfo, PostgresUse::migrate);
    SqliteConnection from(path, SqliteUse::copy);
    to.script("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
    to.script("begin");
    require_empty(to);
    make_tables(to, clock);
    to.enter_pipeline();
    for (const Table& table : tables_of(from)) write_table(from, to, table);
    to.queue("commit");
    to.flush();
    postgres_command(conninfo, "analyze");  // else the first hours read whole tables
}

}  // namespace otklik
