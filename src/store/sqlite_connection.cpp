#include "store/sqlite_connection.h"

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace otklik {
namespace {

constexpr std::size_t statements_max =
    2'000;                          // statements are constants; more is a bug, not a load
constexpr int busy_ms_max = 5'000;  // a foreign process (sqlite3 shell) may hold the lock
constexpr int steps_between_looks = 10'000;

/// Only full transactions reach the disk here; a sync that failed may have dropped the page.
bool is_failed_sync(int extended) {
    return extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, SqliteUse use) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (use == SqliteUse::write) flags |= SQLITE_OPEN_CREATE;
    const int result = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
    if (result != SQLITE_OK) {
        const StoreFault fault(Death::plain, Fault::unavailable, "store.away",
                               "open " + path + ": " + sqlite3_errstr(result));
        sqlite3_close_v2(db_);
        throw fault;
    }
    try {
        set_up(use);
    } catch (...) {
        statements_.clear();
        sqlite3_close_v2(db_);
        throw;
    }
}

SqliteConnection::~SqliteConnection() {
    statements_.clear();
    sqlite3_close_v2(db_);
}

void SqliteConnection::set_up(SqliteUse use) {
    sqlite3_busy_timeout(db_, busy_ms_max);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (use != SqliteUse::write)  // 3.40 must not meet two checkpointers (WAL-reset bug)
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    script(
        "pragma mmap_size = 0; pragma temp_store = memory; pragma cell_size_check = on;"
        "pragma foreign_keys = off; pragma wal_autocheckpoint = 0;");
    if (use == SqliteUse::write) {
        script(
            "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;"
            "pragma journal_size_limit = 67108864; pragma cache_size = -65536;");
        sqlite3_wal_hook(
            db_,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<SqliteConnection*>(self)->log_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    } else if (use == SqliteUse::read) {
        script("pragma query_only = on; pragma cache_size = -16384;");
        sqlite3_progress_handler(
            db_, steps_between_looks,
            [](void* self) {
                const auto now = std::chrono::steady_clock::now();
                return now > static_cast<SqliteConnection*>(self)->deadline_ ? 1 : 0;
            },
            this);
    }
}

void SqliteConnection::script(const std::string& text) {
    const int result = sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(result, text);
}

SqliteConnection::Statement& SqliteConnection::prepare(Sql sql) {
    const std::string key(sql.text);
    if (const auto known = statements_.find(key); known != statements_.end()) return known->second;
    if (statements_.size() >= statements_max) statements_.clear();
    Statement statement{number_params(sql.text, Dialect::sqlite), nullptr};
    sqlite3_stmt* handle = nullptr;
    const char* tail = nullptr;
    const int result = sqlite3_prepare_v3(db_, statement.sql.text.c_str(), -1,
                                          SQLITE_PREPARE_PERSISTENT, &handle, &tail);
    statement.handle.reset(handle);
    if (result != SQLITE_OK) fail(result, sql.text);
    assert(handle && *tail == '\0' && "one statement per Sql");
    return statements_.emplace(key, std::move(statement)).first->second;
}

SqliteConnection::Statement& SqliteConnection::bind(Sql sql, const Params& params) {
    check_deadline();
    Statement& statement = prepare(sql);
    const auto values = order_values(statement.sql, params);
    sqlite3_stmt* handle = statement.handle.get();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        int result = SQLITE_OK;
        const Value& value = *values[i];
        // The values outlive the statement's run, so SQLite need not copy them.
        if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            result = sqlite3_bind_int64(handle, at, *whole);
        } else if (const auto* real = std::get_if<double>(&value)) {
            result = sqlite3_bind_double(handle, at, *real);
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            result = sqlite3_bind_text64(handle, at, text->data(), text->size(), SQLITE_STATIC,
                                         SQLITE_UTF8);
        } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
            result = sqlite3_bind_blob64(handle, at, bytes->value.data(), bytes->value.size(),
                                         SQLITE_STATIC);
        } else {
            result = sqlite3_bind_null(handle, at);
        }
        if (result != SQLITE_OK) fail(result, sql.text);
    }
    return statement;
}

std::int64_t SqliteConnection::run(Sql sql, const Params& params) {
    sqlite3_stmt* handle = bind(sql, params).handle.get();
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW) result = sqlite3_step(handle);
    const std::int64_t changed = sqlite3_stmt_readonly(handle) ? 0 : sqlite3_changes64(db_);
    sqlite3_reset(handle);
    sqlite3_clear_bindings(handle);
    if (result != SQLITE_DONE) fail(result, sql.text);
    return changed;
}

Row SqliteConnection::read_row(sqlite3_stmt* handle) {
    const int count = sqlite3_column_count(handle);
    std::vector<Value> values;
    values.reserve(std::size_t(count));
    for (int i = 0; i < count; ++i) {
        const auto bytes = [&](const void* data) {
            const auto size = std::size_t(sqlite3_column_bytes(handle, i));
            return data ? std::string(static_cast<const char*>(data), size) : std::string();
        };
        switch (sqlite3_column_type(handle, i)) {
            case SQLITE_INTEGER:
                values.emplace_back(std::int64_t{sqlite3_column_int64(handle, i)});
                break;
            case SQLITE_FLOAT:
                values.emplace_back(sqlite3_column_double(handle, i));
                break;
            case SQLITE_TEXT:
                values.emplace_back(bytes(sqlite3_column_text(handle, i)));
                break;
            case SQLITE_BLOB:
                values.emplace_back(Bytes{bytes(sqlite3_column_blob(handle, i))});
                break;
            default:
                values.emplace_back(nullptr);
        }
    }
    return Row(std::move(values));
}

std::vector<Row> SqliteConnection::rows(Sql sql, const Params& params) {
    sqlite3_stmt* handle = bind(sql, params).handle.get();
    std::vector<Row> out;
    int result = sqlite3_step(handle);
    for (; result == SQLITE_ROW; result = sqlite3_step(handle)) out.push_back(read_row(handle));
    sqlite3_reset(handle);
    sqlite3_clear_bindings(handle);
    if (result != SQLITE_DONE) fail(result, sql.text);
    return out;
}

bool SqliteConnection::checkpoint(bool truncate) {
    int in_log = 0, written = 0;
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    const int result = sqlite3_wal_checkpoint_v2(db_, nullptr, mode, &in_log, &written);
    if (result == SQLITE_BUSY) return false;
    if (result != SQLITE_OK) fail(result, "checkpoint");
    log_pages_ = truncate ? 0 : in_log;
    return in_log == written;
}

void SqliteConnection::check_deadline() const {
    if (std::chrono::steady_clock::now() > deadline_)
        throw StoreFault(Death::plain, Fault::busy, "store.slow",
                         "a read transaction was too long");
}

void SqliteConnection::fail(int result, std::string_view what) {
    const int extended = sqlite3_extended_errcode(db_);
    const int system_errno = sqlite3_system_errno(db_);
    const std::string detail = std::string(sqlite3_errmsg(db_)) + " (" + std::to_string(extended) +
                               ") in: " + std::string(what.substr(0, 200));
    if (is_failed_sync(result) || is_failed_sync(extended)) {
        std::fprintf(stderr, "fatal: %s; the page may be lost, stopping\n", detail.c_str());
        std::abort();
    }
    const bool no_room = system_errno == ENOSPC || system_errno == EDQUOT;
    switch (result & 0xFF) {
        case SQLITE_CONSTRAINT:
            if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                extended == SQLITE_CONSTRAINT_ROWID)
                throw StoreFault(Death::plain, Fault::conflict, "row.exists", detail);
            break;
        case SQLITE_FULL:
            throw StoreFault(Death::plain, Fault::full, "disk.full", detail);
        case SQLITE_IOERR:
            if (no_room) throw StoreFault(Death::plain, Fault::full, "disk.full", detail);
            break;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw StoreFault(Death::plain, Fault::busy, "store.busy", detail);
        case SQLITE_INTERRUPT:
            throw StoreFault(Death::plain, Fault::busy, "store.slow", detail);
        case SQLITE_CANTOPEN:
            throw StoreFault(Death::plain, Fault::unavailable, "store.away", detail);
        default:
            break;
    }
    throw StoreFault(Death::plain, Fault::internal, "store.failed", detail);
}

}  // namespace otklik
