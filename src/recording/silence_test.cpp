#include "recording/silence.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "media/chunk_testkit.h"
#include "recording/live.h"
#include "recording/pauses.h"
#include "recording/recording_testkit.h"
#include "recording/sound.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

const Instant talk_day = *parse_instant("2026-11-18T08:00:00Z");

class SilenceOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        silencer = std::make_unique<Silencer>(store(), world->blobs, world->recording, decoder());
    }
    void pause(Instant from, Instant to, const std::string& id = "p1") {
        store().write([&](Tx& tx) {
            begin_pause(tx, world->point, 1, {id, "разговор с врачом", from, {}});
            end_pause(tx, world->recording, world->point, 1, id, to, {});
        });
    }
    /// PCM of what is kept; nothing where a private talk was.
    std::vector<std::int16_t> heard(Id<RecordingSession> id, SampleRange range,
                                    std::size_t channel = 0) {
        const TrackSound sound = store().read([&](Tx& tx) {
            const auto tracks = world->recording.tracks(tx, id);
            return TrackSound(tx, world->recording, world->blobs, tracks.at(channel).id, range);
        });
        return sound.pcm(range, 16'000);
    }
    bool is_kept(Id<RecordingSession> id, SampleRange range) {
        try {
            heard(id, range);
            return true;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "audio.not_covered");
            return false;
        }
    }
    std::vector<Silence> silences_of(Id<RecordingSession> id) {
        return store().read([&](Tx& tx) { return silences(tx, id); });
    }
    StoredFile original_of(Id<RecordingSession> id) {
        return store().read([&](Tx& tx) {
            const auto session = world->recording.find_session(Scope::system(), tx, id);
            const auto original = world->recording.original(tx, *session);
            return world->blobs.find(tx, original->media_file_id).value();
        });
    }
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Silencer> silencer;
};
OTKLIK_BOTH_DATABASES(SilenceOf);

constexpr std::int64_t one_second = samples_per_second;

TEST_P(SilenceOf, a_private_talk_leaves_an_imported_day_and_its_original) {
    const std::string wav = wav_file(bursts(20, 16'000), 16'000);
    const auto id = world->import(wav, "REC.wav", talk_day).session_id;
    const auto before = heard(id, {0, 4 * one_second});
    pause(talk_day + Duration::ms(5'000), talk_day + Duration::ms(9'000));
    silencer->silence(id.value);
    EXPECT_FALSE(is_kept(id, {5 * one_second, 5 * one_second + 960}));
    EXPECT_FALSE(is_kept(id, {9 * one_second - 960, 9 * one_second}));
    EXPECT_EQ(heard(id, {0, 4 * one_second}), before) << "what is no private talk stays as it was";
    EXPECT_TRUE(is_kept(id, {9 * one_second + one_second / 10, 20 * one_second}));
    const auto all = silences_of(id);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].reason, "разговор с врачом");
    EXPECT_EQ(all[0].original_sha256, sha256(wav));
    // The copy is a WAV with zeros there, and the same words elsewhere.
    const StoredFile copy = original_of(id);
    EXPECT_NE(copy.sha256, sha256(wav));
    const std::string bytes = world->read_draft(world->blobs.path_of(copy));
    const std::size_t head = bytes.size() - 20 * 16'000 * 2;
    EXPECT_EQ(bytes.substr(head, 5 * 32'000), wav.substr(44, 5 * 32'000));
    EXPECT_EQ(bytes.substr(head + 5 * 32'000, 4 * 32'000), std::string(4 * 32'000, '\0'));
    EXPECT_EQ(bytes.substr(head + 9 * 32'000 + 4), wav.substr(44 + 9 * 32'000 + 4));
    world->blobs.sweep(store());
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
    // Once more changes nothing, and the same file again is known.
    const auto files = world->file_count();
    silencer->silence(id.value);
    EXPECT_EQ(world->file_count(), files);
    EXPECT_TRUE(world->import(wav, "REC.wav", talk_day).already_there);
}

TEST_P(SilenceOf, a_file_that_comes_after_the_talk_is_silenced_too) {
    pause(talk_day + Duration::ms(2'000), talk_day + Duration::ms(3'000));
    const auto id =
        world->import(wav_file(bursts(6, 8'000), 8'000, 2), "REC.wav", talk_day).session_id;
    silencer->silence(id.value);
    EXPECT_FALSE(is_kept(id, {2 * one_second, 2 * one_second + 960}));
    EXPECT_EQ(silences_of(id).size(), 1U);
    EXPECT_EQ(read_file(world->blobs.path_of(original_of(id)), 1 << 20).substr(0, 4), "RF64");
}

TEST_P(SilenceOf, a_talk_told_late_leaves_what_a_live_recorder_handed_over) {
    Live live(store(), world->blobs, world->recording, world->sites, clock);
    const Agent agent{.recorder_id = world->recorder, .company_id = world->company};
    LiveSource source(1, 1, clock.now().us);
    source.record(100);
    const Instant begin = clock.now();
    clock.set({source.chunks().back().ended_at_us});
    live.take(agent, source.batch_of(source.some(0, 100)));
    const auto id = world->sessions().at(0).id;
    live.seal(id.value);
    // One in the sealed minute, one in the open one.
    pause(begin + Duration::seconds(20), begin + Duration::seconds(25));
    pause(begin + Duration::seconds(80), begin + Duration::seconds(85), "p2");
    silencer->silence(id.value);
    for (const std::int64_t at : {20, 24, 80, 84}) {
        EXPECT_FALSE(is_kept(id, {at * one_second + one_second / 2, at * one_second + one_second}))
            << at;
    }
    EXPECT_TRUE(is_kept(id, {26 * one_second, 79 * one_second}));
    // It goes on behind them.
    source.record(60);
    clock.set({source.chunks().back().ended_at_us});
    live.take(agent, source.batch_of(source.some(100, 60)));
    live.seal(id.value);
    EXPECT_TRUE(is_kept(id, {86 * one_second, 159 * one_second}));
    EXPECT_FALSE(is_kept(id, {82 * one_second, 83 * one_second}));
    world->blobs.sweep(store());
    EXPECT_TRUE(fsck_files(store(), world->blobs, 3).empty());
}

}  // namespace
}  // namespace otklik
