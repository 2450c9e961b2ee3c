#include "recording/ingest.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <thread>

#include "base/error.h"
#include "recording/recording_testkit.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

class Ingest : public ::testing::Test {
protected:
    void SetUp() override {
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        folder_ = std::filesystem::temp_directory_path() /
                  ("otklik_ingest_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        rules.decoder_path = decoder();
        rules.draft_path = [this] { return (folder_ / std::to_string(++drafts_)).string(); };
    }
    void TearDown() override {
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }
    Fd file_of(const std::string& bytes) {
        const std::string path = (folder_ / "in").string();
        const Fd out = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
        write_all(out.get(), bytes);
        return open_file(path, O_RDONLY);
    }
    std::filesystem::path folder_;
    int drafts_ = 0;
    IngestRules rules;
};

TEST_F(Ingest, a_long_file_is_split_at_the_sample) {
    rules.session_seconds_max = 2;  // in place of 24 h
    const Fd fd = file_of(wav_file(bursts(5, 16'000), 16'000));
    const Ingested in = ingest(fd.get(), rules);
    ASSERT_EQ(in.sessions.size(), 3U);
    EXPECT_EQ(in.sessions[0].length_samples, 2 * 48'000);
    EXPECT_EQ(in.sessions[1].file_sample, 2 * 48'000);
    EXPECT_EQ(in.sessions[2].file_sample, 4 * 48'000);
    EXPECT_EQ(in.sessions[2].length_samples, 48'000);
    EXPECT_EQ(in.length_samples, 5 * 48'000);
    EXPECT_EQ(in.format, "wav pcm_s16le");
}

TEST_F(Ingest, segments_cover_the_track_without_a_hole) {
    const Fd fd = file_of(wav_file(bursts(130, 8'000), 8'000));
    const Ingested in = ingest(fd.get(), rules);
    const IngestedTrack& track = in.sessions.at(0).tracks.at(0);
    ASSERT_EQ(track.segments.size(), 3U);
    std::int64_t sample = 0, packet = 0;
    for (const IngestedSegment& s : track.segments) {
        EXPECT_EQ(s.first_sample, sample);
        EXPECT_EQ(s.first_packet, packet);
        EXPECT_EQ(s.sha256.size(), 32U);
        EXPECT_EQ(s.page_index.size() % 8, 0U);
        sample += s.sample_count;
        packet += s.packet_count;
        const std::string bytes =
            read_file(track.files.at(static_cast<std::size_t>(s.file_number)), 1 << 24)
                .substr(static_cast<std::size_t>(s.byte_begin),
                        static_cast<std::size_t>(s.byte_count));
        EXPECT_EQ(sha256(bytes), s.sha256);
    }
    EXPECT_EQ(sample, 130 * 48'000);
}

const Instant imported_start = *parse_instant("2026-11-18T08:00:00Z");

std::string long_wav() {
    return wav_file(bursts(600, 8'000), 8'000);
}

/// Runs in a process of its own, killed by the test below.
TEST(ImportKilled, DISABLED_child) {
    const char* folder = std::getenv("OTKLIK_KILL_FOLDER");
    ASSERT_TRUE(folder);
    HandClock clock{{1'795'000'000'000'000}};
    const auto store = Store::open({"sqlite:" + std::string(folder) + "/kill.db"}, clock);
    RecordingWorld world(*store, clock, folder);
    write_file_durably(std::string(folder) + "/ready", std::to_string(world.recorder.value));
    world.import(long_wav(), "20261118_130000.wav", std::nullopt);
    const Fd done = open_file(std::string(folder) + "/done", O_WRONLY | O_CREAT);
}

class ImportKill : public StoreTest {
protected:
    /// Starts the import in a child and kills it `ms` after it began. True when it was done before.
    bool kill_after(int ms, const std::string& folder) {
        std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        std::string filter = "--gtest_filter=ImportKilled.DISABLED_child";
        std::string also = "--gtest_also_run_disabled_tests";
        std::string where = "OTKLIK_KILL_FOLDER=" + folder, decode = "OTKLIK_DECODE=" + decoder();
        std::string path = "PATH=/usr/bin:/bin";
        char* arguments[] = {self.data(), filter.data(), also.data(), nullptr};
        char* environment[] = {where.data(), decode.data(), path.data(), nullptr};
        posix_spawn_file_actions_t quiet;
        ::posix_spawn_file_actions_init(&quiet);
        ::posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
        pid_t pid = -1;
        EXPECT_EQ(::posix_spawn(&pid, self.c_str(), &quiet, nullptr, arguments, environment), 0);
        ::posix_spawn_file_actions_destroy(&quiet);
        while (!std::filesystem::exists(folder + "/ready") && ::waitpid(pid, nullptr, WNOHANG) == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return std::filesystem::exists(folder + "/done");
    }
};
OTKLIK_SQLITE_ONLY(ImportKill);

TEST_P(ImportKill, nothing_is_half_visible_and_a_second_try_is_whole) {
    if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
    int killed = 0;
    for (const int ms : {20, 150, 400}) {
        const std::string folder = test_store->folder() + "/kill" + std::to_string(ms);
        std::filesystem::create_directories(folder);
        const bool done = kill_after(ms, folder);
        killed += done ? 0 : 1;
        const auto again = Store::open({"sqlite:" + folder + "/kill.db"}, clock);
        People people;
        Sites sites(people);
        Recording recording(sites);
        Blobs blobs(folder + "/data", clock, 0);
        Importer importer(*again, blobs, recording, sites, {decoder()}, clock);
        const Id<Recorder> recorder{std::stoll(read_file(folder + "/ready", 100))};
        const auto count = [&] {
            return again->read([&](Tx& tx) { return recording.counts(tx, recorder).sessions; });
        };
        EXPECT_EQ(count(), done ? 1 : 0) << ms;
        ImportRequest request;
        request.recorder_id = recorder;
        request.draft_path = blobs.draft_path();
        const std::string wav = long_wav();
        {
            const Fd fd = open_file(request.draft_path, O_WRONLY | O_CREAT);
            write_all(fd.get(), wav);
        }
        request.sha256 = sha256(wav);
        request.name = "20261118_130000.wav";
        const ImportResult result = importer.import(Scope::system(), request);
        EXPECT_EQ(result.already_there, done);
        EXPECT_EQ(count(), 1);
    }
    EXPECT_GT(killed, 0) << "the import was faster than every kill: lengthen the file";
}

class ImportFull : public StoreTest {};
OTKLIK_SQLITE_ONLY(ImportFull);

TEST_P(ImportFull, a_full_disk_is_said_leaves_nothing_and_resumes) {
    if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
    const std::string data = test_store->folder() + "/data";
    std::filesystem::create_directories(data);
    if (!run_tool("mount -t tmpfs -o size=1m none " + data))
        GTEST_SKIP() << "a small file system cannot be mounted here (needs root)";
    const struct Unmount {
        std::string folder;
        ~Unmount() { run_tool("umount -l " + folder); }
    } unmount{data};
    RecordingWorld world(store(), clock, test_store->folder());
    const std::string wav = wav_file(bursts(30, 8'000), 8'000);  // 480 kB, about 60 kB of Opus
    const std::string filler = test_store->folder() + "/data/filler";
    std::size_t room = (1 << 20) - wav.size() - 24'000;  // pages of 4 kB, folders take some
    {
        const Fd fd = open_file(filler, O_WRONLY | O_CREAT);
        write_all(fd.get(), std::string(room, 'x'));
    }
    const std::size_t files = world.file_count();
    try {
        world.import(wav, "a.wav", imported_start);
        FAIL() << "there was room";
    } catch (const Error& e) {
        EXPECT_EQ(e.fault(), Fault::full) << e.what();
    }
    EXPECT_EQ(world.file_count(), files);
    EXPECT_TRUE(world.sessions().empty());
    std::filesystem::remove(filler);
    EXPECT_FALSE(world.import(wav, "a.wav", imported_start).already_there);
    EXPECT_EQ(world.sessions().size(), 1U);
}

}  // namespace
}  // namespace otklik
