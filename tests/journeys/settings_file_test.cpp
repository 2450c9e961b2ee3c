// The settings file of the real program: found in the data folder or named, and flags win.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "testkit/program.h"

namespace otklik::testkit {
namespace {

struct SettingsFile : ::testing::Test {
    Folder folder;
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

TEST_F(SettingsFile, is_read_and_flags_win) {
    EXPECT_TRUE(tells_start({}));
    write(data + "/otklik.toml", "log_level = \"error\"\nworkers = 2\n");
    EXPECT_FALSE(tells_start({}));
    EXPECT_TRUE(tells_start({"--log-level", "info"}));
    write(folder.path("other.toml"), "log_level = \"info\"\n");
    EXPECT_TRUE(tells_start({"--config", folder.path("other.toml")}));
}

TEST_F(SettingsFile, what_is_wrong_is_named) {
    for (const auto& [text, named] :
         {std::pair("prot = 1\n", "prot"), {"workers = 0\n", "workers"}, {"port = \n", "1"}}) {
        write(data + "/otklik.toml", text);
        const Ran ran = run_otklik({"fsck", "--data", data, "--keys", keys});
        EXPECT_EQ(ran.exit_code, 1) << text;
        EXPECT_NE(ran.err.find(named), std::string::npos) << ran.err;
        EXPECT_EQ(ran.err.find("error."), std::string::npos) << "words, not a key: " << ran.err;
    }
}

}  // namespace
}  // namespace otklik::testkit
