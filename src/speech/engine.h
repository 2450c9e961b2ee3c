#pragma once
// The port of speech engines: sound in, words with times out. An engine of native code runs in a
// child process, so that a job that kills its worker does not take the server along.
// Adapters live in src/adapters/speech. Thread: an engine is asked by one thread at a time.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

inline constexpr int engine_rate = 16'000;  // Hz, mono, int16

struct HeardWord {
    std::string text;                               // UTF-8, as a person would write it
    std::int64_t begin_sample = 0, end_sample = 0;  // at engine_rate, within what was given
    double confidence = 0;                          // 0..1 by the engine's own measure
};

class SpeechEngine {
public:
    virtual ~SpeechEngine() = default;
    virtual std::string_view name() const = 0;      // "pocketsphinx": stands on the transcript
    virtual std::string_view language() const = 0;  // BCP 47: "en"
    /// Words by rising begin; none for sound without speech. Throws Error{unavailable}:
    /// "speech.engine_missing" (helper or model not installed), "speech.engine_died",
    /// "speech.engine_slow" (killed at its wall limit).
    virtual std::vector<HeardWord> transcribe(std::span<const std::int16_t> pcm) = 0;
};

struct SpeechEngineSettings {
    std::string helper_path;   // otklik-hear
    std::string model_folder;  // empty: where the package puts it
    // Wall limit: this, or so many times the sound's length when that is more.
    // The engine is niced: beside other work it may get a twentieth of a core for minutes.
    Duration wait_min = Duration::seconds(300);
    int wait_factor = 4;
};

/// One engine that can be chosen by the setting speech.engine.
struct SpeechEngineAdapter {
    std::string_view name;
    std::string_view about;
    std::unique_ptr<SpeechEngine> (*create)(const SpeechEngineSettings& settings);
};
/// All adapters, made by src/adapters/CMakeLists.txt.
std::span<const SpeechEngineAdapter* const> speech_engine_adapters();

}  // namespace otklik
