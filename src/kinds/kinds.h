#pragma once
// Kind: the registry of things. Each room declares its kinds in one constant table; rights, audit,
// search, drill-down and links work over it and need to know no room. Thread: constant after start.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/rights.h"

namespace otklik {

struct Sql;

/// A column that holds something about a person: purpose and what erasure does with it.
struct PersonalColumn {
    std::string_view table;
    std::string_view column;
    std::string_view purpose;
    std::string_view erase;  // "blank" | "delete_row" | "keep" (with the legal reason in docs)
};

struct Kind {
    std::string_view name;   // "clip": also the id prefix and the word in sight, audit and events
    std::string_view table;  // "clip"
    std::string_view path;   // path in the desk, "/clips/{id}"; empty: no page of its own
    std::string_view retention_class;  // "audio" | "work" | "settings" | "journal"
    std::span<const std::string_view> audit_verbs;
    std::span<const PersonalColumn> personal;
    /// Where the thing is; nothing when there is no such row.
    std::optional<Place> (*place)(Tx& tx, std::int64_t id);
};

/// Kind::place by a statement that gives company_id, unit and, where somebody is meant, person_id.
std::optional<Place> read_place(Tx& tx, const Sql& statement, std::int64_t id);
template <const Sql& statement>
std::optional<Place> place_by(Tx& tx, std::int64_t id) {
    return read_place(tx, statement, id);
}

/// All kinds, in room order; filled by the rooms' tables in app/parts.cpp through register_kinds.
void register_kinds(std::span<const Kind> kinds);
std::span<const Kind* const> all_kinds();
const Kind* find_kind(std::string_view name);

}  // namespace otklik
