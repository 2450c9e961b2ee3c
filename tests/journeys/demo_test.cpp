// The demonstration day is made by the public calls alone: every table holds what they explain.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <set>

#include "testkit/program.h"

namespace otklik::testkit {
namespace {

/// Rows of every table of a database that nobody writes any more.
std::map<std::string, std::int64_t> count_rows(const std::string& path, std::int64_t& by_checker) {
    sqlite3* db = nullptr;
    if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
        throw std::runtime_error("cannot open " + path);
    const auto each = [&](const std::string& sql, const auto& take) {
        sqlite3_stmt* query = nullptr;
        if (sqlite3_prepare_v2(db, sql.c_str(), -1, &query, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(db));
        while (sqlite3_step(query) == SQLITE_ROW) take(query);
        sqlite3_finalize(query);
    };
    std::map<std::string, std::int64_t> counts;
    each("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
         [&](sqlite3_stmt* q) {
             counts[reinterpret_cast<const char*>(sqlite3_column_text(q, 0))] = 0;
         });
    for (auto& [table, count] : counts)
        each("select count(*) from \"" + table + "\"",
             [&](sqlite3_stmt* q) { count = sqlite3_column_int64(q, 0); });
    // Whose opinion a check is: a person's who may check, not the console's.
    each(
        "select count(*) from check_sheet c join account a on a.person_id = c.checker_id"
        " where a.role = 'checker'",
        [&](sqlite3_stmt* q) { by_checker = sqlite3_column_int64(q, 0); });
    sqlite3_close(db);
    return counts;
}

/// Parts of the things that were made: how many there are follows from the content.
const std::set<std::string> parts_of_things = {
    "unit",         "unit_ancestor", "account_grant", "web_session", "sight",        "segment",
    "clock_anchor", "clock_map",     "button",        "clip_signal", "clip_version", "clip_piece",
    "clip_track",   "clip_envelope", "clip_return",   "word",        "check_answer", "media_file",
    "pin"};
/// The house's own books.
const std::set<std::string> books = {"fact",      "fact_cursor", "job",         "garbage",
                                     "setting",   "audit_entry", "audit_seal",  "sign_in_throttle",
                                     "migration", "figure_day",  "figure_cell", "signal_word"};

TEST(Demo, every_table_holds_what_the_public_calls_explain) {
    const Folder folder;
    const std::string data = folder.path("data");
    const Ran ran = run_otklik({"demo", "--no-serve", "--json", "--data", data, "--keys",
                                folder.path("keys"), "--port", "0", "--import-complexity", "0"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const json::value said = json::parse(ran.out);
    const json::object made = said.at("made").as_object();
    std::int64_t by_checker = 0;
    const auto counts = count_rows(data + "/otklik.db", by_checker);
    for (const auto& [table, count] : made) {
        const auto found = counts.find(std::string(table));
        ASSERT_NE(found, counts.end()) << "no table " << table;
        EXPECT_EQ(found->second, count.to_number<std::int64_t>()) << table;
    }
    for (const auto& [table, count] : counts) {
        if (made.contains(table) || parts_of_things.contains(table) || books.contains(table))
            continue;
        EXPECT_EQ(count, 0) << table << " holds rows that no public call explains";
    }
    // Parts exist only where their things do.
    const auto number_of = [&](const char* table) { return counts.at(table); };
    EXPECT_EQ(by_checker, number_of("check_sheet")) << "signed in as the checker";
    EXPECT_EQ(number_of("clip_signal"), number_of("signal"));
    EXPECT_EQ(number_of("account_grant") >= 1, true);
    EXPECT_GE(number_of("clip_version"), 1);
    EXPECT_GT(number_of("word"), number_of("transcript"));
    EXPECT_EQ(number_of("garbage"), 0);
    for (const char* table : {"signal", "clip", "recording_session", "transcript", "check_sheet",
                              "draw", "bookmark", "duty", "signal_undo"})
        EXPECT_TRUE(made.contains(table)) << table;

    const Ran files =
        run_otklik({"fsck", "--level", "3", "--data", data, "--keys", folder.path("keys")});
    EXPECT_EQ(files.exit_code, 0) << files.out << files.err;
}

}  // namespace
}  // namespace otklik::testkit
