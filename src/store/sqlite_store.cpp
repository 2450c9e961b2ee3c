// The store on SQLite: one writing connection, opened first and closed last, that does every
// checkpoint.
#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "base/files.h"
#include "base/log.h"
#include "store/group_writer.h"
#include "store/migrate.h"
#include "store/reader_pool.h"
#include "store/sqlite_connection.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

// 4 KiB pages. A log is written back when nobody waits, at the latest at 32 MiB; truncated above 64
// MiB.
constexpr int log_pages_idle = 1'000;
constexpr int log_pages_busy = 8'000;
constexpr int log_pages_truncate = 16'000;

class SqliteTx : public StoreTx {
public:
    SqliteTx(SqliteConnection& connection, const Clock& clock, std::atomic<std::int64_t>& id_floor)
        : StoreTx(clock), connection_(connection), id_floor_(id_floor) {}
    Dialect dialect() const override { return Dialect::sqlite; }
    /// Fact cursors need rising ids over restarts too, even when the clock was set back meanwhile.
    std::int64_t next_id() override {
        const std::int64_t id = StoreTx::next_id();
        std::int64_t floor = id_floor_.load();
        for (;;) {
            if (id > floor) return id;
            if (id_floor_.compare_exchange_weak(floor, floor + 1)) return floor + 1;
        }
    }

protected:
    std::int64_t do_run(Sql sql, const Params& params) override {
        return connection_.run(sql, params);
    }
    std::vector<std::int64_t> do_run_many(Sql sql, std::span<const Params> rows) override {
        std::vector<std::int64_t> changed;
        changed.reserve(rows.size());
        for (const auto& params : rows) changed.push_back(connection_.run(sql, params));
        return changed;
    }
    std::vector<Row> do_insert_many(Sql sql, std::span<const Params> rows) override {
        std::vector<Row> returned;
        for (const auto& params : rows)
            for (auto& row : connection_.rows(sql, params)) returned.push_back(std::move(row));
        return returned;
    }
    std::vector<Row> do_rows(Sql sql, const Params& params) override {
        return connection_.rows(sql, params);
    }

private:
    SqliteConnection& connection_;
    std::atomic<std::int64_t>& id_floor_;
};

class SqliteBackend : public WriteBackend {
public:
    SqliteBackend(SqliteConnection& connection, const Clock& clock,
                  std::atomic<std::int64_t>& floor)
        : connection_(connection), tx_(connection, clock, floor) {}
    void begin() override { connection_.run({"begin immediate"}, {}); }
    void savepoint() override { connection_.run({"savepoint closure"}, {}); }
    void release() override { connection_.run({"release closure"}, {}); }
    void rollback_to() override {
        connection_.run({"rollback to closure"}, {});
        release();
    }
    void commit() override { connection_.run({"commit"}, {}); }
    void rollback() noexcept override {
        try {
            if (connection_.in_transaction()) connection_.run({"rollback"}, {});
        } catch (const Error& error) {
            log_error("store.rollback_failed", {{"detail", error.detail()}});
        }
    }
    bool late_may_join() const override { return true; }  // nobody else writes meanwhile
    bool broken() const override { return !connection_.in_transaction(); }
    StoreTx& tx() override { return tx_; }
    void tidy(bool somebody_waits) override {
        const int pages = connection_.log_pages();
        if (pages < log_pages_idle || (somebody_waits && pages < log_pages_busy)) return;
        try {
            // A reader may hold the log; then it is written back at the next commit.
            const bool all = connection_.checkpoint(false);
            if (all && pages >= log_pages_truncate && !somebody_waits) connection_.checkpoint(true);
        } catch (const Error& error) {
            log_error("store.checkpoint_failed", {{"detail", error.detail()}});
        }
    }

private:
    SqliteConnection& connection_;
    SqliteTx tx_;
};

class SqliteStore : public Store {
public:
    SqliteStore(const std::string& path, const StoreConfig& config, const Clock& clock,
                std::span<const EmbeddedFile> migrations)
        : path_(path), clock_(clock), connection_(path, SqliteUse::write) {
        migrate(
            {Dialect::sqlite, [this](const std::string& text) { connection_.script(text); },
             [this](Sql sql, const Params& params) { return connection_.rows(sql, params); }, ""},
            migrations, clock, config.may_migrate);
        if (has_facts()) id_floor_ = connection_.rows(sql::fact_id_max, {}).front().integer(0);
        backend_ = std::make_unique<SqliteBackend>(connection_, clock, id_floor_);
        for (int i = 0; i < std::max(config.readers, 1); ++i)
            readers_.add(std::make_unique<SqliteConnection>(path, SqliteUse::read));
        writer_ = std::make_unique<GroupWriter>(*backend_);
    }
    ~SqliteStore() override {
        writer_.reset();
        readers_.clear();
        try {
            connection_.checkpoint(true);
        } catch (const Error& error) {
            log_error("store.checkpoint_failed", {{"detail", error.detail()}});
        }
    }

    bool is_sqlite() const override { return true; }
    void copy_into(const std::string& path) override {
        {
            SqliteConnection reader(path_, SqliteUse::copy);
            reader.run({"vacuum into :path"}, {{"path", path}});
        }
        const Fd copy = open_file(path, O_RDWR);
        durable(copy.get(), path);
        const auto folder = std::filesystem::path(path).parent_path().string();
        durable_folder(folder.empty() ? "." : folder);
    }
    void ping() override {
        read_closure([](Tx& tx) { tx.rows(sql::ping); });
    }

protected:
    void write_closure(const std::function<void(Tx&)>& f, Lane lane) override {
        writer_->write(f, lane);
    }
    void read_closure(const std::function<void(Tx&)>& f) override {
        const Borrowed borrowed(readers_);
        SqliteConnection& reader = *borrowed;
        const auto length = std::chrono::microseconds(read_length_max.us);
        reader.set_deadline(std::chrono::steady_clock::now() + length);
        reader.run({"begin"}, {});
        SqliteTx tx(reader, clock_, id_floor_);
        const auto end = [&reader]() noexcept {
            try {
                reader.set_deadline(std::chrono::steady_clock::time_point::max());
                if (reader.in_transaction()) reader.run({"rollback"}, {});
            } catch (const Error& error) {
                log_warning("store.read_not_ended", {{"detail", error.detail()}});
            }
        };
        try {
            f(tx);
        } catch (...) {
            end();
            throw;
        }
        end();
    }

private:
    bool has_facts() { return !connection_.rows(sql::sqlite_fact_table, {}).empty(); }

    std::string path_;
    const Clock& clock_;
    SqliteConnection connection_;  // opens first, closes last
    std::atomic<std::int64_t> id_floor_{0};
    ReaderPool<SqliteConnection> readers_;
    std::unique_ptr<SqliteBackend> backend_;
    std::unique_ptr<GroupWriter> writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& path, const StoreConfig& config,
                                   const Clock& clock, std::span<const EmbeddedFile> migrations) {
    return std::make_unique<SqliteStore>(path, config, clock, migrations);
}

}  // namespace otklik
