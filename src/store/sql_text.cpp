#include "store/sql_text.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace otklik {
namespace {

struct Word {
    std::string_view mark;
    std::string_view sqlite;
    std::string_view postgres;
};
// Neither database knows the trigger of the other.
constexpr std::string_view audit_kept_sqlite =
    "create trigger audit_entry_kept before update on audit_entry"
    " begin select raise(abort, 'audit entries are kept'); end;"
    "create trigger audit_entry_stays before delete on audit_entry"
    " begin select raise(abort, 'audit entries are kept'); end;"
    "create trigger audit_seal_kept before update on audit_seal"
    " begin select raise(abort, 'audit seals are kept'); end;"
    "create trigger audit_seal_stays before delete on audit_seal"
    " begin select raise(abort, 'audit seals are kept'); end";
constexpr std::string_view audit_kept_postgres =
    "create function audit_kept() returns trigger language plpgsql as"
    " $$ begin raise exception 'the audit journal is kept'; end $$;"
    "create trigger audit_entry_kept before update or delete or truncate on audit_entry"
    " for each statement execute function audit_kept();"
    "create trigger audit_seal_kept before update or delete or truncate on audit_seal"
    " for each statement execute function audit_kept()";
constexpr std::array<Word, 8> words{{
    {"audit kept", audit_kept_sqlite, audit_kept_postgres},
    {"int", "integer", "bigint"},
    {"real", "real", "double precision"},
    {"blob", "blob", "bytea"},
    {"strict", " strict", ""},
    {"xid", "", ", xid bigint not null default (pg_current_xact_id()::text::bigint)"},
    {"fact order", "", "create index fact_order on fact (xid, id)"},
    {"skip locked", "", " for update skip locked"},
}};

[[noreturn]] void bug(std::string_view what, std::string_view text) {
    throw Error(Fault::internal, "store.failed")
        .because(std::string(what) + " in: " + std::string(text.substr(0, 200)));
}

/// Where the piece beginning at `at` that must not be touched ends: quotes, comments, or `at`
/// itself.
std::size_t quiet_end(std::string_view text, std::size_t at) {
    const auto past = [&](std::string_view mark, std::size_t from) {
        const auto end = text.find(mark, from);
        return end == std::string_view::npos ? text.size() : end + mark.size();
    };
    if (text[at] == '\'' || text[at] == '"') return past(text.substr(at, 1), at + 1);
    if (text.substr(at, 2) == "--") return past("\n", at);
    if (text.substr(at, 2) == "/*") return past("*/", at + 2);
    return at;
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
}
bool is_name(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}

/// Length of the UTF-8 sequence at `at`, 0 when broken (RFC 3629).
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto tail = [&](std::size_t count) {
        if (at + count >= text.size()) return false;
        for (std::size_t i = 1; i <= count; ++i)
            if ((byte(i) & 0xC0) != 0x80) return false;
        return true;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!tail(2) || (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F))
            return 0;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!tail(3) || (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
            return 0;
        return 4;
    }
    return 0;
}

void check_text(std::string_view name, std::string_view text) {
    if (is_plain_text(text)) return;
    const bool nul = text.find('\0') != std::string_view::npos;
    throw Error(Fault::invalid, nul ? "text.nul" : "text.encoding", {{"name", std::string(name)}});
}

}  // namespace

bool is_plain_text(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\0') return false;
        const std::size_t length = utf8_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string fill_words(std::string_view text, Dialect dialect) {
    std::string out;
    out.reserve(text.size() + 32);
    for (std::size_t at = 0; at < text.size();) {
        if (const auto end = quiet_end(text, at); end > at) {
            out += text.substr(at, end - at);
            at = end;
            continue;
        }
        if (text[at] != '{') {
            out += text[at++];
            continue;
        }
        const auto close = text.find('}', at);
        if (close == std::string_view::npos) bug("open brace", text);
        const auto mark = text.substr(at + 1, close - at - 1);
        const auto word = std::find_if(words.begin(), words.end(),
                                       [&](const Word& each) { return each.mark == mark; });
        if (word == words.end()) bug("unknown marked word", text);
        out += dialect == Dialect::sqlite ? word->sqlite : word->postgres;
        at = close + 1;
    }
    return out;
}

NumberedSql number_params(std::string_view raw, Dialect dialect) {
    const std::string text = fill_words(raw, dialect);
    NumberedSql out;
    for (std::size_t at = 0; at < text.size();) {
        if (const auto end = quiet_end(text, at); end > at) {
            out.text.append(text, at, end - at);
            at = end;
            continue;
        }
        if (text[at] == ':' && at + 1 < text.size() && text[at + 1] == ':') {
            out.text += "::";
            at += 2;
            continue;
        }
        if (text[at] != ':' || at + 1 >= text.size() || !is_name_start(text[at + 1])) {
            out.text += text[at++];
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && is_name(text[end])) ++end;
        const std::string name = text.substr(at + 1, end - at - 1);
        auto known = std::find(out.names.begin(), out.names.end(), name);
        if (known == out.names.end()) known = out.names.insert(known, name);
        out.text += dialect == Dialect::sqlite ? '?' : '$';
        out.text += std::to_string(known - out.names.begin() + 1);
        at = end;
    }
    return out;
}

NumberedSql repeat_values(const NumberedSql& one, std::size_t times) {
    constexpr std::string_view word = " values (";
    const auto begin = one.text.find(word);
    if (begin == std::string::npos) bug("no values to repeat", one.text);
    const auto open = begin + word.size() - 1;
    std::size_t end = open + 1;
    for (int depth = 1; depth > 0 && end < one.text.size(); ++end)
        depth += one.text[end] == '(' ? 1 : one.text[end] == ')' ? -1 : 0;
    const std::string_view group = std::string_view(one.text).substr(open, end - open);
    const std::string tail = one.text.substr(end);
    if ((one.text.substr(0, open) + tail).find('$') != std::string::npos)
        bug("a parameter outside of the values", one.text);
    NumberedSql out{one.text.substr(0, open), {}};
    for (std::size_t row = 0; row < times; ++row) {
        if (row > 0) out.text += ", ";
        for (std::size_t at = 0; at < group.size();) {
            out.text += group[at];
            if (group[at++] != '$') continue;
            std::size_t number = 0;
            while (group[at] >= '0' && group[at] <= '9')
                number = number * 10 + std::size_t(group[at++] - '0');
            out.text += std::to_string(row * one.names.size() + number);
        }
    }
    out.text += tail;
    return out;
}

std::vector<const Value*> order_values(const NumberedSql& sql, const Params& params) {
    if (params.size() != sql.names.size()) bug("wrong number of parameters", sql.text);
    std::vector<const Value*> values;
    values.reserve(sql.names.size());
    for (const auto& name : sql.names) {
        const auto param = std::find_if(params.begin(), params.end(),
                                        [&](const Param& each) { return each.name == name; });
        if (param == params.end()) bug("parameter " + name + " is missing", sql.text);
        if (const auto* text = std::get_if<std::string>(&param->value)) check_text(name, *text);
        values.push_back(&param->value);
    }
    return values;
}

}  // namespace otklik
