#pragma once
// A fresh migrated store per test, on both databases. Every room's tests use it:
//
//   class Clips : public StoreTest {};
//   TEST_P(Clips, press_at_midnight_keeps_both_days) { store().write([&](Tx& tx) { ... });
//   clock.advance(...); } OTKLIK_BOTH_DATABASES(Clips);          // or OTKLIK_SQLITE_ONLY(Clips)
//
// SQLite: a copy of a migrated template on tmpfs. PostgreSQL: a copy of a template database of the
// server that OTKLIK_TEST_PG names (a libpq conninfo, its database is the one to connect for
// `create database`); absent: skipped.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "store/store.h"

namespace otklik {

enum class TestDatabase { sqlite, postgres };
/// Why tests on PostgreSQL cannot run, empty when they can.
std::string why_no_test_postgres();

class TestStore {
public:
    TestStore(TestDatabase database, const Clock& clock);
    ~TestStore();  // removes the database and the folder
    TestStore(const TestStore&) = delete;
    TestStore& operator=(const TestStore&) = delete;
    Store& operator*() { return *store_; }
    Store* operator->() { return store_.get(); }
    /// An empty folder for files of this test, on tmpfs.
    const std::string& folder() const { return folder_; }
    const std::string& url() const { return url_; }
    /// Closes and opens again, as a restart of the program does.
    void reopen();
    /// Until reopen(): nobody is connected.
    void close() { store_.reset(); }

private:
    const Clock& clock_;
    std::string folder_;
    std::string url_;
    std::string database_name_;
    std::unique_ptr<Store> store_;
};

class StoreTest : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        test_store = std::make_unique<TestStore>(GetParam(), clock);
    }
    Store& store() { return **test_store; }

    HandClock clock{{1'795'000'000'000'000}};  // 2026-11-18T11:06:40Z
    std::unique_ptr<TestStore> test_store;
};

inline std::string test_database_name(const ::testing::TestParamInfo<TestDatabase>& info) {
    return info.param == TestDatabase::sqlite ? "sqlite" : "postgres";
}
#define OTKLIK_BOTH_DATABASES(Suite)                                                         \
    INSTANTIATE_TEST_SUITE_P(                                                                \
        Both, Suite,                                                                         \
        ::testing::Values(::otklik::TestDatabase::sqlite, ::otklik::TestDatabase::postgres), \
        ::otklik::test_database_name)
#define OTKLIK_SQLITE_ONLY(Suite)                                                            \
    INSTANTIATE_TEST_SUITE_P(Only, Suite, ::testing::Values(::otklik::TestDatabase::sqlite), \
                             ::otklik::test_database_name)

}  // namespace otklik
