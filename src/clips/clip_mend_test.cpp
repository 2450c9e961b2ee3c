// Issue 5.7: what fsck finds is mended: minutes that are gone become a gap, a wave is drawn again,
// a cut is made again, and what was whole stays as it was.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "clips/test_repair_house.h"
#include "recording/mend.h"
#include "recording/sound.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Instant mended_day{1'763'456'400'000'000};

class Mending : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        clock.set(mended_day + Duration::hours(2));
        blobs = std::make_unique<Blobs>(test_store->folder(), clock, 0);
        house = std::make_unique<RepairHouse>(store(), *blobs, clock, mended_day);
        mender = std::make_unique<Mender>(store(), *blobs, house->recording, house->world.sites);
        house->record(300, mended_day, Duration::ms(50), house->recorders[0], house->points[0].id);
        house->press(0, 150);
    }
    std::vector<StoredFile> files(std::string_view kind) {
        return store().read([&](Tx& tx) {
            std::vector<StoredFile> some;
            for (StoredFile& each : stored_files(tx, 0, 1000))
                if (each.kind == kind) some.push_back(std::move(each));
            return some;
        });
    }
    /// "missing track", sorted.
    std::vector<std::string> findings() {
        std::vector<std::string> said;
        for (const FsckFinding& each : fsck_files(store(), *blobs, 3)) {
            const auto file = store().read([&](Tx& tx) { return blobs->find(tx, {each.file_id}); });
            said.push_back(each.what + " " + (file ? file->kind : each.path));
        }
        std::sort(said.begin(), said.end());
        return said;
    }
    /// Another byte in the middle of the file.
    void twist(const StoredFile& file) {
        const std::string path = blobs->path_of(file);
        std::string bytes = read_file(path, 64 << 20);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        write_file_durably(path, bytes);
    }
    std::vector<Gap> gaps() {
        return store().read([&](Tx& tx) {
            return house->recording
                .coverage(Scope::system(), tx, house->points[0].id,
                          {mended_day, mended_day + Duration::seconds(300)})
                .gaps;
        });
    }
    std::int64_t track_samples() {
        return store().read([&](Tx& tx) {
            std::int64_t count = 0;
            for (const Track& track : house->recording.tracks(tx, house->sessions[0]))
                for (const auto& each : house->recording.segments(tx, track.id, 0, 1 << 30))
                    count += each.sample_count;
            return count;
        });
    }
    StoredFile peaks_now() {
        return store().read([&](Tx& tx) {
            const auto tracks = house->recording.tracks(tx, house->sessions[0]);
            return blobs->find(tx, tracks.at(0).peaks_file_id).value();
        });
    }

    std::unique_ptr<Blobs> blobs;
    std::unique_ptr<RepairHouse> house;
    std::unique_ptr<Mender> mender;
};
OTKLIK_BOTH_DATABASES(Mending);

TEST_P(Mending, what_is_whole_is_left_alone) {
    ASSERT_EQ(findings(), std::vector<std::string>());
    EXPECT_TRUE(gaps().empty());
    EXPECT_EQ(house->clip(0).state, ClipState::final);
}

TEST_P(Mending, a_changed_minute_becomes_a_gap_and_the_rest_plays) {
    const auto track = files("track").at(0);
    const std::int64_t before = track_samples();
    twist(track);
    ASSERT_EQ(findings(), std::vector<std::string>{"changed track"});
    EXPECT_TRUE(mender->mend_track(track));
    EXPECT_EQ(findings(), std::vector<std::string>());
    const auto found = gaps();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].cause, "torn");
    const std::int64_t lost = samples_of(found[0].at.end - found[0].at.begin);
    EXPECT_LE(lost, 61 * samples_per_second);
    EXPECT_GT(lost, 50 * samples_per_second);
    EXPECT_NEAR(static_cast<double>(before - track_samples()), static_cast<double>(lost), 10);
    // Mended twice, it changes nothing more.
    mender->mend_track(files("track").at(0));
    EXPECT_EQ(gaps().size(), 1U);
}

TEST_P(Mending, a_file_that_is_gone_is_a_gap_of_its_length_and_cuts_stay) {
    const auto track = files("track").at(0);
    const Id<ClipVersion> cut = house->clip(0).version_id;
    std::filesystem::remove(blobs->path_of(track));
    ASSERT_EQ(findings(), std::vector<std::string>{"missing track"});
    EXPECT_TRUE(mender->mend_track(track));
    EXPECT_EQ(findings(), std::vector<std::string>());
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].at.begin, mended_day);
    EXPECT_EQ(gaps()[0].at.end, mended_day + Duration::seconds(300));
    EXPECT_EQ(track_samples(), 0);
    house->cut_all(house->pressed);
    EXPECT_EQ(house->clip(0).state, ClipState::final);
    EXPECT_EQ(house->clip(0).version_id, cut) << "what was cut lives in its own file";
    // A press that comes only now finds the gap.
    house->press(0, 100);
    EXPECT_EQ(house->clip(1).state, ClipState::failed);
    EXPECT_EQ(house->clip(1).reason, "failed.in_gap");
}

TEST_P(Mending, a_file_cut_short_loses_its_end_only) {
    const auto track = files("track").at(0);
    std::filesystem::permissions(blobs->path_of(track), std::filesystem::perms::owner_all);
    std::filesystem::resize_file(blobs->path_of(track),
                                 static_cast<std::uintmax_t>(track.bytes * 9 / 10));
    ASSERT_EQ(findings(), std::vector<std::string>{"size track"});
    EXPECT_TRUE(mender->mend_track(track));
    EXPECT_EQ(findings(), std::vector<std::string>());
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0].at.end, mended_day + Duration::seconds(300));
    EXPECT_GT(gaps()[0].at.begin, mended_day + Duration::seconds(200));
}

TEST_P(Mending, a_wave_is_drawn_again_from_the_sound) {
    const auto peaks = files("peaks").at(0);
    std::filesystem::remove(blobs->path_of(peaks));
    ASSERT_EQ(findings(), std::vector<std::string>{"missing peaks"});
    EXPECT_TRUE(mender->draw_anew(peaks));
    EXPECT_EQ(findings(), std::vector<std::string>());
    const auto wave = blobs->open(peaks_now());
    const DrawnWave drawn = draw_wave(*wave, {0, 300 * samples_per_second}, 300);
    EXPECT_GT(*std::min_element(drawn.max.begin(), drawn.max.end() - 1), 20)
        << "a tone in every second";
    EXPECT_FALSE(mender->draw_anew(peaks)) << "no track has it any more";
}

TEST_P(Mending, a_wave_shows_nothing_where_minutes_are_gone) {
    const auto track = files("track").at(0);
    twist(track);
    mender->mend_track(track);
    mender->draw_anew(files("peaks").at(0));
    const TimeRange lost = gaps().at(0).at;
    const auto wave = blobs->open(peaks_now());
    const std::int64_t first = (lost.begin - mended_day).us / 1'000'000 + 1;
    const std::int64_t last = (lost.end - mended_day).us / 1'000'000 - 1;
    const DrawnWave drawn = draw_wave(*wave, {0, 300 * samples_per_second}, 300);
    for (std::int64_t second = first; second < last; ++second)
        EXPECT_EQ(drawn.max[static_cast<std::size_t>(second)], 0) << second;
    EXPECT_GT(drawn.max[static_cast<std::size_t>(first - 5)], 20);
}

TEST_P(Mending, a_cut_is_made_again_from_the_recording) {
    const auto clip = files("clip").at(0);
    const std::string before = read_file(blobs->path_of(clip), 1 << 20);
    twist(clip);
    ASSERT_EQ(findings(), std::vector<std::string>{"changed clip"});
    EXPECT_TRUE(store().write([&](Tx& tx) { return house->clips.mend(tx, clip); }));
    house->cut_all(house->pressed);
    EXPECT_EQ(findings(), std::vector<std::string>());
    EXPECT_EQ(house->clip(0).state, ClipState::final);
    const auto cut = house->cut(0);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->number, 2);
    EXPECT_EQ(cut->missing_samples, 0);
    EXPECT_EQ(read_file(blobs->path_of(cut->tracks.at(0).file), 1 << 20), before);
}

TEST_P(Mending, a_cut_whose_recording_is_gone_too_says_so) {
    const auto clip = files("clip").at(0), track = files("track").at(0);
    std::filesystem::remove(blobs->path_of(clip));
    std::filesystem::remove(blobs->path_of(track));
    mender->mend_track(track);
    store().write([&](Tx& tx) { return house->clips.mend(tx, clip); });
    house->cut_all(house->pressed);
    EXPECT_EQ(findings(), std::vector<std::string>());
    EXPECT_EQ(house->clip(0).state, ClipState::failed);
    EXPECT_EQ(house->clip(0).reason, "failed.in_gap");
}

TEST_P(Mending, a_foreign_file_is_put_aside_once_it_is_an_hour_old) {
    const std::string path = "strange/day/file.bin";
    const std::string whole = blobs->folder() + "/media/" + path;
    std::filesystem::create_directories(whole.substr(0, whole.rfind('/')));
    write_file_durably(whole, "not ours");
    struct stat info {};
    ASSERT_EQ(::stat(whole.c_str(), &info), 0);
    const Instant written{info.st_mtim.tv_sec * std::int64_t{1'000'000}};
    EXPECT_FALSE(quarantine(*blobs, path, written + Duration::seconds(60)));
    EXPECT_TRUE(std::filesystem::exists(whole));
    EXPECT_TRUE(quarantine(*blobs, path, written + Duration::hours(2)));
    EXPECT_FALSE(std::filesystem::exists(whole));
    EXPECT_EQ(read_file(blobs->folder() + "/quarantine/strange_day_file.bin", 100), "not ours");
    EXPECT_FALSE(quarantine(*blobs, path, written + Duration::hours(2))) << "it is gone";
}

}  // namespace
}  // namespace otklik
