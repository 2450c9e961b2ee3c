#pragma once
// The store: one thin layer over SQLite and PostgreSQL. One text per statement; the store fills in
// the marked words {int} {blob} {strict} {skip locked}. Every write goes through write(closure),
// which may run the closure again. Owns: the database; tables migration, and by its other headers
// fact, job, garbage, media_file, audit_entry. Thread: any thread may call write() and read(); a Tx
// belongs to the thread that got it.
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace otklik {

/// One statement, `:named` parameters and marked words. Always a constant in <room>_sql.cpp.
struct Sql {
    std::string_view text;
};

struct Bytes {
    std::string value;
    bool operator==(const Bytes&) const = default;
};
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string, Bytes>;

/// A named value of a statement: {"id", clip.id}. Absent optionals are null.
struct Param {
    std::string_view name;
    Value value;
    Param(std::string_view n, std::nullptr_t) : name(n), value(nullptr) {}
    template <class I>
        requires std::is_integral_v<I>
    Param(std::string_view n, I v) : name(n), value(static_cast<std::int64_t>(v)) {}
    Param(std::string_view n, double v) : name(n), value(v) {}
    Param(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
    Param(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
    Param(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
    Param(std::string_view n, Bytes v) : name(n), value(std::move(v)) {}
    Param(std::string_view n, Instant v) : name(n), value(v.us) {}
    Param(std::string_view n, Duration v) : name(n), value(v.us) {}
    template <class T>
    Param(std::string_view n, Id<T> v) : name(n), value(nullptr) {
        if (v) value = v.value;  // id 0 is null
    }
    template <class T>  // noinline: GCC 12 warns of uninitialized optionals when it sees into it
    [[gnu::noinline]] Param(std::string_view n, const std::optional<T>& v)
        : name(n), value(nullptr) {
        if (v) value = Param(n, *v).value;
    }
};
using Params = std::vector<Param>;

/// One row, columns by position from 0. Asking a null as a plain value is a bug (assert).
class Row {
public:
    explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
    bool is_null(std::size_t column) const;
    std::int64_t integer(std::size_t column) const;
    double real(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    const std::string& blob(std::size_t column) const;
    Instant instant(std::size_t column) const { return {integer(column)}; }
    Duration duration(std::size_t column) const { return {integer(column)}; }
    bool flag(std::size_t column) const { return integer(column) != 0; }
    /// Null is id 0.
    template <class T>
    Id<T> id(std::size_t column) const {
        return {is_null(column) ? 0 : integer(column)};
    }
    std::optional<std::int64_t> maybe_integer(std::size_t column) const;
    std::optional<Instant> maybe_instant(std::size_t column) const;
    std::optional<std::string> maybe_text(std::size_t column) const;
    std::size_t size() const { return values_.size(); }
    const Value& value(std::size_t column) const { return values_.at(column); }

private:
    std::vector<Value> values_;
};

/// One transaction. `now` is the same during the whole of it.
class Tx {
public:
    virtual ~Tx() = default;
    virtual Instant now() const = 0;
    /// New id by the store's clock.
    virtual std::int64_t next_id() = 0;
    template <class T>
    Id<T> make_id() {
        return {next_id()};
    }
    /// Rows changed. Throws Error{conflict, "row.exists"} on a unique key, Error{full},
    /// Error{busy}, Error{internal}. After an error the transaction is dead: let the exception
    /// leave the closure.
    virtual std::int64_t run(Sql sql, const Params& params = {}) = 0;
    /// The same statement for many rows: one round trip on PostgreSQL (pipeline). Rows changed by
    /// each.
    virtual std::vector<std::int64_t> run_many(Sql sql, std::span<const Params> rows) = 0;
    /// An insert with one group `values (…)`, for many rows: one statement for up to 64 of them on
    /// PostgreSQL, so no parameter may stand behind the group, and with `do update` no key twice.
    /// What `returning` gives, in no order.
    virtual std::vector<Row> insert_many(Sql sql, std::span<const Params> rows) = 0;
    /// All rows, read to the end.
    virtual std::vector<Row> rows(Sql sql, const Params& params = {}) = 0;
    std::optional<Row> row(Sql sql, const Params& params = {});
    /// Called once after the commit of this transaction (not for reads, not when it fails), on the
    /// writer's thread; must be quick and must not throw: wake somebody.
    virtual void after_commit(std::function<void()> call) = 0;
};

/// Who waits less: presses go before all else.
enum class Lane {
    press,  // READ COMMITTED on PostgreSQL: a press is one insert, nothing it read can be stale
    claim,  // READ COMMITTED too: for claims with {skip locked}; jobs.cpp only
    normal,
    low,  // bulk work in slices
};

struct StoreConfig {
    std::string url;  // "sqlite:data/otklik.db" or "postgres:host=… dbname=…"
    int readers = 4;  // reading connections
    bool may_migrate =
        true;  // false: an older database is refused with Error{conflict, "store.old"}
};

/// While it lives, the first write of this thread that commits carries `join` in its own
/// transaction, before its closure: how the claim of a request and what the request makes become
/// durable together. What `join` throws refuses that write. One per thread.
class WriteCompanion {
public:
    explicit WriteCompanion(std::function<void(Tx&)> join);
    ~WriteCompanion();
    WriteCompanion(const WriteCompanion&) = delete;
    WriteCompanion& operator=(const WriteCompanion&) = delete;

private:
    friend class Store;
    std::function<void(Tx&)> join_;
    bool joined_ = false;
};

class Store {
public:
    static std::unique_ptr<Store> open(const StoreConfig& config, const Clock& clock);
    virtual ~Store() = default;

    /// Runs the closure in a write transaction and returns its result once it is durable. Closures
    /// of many threads share one commit, each in its own savepoint; a closure may run more than
    /// once, so it must have no effect but through `tx`. What it throws comes out here and rolls
    /// back only this closure.
    template <class F>
    auto write(F&& f, Lane lane = Lane::normal) -> std::invoke_result_t<F&, Tx&> {
        using Result = std::invoke_result_t<F&, Tx&>;
        if constexpr (std::is_void_v<Result>) {
            write_joined([&](Tx& tx) { f(tx); }, lane);
        } else {
            std::optional<Result> result;
            write_joined([&](Tx& tx) { result.emplace(f(tx)); }, lane);
            return std::move(*result);
        }
    }
    /// A read transaction on one snapshot, at most 5 s.
    template <class F>
    auto read(F&& f) -> std::invoke_result_t<F&, Tx&> {
        using Result = std::invoke_result_t<F&, Tx&>;
        if constexpr (std::is_void_v<Result>) {
            read_closure([&](Tx& tx) { f(tx); });
        } else {
            std::optional<Result> result;
            read_closure([&](Tx& tx) { result.emplace(f(tx)); });
            return std::move(*result);
        }
    }
    virtual bool is_sqlite() const = 0;
    /// The database as of one moment as a new SQLite file, whichever database this is.
    virtual void copy_into(const std::string& path) = 0;
    /// Quick health: a trivial read; throws Error{unavailable}.
    virtual void ping() = 0;

protected:
    virtual void write_closure(const std::function<void(Tx&)>& f, Lane lane) = 0;
    virtual void read_closure(const std::function<void(Tx&)>& f) = 0;

private:
    void write_joined(const std::function<void(Tx&)>& f, Lane lane);
};

}  // namespace otklik
