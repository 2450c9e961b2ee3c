#include "speech/speech.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "clips/clips.h"
#include "recording/recording_testkit.h"
#include "speech/pauses.h"
#include "store/test_store.h"

namespace otklik {
namespace {

using namespace testkit;

constexpr std::int64_t one_second = samples_per_second;

/// No test here asks for a clip; the room only keeps the reference.
const Clips& no_clips() {
    alignas(Clips) static std::byte nothing[sizeof(Clips)];
    return reinterpret_cast<const Clips&>(nothing);
}

class Words : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        if (decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
        world = std::make_unique<RecordingWorld>(store(), clock, test_store->folder());
        speech = std::make_unique<Speech>(store(), world->blobs, world->recording, no_clips(),
                                          world->people);
        session = world
                      ->import(wav_file(bursts(20, 8'000), 8'000), "a.wav",
                               parse_instant("2026-11-18T08:00:00Z"))
                      .session_id;
    }
    Transcript transcript(TranscriptSource source, SampleRange at) {
        Transcript t;
        t.session_id = session;
        t.at = at;
        t.source = source;
        t.engine = source == TranscriptSource::engine ? "test" : enum_word(source);
        t.language = "ru";
        return t;
    }
    Id<Transcript> add(TranscriptSource source, SampleRange at, const std::vector<Word>& words) {
        return store().write([&](Tx& tx) {
            return speech->add(Scope::system(), tx, transcript(source, at), words);
        });
    }
    std::string text(SampleRange range) {
        return store().read([&](Tx& tx) {
            std::string all;
            for (const Word& w :
                 speech->words_between(Scope::system(), tx, session, 0, range).words)
                all += (all.empty() ? "" : " ") + w.text;
            return all;
        });
    }
    std::string refused(const Transcript& t, const std::vector<Word>& words) {
        try {
            store().write([&](Tx& tx) { speech->add(Scope::system(), tx, t, words); });
            return "taken";
        } catch (const Error& e) {
            return e.code();
        }
    }
    static Word word_at(const std::string& text, double begin, double end) {
        return {text,
                {static_cast<std::int64_t>(begin * one_second),
                 static_cast<std::int64_t>(end * one_second)},
                std::nullopt,
                0.5};
    }
    std::unique_ptr<RecordingWorld> world;
    std::unique_ptr<Speech> speech;
    Id<RecordingSession> session;
};
OTKLIK_BOTH_DATABASES(Words);

TEST_P(Words, those_that_meet_the_range_come_back_with_their_fields) {
    add(TranscriptSource::sidecar, {0, 20 * one_second},
        {word_at("раз", 1, 2), word_at("два", 2, 3), word_at("три", 5, 6)});
    EXPECT_EQ(text({0, 20 * one_second}), "раз два три");
    EXPECT_EQ(text({one_second + one_second / 2, 2 * one_second}), "раз");
    EXPECT_EQ(text({2 * one_second, 5 * one_second}), "два") << "half-open";
    EXPECT_EQ(text({3 * one_second, 5 * one_second}), "");
    store().read([&](Tx& tx) {
        const auto all =
            speech->words_between(Scope::system(), tx, session, 0, {0, 20 * one_second});
        EXPECT_EQ(all.words.at(0).confidence, 0.5);
        EXPECT_EQ(all.main->source, TranscriptSource::sidecar);
        EXPECT_EQ(all.main->language, "ru");
        EXPECT_TRUE(
            speech->words_between(Scope::system(), tx, session, 1, {0, one_second}).words.empty());
        const Scope stranger = Scope::of(world->company + 1, Role::administrator, 0, 1, {}, {});
        EXPECT_TRUE(
            speech->words_between(stranger, tx, session, 0, {0, 20 * one_second}).words.empty());
    });
}

TEST_P(Words, a_newer_transcript_replaces_the_older_of_the_same_maker) {
    const auto first = add(TranscriptSource::sidecar, {0, 20 * one_second}, {word_at("раз", 1, 2)});
    EXPECT_EQ(add(TranscriptSource::sidecar, {0, 20 * one_second}, {word_at("раз", 1, 2)}), first);
    const auto newer =
        add(TranscriptSource::sidecar, {0, 20 * one_second}, {word_at("раз-два", 1, 2)});
    EXPECT_NE(newer, first);
    EXPECT_EQ(text({0, 20 * one_second}), "раз-два");
    EXPECT_EQ(add(TranscriptSource::sidecar, {0, 20 * one_second}, {word_at("раз", 1, 2)}), first)
        << "the old content again is the old row, in force again";
    EXPECT_EQ(text({0, 20 * one_second}), "раз");
}

TEST_P(Words, a_script_goes_before_an_engine_and_ranges_never_double_words) {
    add(TranscriptSource::engine, {0, 10 * one_second},
        {word_at("он", 1, 2), word_at("был", 8, 9)});
    add(TranscriptSource::engine, {5 * one_second, 15 * one_second},
        {word_at("бил", 8, 9), word_at("там", 12, 13)});
    clock.advance(Duration::seconds(1));
    EXPECT_EQ(text({0, 20 * one_second}), "он бил там")
        << "the newer engine run wins where both listened";
    add(TranscriptSource::script, {0, 4 * one_second}, {word_at("она", 1, 2)});
    EXPECT_EQ(text({0, 20 * one_second}), "она бил там");
}

TEST_P(Words, what_lies_outside_is_refused) {
    const SampleRange all{0, 20 * one_second};
    const auto good = transcript(TranscriptSource::sidecar, all);
    EXPECT_EQ(refused(good, {word_at("a", 19.5, 20.5)}), "transcript.outside");
    EXPECT_EQ(refused(good, {word_at("a", 2, 3), word_at("b", 1, 2)}), "transcript.outside");
    EXPECT_EQ(refused(good, {word_at("a", 2, 2)}), "transcript.outside");
    EXPECT_EQ(refused(good, {word_at("", 1, 2)}), "transcript.word");
    EXPECT_EQ(refused(good, {word_at("\xC4", 1, 2)}), "transcript.word");
    EXPECT_EQ(refused(transcript(TranscriptSource::sidecar, {0, 21 * one_second}), {}),
              "transcript.outside");
    auto other = good;
    other.channel = 1;
    EXPECT_EQ(refused(other, {}), "channel.unknown");
    EXPECT_EQ(text(all), "");
}

TEST(Utterances, are_found_between_pauses_and_cut_when_long) {
    EXPECT_TRUE(find_utterances({}).empty());
    EXPECT_TRUE(find_utterances(std::vector<std::int16_t>(16'000 * 3)).empty());
    const auto pcm = bursts(5, 16'000);  // 200 ms at 1, 2, 3 and 4 s
    const auto found = find_utterances(pcm);
    ASSERT_EQ(found.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto at = static_cast<std::int64_t>((i + 1) * 16'000);
        EXPECT_LE(found[i].begin, at);
        EXPECT_GE(found[i].end, at + 3'200);
        EXPECT_LE(found[i].count(), 16'000);
    }
    std::vector<std::int16_t> endless(16'000 * 65);
    for (std::size_t i = 0; i < endless.size(); ++i)
        endless[i] = static_cast<std::int16_t>(5'000 * std::sin(0.17 * static_cast<double>(i)));
    std::int64_t covered = 0;
    for (const SampleRange& u : find_utterances(endless)) {
        EXPECT_LE(u.count(), 20 * 16'000);
        EXPECT_EQ(u.begin, covered);
        covered = u.end;
    }
    EXPECT_EQ(covered, static_cast<std::int64_t>(endless.size()));
}

}  // namespace
}  // namespace otklik
