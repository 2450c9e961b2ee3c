#include "store/postgres_connection.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "store/postgres_values.h"

namespace otklik {
namespace {

constexpr std::size_t statements_max = 2'000;
constexpr std::size_t rows_per_trip = 500;
// What waits unanswered must fit into the buffers between us and the server.
constexpr std::size_t late_rows_max = 256;
constexpr std::array<std::size_t, 4> rows_of_insert{64, 16, 4, 1};

}  // namespace

PostgresConnection::PostgresConnection(std::string conninfo, PostgresUse use)
    : conninfo_(std::move(conninfo)), use_(use) {
    connect();
}

void PostgresConnection::connect() {
    statements_.clear();
    sent_.clear();
    const std::string full = conninfo_ +
                             " client_encoding=UTF8 application_name=otklik connect_timeout=5"
                             " keepalives_idle=10 keepalives_interval=5 keepalives_count=3"
                             " tcp_user_timeout=30000";
    connection_.reset(PQconnectdb(full.c_str()));
    if (PQstatus(connection_.get()) != CONNECTION_OK) lost("connect");
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    set_up();
}

void PostgresConnection::set_up() {
    script(
        "set standard_conforming_strings = on; set bytea_output = hex; set extra_float_digits = 1;"
        "set synchronous_commit = on; set lock_timeout = '5s'; set timezone = 'UTC';"
        "set idle_in_transaction_session_timeout = '30s'");
    if (use_ == PostgresUse::read) script("set statement_timeout = '5s'");
    if (use_ == PostgresUse::write) script("set statement_timeout = '30s'");
    if (use_ == PostgresUse::claim)
        script("set statement_timeout = '30s'; set synchronous_commit = off");
    if (use_ != PostgresUse::migrate) enter_pipeline();
}

void PostgresConnection::enter_pipeline() {
    if (PQenterPipelineMode(connection_.get()) != 1) lost("pipeline");
    if (use_ == PostgresUse::migrate) use_ = PostgresUse::write;
}

bool PostgresConnection::alive() const {
    return connection_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

void PostgresConnection::revive() {
    if (!alive()) connect();
}

void PostgresConnection::script(const std::string& text) {
    const Result result(PQexec(connection_.get(), text.c_str()));
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return;
    fail(result.get(), text);
}

void PostgresConnection::queue(const char* control) {
    if (!PQsendQueryParams(connection_.get(), control, 0, nullptr, nullptr, nullptr, nullptr, 0))
        lost(control);
    sent_.push_back({Sent::What::control});
}

bool PostgresConnection::has_late() const {
    return std::any_of(sent_.begin(), sent_.end(),
                       [](const Sent& each) { return each.what == Sent::What::late; });
}

void PostgresConnection::flush() {
    if (!sent_.empty()) answers("control");
}

PostgresConnection::Statement& PostgresConnection::find(Sql sql) {
    const std::string key(sql.text);
    if (const auto known = statements_.find(key); known != statements_.end()) return known->second;
    assert(statements_.size() < statements_max && "statements are constants");
    return statements_.emplace(key, Statement{number_params(sql.text, Dialect::postgres), {}})
        .first->second;
}

PostgresConnection::Variant& PostgresConnection::find_variant(
    Statement& statement, const std::vector<const Value*>& values) {
    const auto fits = [&](const Variant& variant) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const Oid type = type_of(*values[i]);
            if (type != 0 && variant.types[i] != 0 && type != variant.types[i]) return false;
        }
        return true;
    };
    for (const auto& each : statement.variants)
        if (fits(*each)) return *each;
    auto made = std::make_unique<Variant>();
    made->name = "s" + std::to_string(++variant_count_);
    for (const Value* value : values) made->types.push_back(type_of(*value));
    return *statement.variants.emplace_back(std::move(made));
}

void PostgresConnection::send(Sql sql, const Params& params) {
    Statement& statement = find(sql);
    const auto values = order_values(statement.sql, params);
    send(statement, find_variant(statement, values), values, Sent::What::query);
}

/// No types are stated: in an insert each parameter has the type of its column, null or not.
void PostgresConnection::send_insert(Sql sql, std::span<const Params> rows, Sent::What what) {
    const NumberedSql one = find(sql).sql;
    Statement& statement =
        statements_[std::to_string(rows.size()) + " rows of " + std::string(sql.text)];
    if (statement.variants.empty()) {
        statement.sql = repeat_values(one, rows.size());
        statement.variants.push_back(std::make_unique<Variant>());
        statement.variants.front()->name = "s" + std::to_string(++variant_count_);
        statement.variants.front()->types.resize(rows.size() * one.names.size());
    }
    std::vector<const Value*> values;
    for (const Params& params : rows)
        for (const Value* value : order_values(one, params)) values.push_back(value);
    send(statement, *statement.variants.front(), values, what);
}

void PostgresConnection::send(Statement& statement, Variant& variant,
                              const std::vector<const Value*>& values, Sent::What what) {
    const char* text = statement.sql.text.c_str();
    PGconn* connection = connection_.get();
    const int count = static_cast<int>(values.size());
    const auto is_being_prepared = [&](const Sent& each) { return each.variant == &variant; };
    if (!variant.prepared && std::none_of(sent_.begin(), sent_.end(), is_being_prepared)) {
        if (!PQsendPrepare(connection, variant.name.c_str(), text, count, variant.types.data()))
            lost(text);
        sent_.push_back({Sent::What::prepare, &variant});
    }
    const Arguments arguments(values);
    if (!PQsendQueryPrepared(connection, variant.name.c_str(), count, arguments.pointers.data(),
                             arguments.lengths.data(), arguments.formats.data(), 0))
        lost(text);
    sent_.push_back({what});
}

PostgresConnection::Result PostgresConnection::next_result() {
    Result result(PQgetResult(connection_.get()));
    if (!result && PQstatus(connection_.get()) != CONNECTION_OK) lost("result");
    return result;
}

std::vector<PostgresConnection::Result> PostgresConnection::answers(std::string_view what) {
    if (!PQpipelineSync(connection_.get())) lost(what);
    const std::vector<Sent> sent = std::move(sent_);
    sent_.clear();
    std::vector<Result> results;
    Result failed;
    for (const Sent& each : sent) {
        Result result = next_result();
        if (!result) lost(what);
        while (const Result rest = next_result()) {
        }  // every command ends with a null
        const auto status = PQresultStatus(result.get());
        const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        if (good && each.variant) each.variant->prepared = true;
        if (!good && status != PGRES_PIPELINE_ABORTED && !failed) failed = std::move(result);
        if (good && each.what == Sent::What::query) results.push_back(std::move(result));
    }
    const Result sync = next_result();
    if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) lost(what);
    if (failed) fail(failed.get(), what);
    return results;
}

std::int64_t PostgresConnection::run(Sql sql, const Params& params) {
    check_deadline();
    if (use_ == PostgresUse::migrate) return static_cast<std::int64_t>(rows(sql, params).size());
    send(sql, params);
    return changed_rows(answers(sql.text).front().get());
}

std::vector<std::int64_t> PostgresConnection::run_many(Sql sql, std::span<const Params> rows) {
    std::vector<std::int64_t> changed;
    for (std::size_t at = 0; at < rows.size(); at += rows_per_trip) {
        check_deadline();
        for (const auto& params : rows.subspan(at, std::min(rows_per_trip, rows.size() - at)))
            send(sql, params);
        for (const auto& result : answers(sql.text)) changed.push_back(changed_rows(result.get()));
    }
    return changed;
}

std::vector<Row> PostgresConnection::insert_many(Sql sql, std::span<const Params> rows) {
    std::vector<Row> returned;
    const bool waits =
        rows.size() <= late_rows_max && sql.text.find(" returning ") == std::string_view::npos;
    const auto what = waits ? Sent::What::late : Sent::What::query;
    for (std::size_t at = 0; at < rows.size();) {
        check_deadline();
        // A few sizes only, so that few statements are prepared.
        for (std::size_t sent = 0; at < rows.size() && sent < rows_per_trip;) {
            const auto fits = std::find_if(rows_of_insert.begin(), rows_of_insert.end(),
                                           [&](auto size) { return size <= rows.size() - at; });
            send_insert(sql, rows.subspan(at, *fits), what);
            at += *fits;
            sent += *fits;
        }
        if (waits) continue;
        for (const auto& result : answers(sql.text)) read_rows(result.get(), returned);
    }
    return returned;
}

std::vector<Row> PostgresConnection::rows(Sql sql, const Params& params) {
    check_deadline();
    Result result;
    if (use_ == PostgresUse::migrate) {  // not in pipeline mode
        const NumberedSql text = number_params(sql.text, Dialect::postgres);
        const auto values = order_values(text, params);
        const Arguments arguments(values);
        std::vector<Oid> types;
        for (const Value* value : values) types.push_back(type_of(*value));
        result.reset(PQexecParams(connection_.get(), text.text.c_str(), int(values.size()),
                                  types.data(), arguments.pointers.data(), arguments.lengths.data(),
                                  arguments.formats.data(), 0));
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(result.get(), sql.text);
    } else {
        send(sql, params);
        result = std::move(answers(sql.text).front());
    }
    std::vector<Row> out;
    read_rows(result.get(), out);
    return out;
}

void PostgresConnection::check_deadline() const {
    if (std::chrono::steady_clock::now() > deadline_)
        throw StoreFault(Death::plain, Fault::busy, "store.slow",
                         "a read transaction was too long");
}

void PostgresConnection::lost(std::string_view what) {
    const std::string detail =
        std::string(PQerrorMessage(connection_.get())) + " in: " + std::string(what.substr(0, 200));
    drop();
    throw StoreFault(Death::lost, Fault::unavailable, "store.away", detail);
}

void PostgresConnection::drop() noexcept {
    connection_.reset();
    sent_.clear();
}

void PostgresConnection::fail(const PGresult* result, std::string_view what) {
    const char* field = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view state = field ? field : "";
    if (!alive() || state.empty() || state.starts_with("08") || state.starts_with("57P"))
        lost(what);
    const std::string detail = std::string(PQresultErrorMessage(result)) + " (" +
                               std::string(state) + ") in: " + std::string(what.substr(0, 200));
    if (state == "40001" || state == "40P01")
        throw StoreFault(Death::retry, Fault::busy, "store.contended", detail);
    if (state == "23505") throw StoreFault(Death::plain, Fault::conflict, "row.exists", detail);
    if (state == "53100") throw StoreFault(Death::plain, Fault::full, "disk.full", detail);
    if (state.starts_with("53") || state == "55P03")
        throw StoreFault(Death::plain, Fault::busy, "store.busy", detail);
    if (state == "57014") throw StoreFault(Death::plain, Fault::busy, "store.slow", detail);
    throw StoreFault(Death::plain, Fault::internal, "store.failed", detail);
}

}  // namespace otklik
