// S3-17, issue 5.1: the agent carries the files of a folder that a dictaphone fills, against the
// real house: server away and back, answers lost, killed between any two requests.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "agent/folder_files.h"
#include "base/error.h"
#include "base/files.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

namespace fs = std::filesystem;

constexpr Instant files_begin{1'795'000'000'000'000};  // 2026-11-18T11:06:40Z
constexpr std::size_t piece_bytes = 20'000;

class FolderAgent : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        folder =
            (fs::temp_directory_path() / ("otklik_files_" + std::to_string(::getpid()))).string();
        fs::remove_all(folder);
        fs::create_directories(folder);
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = files_begin - Duration::hours(24)});
        token = pair(shop.recorder_id);
        start();
    }
    void TearDown() override { fs::remove_all(folder); }
    std::string pair(const std::string& recorder) {
        const std::string code = text(boss.post("/recorders/" + recorder + "/agent"), "code");
        return text(nobody.post("/agent/pair", json::object{{"code", code}}), "token");
    }
    /// The agent begins, as after a restart.
    void start() {
        files = std::make_unique<FolderFiles>(
            folder,
            [this](std::string_view method, std::string_view target,
                   const std::vector<Header>& headers, std::string_view body) {
                ++requests;
                if (is_away) throw Error(Fault::unavailable, "server.away");
                const auto answer =
                    house.send(method, std::string(target), headers, std::string(body));
                // The server took it, and its answer was lost on the way.
                if (requests == lose_answer) throw Error(Fault::unavailable, "server.away");
                return answer;
            },
            token, house.clock, piece_bytes);
    }
    void put(const std::string& name, const std::string& bytes) const {
        const Fd fd = open_file(folder + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        write_all(fd.get(), bytes);
    }
    FolderFiles::Round look() {
        const auto round = files->look();
        house.settle();
        house.clock.advance(Duration::seconds(11));
        return round;
    }
    bool is_there(const std::string& name) const { return fs::exists(folder + "/" + name); }
    std::size_t recordings() { return boss.list("/recordings").size(); }

    House house{database(), files_begin};
    Client boss{house}, nobody{house};
    Shop shop;
    std::string folder, token;
    std::unique_ptr<FolderFiles> files;
    int requests = 0, lose_answer = 0;
    bool is_away = false;
    const std::string sound = wav_of(own_sound(5, 3));
};
OTKLIK_BOTH_DATABASES(FolderAgent);

TEST_P(FolderAgent, a_file_that_stands_still_becomes_a_recording_and_moves_to_done) {
    put("20261118_120000.wav", sound.substr(0, 30'000));
    EXPECT_EQ(look().waiting, 1);
    put("20261118_120000.wav", sound);  // it still grew
    EXPECT_EQ(look().waiting, 1);
    EXPECT_EQ(requests, 0);
    EXPECT_EQ(look().carried, 0);  // it is sent, and read meanwhile
    EXPECT_GT(requests, 3) << "in pieces";
    EXPECT_TRUE(is_there("20261118_120000.wav")) << "until its outcome is a row";
    EXPECT_EQ(look().carried, 1);
    EXPECT_TRUE(is_there("done/20261118_120000.wav"));
    EXPECT_FALSE(is_there("20261118_120000.wav"));
    ASSERT_EQ(recordings(), 1U);
    EXPECT_EQ(number(boss.get("/recordings/" + text(boss.list("/recordings").at(0), "id")),
                     "length_samples"),
              5 * 48'000);
    // The same file put in again is the same recording.
    put("20261118_120000.wav", sound);
    for (int i = 0; i < 4; ++i) look();
    EXPECT_TRUE(is_there("done/20261118_120000 (2).wav"));
    EXPECT_EQ(recordings(), 1U);
}

TEST_P(FolderAgent, away_answers_lost_and_killed_anywhere_it_is_one_recording) {
    put("20261118_120000.wav", sound);
    look();
    is_away = true;
    EXPECT_TRUE(look().away);
    is_away = false;
    // Each request of the way loses its answer once, and a new agent goes on from there.
    int lost = 0;
    for (int i = 0; i < 40 && is_there("20261118_120000.wav"); ++i) {
        start();
        look();  // a new agent sees it stand still first
        lose_answer = requests + 1 + i % 5;
        const int before = requests;
        lost += look().away;
        EXPECT_LE(requests - before, 10);
    }
    EXPECT_GE(lost, 3);
    EXPECT_TRUE(is_there("done/20261118_120000.wav"));
    EXPECT_EQ(recordings(), 1U);
}

TEST_P(FolderAgent, what_is_no_sound_is_refused_with_a_reason_beside_it) {
    put("photo.wav", "\x89PNG\r\n\x1a\n and so on");
    put("20261118_130000.wav", "");
    put("20261118_120000.wav", sound);
    for (int i = 0; i < 4; ++i) look();
    EXPECT_TRUE(is_there("refused/photo.wav"));
    EXPECT_TRUE(is_there("refused/20261118_130000.wav"));
    EXPECT_TRUE(is_there("done/20261118_120000.wav")) << "held up by nobody";
    const std::string why = read_file(folder + "/refused/photo.wav.txt", 10'000);
    EXPECT_NE(why.find("audio.not_audio"), std::string::npos) << why;
    EXPECT_EQ(recordings(), 1U);
}

TEST_P(FolderAgent, without_a_start_it_waits_for_a_person_in_the_desk) {
    put("DS_30001.wav", sound);
    for (int i = 0; i < 3; ++i) look();
    EXPECT_TRUE(is_there("DS_30001.wav"));
    const json::value asking = boss.get("/uploads").at("items").at(0);
    EXPECT_EQ(text(asking, "state"), "asking");
    EXPECT_EQ(text(asking, "reason"), "start.unknown");
    const int before = requests;
    look();
    EXPECT_EQ(requests, before) << "asked once a minute, not at every look";
    boss.put("/uploads/" + text(asking, "id") + "/answer",
             json::object{{"starts_at", format_instant(files_begin - Duration::hours(1))}});
    house.settle();
    house.clock.advance(Duration::seconds(60));
    EXPECT_EQ(look().carried, 1);
    EXPECT_TRUE(is_there("done/DS_30001.wav"));
    EXPECT_EQ(recordings(), 1U);
}

TEST_P(FolderAgent, another_file_under_the_same_name_is_another_recording) {
    put("20261118_120000.wav", sound);
    look();
    look();  // sent and read, and not moved yet
    put("20261118_120000.wav", wav_of(own_sound(7, 4)));
    for (int i = 0; i < 4; ++i) look();
    EXPECT_EQ(recordings(), 2U);
    EXPECT_TRUE(is_there("done/20261118_120000.wav"));
    EXPECT_FALSE(is_there("done/20261118_120000 (2).wav")) << "the first was overwritten here";
}

TEST_P(FolderAgent, a_folder_for_each_day_is_looked_into) {
    fs::create_directories(folder + "/2026-11-18/a");
    put("2026-11-18/20261118_120000.wav", sound);
    put("2026-11-18/a/20261118_140000.wav", wav_of(own_sound(4, 5)));
    for (int i = 0; i < 5; ++i) look();
    EXPECT_TRUE(is_there("2026-11-18/done/20261118_120000.wav"));
    EXPECT_TRUE(is_there("2026-11-18/a/done/20261118_140000.wav"));
    EXPECT_EQ(recordings(), 2U);
    EXPECT_EQ(text(boss.get("/uploads").at("items").at(0), "name").find('/'), std::string::npos);
}

TEST_P(FolderAgent, links_folders_and_unfinished_copies_are_left_alone) {
    const std::string secret = folder + "_secret.wav";
    write_file_durably(secret, sound);
    fs::create_symlink(secret, folder + "/20261118_120000.wav");
    fs::create_directories(folder + "/20261118_130000.wav");
    put("20261118_140000.wav.part", sound);
    put(".20261118_150000.wav", sound);
    for (int i = 0; i < 3; ++i) look();
    fs::remove(secret);
    EXPECT_EQ(requests, 0);
    EXPECT_EQ(recordings(), 0U);
}

TEST_P(FolderAgent, an_agent_reaches_no_upload_but_its_own) {
    put("20261118_120000.wav", sound);
    look();
    lose_answer = 2;  // announced, and the first piece
    look();
    const json::value upload = boss.get("/uploads").at("items").at(0);
    EXPECT_EQ(text(upload, "state"), "open");
    const json::value other =
        boss.post("/recorders", json::object{{"name", "another"}, {"point_id", shop.point_id}});
    Client stranger{house}, mine{house};
    stranger.use_token(pair(text(other, "id")));
    mine.use_token(token);
    const std::string path =
        "/agent/files/" + text(upload, "id") + "?offset=20000&sha256=" + std::string(64, '0');
    EXPECT_EQ(stranger.send("PUT", path, "abc", "application/octet-stream").status(), 404);
    // A piece whose hash differs is not kept.
    EXPECT_EQ(mine.send("PUT", path, "abc", "application/octet-stream").code(), "upload.checksum");
    EXPECT_EQ(number(boss.get("/uploads/" + text(upload, "id")), "bytes_done"), 20'000);
    for (const char* wrong : {"?sha256=00", "?offset=0", "?offset=-1&sha256=00"})
        EXPECT_EQ(mine.send("PUT", "/agent/files/" + text(upload, "id") + wrong, "abc",
                            "application/octet-stream")
                      .status(),
                  400)
            << wrong;
}

}  // namespace
}  // namespace otklik::testkit
