// Backup under load, wipe, restore; then fsck and the audit journal find what was done to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "base/clock.h"
#include "base/files.h"
#include "store/test_store.h"
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

class Backup : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres) {
            if (!why_no_test_postgres().empty()) GTEST_SKIP() << why_no_test_postgres();
            server_database.emplace(TestDatabase::postgres, clock);
            server_database->close();
        }
        start(data, GetParam());
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
    std::string url(const std::string& at, TestDatabase database) const {
        return database == TestDatabase::postgres ? server_database->url()
                                                  : "sqlite:" + at + "/otklik.db";
    }
    void start(const std::string& at, TestDatabase database) {
        program.emplace(at, keys, std::vector<std::string>{"--database", url(at, database)});
    }
    Ran verb(std::vector<std::string> words) const { return verb_on(data, GetParam(), words); }
    Ran verb_on(const std::string& at, TestDatabase database,
                std::vector<std::string> words) const {
        words.insert(words.end(),
                     {"--data", at, "--keys", keys, "--json", "--database", url(at, database)});
        return run_otklik(words);
    }
    /// The database on the server, without any table.
    void empty_server_database() {
        Store::open({.url = server_database->url(), .readers = 1}, clock)->write([](Tx& tx) {
            tx.run({"drop schema public cascade"});
            tx.run({"create schema public"});
        });
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
    /// Changes one row of a table behind the program's back, past what keeps the journal.
    void forge(const std::string& table, const char* trigger, const char* change) {
        const bool on_server = GetParam() == TestDatabase::postgres;
        const std::string drop = on_server ? "drop trigger " + table + "_kept on " + table
                                           : "drop trigger " + std::string(trigger);
        Store::open({.url = url(data, GetParam()), .readers = 1}, clock)->write([&](Tx& tx) {
            tx.run({drop});
            EXPECT_EQ(tx.run({change}), 1);
        });
    }
    std::set<std::string> findings(const std::string& level) const {
        return findings_of(verb({"fsck", "--level", level}));
    }
    static std::set<std::string> findings_of(const Ran& ran) {
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

    SystemClock clock;
    std::optional<TestStore> server_database;  // PostgreSQL: closed, the program's alone
    Folder folder;
    std::string data = folder.path("data"), keys = folder.path("keys"), copy = folder.path("copy");
    std::optional<Program> program;
    std::optional<Client> boss;
    Shop shop;
    Instant begin;
    std::string clip_signal;
    std::atomic<int> acknowledged{0};
};

TEST_P(Backup, under_load_gives_every_press_acknowledged_before_it) {
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
    if (GetParam() == TestDatabase::postgres) {
        EXPECT_EQ(verb({"restore", copy}).exit_code, 1) << "the database still holds tables";
        EXPECT_FALSE(std::filesystem::exists(data));
        empty_server_database();
    }
    const Ran restored = verb({"restore", copy});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;

    start(data, GetParam());
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
    forge("audit_seal", "audit_seal_stays",
          "delete from audit_seal where number = (select max(number) from audit_seal)");
    const Ran cut = verb({"audit", "verify"});
    EXPECT_EQ(cut.exit_code, 1) << cut.out;
}

TEST_P(Backup, fsck_names_what_is_gone_foreign_and_changed) {
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
    // Mended: an original nobody can make again, and a foreign file may yet be somebody's.
    const Ran mended = verb({"fsck", "--level", "3", "--repair"});
    EXPECT_EQ(mended.exit_code, 1) << mended.err;
    std::set<std::string> left;
    const json::value done = json::parse(mended.out);
    for (const auto& each : done.at("items").as_array()) {
        const bool stays = text(each, "kind") == "original" || text(each, "what") == "foreign";
        EXPECT_EQ(text(each, "done") == "left", stays) << text(each, "path");
        EXPECT_FALSE(text(each, "done_text").empty());
        if (stays) left.insert(text(each, "what") + " " + text(each, "path"));
    }
    EXPECT_EQ(findings("3"), left);
}

TEST_P(Backup, fsck_takes_a_disk_that_is_not_there_for_no_loss) {
    program.reset();
    const auto before = findings("3");
    std::filesystem::rename(data + "/media", data + "/media.away");
    std::filesystem::create_directories(data + "/media");
    const Ran refused = verb({"fsck", "--repair"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE((refused.out + refused.err).find("media"), std::string::npos) << refused.err;
    std::filesystem::remove_all(data + "/media");
    std::filesystem::rename(data + "/media.away", data + "/media");
    EXPECT_EQ(findings("3"), before) << "every file is known as before";
    // As many strangers as another database would leave.
    const std::size_t known = media().size();
    for (std::size_t i = 0; i <= known; ++i)
        write_file_durably(data + "/media/stranger" + std::to_string(i), "not ours");
    const Ran strangers = verb({"fsck", "--repair"});
    EXPECT_NE((strangers.out + strangers.err).find("media"), std::string::npos) << strangers.err;
}

TEST_P(Backup, explain_tells_how_a_clip_came_to_be) {
    const std::string clip = text(clip_of(*boss, clip_signal), "id");
    const Ran told = verb({"explain", clip});
    ASSERT_EQ(told.exit_code, 0) << told.err;
    const json::value story = json::parse(told.out);
    ASSERT_EQ(story.at("cuts").as_array().size(), 1U);
    const json::value& cut = story.at("cuts").at(0);
    EXPECT_EQ(text(cut, "why"), "first");
    const std::string recording = text(cut.at("cut").at("pieces").at(0), "recording_id");
    EXPECT_EQ(number(story.at("clocks").at(recording), "map_number"), 1);
    // In words, for a person at a terminal.
    const Ran said = run_otklik(
        {"explain", clip, "--data", data, "--keys", keys, "--database", url(data, GetParam())});
    for (const std::string& word : {"press " + clip_signal, std::string("window "),
                                    "clock of " + recording, std::string("cut 1 of ")})
        EXPECT_NE(said.out.find(word), std::string::npos) << word << "\n" << said.out;
    EXPECT_EQ(verb({"explain", "clip_zzzzz"}).exit_code, 1);
}

TEST_P(Backup, the_audit_journal_names_the_entry_that_was_changed) {
    program.reset();
    const Ran whole = verb({"audit", "verify"});
    ASSERT_EQ(whole.exit_code, 0) << whole.out << whole.err;
    const json::value verdict = json::parse(whole.out);
    EXPECT_GE(number(verdict, "sealed"), 3);
    EXPECT_EQ(text(verdict, "reason"), "");
    // The third sealed entry says something else now.
    forge("audit_entry", "audit_entry_kept",
          "update audit_entry set actor = 'account_1' where id ="
          " (select entry_id from audit_seal where number = 3)");
    const Ran broken = verb({"audit", "verify"});
    EXPECT_EQ(broken.exit_code, 1);
    const json::value found = json::parse(broken.out);
    EXPECT_EQ(number(found, "first_bad"), 3) << broken.out;
    EXPECT_NE(text(found, "reason"), "");
}

TEST_P(Backup, can_be_restored_into_the_other_database) {
    const TestDatabase other =
        GetParam() == TestDatabase::postgres ? TestDatabase::sqlite : TestDatabase::postgres;
    const std::string clip = text(clip_of(*boss, clip_signal), "id");
    const Answer before = boss->ask("GET", "/clips/" + clip + "/audio?channel=0");
    const json::value figures = boss->get("/figures");
    program.reset();
    const Ran made = verb({"backup", copy});  // nobody runs: the verb opens the data itself
    ASSERT_EQ(made.exit_code, 0) << made.err;
    if (other == TestDatabase::postgres) {
        if (!why_no_test_postgres().empty()) GTEST_SKIP() << why_no_test_postgres();
        server_database.emplace(TestDatabase::postgres, clock);
        server_database->close();
        empty_server_database();
    }
    const std::string moved = folder.path("moved");
    const Ran restored = verb_on(moved, other, {"restore", copy});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_EQ(std::filesystem::exists(moved + "/otklik.db"), other == TestDatabase::sqlite);
    EXPECT_EQ(findings_of(verb_on(moved, other, {"fsck", "--level", "3"})),
              std::set<std::string>());
    EXPECT_EQ(verb_on(moved, other, {"audit", "verify"}).exit_code, 0);
    start(moved, other);
    boss.emplace(*program);
    boss->sign_in(shop.login, shop.password);
    EXPECT_EQ(json::serialize(boss->get("/figures")), json::serialize(figures));
    EXPECT_TRUE(boss->ask("GET", "/clips/" + clip + "/audio?channel=0").http.body ==
                before.http.body);
    // It works on there: facts and jobs go on where they stood.
    Client device(*program);
    device.use_token(shop.device_token);
    const std::string signal =
        text(press(device, "moved", "3", begin + Duration::seconds(200)).ok(), "signal_id");
    EXPECT_TRUE(
        until([&] { return text(boss->get("/signals/" + signal), "clip_state") == "final"; }));
}

OTKLIK_BOTH_DATABASES(Backup);

}  // namespace
}  // namespace otklik::testkit
