// Files as phones and dictaphones make them: AMR with frames left out in silence, M4A with the time
// of its creation inside.
#include <gtest/gtest.h>

#include "base/error.h"
#include "recording/recording_testkit.h"
#include "recording/sound.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

class Formats : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
    }
    std::string path(const std::string& name) const { return test_store->folder() + "/" + name; }
    std::string made(const std::string& command, const std::string& name) {
        return run_tool(command) ? read_file(path(name), 1 << 26) : std::string();
    }
    std::vector<std::int16_t> heard(Id<RecordingSession> id, SampleRange range) {
        const TrackSound sound = store().read([&](Tx& tx) {
            return TrackSound(tx, world->recording, world->blobs,
                              world->recording.tracks(tx, id).at(0).id, range);
        });
        return sound.pcm(range, 16'000);
    }
    /// Where the tone that begins at `second` is heard, ms off the truth.
    double onset_error_ms(Id<RecordingSession> id, int second) {
        const std::int64_t from = (second * 1000 - 300) * samples_per_second / 1000;
        const auto pcm = heard(id, {from, from + samples_per_second / 2});
        for (std::size_t i = 0; i < pcm.size(); ++i)
            if (std::abs(pcm[i]) > 2'500) return static_cast<double>(i) / 16.0 - 300;
        return 1e9;
    }
    std::unique_ptr<RecordingWorld> world;
};
OTKLIK_SQLITE_ONLY(Formats);

/// Digital silence but for half a second of tone at each tenth second: DTX leaves the rest out.
std::vector<std::int16_t> tones(int seconds, int rate) {
    std::vector<std::int16_t> pcm(static_cast<std::size_t>(seconds) *
                                  static_cast<std::size_t>(rate));
    for (std::size_t i = 0; i < pcm.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        if (t >= 10 && std::fmod(t, 10) < 0.5)
            pcm[i] = static_cast<std::int16_t>(12'000 * std::sin(6.283185307 * 440 * t));
    }
    return pcm;
}

TEST_P(Formats, amr_of_a_phone_keeps_its_time_through_frames_that_were_left_out) {
    const std::string maker = helper_path("OTKLIK_MAKE_AMR", "otklik-make-amr");
    if (maker.empty()) GTEST_SKIP() << "otklik-make-amr is not built: libopencore-amrnb-dev";
    write_file_durably(path("in.wav"), wav_file(tones(62, 8'000), 8'000));
    const std::string plain = made(maker + " " + path("in.wav") + " " + path("a.amr"), "a.amr");
    const std::string dtx =
        made(maker + " " + path("in.wav") + " " + path("b.amr") + " dtx", "b.amr");
    ASSERT_GT(plain.size(), 60U * 50 * 32 - 6);
    ASSERT_LT(dtx.size(), plain.size() / 2) << "the silence was left out";
    for (const auto& [bytes, name] :
         {std::pair(plain, "20261118_130000.amr"), std::pair(dtx, "20261118_140000.amr")}) {
        const ImportResult result = world->import(bytes, name, std::nullopt);
        store().read([&](Tx& tx) {
            const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
            EXPECT_EQ(s->length_samples, 62 * samples_per_second) << name;
            EXPECT_EQ(world->recording.original(tx, *s)->format.substr(0, 3), "amr");
        });
        // An encoder that leaves silence out hears a tone begin a frame late.
        const double first = onset_error_ms(result.session_id, 10);
        EXPECT_NEAR(first, 0, bytes == dtx ? 25 : 8) << name;
        EXPECT_NEAR(onset_error_ms(result.session_id, 60), first, 1) << name << ": it drifts";
    }
}

TEST_P(Formats, a_head_tells_length_and_time_without_decoding) {
    if (!tool_is_there("ffmpeg")) GTEST_SKIP() << "ffmpeg is not installed";
    write_file_durably(path("in.wav"), wav_file(bursts(5, 16'000), 16'000));
    const std::string stamp = " -metadata creation_time=2026-11-18T08:30:15Z ";
    const std::string m4a =
        made("ffmpeg -y -i " + path("in.wav") + " -c:a aac" + stamp + path("a.m4a"), "a.m4a");
    ASSERT_FALSE(m4a.empty());
    const AudioHead head = world->importer.look_at(path("a.m4a"));
    EXPECT_EQ(head.format, "mp4 aac");
    EXPECT_NEAR(static_cast<double>(head.length->us) / 1e6, 5.0, 0.1);
    // The name says nothing: the tag does, in UTC, with a minute of doubt.
    const ImportResult result = world->import(m4a, "Новая запись 7.m4a", std::nullopt);
    store().read([&](Tx& tx) {
        const auto s = world->recording.find_session(Scope::system(), tx, result.session_id);
        EXPECT_EQ(s->at.begin, *parse_instant("2026-11-18T08:30:15Z"));
        EXPECT_EQ(s->uncertainty, Duration::seconds(60));
        EXPECT_EQ(world->recording.original(tx, *s)->start_source, "tag");
    });
    // A day alone is no start.
    const std::string day = made(
        "ffmpeg -y -i " + path("in.wav") + " -metadata date=2026-11-18 " + path("b.mp3"), "b.mp3");
    ASSERT_FALSE(day.empty());
    EXPECT_EQ(world->importer.look_at(path("b.mp3")).begun, "");
}

TEST_P(Formats, a_head_of_hostile_bytes_is_refused_and_nothing_else_happens) {
    const std::string shared = shared_folder();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    int looked = 0;
    for (const auto& each : std::filesystem::directory_iterator(shared + "/data/audio/hostile")) {
        try {
            world->importer.look_at(each.path().string());  // two of them have a whole head
        } catch (const Error& error) {
            EXPECT_TRUE(error.code().starts_with("audio.")) << each.path() << error.what();
            EXPECT_EQ(error.fault(), Fault::invalid) << each.path() << error.what();
        }
        ++looked;
    }
    EXPECT_GE(looked, 5);
    const AudioHead head =
        world->importer.look_at(shared + "/data/audio/formats/pisets_test_mpeg.m4a");
    EXPECT_TRUE(head.format.starts_with("mp4")) << head.format;
    EXPECT_TRUE(head.length);
}

}  // namespace
}  // namespace otklik
