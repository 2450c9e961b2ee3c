// The store when things go wrong: a full disk, a lost server, foreign migrations; and how fast it
// is when all is well.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "store/inside.h"
#include "store/store.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Sql put{"insert into garbage (id, path, reason, at) values (:id, :path, 'test', :at)"};
constexpr Sql count_rows{"select count(*) from garbage"};
constexpr Sql describe_sqlite{
    "select name, sql from sqlite_schema where name <> 'migration' order by name, type"};
constexpr Sql describe_postgres{
    "select table_name::text, column_name::text || ' ' || data_type::text || ' ' || "
    "is_nullable::text"
    " from information_schema.columns where table_schema = 'public'"
    " union all select tablename::text, indexdef from pg_indexes where schemaname = 'public' order "
    "by 1, 2"};

class StoreFaults : public StoreTest {
protected:
    std::string fault_of(const std::function<void()>& f) {
        try {
            f();
        } catch (const Error& error) {
            return std::string(fault_name(error.fault())) + " " + error.code();
        }
        return "none";
    }
    void add(std::string_view path) {
        store().write([&](Tx& tx) {
            tx.run(put, {{"id", tx.next_id()}, {"path", path}, {"at", tx.now()}});
        });
    }
    std::int64_t count() {
        return store().read([](Tx& tx) { return tx.row(count_rows)->integer(0); });
    }
    std::vector<std::string> schema_after(std::span<const EmbeddedFile> first,
                                          std::span<const EmbeddedFile> second) {
        TestStore fresh(GetParam(), clock);
        const bool is_sqlite = fresh->is_sqlite();
        const std::string url = empty_url(fresh);
        open_store({.url = url, .readers = 1}, clock, first);
        const auto opened = open_store({.url = url, .readers = 1}, clock, second);
        return opened->read([&](Tx& tx) {
            std::vector<std::string> lines;
            for (const auto& row : tx.rows(is_sqlite ? describe_sqlite : describe_postgres))
                lines.push_back(row.text(0) + ": " + row.maybe_text(1).value_or(""));
            return lines;
        });
    }
    /// The place of a database without any table.
    std::string empty_url(TestStore& fresh) {
        if (fresh->is_sqlite()) return "sqlite:" + fresh.folder() + "/empty.db";
        postgres_command(fresh.url().substr(9), "drop schema public cascade; create schema public");
        return fresh.url();
    }
};

TEST_P(StoreFaults, a_full_disk_is_told_and_survived) {
    if (!store().is_sqlite()) GTEST_SKIP() << "PostgreSQL's disk cannot be limited from here";
    add("before");
    store().write([](Tx& tx) { tx.run({"pragma max_page_count = 1"}); });  // as small as it is now
    const std::string big(100'000, 'x');
    std::atomic<int> full{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { full += fault_of([&] { add(big); }) == "full disk.full"; });
    threads.clear();
    EXPECT_EQ(full, 8);
    EXPECT_EQ(count(), 1);
    store().write([](Tx& tx) { tx.run({"pragma max_page_count = 100000"}); });
    add(big);
    EXPECT_EQ(count(), 2);
}

TEST_P(StoreFaults, a_lost_server_connection_is_made_anew) {
    if (store().is_sqlite()) GTEST_SKIP() << "SQLite has no server";
    add("before");
    constexpr std::string_view kill =
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()";
    const auto kill_all = [&] { postgres_command(test_store->url().substr(9), std::string(kill)); };
    kill_all();
    add("idle connections were lost");
    EXPECT_EQ(count(), 2);
    bool killed = false;
    store().write(
        [&](Tx& tx) {  // lost in the middle: nothing was committed, so the closure runs again
            tx.run(put, {{"id", tx.next_id()}, {"path", "mid"}, {"at", 0}});
            if (!std::exchange(killed, true)) kill_all();
            tx.run(put, {{"id", tx.next_id()}, {"path", "mid"}, {"at", 0}});
        });
    EXPECT_EQ(count(), 4);
    killed = false;
    EXPECT_EQ(fault_of([&] {
                  store().write([&](Tx& tx) {  // lost before the commit is answered
                      tx.run(put, {{"id", tx.next_id()}, {"path", "end"}, {"at", 0}});
                      if (!std::exchange(killed, true)) kill_all();
                  });
              }),
              "unavailable store.outcome_unknown");
    add("after");
    EXPECT_GE(count(), 5);
}

TEST_P(StoreFaults, migrations_are_remembered_and_checked) {
    const auto all = embedded_migrations();
    EXPECT_EQ(schema_after(all.subspan(0, 2), all), schema_after(all, all))
        << "fresh differs from migrated";
    EXPECT_EQ(fault_of([&] {
                  open_store({.url = test_store->url(), .readers = 1}, clock, all.subspan(0, 2));
              }),
              "conflict store.newer");
    std::vector<EmbeddedFile> changed(all.begin(), all.end());
    changed[1].bytes = "create table other (id {int} primary key){strict};";
    EXPECT_EQ(
        fault_of([&] { open_store({.url = test_store->url(), .readers = 1}, clock, changed); }),
        "conflict store.changed");
    std::vector<EmbeddedFile> more(all.begin(), all.end());
    more.push_back({"9999_bad.sql", "create table good (id {int}); create table good (id {int});"});
    EXPECT_EQ(fault_of([&] {
                  open_store({.url = test_store->url(), .readers = 1, .may_migrate = false}, clock,
                             more);
              }),
              "conflict store.old");
    EXPECT_EQ(fault_of([&] { open_store({.url = test_store->url(), .readers = 1}, clock, more); }),
              "internal store.failed");
    more.back().bytes =
        "create table good (id {int}); -- a half-done file left nothing behind; really";
    open_store({.url = test_store->url(), .readers = 1}, clock, more);
}

TEST_P(StoreFaults, a_copy_is_whole) {
    add("kept");
    const std::string path = test_store->folder() + "/copy.db";
    store().copy_into(path);
    add("later");
    const auto copy = Store::open({.url = "sqlite:" + path, .readers = 1}, clock);
    EXPECT_EQ(copy->read([](Tx& tx) { return tx.row(count_rows)->integer(0); }), 1);
}

TEST_P(StoreFaults, sixty_four_threads_share_their_commits) {
    constexpr int threads = 64;
    const auto length = std::chrono::milliseconds(700);
    std::atomic<int> written{0};
    const auto started = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> all;
        for (int t = 0; t < threads; ++t)
            all.emplace_back([&] {
                while (std::chrono::steady_clock::now() - started < length) {
                    add("a path of some length, as a press is");
                    ++written;
                }
            });
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf("%s: %.0f closures/s with %d threads\n",
                store().is_sqlite() ? "SQLite" : "PostgreSQL", written / took.count(), threads);
    EXPECT_EQ(count(), written);
}

OTKLIK_BOTH_DATABASES(StoreFaults);

}  // namespace
}  // namespace otklik
