#include "recording/folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/messages.h"
#include "recording/recording_testkit.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;
namespace fs = std::filesystem;

class FolderTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        fs::create_directories(mine());
        open_again();
    }
    std::string root() const { return test_store->folder() + "/inbox"; }
    std::string mine(const std::string& name = {}) const { return root() + "/диктофон/" + name; }
    void open_again() {
        uploads = std::make_unique<Uploads>(store(), world->blobs, world->importer,
                                            world->recording, clock);
        uploads->sweep();
        folder = std::make_unique<WatchedFolder>(root(), store(), *uploads, world->recording,
                                                 world->people, messages, clock);
    }
    void put(const std::string& name, const std::string& bytes) {
        const Fd fd = open_file(mine(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        write_all(fd.get(), bytes);
    }
    void look() {
        folder->look();
        clock.advance(Duration::seconds(11));
    }
    /// The stage, for all that the folder brought.
    void settle() {
        const auto all = store().read([&](Tx& tx) {
            return uploads->list(Scope::console(world->company), tx, folder_actor, 100);
        });
        for (const Upload& each : all) uploads->settle(each.id.value);
    }
    void look_until_settled() {
        look();
        look();
        settle();
        look();
    }
    std::vector<Upload> of_folder() {
        return store().read([&](Tx& tx) {
            return uploads->list(Scope::console(world->company), tx, folder_actor, 100);
        });
    }

    const std::string wav = wav_file(bursts(2, 8'000), 8'000);
    const Messages messages;
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Uploads> uploads;
    std::unique_ptr<WatchedFolder> folder;
};
OTKLIK_BOTH_DATABASES(FolderTest);

TEST_P(FolderTest, a_file_that_stands_still_becomes_a_recording_and_moves_to_done) {
    put("20261118_130000.wav", wav.substr(0, 5'000));
    look();
    put("20261118_130000.wav", wav);  // it still grew
    look();
    EXPECT_TRUE(of_folder().empty());
    look();
    EXPECT_EQ(of_folder().size(), 1U);
    EXPECT_TRUE(fs::exists(mine("20261118_130000.wav"))) << "until its outcome is a row";
    settle();
    look();
    EXPECT_TRUE(fs::exists(mine("done/20261118_130000.wav")));
    EXPECT_FALSE(fs::exists(mine("20261118_130000.wav")));
    ASSERT_EQ(world->sessions().size(), 1U);
    EXPECT_EQ(world->sessions()[0].at.begin, *parse_instant("2026-11-18T08:00:00Z"));
    EXPECT_EQ(folder->state().files_waiting, 0);
    EXPECT_EQ(folder->state().problem, "");
}

TEST_P(FolderTest, copied_twice_it_is_one_recording) {
    put("20261118_130000.wav", wav);
    look_until_settled();
    put("20261118_130000.wav", wav);
    look_until_settled();
    EXPECT_EQ(world->sessions().size(), 1U);
    EXPECT_TRUE(fs::exists(mine("done/20261118_130000 (2).wav")));
}

TEST_P(FolderTest, what_is_no_sound_is_refused_with_a_reason_beside_it) {
    put("photo.wav", "\x89PNG\r\n\x1a\n and so on");
    put("20261118_140000.wav", "");
    look_until_settled();
    EXPECT_TRUE(fs::exists(mine("refused/photo.wav")));
    EXPECT_TRUE(fs::exists(mine("refused/20261118_140000.wav")));
    const std::string why = read_file(mine("refused/photo.wav.txt"), 10'000);
    EXPECT_NE(why.find("PNG"), std::string::npos) << why;
    EXPECT_NE(why.find("audio.not_audio"), std::string::npos) << why;
    EXPECT_TRUE(world->sessions().empty());
}

TEST_P(FolderTest, without_a_start_it_waits_for_a_person) {
    put("DS_30001.wav", wav);
    look_until_settled();
    EXPECT_TRUE(fs::exists(mine("DS_30001.wav")));
    EXPECT_EQ(folder->state().files_waiting, 1);
    ASSERT_EQ(of_folder().size(), 1U);
    const Upload asking = of_folder()[0];
    EXPECT_EQ(asking.state, UploadState::asking);
    EXPECT_EQ(asking.reason, "start.unknown");
    // Whoever may see the recorder's unit may answer; a stranger finds nothing.
    const Scope here = Scope::console(world->company);
    const Scope stranger = Scope::of(world->company, Role::administrator, 0, 0, {}, {});
    const Uploads::Answer answer{*parse_instant("2026-11-18T09:00:00Z"), Duration::seconds(60),
                                 false};
    EXPECT_THROW(uploads->answer(stranger, "account_1", asking.id, answer), Error);
    uploads->answer(here, "account_1", asking.id, answer);
    settle();
    look();
    EXPECT_TRUE(fs::exists(mine("done/DS_30001.wav")));
    EXPECT_EQ(world->sessions().size(), 1U);
}

TEST_P(FolderTest, killed_in_any_step_it_neither_loses_nor_doubles_a_file) {
    put("20261118_130000.wav", wav);
    look();
    look();  // copied, and its row is there
    open_again();
    look();
    look();
    EXPECT_EQ(of_folder().size(), 1U) << "not taken twice";
    // Killed after the copy, before its row: the copy belongs to nobody and is swept.
    write_file_durably(uploads->path_of({4711}), wav);
    open_again();
    EXPECT_FALSE(fs::exists(uploads->path_of({4711})));
    settle();
    open_again();  // killed before the move
    look();
    EXPECT_TRUE(fs::exists(mine("done/20261118_130000.wav")));
    look_until_settled();
    EXPECT_EQ(world->sessions().size(), 1U);
}

TEST_P(FolderTest, a_folder_for_each_day_is_looked_into) {
    fs::create_directories(mine("2026-11-18/утро"));
    put("2026-11-18/20261118_130000.wav", wav);
    put("2026-11-18/утро/20261118_090000.wav", wav + std::string(2, '\0'));
    look_until_settled();
    EXPECT_EQ(world->sessions().size(), 2U);
    EXPECT_TRUE(fs::exists(mine("2026-11-18/done/20261118_130000.wav")));
    EXPECT_TRUE(fs::exists(mine("2026-11-18/утро/done/20261118_090000.wav")));
    EXPECT_TRUE(folder->state().strange.empty());
    // The same name in another folder is another file.
    fs::create_directories(mine("2026-11-19"));
    put("2026-11-19/20261118_130000.wav", wav + std::string(4, '\0'));
    look_until_settled();
    EXPECT_TRUE(fs::exists(mine("2026-11-19/done/20261118_130000.wav")));
}

TEST_P(FolderTest, no_link_is_followed_and_what_nobody_takes_is_named) {
    write_file_durably(test_store->folder() + "/secret.wav", wav);
    ASSERT_EQ(::symlink((test_store->folder() + "/secret.wav").c_str(),
                        mine("20261118_130000.wav").c_str()),
              0);
    fs::create_directories(root() + "/Касса 9");
    fs::create_directories(mine("1/2/3/4"));
    fs::create_directory_symlink(test_store->folder() + "/elsewhere", mine("a link"));
    fs::create_directories(test_store->folder() + "/elsewhere");
    put("photo.wav", "GIF89a and so on");
    fs::create_directory_symlink(test_store->folder() + "/elsewhere", mine("refused"));
    look_until_settled();
    EXPECT_TRUE(world->sessions().empty());
    EXPECT_TRUE(fs::is_empty(test_store->folder() + "/elsewhere")) << "no move through a link";
    EXPECT_TRUE(fs::exists(mine("photo.wav")));
    const FolderState state = folder->state();
    EXPECT_EQ(state.problem, "folder.not_writable");
    EXPECT_EQ(state.strange,
              (std::vector<std::string>{"Касса 9", "диктофон/1/2/3/4",
                                        "диктофон/20261118_130000.wav", "диктофон/a link"}));
    fs::remove_all(root());
    look();
    EXPECT_EQ(folder->state().problem, "folder.unreadable");
}

}  // namespace
}  // namespace otklik
