// PocketSphinx in its child, on read English speech.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "recording/recording_testkit.h"
#include "speech/engine.h"

namespace otklik {
namespace {

using namespace testkit;

std::string hear() {
    return helper_path("OTKLIK_HEAR", "otklik-hear");
}

std::unique_ptr<SpeechEngine> engine_of(const SpeechEngineSettings& settings) {
    for (const SpeechEngineAdapter* each : speech_engine_adapters())
        if (each->name == "pocketsphinx") return each->create(settings);
    return nullptr;
}

class PocketSphinx : public ::testing::Test {
protected:
    void SetUp() override {
        if (hear().empty()) GTEST_SKIP() << "otklik-hear is not built";
        if (shared_folder().empty()) GTEST_SKIP() << "no shared data";
        settings.helper_path = hear();
    }
    static std::vector<std::int16_t> pcm_of(const std::string& name) {
        const std::string wav =
            read_file(shared_folder() + "/data/audio/en_read/" + name, 64 << 20);
        const std::size_t at = wav.find("data") + 8;
        std::vector<std::int16_t> pcm((wav.size() - at) / 2);
        std::memcpy(pcm.data(), wav.data() + at, pcm.size() * 2);
        return pcm;
    }
    std::string code_of(const SpeechEngineSettings& with) {
        try {
            engine_of(with)->transcribe(bursts(2, engine_rate));
            return "heard";
        } catch (const Error& e) {
            return e.code();
        }
    }
    SpeechEngineSettings settings;
};

TEST_F(PocketSphinx, hears_most_words_of_the_cards) {
    const auto engine = engine_of(settings);
    ASSERT_TRUE(engine);
    EXPECT_EQ(engine->language(), "en");
    const std::pair<const char*, const char*> cards[] = {
        {"cards_001.wav", "ten of clubs"},
        {"cards_002.wav", "four queen of clubs"},
        {"cards_003.wav", "seven of clubs"},
        {"cards_005.wav", "eight of spades four of clubs seven of hearts"}};
    int right = 0, all = 0;
    for (const auto& [file, said] : cards) {
        const auto pcm = pcm_of(file);
        std::multiset<std::string> heard;
        std::int64_t before = 0;
        for (const HeardWord& w : engine->transcribe(pcm)) {
            EXPECT_GE(w.begin_sample, before);
            EXPECT_LT(w.begin_sample, w.end_sample);
            EXPECT_LE(w.end_sample, static_cast<std::int64_t>(pcm.size()));
            EXPECT_GE(w.confidence, 0);
            EXPECT_LE(w.confidence, 1);
            before = w.begin_sample;
            heard.insert(w.text);
        }
        std::istringstream words(said);
        for (std::string word; words >> word; ++all)
            if (const auto found = heard.find(word); found != heard.end()) {
                heard.erase(found);
                ++right;
            }
    }
    EXPECT_GE(right * 2, all) << right << " of " << all;
}

TEST_F(PocketSphinx, silence_needs_no_process_and_gives_no_words) {
    SpeechEngineSettings none;
    none.helper_path = "/nonexistent";
    EXPECT_TRUE(engine_of(none)->transcribe(std::vector<std::int16_t>(engine_rate * 5)).empty());
}

TEST_F(PocketSphinx, a_helper_that_is_missing_dies_or_hangs_is_an_error_of_the_job) {
    SpeechEngineSettings bad = settings;
    bad.helper_path = "/nonexistent/otklik-hear";
    EXPECT_EQ(code_of(bad), "speech.engine_missing");
    bad = settings;
    bad.model_folder = "/nonexistent";
    EXPECT_EQ(code_of(bad), "speech.engine_missing");
    bad.helper_path = "/bin/false";
    EXPECT_EQ(code_of(bad), "speech.engine_died");
    const std::string folder = std::filesystem::temp_directory_path() / "otklik_hear_test";
    std::filesystem::create_directories(folder);
    const auto script = [&](const std::string& text) {
        bad.helper_path = folder + "/helper";
        std::ofstream(bad.helper_path) << "#!/bin/sh\n" << text << "\n";
        std::filesystem::permissions(bad.helper_path, std::filesystem::perms::owner_all);
    };
    script("kill -SEGV $$");
    EXPECT_EQ(code_of(bad), "speech.engine_died");
    script("echo '{\"text\":\"half\",' >&4");
    EXPECT_EQ(code_of(bad), "speech.engine_died");
    script("exec sleep 60");
    bad.wait_min = Duration::ms(300);
    bad.wait_factor = 0;
    EXPECT_EQ(code_of(bad), "speech.engine_slow");
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace otklik
