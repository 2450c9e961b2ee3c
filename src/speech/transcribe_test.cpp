// Stage speech.transcribe over a real recording, press and clip; the engine is a puppet that
// counts.
#include <gtest/gtest.h>

#include "base/error.h"
#include "clips/clips.h"
#include "recording/recording_testkit.h"
#include "signals/signals.h"
#include "signals/test_world.h"
#include "speech/speech.h"
#include "store/facts.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

const Instant start = *parse_instant("2026-11-18T08:00:00Z");

/// Says "beep" at every burst it hears.
class Puppet : public SpeechEngine {
public:
    std::string_view name() const override { return "puppet"; }
    std::string_view language() const override { return "en"; }
    std::vector<HeardWord> transcribe(std::span<const std::int16_t> pcm) override {
        if (fails) throw Error(Fault::unavailable, "speech.engine_died");
        ++calls;
        std::vector<HeardWord> words;
        for (std::size_t i = 0; i < pcm.size(); ++i) {
            if (std::abs(pcm[i]) < 3'000) continue;
            const auto at = static_cast<std::int64_t>(i);
            words.push_back({"beep", at, at + 3'200, 0.9});
            i += 8'000;
        }
        return words;
    }
    bool fails = false;
    int calls = 0;
};

class Transcribe : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        signals = std::make_unique<Signals>(world->sites, clock);
        repairs = std::make_unique<Repairs>(world->recording, world->sites);
        clips = std::make_unique<Clips>(store(), world->blobs, world->recording, *repairs, *signals,
                                        world->sites, clock);
        speech = std::make_unique<Speech>(store(), world->blobs, world->recording, *clips,
                                          world->people);
        auto engine = std::make_unique<Puppet>();
        puppet = engine.get();
        speech->use(std::move(engine));
    }
    void choose(std::string_view name) {
        store().write([&](Tx& tx) {
            world->people.set_setting(tx, world->company, "speech.engine", name, "test");
        });
    }
    Id<Clip> clip_of_press_at(Instant at) {
        const Device device = store().write([&](Tx& tx) {
            const auto made = signals->make_device(tx, world->point, "Pad");
            const Device d = *signals->find_device(Scope::system(), tx, made.id);
            signals->make_button_map(tx, d, {946'684'800'000'000}, TestWorld::starter(), "test");
            return d;
        });
        PressIntake intake(store(), *signals, world->sites, clock);
        const auto result = intake.take(device, {{.press_id = "p1", .key = "1", .pressed_at = at}});
        const auto clip =
            store().write([&](Tx& tx) { return clips->want(tx, result.at(0).signal_id); });
        clips->cut(clip.value);
        return clip;
    }
    std::size_t words(Id<RecordingSession> session, SampleRange range) {
        return store().read([&](Tx& tx) {
            return speech->words_between(Scope::system(), tx, session, 0, range).words.size();
        });
    }
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Signals> signals;
    std::unique_ptr<Repairs> repairs;
    std::unique_ptr<Clips> clips;
    std::unique_ptr<Speech> speech;
    Puppet* puppet = nullptr;
};
OTKLIK_BOTH_DATABASES(Transcribe);

TEST_P(Transcribe, a_final_clip_gets_words_once_and_only_within_its_window) {
    const auto session =
        world->import(wav_file(bursts(240, 8'000), 8'000), "a.wav", start).session_id;
    const auto clip = clip_of_press_at(start + Duration::seconds(100));
    store().read([&](Tx& tx) {
        ASSERT_EQ(clips->find(Scope::system(), tx, clip)->state, ClipState::final);
    });
    speech->transcribe(clip.value);
    EXPECT_EQ(puppet->calls, 0) << "no engine is chosen";
    choose("puppet");
    speech->transcribe(clip.value);
    EXPECT_EQ(puppet->calls, 1);
    const std::size_t heard = words(session, {0, 240 * samples_per_second});
    EXPECT_NEAR(static_cast<double>(heard), 120, 4) << "one beep a second of the window";
    EXPECT_EQ(words(session, {0, 38 * samples_per_second}), 0U);
    EXPECT_EQ(words(session, {70 * samples_per_second - 4'800, 70 * samples_per_second + 4'800}),
              1U);
    speech->transcribe(clip.value);
    EXPECT_EQ(puppet->calls, 1) << "what has words is not listened to again";
    store().read([&](Tx& tx) {
        int ready = 0;
        for (const Fact& fact : facts_after(tx, 0, 1'000)) ready += fact.kind == "transcript.ready";
        EXPECT_EQ(ready, 1);
    });
}

TEST_P(Transcribe, a_sidecar_leaves_the_engine_nothing_and_a_failure_leaves_no_rows) {
    const auto session =
        world->import(wav_file(bursts(240, 8'000), 8'000), "a.wav", start).session_id;
    const auto clip = clip_of_press_at(start + Duration::seconds(100));
    choose("puppet");
    puppet->fails = true;
    EXPECT_THROW(speech->transcribe(clip.value), Error);
    EXPECT_EQ(words(session, {0, 240 * samples_per_second}), 0U);
    puppet->fails = false;
    Transcript t;
    t.session_id = session;
    t.at = {0, 240 * samples_per_second};
    t.engine = "sidecar";
    store().write([&](Tx& tx) {
        speech->add(
            Scope::system(), tx, t,
            {{"да", {samples_per_second, 2 * samples_per_second}, std::nullopt, std::nullopt}});
    });
    speech->transcribe(clip.value);
    EXPECT_EQ(puppet->calls, 0);
}

}  // namespace
}  // namespace otklik
