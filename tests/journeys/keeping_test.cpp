// Backups asked for in the desk, and the disk calculator.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "media/disk_need.h"
#include "rights_house_inside.h"
#include "store/backup.h"

namespace otklik::testkit {
namespace {

constexpr int looks_max = 1200;

class Keeping : public Rights {
protected:
    /// A backup runs on a thread of its own: asked again, as the desk does, until it has ended.
    json::value ended() {
        using namespace std::chrono_literals;
        for (int i = 0; i < looks_max; ++i) {
            const json::value run = boss.get("/backups").at("newest");
            if (text(run, "state") != "running") return run;
            std::this_thread::sleep_for(50ms);
        }
        return {};
    }
    bool journal_has(const std::string& verb) {
        const json::array entries = boss.get("/audit").at("items").as_array();
        return std::any_of(entries.begin(), entries.end(),
                           [&](const json::value& one) { return text(one, "verb") == verb; });
    }
};

TEST_P(Keeping, a_backup_from_the_desk_says_how_far_it_is_and_stays) {
    EXPECT_TRUE(boss.get("/backups").at("newest").is_null());
    EXPECT_EQ(checker.ask("POST", "/backups", json::object{}).status(), 403);
    EXPECT_EQ(neighbour.ask("POST", "/backups", json::object{}).status(), 404)
        << "administrator of one site";
    const Answer named = boss.ask("POST", "/backups", json::object{{"folder", "/tmp/x"}});
    EXPECT_EQ(named.status(), 403) << "a folder of the server is for its console";
    EXPECT_EQ(named.code(), "backup.console");
    const Answer begun = boss.ask("POST", "/backups", json::object{});
    ASSERT_EQ(begun.status(), 202) << begun.http.body;
    EXPECT_EQ(boss.ask("POST", "/backups", json::object{}).code(), "backup.runs");
    const json::value run = ended();
    ASSERT_EQ(text(run, "state"), "done") << json::serialize(run);
    EXPECT_GT(number(run, "bytes"), 0);
    EXPECT_EQ(number(run, "bytes"), number(run, "bytes_total"));
    EXPECT_EQ(number(run, "files"), number(run, "files_total"));
    const json::value all = boss.get("/backups");
    ASSERT_EQ(all.at("items").as_array().size(), 1U);
    EXPECT_EQ(number(all.at("items").at(0), "files"), number(run, "files"));
    EXPECT_TRUE(std::filesystem::exists(text(run, "folder") + "/manifest.json"));
    EXPECT_TRUE(journal_has("backup.begun"));
    // It is a backup like any other.
    const std::string where = text(run, "folder") + "-restored";
    const BackupReport report = restore_backup(
        text(run, "folder"), {where + "/data", "", where + "/keys", "console:test"}, house.clock);
    EXPECT_EQ(report.files, number(run, "files"));
}

TEST_P(Keeping, a_cancelled_backup_leaves_nothing_behind) {
    EXPECT_EQ(boss.ask("POST", "/backups/cancel").code(), "backup.none");
    const json::value begun = boss.post("/backups", json::object{});
    EXPECT_EQ(boss.ask("POST", "/backups/cancel").status(), 204);
    const json::value run = ended();
    EXPECT_EQ(text(run, "state"), "cancelled") << json::serialize(run);
    EXPECT_NE(text(run, "reason"), "");
    EXPECT_FALSE(std::filesystem::exists(text(begun, "folder")));
    EXPECT_EQ(boss.get("/backups").at("items").as_array().size(), 0U);
    EXPECT_TRUE(journal_has("backup.cancelled"));
}

TEST_P(Keeping, the_disk_calculator_counts_as_the_verb_does) {
    const DiskPlan plan{.points = 3, .hours_per_day = 12, .retention_days = 30, .channels = 2};
    const json::value said = boss.get("/disk?points=3&hours=12&days=30&channels=2");
    const DiskNeed need = disk_need(plan);
    EXPECT_EQ(number(said, "point_month_bytes"), need.point_month_bytes);
    EXPECT_EQ(number(said, "total_bytes"), need.total_bytes);
    EXPECT_GT(number(said, "free_bytes"), 0);
    EXPECT_GE(number(said, "disk_bytes"), number(said, "free_bytes"));
    EXPECT_EQ(boss.ask("GET", "/disk?points=99999").status(), 400);
    EXPECT_EQ(checker.ask("GET", "/disk").status(), 403);
}

OTKLIK_BOTH_DATABASES(Keeping);

}  // namespace
}  // namespace otklik::testkit
