// Backup under load, wipe, restore; then fsck and the audit journal find what was done to them.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "base/clock.h"
#include "base/files.h"
#include "testkit/listening_inside.h"
#include "testkit/program.h"

namespace otklik::testkit {
namespace {

constexpr int tries_max = 600;

/// Asks again until it holds; the server works by itself.
template <class F>
bool until(F&& holds) {
    using namespace std::chrono_literals;
    for (int i = 0; i < tries_max; ++i) {
        if (holds()) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

class Backup : public ::testing::Test {
protected:
    void SetUp() override {
        program.emplace(data, keys);
        boss.emplace(*program);
        begin = SystemClock().now() - Duration::seconds(3600);
        shop = open_shop(*boss, {.setup_code = program->setup_code(),
                                 .recorder_since = begin - Duration::hours(1),
                                 .buttons = nullptr});
        ASSERT_EQ(import_sound(*boss, shop.recorder_id, "a.wav", begin, wav_of(own_sound(300, 9)))
                      .status(),
                  201);
        Client device(*program);
        device.use_token(shop.device_token);
        clip_signal =
            text(press(device, "first", "3", begin + Duration::seconds(100)).ok(), "signal_id");
        ASSERT_TRUE(until(
            [&] { return text(boss->get("/signals/" + clip_signal), "clip_state") == "final"; }));
    }
    Ran verb(std::vector<std::string> words) const {
        words.insert(words.end(), {"--data", data, "--keys", keys, "--json"});
        return run_otklik(words);
    }
    /// Presses until told to stop; what was acknowledged is in `acknowledged`.
    void keep_pressing(std::stop_token stop) {
        Client device(*program);
        device.use_token(shop.device_token);
        for (int i = 0; !stop.stop_requested(); ++i) {
            const std::string id = "load-" + std::to_string(i);
            if (press(device, id, "1", begin + Duration::ms(200'000 + i)).status() != 201) return;
            ++acknowledged;
        }
    }
    static void run_sql(const std::string& database, const char* sql) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open(database.c_str(), &db), SQLITE_OK);
        char* why = nullptr;
        EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, &why), SQLITE_OK) << why;
        EXPECT_EQ(sqlite3_changes(db), 1);
        sqlite3_close(db);
    }
    std::set<std::string> findings(const std::string& level) const {
        const Ran ran = verb({"fsck", "--level", level});
        std::set<std::string> found;
        const json::value answer = json::parse(ran.out);
        for (const auto& item : answer.at("items").as_array())
            found.insert(text(item, "what") + " " + text(item, "path"));
        EXPECT_EQ(ran.exit_code, found.empty() ? 0 : 1) << ran.err;
        return found;
    }
    /// Files of the media folder of this ending, relative to it.
    std::vector<std::string> media() const {
        std::vector<std::string> paths;
        for (const auto& each : std::filesystem::recursive_directory_iterator(data + "/media"))
            if (each.is_regular_file())
                paths.push_back(each.path().lexically_relative(data + "/media").string());
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    Folder folder;
    std::string data = folder.path("data"), keys = folder.path("keys"), copy = folder.path("copy");
    std::optional<Program> program;
    std::optional<Client> boss;
    Shop shop;
    Instant begin;
    std::string clip_signal;
    std::atomic<int> acknowledged{0};
};

TEST_F(Backup, under_load_gives_every_press_acknowledged_before_it) {
    int before = 0, after = 0;
    {
        std::jthread load([this](std::stop_token stop) { keep_pressing(stop); });
        ASSERT_TRUE(until([this] { return acknowledged >= 50; }));
        before = acknowledged;
        const Ran ran = verb({"backup", copy});
        after = acknowledged + 1;  // one may be on its way
        ASSERT_EQ(ran.exit_code, 0) << ran.err;
        ASSERT_TRUE(until([&] { return acknowledged > after; })) << "presses stopped";
    }
    const Answer sound_before =
        boss->ask("GET", "/clips/" + text(clip_of(*boss, clip_signal), "id") + "/audio?channel=0");
    EXPECT_EQ(program->stop(), 0);
    program.reset();
    std::filesystem::remove_all(data);
    const Ran restored = verb({"restore", copy});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;

    program.emplace(data, keys);
    boss.emplace(*program);
    boss->sign_in(shop.login, shop.password);
    std::set<std::string> ids;
    for (const auto& row : boss->list("/signals?limit=200")) ids.insert(text(row, "id"));
    EXPECT_GE(static_cast<int>(ids.size()), before + 1);
    EXPECT_LE(static_cast<int>(ids.size()), after + 1);
    // Who pressed again would hear "repeated" for each of those.
    Client device(*program);
    device.use_token(shop.device_token);
    for (int i = 0; i < before; ++i)
        EXPECT_EQ(press(device, "load-" + std::to_string(i), "1", begin + Duration::ms(200'000 + i))
                      .status(),
                  200)
            << i;
    const Answer sound =
        boss->ask("GET", "/clips/" + text(clip_of(*boss, clip_signal), "id") + "/audio?channel=0");
    EXPECT_EQ(sound.status(), 200);
    EXPECT_TRUE(sound.http.body == sound_before.http.body);
    EXPECT_GT(samples_of_ogg(sound.http.body), std::size_t{100} * sound_rate);
    EXPECT_EQ(findings("3"), std::set<std::string>());
    // Entries written after the backup are gone; the journal says so, and why.
    const Ran audit = verb({"audit", "verify"});
    EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
    const json::value verdict = json::parse(audit.out);
    EXPECT_EQ(text(verdict, "reason"), "");
    ASSERT_EQ(verdict.at("restores").as_array().size(), 1U);
    const json::value& restore = verdict.at("restores").as_array().front();
    EXPECT_GE(number(restore, "lost_to"), number(restore, "head"));
    // A cut that is no restore is found as before.
    program.reset();
    run_sql(data + "/otklik.db",
            "drop trigger audit_seal_stays; delete from audit_seal where number ="
            " (select max(number) from audit_seal)");
    const Ran cut = verb({"audit", "verify"});
    EXPECT_EQ(cut.exit_code, 1) << cut.out;
}

TEST_F(Backup, fsck_names_what_is_gone_foreign_and_changed) {
    program.reset();
    ASSERT_EQ(findings("3"), std::set<std::string>());
    const auto files = media();
    ASSERT_GE(files.size(), 3U);
    std::filesystem::remove(data + "/media/" + files[0]);
    const std::string changed = data + "/media/" + files[1];
    std::string bytes = read_file(changed, 64 << 20);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    std::filesystem::permissions(changed, std::filesystem::perms::owner_all);
    write_file_durably(changed, bytes);
    write_file_durably(data + "/media/stranger.bin", "not ours");
    EXPECT_EQ(findings("1"),
              (std::set<std::string>{"missing " + files[0], "foreign stranger.bin"}));
    EXPECT_EQ(findings("3"), (std::set<std::string>{"missing " + files[0], "changed " + files[1],
                                                    "foreign stranger.bin"}));
}

TEST_F(Backup, the_audit_journal_names_the_entry_that_was_changed) {
    program.reset();
    const Ran whole = verb({"audit", "verify"});
    ASSERT_EQ(whole.exit_code, 0) << whole.out << whole.err;
    const json::value verdict = json::parse(whole.out);
    EXPECT_GE(number(verdict, "sealed"), 3);
    EXPECT_EQ(text(verdict, "reason"), "");
    // The third sealed entry says something else now.
    run_sql(data + "/otklik.db",
            "drop trigger audit_entry_kept; update audit_entry set actor = 'account_1' where id = "
            "(select entry_id from audit_seal where number = 3)");
    const Ran broken = verb({"audit", "verify"});
    EXPECT_EQ(broken.exit_code, 1);
    const json::value found = json::parse(broken.out);
    EXPECT_EQ(number(found, "first_bad"), 3) << broken.out;
    EXPECT_NE(text(found, "reason"), "");
}

}  // namespace
}  // namespace otklik::testkit
