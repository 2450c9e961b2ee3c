#pragma once
// What the two databases share inside the store: how a statement fails, one transaction, and
// opening. Private to the room. Thread: a StoreTx belongs to the thread that runs its closure.
#include <exception>
#include <span>

#include "base/error.h"
#include "embedded.h"
#include "store/sql_text.h"
#include "store/store.h"

namespace otklik {

/// What a failed statement means for the transaction around it.
enum class Death {
    none,
    plain,  // roll back to the savepoint
    retry,  // serialization failure or deadlock: the whole transaction runs again
    lost,   // the connection is gone
};

class StoreFault : public Error {
public:
    StoreFault(Death death, Fault fault, std::string_view code, std::string_view detail)
        : Error(fault, code), death_(death) {
        because(detail);
    }
    Death death() const noexcept { return death_; }

private:
    Death death_;
};

/// A transaction of either database: remembers its death, so that a closure which swallows an error
/// cannot go on (SQLite would let it, PostgreSQL would not).
class StoreTx : public Tx {
public:
    explicit StoreTx(const Clock& clock) : clock_(clock), now_(clock.now()) {}
    Instant now() const override { return now_; }
    std::int64_t next_id() override { return otklik::next_id(clock_); }
    std::int64_t run(Sql sql, const Params& params) final;
    std::vector<std::int64_t> run_many(Sql sql, std::span<const Params> rows) final;
    std::vector<Row> insert_many(Sql sql, std::span<const Params> rows) final;
    std::vector<Row> rows(Sql sql, const Params& params) final;
    void after_commit(std::function<void()> call) final { calls_.push_back(std::move(call)); }

    virtual Dialect dialect() const = 0;
    /// Ready for the next closure.
    void renew();
    Death death() const { return death_; }
    std::exception_ptr error() const { return error_; }
    std::vector<std::function<void()>> take_calls() { return std::move(calls_); }
    std::int64_t row_count() const { return row_count_; }

protected:
    virtual std::int64_t do_run(Sql sql, const Params& params) = 0;
    virtual std::vector<std::int64_t> do_run_many(Sql sql, std::span<const Params> rows) = 0;
    virtual std::vector<Row> do_insert_many(Sql sql, std::span<const Params> rows) = 0;
    virtual std::vector<Row> do_rows(Sql sql, const Params& params) = 0;

    const Clock& clock_;

private:
    template <class F>
    auto guarded(F&& f) -> decltype(f());

    Instant now_;
    Death death_ = Death::none;
    std::exception_ptr error_;
    std::vector<std::function<void()>> calls_;
    std::int64_t row_count_ = 0;  // changed or read since the closure began
};

/// With these migrations instead of the embedded ones, for tests.
std::unique_ptr<Store> open_store(const StoreConfig& config, const Clock& clock,
                                  std::span<const EmbeddedFile> migrations);
std::unique_ptr<Store> open_sqlite(const std::string& path, const StoreConfig& config,
                                   const Clock& clock, std::span<const EmbeddedFile> migrations);
std::unique_ptr<Store> open_postgres(const std::string& conninfo, const StoreConfig& config,
                                     const Clock& clock, std::span<const EmbeddedFile> migrations);

/// `create database` and the like, outside any transaction: for the testkit.
void postgres_command(const std::string& conninfo, const std::string& statement);

/// A read transaction lives no longer than this.
inline constexpr Duration read_length_max = Duration::seconds(5);

}  // namespace otklik
