#pragma once
// The text of a statement: marked words filled in, :named parameters numbered for one database.
// Thread: values.
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace otklik {

enum class Dialect { sqlite, postgres };

/// Fills {int} {real} {blob} {strict} {xid} {fact order} {skip locked}; texts in quotes and
/// comments stay. Throws Error{internal} for a word nobody knows.
std::string fill_words(std::string_view text, Dialect dialect);

struct NumberedSql {
    std::string text;
    std::vector<std::string> names;  // names[0] is ?1 or $1
};
/// Words and parameters. `::` is a cast, a name used twice is one parameter.
NumberedSql number_params(std::string_view text, Dialect dialect);

/// The same insert with its group `values (…)` as many times, parameters counted on: row i has
/// $(i · names + 1) and up. Throws Error{internal} where a parameter stands outside of the group.
NumberedSql repeat_values(const NumberedSql& one, std::size_t times);

/// The values in the order of the names. A missing or an unused name is a bug: Error{internal}.
/// A text with NUL or broken UTF-8 is Error{invalid}: PostgreSQL cannot keep it.
std::vector<const Value*> order_values(const NumberedSql& sql, const Params& params);

/// True when both databases keep it: UTF-8 without NUL.
bool is_plain_text(std::string_view text) noexcept;

}  // namespace otklik
