#pragma once
// One connection to PostgreSQL in pipeline mode: control statements (savepoint, release) wait in a
// queue and travel with the next statement, so a closure with one insert costs one round trip.
// Errors become StoreFault here. Thread: one at a time.
#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/inside.h"

namespace otklik {

enum class PostgresUse {
    write,
    claim,  // writes that may be lost with the server's crash, so they wait for no disk
    read,
    migrate,
};

class PostgresConnection {
public:
    PostgresConnection(std::string conninfo, PostgresUse use);
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    /// Connects again when the connection is gone. Throws Error{unavailable, "store.away"}.
    void revive();
    bool alive() const;
    /// Closes a connection nobody can trust any more; revive() makes a new one.
    void drop() noexcept;
    /// Many statements without parameters in one go; only before anything is queued.
    void script(const std::string& text);
    /// From scripts to statements, in the transaction that is open; only of a migrating connection.
    void enter_pipeline();
    /// A statement without result that may wait for the next round trip.
    void queue(const char* control);
    /// Sends what is queued and waits for it.
    void flush();
    std::int64_t run(Sql sql, const Params& params);
    std::vector<std::int64_t> run_many(Sql sql, std::span<const Params> rows);
    /// Rows of the values of one insert, up to 64 in one statement, all in one round trip. A small
    /// insert that returns nothing waits for the next trip, as queue() does: its error comes there.
    std::vector<Row> insert_many(Sql sql, std::span<const Params> rows);
    std::vector<Row> rows(Sql sql, const Params& params);
    bool has_late() const;
    void set_deadline(std::chrono::steady_clock::time_point at) { deadline_ = at; }

private:
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using Result = std::unique_ptr<PGresult, Clear>;
    /// One preparation of a text: the types of its parameters, 0 where the first value was null.
    struct Variant {
        std::string name;
        std::vector<Oid> types;
        bool prepared = false;
    };
    struct Statement {
        NumberedSql sql;
        std::vector<std::unique_ptr<Variant>> variants;
    };
    /// What was sent and is not answered yet.
    struct Sent {
        enum class What { control, prepare, query, late } what;
        Variant* variant = nullptr;
    };

    void connect();
    void set_up();
    Statement& find(Sql sql);
    Variant& find_variant(Statement& statement, const std::vector<const Value*>& values);
    void send(Sql sql, const Params& params);
    void send_insert(Sql sql, std::span<const Params> rows, Sent::What what);
    void send(Statement& statement, Variant& variant, const std::vector<const Value*>& values,
              Sent::What what);
    /// Ends the trip; results of the queries in order. Throws the first error.
    std::vector<Result> answers(std::string_view what);
    Result next_result();
    void check_deadline() const;
    [[noreturn]] void fail(const PGresult* result, std::string_view what);
    [[noreturn]] void lost(std::string_view what);

    std::string conninfo_;
    PostgresUse use_;
    std::unique_ptr<PGconn, Close> connection_;
    std::unordered_map<std::string, Statement> statements_;
    std::vector<Sent> sent_;
    int variant_count_ = 0;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace otklik
