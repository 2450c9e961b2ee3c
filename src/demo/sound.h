#pragma once
// The sound of the demonstration day: lines spoken by espeak-ng (a separate program of Debian) laid
// over room noise. Thread: any; blocking, child processes.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "demo/script.h"

namespace otklik {

inline constexpr int demo_rate = 22'050;  // what espeak-ng speaks, Hz

/// One spoken line, mono, at demo_rate. Error{unavailable, "demo.no_espeak"} when espeak-ng is not
/// installed.
std::vector<std::int16_t> speak(const std::string& voice, const std::string& text,
                                const std::string& draft_path);

/// Speaks every talk once, fills the times of lines and presses, and keeps the sound.
class DemoSound {
public:
    /// `watch`: as of DemoDay.
    using Watch = std::function<void(std::string_view what, std::size_t done, std::size_t all)>;
    DemoSound(DemoScript& script, std::string draft_folder, const Watch& watch);
    /// Writes a WAV file (PCM 16 bit) of what the recorder heard in the range; two channels: the
    /// customer left, the employee right, else all in one. The room noise is seeded by the range,
    /// so the same day sounds the same.
    void write_wav(const DemoFile& file, const DemoRecorder& recorder,
                   const std::string& path) const;

private:
    struct Heard {
        std::string point, speaker;
        bool is_customer = false;
        Instant begin;
        std::vector<std::int16_t> sound;
    };
    std::vector<float> room(const DemoFile& file, const std::string& point, int side) const;
    std::vector<Heard> heard_;
};

}  // namespace otklik
