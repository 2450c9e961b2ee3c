// db/schema.sql against the migrations: both make the same database. Each is made by itself, and
// what the databases then say of themselves is compared.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "store/inside.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Sql sqlite_catalogue{
    "select type || ' ' || name || ': ' || coalesce(sql, '') from sqlite_schema"
    " where name not like 'sqlite_stat%' order by 1"};
constexpr Sql postgres_columns{
    "select 'column ' || table_name || '.' || column_name || ': ' || ordinal_position || ' ' ||"
    " data_type || ' null ' || is_nullable || ' default ' || coalesce(column_default, '')"
    " from information_schema.columns where table_schema = 'public' order by 1"};
constexpr Sql postgres_constraints{
    "select 'constraint ' || conrelid::regclass || ' ' || conname || ': ' ||"
    " pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace"
    " order by 1"};
constexpr Sql postgres_indexes{
    "select 'index ' || indexdef from pg_indexes where schemaname = 'public' order by 1"};
constexpr Sql postgres_triggers{
    "select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by "
    "1"};
constexpr Sql postgres_functions{
    "select 'function ' || pg_get_functiondef(oid) from pg_proc"
    " where pronamespace = 'public'::regnamespace order by 1"};

std::string source_file(const std::string& path) {
    const char* given = std::getenv("OTKLIK_SOURCE");
    const auto root = given ? std::filesystem::path(given)
                            : std::filesystem::path(__FILE__).parent_path() / "../..";
    return read_file((root / path).string(), 1 << 20);
}

/// Without comments, and one space at most between words: what is left is what SQLite keeps.
std::string without_comments(const std::string& sql) {
    std::string out;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        if (sql.compare(at, 2, "--") == 0) at = std::min(sql.find('\n', at), sql.size() - 1);
        const bool space = sql[at] == ' ' || sql[at] == '\n';
        const auto sticks = [](char c) {
            return std::string_view("(),; \n").find(c) != std::string_view::npos;
        };
        if (space && (out.empty() || sticks(out.back()))) continue;
        if (!space && sticks(sql[at]) && !out.empty() && out.back() == ' ') out.pop_back();
        out += space ? ' ' : sql[at];
    }
    return out;
}

class Schema : public StoreTest {
protected:
    void TearDown() override {
        described.reset();
        if (!second_name.empty())
            postgres_command(test_store->url().substr(9),
                             "drop database if exists " + second_name + " with (force)");
    }
    /// A second fresh database, made by schema.sql alone.
    void describe(const std::string& script) {
        std::string url = "sqlite:" + test_store->folder() + "/described.db";
        if (GetParam() == TestDatabase::sqlite) {
            sqlite3* db = nullptr;
            ASSERT_EQ(sqlite3_open(url.substr(7).c_str(), &db), SQLITE_OK);
            const std::string filled = fill_words(script, Dialect::sqlite);
            EXPECT_EQ(sqlite3_exec(db, filled.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
                << sqlite3_errmsg(db);
            sqlite3_close(db);
        } else {
            const std::string first = test_store->url();
            url = first + "_described";
            if (second_name.empty()) {
                second_name = first.substr(first.rfind("dbname=") + 7) + "_described";
                postgres_command(first.substr(9), "create database " + second_name);
            }
            postgres_command(url.substr(9), "drop schema public cascade; create schema public");
            postgres_command(url.substr(9), fill_words(script, Dialect::postgres));
        }
        described = open_store({.url = url, .readers = 1, .may_migrate = false}, clock, {});
    }
    std::set<std::string> catalogue(Store& of) {
        return of.read([&](Tx& tx) {
            std::set<std::string> lines;
            if (of.is_sqlite()) {
                for (const Row& row : tx.rows(sqlite_catalogue))
                    lines.insert(without_comments(row.text(0)));
                return lines;
            }
            for (const Sql& each : {postgres_columns, postgres_constraints, postgres_indexes,
                                    postgres_triggers, postgres_functions})
                for (const Row& row : tx.rows(each)) lines.insert(row.text(0));
            return lines;
        });
    }
    /// What one has and the other has not.
    std::string difference(const std::set<std::string>& made, const std::set<std::string>& read) {
        std::string lines;
        for (const auto& each : made)
            if (!read.contains(each)) lines += "not in schema.sql: " + each + "\n";
        for (const auto& each : read)
            if (!made.contains(each)) lines += "only in schema.sql: " + each + "\n";
        return lines;
    }

    std::string second_name;
    std::unique_ptr<Store> described;
};

TEST_P(Schema, migrations_from_empty_give_what_schema_sql_says) {
    describe(source_file("db/schema.sql"));
    ASSERT_NE(described, nullptr);
    const auto made = catalogue(store());
    EXPECT_GT(made.size(), 100U);
    EXPECT_EQ(difference(made, catalogue(*described)), "");
}

TEST_P(Schema, another_column_index_check_default_or_trigger_is_seen) {
    const std::string schema = source_file("db/schema.sql");
    const auto made = catalogue(store());
    int number = 0;
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"depth {int} not null", "depth {int}"},
             {"kind in ('company', 'site', 'team')", "kind in ('company', 'site')"},
             {"give_up_after_us {int} not null default 86400000000",
              "give_up_after_us {int} not null default 86400000001"},
             {"on clip (state, give_up_at)", "on clip (give_up_at, state)"},
             {"address text not null default '',", ""},
             {"{audit kept};", ""}}) {
        std::string wrong = schema;
        const auto at = wrong.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        described.reset();
        std::filesystem::remove(test_store->folder() + "/described.db");
        describe(wrong.replace(at, from.size(), to));
        ASSERT_NE(described, nullptr);
        EXPECT_NE(difference(made, catalogue(*described)), "") << from;
        ++number;
    }
    EXPECT_EQ(number, 6);
}
OTKLIK_BOTH_DATABASES(Schema);

/// Columns that the head of schema.sql explains for all tables.
bool is_explained_once(const std::string& column) {
    static const std::set<std::string> common{
        "id",         "company_id", "unit",     "version", "name",      "name_fold",
        "created_at", "created_by", "point_id", "site_id", "device_id", "person_id",
        "account_id", "channel",    "begin_at", "end_at"};
    return common.contains(column) || column.ends_with("_id") || column.ends_with("_at") ||
           column.ends_with("_sample") || column.ends_with("_samples");
}

TEST(SchemaText, every_table_has_its_owner_and_every_column_its_meaning) {
    const std::string text = source_file("db/schema.sql");
    std::string note, table;
    int tables = 0, columns = 0;
    bool noted = false;  // the line before is a comment inside the table
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string& line = lines[i];
        if (line.starts_with("--")) note += " " + line.substr(2);
        if (line.empty()) note.clear();
        if (line.starts_with("create table ")) {
            table = line.substr(13, line.find(" (") - 13);
            EXPECT_NE(note.find("Owner:"), std::string::npos) << table;
            ++tables;
        }
        if (line.starts_with("){strict}")) table.clear();
        const bool is_column = !table.empty() && line.starts_with("    ") && line[4] >= 'a' &&
                               line[4] <= 'z' && !line.starts_with("    primary key") &&
                               !line.starts_with("    unique (") &&
                               !line.starts_with("    check (");
        if (is_column) {
            ++columns;
            const std::string column = line.substr(4, line.find(' ', 4) - 4);
            const bool speaks = noted || line.find("--") != std::string::npos ||
                                line.find(" in ('") != std::string::npos;
            EXPECT_TRUE(speaks || is_explained_once(column)) << table << "." << column;
        }
        noted = line.starts_with("    --");
    }
    EXPECT_GT(tables, 40);
    EXPECT_GT(columns, 350);
}

}  // namespace
}  // namespace otklik
