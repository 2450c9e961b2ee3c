#pragma once
// One connection to SQLite with its statement cache. Errors become StoreFault here.
// Thread: one at a time.
#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/inside.h"

namespace otklik {

enum class SqliteUse { write, read, copy };

class SqliteConnection {
public:
    SqliteConnection(const std::string& path, SqliteUse use);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    /// One or many statements without parameters.
    void script(const std::string& text);
    std::int64_t run(Sql sql, const Params& params);
    std::vector<Row> rows(Sql sql, const Params& params);
    bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
    /// Statements end with Error{busy, "store.slow"} after this moment.
    void set_deadline(std::chrono::steady_clock::time_point at) { deadline_ = at; }
    /// Checkpoints. True when the whole log was written back.
    bool checkpoint(bool truncate);
    int log_pages() const { return log_pages_; }

private:
    struct Close {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    struct Statement {
        NumberedSql sql;
        std::unique_ptr<sqlite3_stmt, Close> handle;
    };
    void set_up(SqliteUse use);
    Statement& prepare(Sql sql);
    Statement& bind(Sql sql, const Params& params);
    Row read_row(sqlite3_stmt* handle);
    void check_deadline() const;
    [[noreturn]] void fail(int result, std::string_view what);

    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, Statement> statements_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    int log_pages_ = 0;
};

}  // namespace otklik
