// The settings file of the real program: found in the data folder or named, and flags win.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "base/files.h"
#include "store/test_store.h"
#include "testkit/program.h"

namespace otklik::testkit {
namespace {

class SettingsFile : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::sqlite) return;  // a file of the data folder, unasked
        if (!why_no_test_postgres().empty()) GTEST_SKIP() << why_no_test_postgres();
        server.emplace(GetParam(), clock);
        database = "database = \"" + server->url() + "\"\n";
        write(data + "/otklik.toml", database);
    }
    Folder folder;
    HandClock clock{{1'795'000'000'000'000}};
    std::optional<TestStore> server;
    std::string database;  // the line of the file that names it
    std::string data = folder.path("data"), keys = folder.path("keys");

    void write(const std::string& path, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        write_file_durably(path, text);
    }
    /// Does the log of a run tell of its start?
    bool tells_start(const std::vector<std::string>& flags) {
        const std::string log = data + ".log";
        std::filesystem::remove(log);
        Program program(data, keys, flags);
        EXPECT_EQ(program.stop(), 0);
        return read_file(log, 1 << 20).find("server.started") != std::string::npos;
    }
};

TEST_P(SettingsFile, is_read_and_flags_win) {
    EXPECT_TRUE(tells_start({}));
    write(data + "/otklik.toml", database + "log_level = \"error\"\nworkers = 2\n");
    EXPECT_FALSE(tells_start({}));
    EXPECT_TRUE(tells_start({"--log-level", "info"}));
    write(folder.path("other.toml"), database + "log_level = \"info\"\n");
    EXPECT_TRUE(tells_start({"--config", folder.path("other.toml")}));
    EXPECT_EQ(std::filesystem::exists(data + "/otklik.db"), GetParam() == TestDatabase::sqlite)
        << "it works in the database that the file names";
}

TEST_P(SettingsFile, what_is_wrong_is_named) {
    for (const auto& [text, named] :
         {std::pair("prot = 1\n", "prot"), {"workers = 0\n", "workers"}, {"port = \n", "1"}}) {
        write(data + "/otklik.toml", text + database);
        const Ran ran = run_otklik({"fsck", "--data", data, "--keys", keys});
        EXPECT_EQ(ran.exit_code, 1) << text;
        EXPECT_NE(ran.err.find(named), std::string::npos) << ran.err;
        EXPECT_EQ(ran.err.find("error."), std::string::npos) << "words, not a key: " << ran.err;
    }
}

OTKLIK_BOTH_DATABASES(SettingsFile);

}  // namespace
}  // namespace otklik::testkit
