#include "store/store.h"

#include <cassert>

#include "store/inside.h"

namespace otklik {

bool Row::is_null(std::size_t column) const {
    assert(column < values_.size());
    return std::holds_alternative<std::nullptr_t>(values_[column]);
}

std::int64_t Row::integer(std::size_t column) const {
    assert(column < values_.size());
    const auto* value = std::get_if<std::int64_t>(&values_[column]);
    assert(value && "the column is null or no integer");
    return *value;
}

double Row::real(std::size_t column) const {
    assert(column < values_.size());
    if (const auto* whole = std::get_if<std::int64_t>(&values_[column])) return double(*whole);
    const auto* value = std::get_if<double>(&values_[column]);
    assert(value && "the column is null or no number");
    return *value;
}

const std::string& Row::text(std::size_t column) const {
    assert(column < values_.size());
    const auto* value = std::get_if<std::string>(&values_[column]);
    assert(value && "the column is null or no text");
    return *value;
}

const std::string& Row::blob(std::size_t column) const {
    assert(column < values_.size());
    const auto* value = std::get_if<Bytes>(&values_[column]);
    assert(value && "the column is null or no blob");
    return value->value;
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<Instant> Row::maybe_instant(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return instant(column);
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<Row> Tx::row(Sql sql, const Params& params) {
    auto all = rows(sql, params);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
}

template <class F>
auto StoreTx::guarded(F&& f) -> decltype(f()) {
    if (death_ != Death::none) std::rethrow_exception(error_);
    try {
        return f();
    } catch (const StoreFault& fault) {
        death_ = fault.death();
        error_ = std::current_exception();
        throw;
    } catch (...) {
        death_ = Death::plain;
        error_ = std::current_exception();
        throw;
    }
}

std::int64_t StoreTx::run(Sql sql, const Params& params) {
    return guarded([&] {
        const auto changed = do_run(sql, params);
        row_count_ += changed;
        return changed;
    });
}

std::vector<std::int64_t> StoreTx::run_many(Sql sql, std::span<const Params> rows) {
    return guarded([&] {
        auto changed = do_run_many(sql, rows);
        for (const auto each : changed) row_count_ += each;
        return changed;
    });
}

std::vector<Row> StoreTx::insert_many(Sql sql, std::span<const Params> rows) {
    return guarded([&] {
        auto returned = do_insert_many(sql, rows);
        row_count_ += std::int64_t(rows.size());
        return returned;
    });
}

std::vector<Row> StoreTx::rows(Sql sql, const Params& params) {
    return guarded([&] { return do_rows(sql, params); });
}

void StoreTx::renew() {
    now_ = clock_.now();
    death_ = Death::none;
    error_ = nullptr;
    calls_.clear();
    row_count_ = 0;
}

std::unique_ptr<Store> open_store(const StoreConfig& config, const Clock& clock,
                                  std::span<const EmbeddedFile> migrations) {
    constexpr std::string_view sqlite = "sqlite:", postgres = "postgres:";
    if (config.url.starts_with(sqlite))
        return open_sqlite(config.url.substr(sqlite.size()), config, clock, migrations);
    if (config.url.starts_with(postgres))
        return open_postgres(config.url.substr(postgres.size()), config, clock, migrations);
    throw Error(Fault::invalid, "store.url");
}

namespace {
thread_local WriteCompanion* companion = nullptr;
}

WriteCompanion::WriteCompanion(std::function<void(Tx&)> join) : join_(std::move(join)) {
    assert(!companion);
    companion = this;
}

WriteCompanion::~WriteCompanion() {
    companion = nullptr;
}

void Store::write_joined(const std::function<void(Tx&)>& f, Lane lane) {
    WriteCompanion* with = companion;  // the closure may run on another thread
    if (!with || with->joined_) return write_closure(f, lane);
    write_closure(
        [&](Tx& tx) {
            with->join_(tx);
            f(tx);
        },
        lane);
    with->joined_ = true;
}

std::unique_ptr<Store> Store::open(const StoreConfig& config, const Clock& clock) {
    return open_store(config, clock, embedded_migrations());
}

}  // namespace otklik
