// The testkit's databases. Its name makes it a part of the tests and of no program.
#include "store/test_store.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "store/inside.h"

namespace otklik {
namespace {

/// One folder per process, removed at its end.
struct TestRoot {
    std::string path;
    TestRoot() {
        const bool has_tmpfs = ::access("/dev/shm", W_OK) == 0;
        const auto below =
            has_tmpfs ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
        path = below / ("otklik-test-" + std::to_string(::getpid()));
        std::filesystem::create_directories(path);
    }
    ~TestRoot() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

const std::string& test_root() {
    static const TestRoot root;
    return root.path;
}

std::string next_name() {
    static std::atomic<int> count{0};
    return std::to_string(::getpid()) + "_" + std::to_string(++count);
}

/// Fresh stores are made with this clock, so that a test's clock is not read before its test.
const Clock& template_clock() {
    static const HandClock clock({1'790'000'000'000'000});
    return clock;
}

const std::string& sqlite_template() {
    static const std::string path = [] {
        const std::string made = test_root() + "/template.db";
        Store::open({.url = "sqlite:" + made, .readers = 1}, template_clock());
        return made;
    }();
    return path;
}

std::string test_conninfo() {
    const char* conninfo = std::getenv("OTKLIK_TEST_PG");
    return conninfo ? conninfo : "";
}

void administer(const std::string& statement) {
    postgres_command(test_conninfo(), statement);
}

std::string postgres_url(const std::string& name) {
    return "postgres:" + test_conninfo() + " dbname=" + name;
}

struct PostgresTemplate {
    std::string name = "otklik_test_" + next_name();
    PostgresTemplate() {
        administer("create database " + name);
        Store::open({.url = postgres_url(name), .readers = 1}, template_clock());
    }
    ~PostgresTemplate() {
        try {
            administer("drop database if exists " + name + " with (force)");
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.detail().c_str());
        }
    }
};

const std::string& postgres_template() {
    static const PostgresTemplate made;
    return made.name;
}

}  // namespace

std::string why_no_test_postgres() {
    return test_conninfo().empty() ? "OTKLIK_TEST_PG names no PostgreSQL server" : "";
}

TestStore::TestStore(TestDatabase database, const Clock& clock) : clock_(clock) {
    const std::string name = next_name();
    folder_ = test_root() + "/" + name;
    std::filesystem::create_directories(folder_);
    if (database == TestDatabase::sqlite) {
        std::filesystem::copy_file(sqlite_template(), folder_ + "/otklik.db");
        url_ = "sqlite:" + folder_ + "/otklik.db";
    } else {
        database_name_ = "otklik_test_" + name;
        administer("create database " + database_name_ + " template " + postgres_template());
        url_ = postgres_url(database_name_);
    }
    reopen();
}

TestStore::~TestStore() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    try {
        if (!database_name_.empty())
            administer("drop database if exists " + database_name_ + " with (force)");
    } catch (const Error& error) {
        ADD_FAILURE() << error.detail();
    }
}

void TestStore::reopen() {
    store_.reset();
    store_ = Store::open({.url = url_, .readers = 4}, clock_);
}

}  // namespace otklik
