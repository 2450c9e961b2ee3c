#include "store/postgres_values.h"

#include <libpq-fe.h>

#include <charconv>

#include "store/inside.h"

namespace otklik {
namespace {

// pg_type.dat of PostgreSQL 15; these numbers are part of its wire protocol.
constexpr Oid oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
              oid_text = 25;
constexpr Oid oid_float4 = 700, oid_float8 = 701, oid_varchar = 1043, oid_numeric = 1700,
              oid_name = 19;
constexpr Oid oid_unknown = 705, oid_xid8 = 5069;

template <class Number>
Number number(std::string_view text) {
    Number value{};
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size())
        throw StoreFault(Death::plain, Fault::internal, "store.failed",
                         "not a number we keep: " + std::string(text));
    return value;
}

int hex_digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

Value bytes_value(std::string_view hex) {  // bytea_output = hex: \x0a1b
    Bytes out;
    if (!hex.starts_with("\\x"))
        throw StoreFault(Death::plain, Fault::internal, "store.failed", "bytea_output is not hex");
    out.value.reserve(hex.size() / 2);
    for (std::size_t i = 2; i + 1 < hex.size(); i += 2)
        out.value += static_cast<char>(hex_digit(hex[i]) * 16 + hex_digit(hex[i + 1]));
    return out;
}

Value read_value(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column)) return nullptr;
    const std::string_view text(PQgetvalue(result, row, column),
                                std::size_t(PQgetlength(result, row, column)));
    switch (PQftype(result, column)) {
        case oid_int8:
        case oid_int4:
        case oid_int2:
        case oid_xid8:
            return number<std::int64_t>(text);
        case oid_bool:
            return std::int64_t{text == "t"};
        case oid_float4:
        case oid_float8:
            return number<double>(text);
        // sum(bigint) is numeric: an integer here as on SQLite; with a point it is a double as on
        // SQLite.
        case oid_numeric:
            if (text.find('.') == std::string_view::npos) return number<std::int64_t>(text);
            return number<double>(text);
        case oid_bytea:
            return bytes_value(text);
        case oid_text:
        case oid_varchar:
        case oid_name:
        case oid_unknown:
            return std::string(text);
        default:
            throw StoreFault(
                Death::plain, Fault::internal, "store.failed",
                "type " + std::to_string(PQftype(result, column)) + " is none of ours");
    }
}

}  // namespace

unsigned type_of(const Value& value) {
    switch (value.index()) {
        case 1:
            return oid_int8;
        case 2:
            return oid_float8;
        case 3:
            return oid_text;
        case 4:
            return oid_bytea;
        default:
            return 0;
    }
}

Arguments::Arguments(const std::vector<const Value*>& values) {
    numbers.reserve(values.size());  // the pointers must stay
    for (const Value* value : values) add(*value);
}

void Arguments::add(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return put(*text, 0);
    if (const auto* bytes = std::get_if<Bytes>(&value)) return put(bytes->value, 1);
    if (std::holds_alternative<std::nullptr_t>(value)) {
        pointers.push_back(nullptr);
        lengths.push_back(0);
        formats.push_back(0);
        return;
    }
    char digits[40];
    const auto end =
        std::holds_alternative<double>(value)
            ? std::to_chars(digits, digits + sizeof digits, std::get<double>(value))
            : std::to_chars(digits, digits + sizeof digits, std::get<std::int64_t>(value));
    put(numbers.emplace_back(digits, end.ptr), 0);
}
void Arguments::put(const std::string& bytes, int format) {
    pointers.push_back(bytes.c_str());
    lengths.push_back(static_cast<int>(bytes.size()));
    formats.push_back(format);
}

void read_rows(const PGresult* result, std::vector<Row>& out) {
    const int count = PQntuples(result), columns = PQnfields(result);
    for (int i = 0; i < count; ++i) {
        std::vector<Value> values;
        for (int c = 0; c < columns; ++c) values.push_back(read_value(result, i, c));
        out.emplace_back(std::move(values));
    }
}

std::int64_t changed_rows(PGresult* result) {
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) > 0) {
        const std::string_view tag = PQcmdStatus(result);
        if (tag.starts_with("SELECT")) return 0;
    }
    const std::string_view count = PQcmdTuples(result);
    return count.empty() ? 0 : number<std::int64_t>(count);
}

}  // namespace otklik
