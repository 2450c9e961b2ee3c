// A database that goes to an SQLite file and from there into PostgreSQL is the same there.
#include "store/database_copy.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "store/facts.h"
#include "store/inside.h"
#include "store/jobs.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Sql garbage_rows{"select id, path, reason, at from garbage order by id"};
constexpr Sql put{"insert into garbage (id, path, reason, at) values (:id, :path, 'test', :at)"};
constexpr Sql set_setting{
    "insert into setting (company_id, name, value, changed_at, changed_by)"
    " values (1, 'speech.engine', :value, :at, 'console:test')"};
constexpr Sql settings{"select value from setting"};
constexpr Sql put_file{
    "insert into media_file (id, company_id, kind, path, bytes, sha256, created_at)"
    " values (:id, 1, 'clip', :path, 3, :sha256, :at)"};
constexpr Sql hashes{"select sha256 from media_file order by id"};

class DatabaseCopy : public StoreTest {
protected:
    std::string conninfo() const {
        return test_store->url().substr(std::string("postgres:").size());
    }
    std::string copy_path() const { return test_store->folder() + "/copy.db"; }
    void make_empty() {
        postgres_command(conninfo(), "drop schema public cascade; create schema public");
    }
    std::string fault_of(const std::function<void()>& f) {
        try {
            f();
        } catch (const Error& error) {
            return error.code();
        }
        return "none";
    }
    std::vector<std::int64_t> facts_of(Store& from, std::string_view reader) {
        return from.read([&](Tx& tx) {
            std::vector<std::int64_t> subjects;
            for (const Fact& fact : facts_after(tx, fact_cursor(tx, reader), 100))
                subjects.push_back(fact.subject);
            return subjects;
        });
    }
};

TEST_P(DatabaseCopy, keeps_every_value_and_where_readers_stood) {
    const std::string hard("tab\t line\n backslash\\N quote' \"жалоба\" :name \\x00");
    constexpr int rows = 2'003;  // more than a page
    std::string hash(32, '\0');
    for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<char>(i * 9);
    store().write([&](Tx& tx) {
        std::vector<Params> many;
        for (int i = 0; i < rows; ++i)
            many.push_back({{"id", i - 1}, {"path", hard}, {"at", tx.now()}});
        many.back()[0].value = std::numeric_limits<std::int64_t>::max();
        tx.insert_many(put, many);
        tx.run(set_setting, {{"value", ""}, {"at", tx.now()}});
        tx.run(put_file, {{"id", 5}, {"path", "p"}, {"sha256", Bytes{hash}}, {"at", 0}});
        for (int i = 1; i <= 3; ++i) tell(tx, "test.happened", 1, 1, i);
        want_job(tx, "test.look", 7, tx.now());
    });
    store().write([&](Tx& tx) {
        move_fact_cursor(tx, "slow", facts_after(tx, 0, 2).at(1).id);
        move_fact_cursor(tx, "done", newest_fact(tx));
    });
    store().copy_into(copy_path());
    store().write([](Tx& tx) { tell(tx, "test.later", 1, 1, 4); });

    const auto look = [&](Store& at) {
        EXPECT_EQ(facts_of(at, "slow"), (std::vector<std::int64_t>{3}));
        EXPECT_EQ(facts_of(at, "done"), std::vector<std::int64_t>());
        at.read([&](Tx& tx) {
            const auto all = tx.rows(garbage_rows);
            ASSERT_EQ(all.size(), std::size_t(rows));
            EXPECT_EQ(all.front().integer(0), -1);
            EXPECT_EQ(all.front().text(1), hard);
            EXPECT_EQ(all.front().instant(3), clock.now());
            EXPECT_EQ(all.back().integer(0), std::numeric_limits<std::int64_t>::max());
            EXPECT_EQ(tx.row(settings)->text(0), "");
            EXPECT_EQ(tx.row(hashes)->blob(0), hash);
            EXPECT_EQ(job_counts(tx).at(0).open, 1);
        });
    };
    look(*Store::open({.url = "sqlite:" + copy_path(), .readers = 1}, clock));
    if (store().is_sqlite()) return;
    const std::string url = test_store->url();
    EXPECT_EQ(fault_of([&] { require_empty_postgres(conninfo()); }), "restore.database_in_use");
    test_store->close();
    EXPECT_EQ(fault_of([&] { copy_sqlite_to_postgres(copy_path(), conninfo(), clock); }),
              "restore.database_not_empty");
    make_empty();
    copy_sqlite_to_postgres(copy_path(), conninfo(), clock);
    test_store->reopen();
    look(store());
    store().write([](Tx& tx) { tell(tx, "test.later", 1, 1, 5); });
    EXPECT_EQ(facts_of(store(), "done"), (std::vector<std::int64_t>{5}));
}

TEST_P(DatabaseCopy, a_copy_that_fails_leaves_the_database_empty) {
    if (store().is_sqlite()) GTEST_SKIP() << "the copy of SQLite is a file, and has no name yet";
    store().write([&](Tx& tx) { tx.run(put, {{"id", 1}, {"path", "p"}, {"at", 0}}); });
    store().copy_into(copy_path());
    {
        // What PostgreSQL cannot keep: the copy ends in the middle.
        const auto spoilt = Store::open({.url = "sqlite:" + copy_path(), .readers = 1}, clock);
        spoilt->write([](Tx& tx) {
            tx.run({"update garbage set path = cast(x'410042' as text) where id = 1"});
        });
    }
    test_store->close();
    make_empty();
    EXPECT_EQ(fault_of([&] { copy_sqlite_to_postgres(copy_path(), conninfo(), clock); }),
              "text.nul");
    EXPECT_EQ(fault_of([&] { require_empty_postgres(conninfo()); }), "none");
}

OTKLIK_BOTH_DATABASES(DatabaseCopy);

}  // namespace
}  // namespace otklik
