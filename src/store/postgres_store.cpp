// The store on PostgreSQL: three writers (presses, and claims, READ COMMITTED, the rest
// SERIALIZABLE) and a pool of readers.
#include <algorithm>

#include "base/log.h"
#include "store/database_copy.h"
#include "store/group_writer.h"
#include "store/migrate.h"
#include "store/postgres_connection.h"
#include "store/reader_pool.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

class PostgresTx : public StoreTx {
public:
    PostgresTx(PostgresConnection& connection, const Clock& clock)
        : StoreTx(clock), connection_(connection) {}
    Dialect dialect() const override { return Dialect::postgres; }

protected:
    std::int64_t do_run(Sql sql, const Params& params) override {
        return connection_.run(sql, params);
    }
    std::vector<std::int64_t> do_run_many(Sql sql, std::span<const Params> rows) override {
        return connection_.run_many(sql, rows);
    }
    std::vector<Row> do_insert_many(Sql sql, std::span<const Params> rows) override {
        return connection_.insert_many(sql, rows);
    }
    std::vector<Row> do_rows(Sql sql, const Params& params) override {
        return connection_.rows(sql, params);
    }

private:
    PostgresConnection& connection_;
};

enum class Isolation { read_committed, serializable };

class PostgresBackend : public WriteBackend {
public:
    PostgresBackend(const std::string& conninfo, const Clock& clock, Isolation isolation,
                    PostgresUse use = PostgresUse::write)
        : connection_(conninfo, use), tx_(connection_, clock), isolation_(isolation) {}
    /// Travels with the first statement. When the server was restarted meanwhile, that statement
    /// finds the connection lost, and the group runs again on a new one.
    void begin() override {
        connection_.revive();
        connection_.queue(isolation_ == Isolation::serializable
                              ? "begin isolation level serializable"
                              : "begin isolation level read committed");
    }
    void savepoint() override { connection_.queue("savepoint closure"); }
    void release() override {
        connection_.queue("release closure");
        hear_what_is_late();
    }
    void rollback_to() override {
        connection_.queue("rollback to closure");
        connection_.queue("release closure");
        hear_what_is_late();
    }
    void commit() override {
        connection_.queue("commit");
        connection_.flush();
    }
    void rollback() noexcept override {
        if (!connection_.alive()) return;
        try {
            connection_.queue("rollback");
            connection_.flush();
        } catch (const Error& error) {
            log_warning("store.rollback_failed", {{"detail", error.detail()}});
            connection_.drop();
        }
    }
    bool late_may_join() const override { return isolation_ == Isolation::read_committed; }
    bool broken() const override { return !connection_.alive(); }
    StoreTx& tx() override { return tx_; }
    void tidy(bool) override {}

private:
    /// What a closure wrote must fail in that closure, and not in the next one.
    void hear_what_is_late() {
        if (connection_.has_late()) connection_.flush();
    }

    PostgresConnection connection_;
    PostgresTx tx_;
    Isolation isolation_;
};

class PostgresStore : public Store {
public:
    PostgresStore(const std::string& conninfo, const StoreConfig& config, const Clock& clock)
        : conninfo_(conninfo),
          clock_(clock),
          press_backend_(conninfo, clock, Isolation::read_committed),
          claim_backend_(conninfo, clock, Isolation::read_committed, PostgresUse::claim),
          backend_(conninfo, clock, Isolation::serializable),
          press_writer_(press_backend_),
          claim_writer_(claim_backend_),
          writer_(backend_) {
        for (int i = 0; i < std::max(config.readers, 1); ++i)
            readers_.add(std::make_unique<PostgresConnection>(conninfo, PostgresUse::read));
    }
    bool is_sqlite() const override { return false; }
    void copy_into(const std::string& path) override {
        copy_postgres_to_sqlite(conninfo_, path, clock_);
    }
    void ping() override {
        try {
            read_closure([](Tx& tx) { tx.rows(sql::ping); });
        } catch (const Error& error) {
            throw Error(Fault::unavailable, "store.away").because(error.detail());
        }
    }

protected:
    void write_closure(const std::function<void(Tx&)>& f, Lane lane) override {
        (lane == Lane::press   ? press_writer_
         : lane == Lane::claim ? claim_writer_
                               : writer_)
            .write(f, lane);
    }
    void read_closure(const std::function<void(Tx&)>& f) override {
        const Borrowed borrowed(readers_);
        PostgresConnection& reader = *borrowed;
        begin_read(reader);
        const auto length = std::chrono::microseconds(read_length_max.us);
        reader.set_deadline(std::chrono::steady_clock::now() + length);
        PostgresTx tx(reader, clock_);
        try {
            f(tx);
        } catch (...) {
            end_read(reader);
            throw;
        }
        end_read(reader);
    }

private:
    static void begin_read(PostgresConnection& reader) {
        const auto once = [&] {
            reader.revive();
            reader.queue("begin isolation level repeatable read read only");
            reader.flush();
        };
        try {
            once();
        } catch (const StoreFault& fault) {
            if (fault.death() != Death::lost) throw;
            once();
        }
    }
    static void end_read(PostgresConnection& reader) noexcept {
        reader.set_deadline(std::chrono::steady_clock::time_point::max());
        if (!reader.alive()) return;
        try {
            reader.queue("rollback");
            reader.flush();
        } catch (const Error& error) {
            log_warning("store.read_not_ended", {{"detail", error.detail()}});
            reader.drop();
        }
    }

    const std::string conninfo_;
    const Clock& clock_;
    ReaderPool<PostgresConnection> readers_;
    // A claim in the transaction of presses would make all of them wait for it. One that a crash of
    // the server takes back finds its job open again, so it waits for no disk.
    PostgresBackend press_backend_, claim_backend_, backend_;
    GroupWriter press_writer_, claim_writer_, writer_;
};

}  // namespace

std::unique_ptr<Store> open_postgres(const std::string& conninfo, const StoreConfig& config,
                                     const Clock& clock, std::span<const EmbeddedFile> migrations) {
    {
        PostgresConnection connection(conninfo, PostgresUse::migrate);
        migrate({Dialect::postgres, [&](const std::string& text) { connection.script(text); },
                 [&](Sql sql, const Params& params) { return connection.rows(sql, params); },
                 "lock table migration in exclusive mode"},
                migrations, clock, config.may_migrate);
        if (config.may_migrate) connection.rows(sql::settle_foreign_facts, {});
    }
    return std::make_unique<PostgresStore>(conninfo, config, clock);
}

void postgres_command(const std::string& conninfo, const std::string& statement) {
    PostgresConnection(conninfo, PostgresUse::migrate).script(statement);
}

}  // namespace otklik
