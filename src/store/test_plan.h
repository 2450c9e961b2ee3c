#pragma once
// What reading the plans of all statements needs: the statements as they stand in the sources, a
// large house in both databases, and values for every parameter. Tests only; thread: one.
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace otklik {

/// When and on which local day the newest rows of the house were made.
inline constexpr std::int64_t newest_at = 1'795'000'000'000'000;  // 2026-11-18T11:06:40Z
inline constexpr std::int64_t newest_day = 20'775;

/// A statement of some src/<room>/<room>_sql.cpp.
struct NamedStatement {
    std::string name;  // signals.find_signal
    std::string text;
};
/// All of them, by name; fails the test when a name that a header declares was not found.
std::vector<NamedStatement> all_statements();

/// Tables that grow with presses and recordings. The others stay small by what they are (units,
/// people, points, maps of buttons), and to read one whole is right.
const std::set<std::string>& growing_tables();
/// Fills every table that the database has; fails the test for one that it does not know.
/// `analyze` after it is the caller's.
void fill_large_house(Store& store);
/// A value as a caller would give it, the newest rows of a busy point where it chooses rows.
/// Fails the test for a parameter nobody described.
Value sample_value(const std::string& statement, const std::string& parameter);

}  // namespace otklik
