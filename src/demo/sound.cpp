#include "demo/sound.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "base/error.h"
#include "base/files.h"

extern char** environ;

namespace otklik {
namespace {

constexpr std::size_t wav_bytes_max = 64 << 20;
constexpr Duration pause_between_lines = Duration::ms(550);
constexpr float noise_level = 0.006F;  // about -44 dBFS: a quiet workshop office
constexpr float speech_level = 0.55F;
constexpr float uniform_to_white = 3.4641016F;  // sqrt(12): of variance 1

constexpr std::string_view staff_voices[] = {"ru+m1", "ru+m2", "ru+f1"};

bool is_staff(const std::string& voice) {
    return std::find(std::begin(staff_voices), std::end(staff_voices), voice) !=
           std::end(staff_voices);
}

/// [0, 1).
float unit(std::minstd_rand& chance) {
    return static_cast<float>(chance()) / static_cast<float>(std::minstd_rand::max());
}

/// Runs espeak-ng and waits. False when it is not there or failed.
bool run_espeak(const std::string& voice, const std::string& text, const std::string& out) {
    const char* arguments[] = {"espeak-ng", "-v",        voice.c_str(), "-s",         "150",
                               "-w",        out.c_str(), "--",          text.c_str(), nullptr};
    pid_t child = 0;
    if (::posix_spawnp(&child, "espeak-ng", nullptr, nullptr, const_cast<char**>(arguments),
                       environ) != 0)
        return false;
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::size_t samples_between(Instant from, Instant to) {
    return to <= from ? 0 : static_cast<std::size_t>((to - from).us * demo_rate / 1'000'000);
}

void append_number(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::string wav_head(std::uint32_t data_bytes, std::uint32_t channels) {
    std::string head = "RIFF";
    append_number(head, 36 + data_bytes, 4);
    head += "WAVEfmt ";
    append_number(head, 16, 4);
    append_number(head, 1, 2);  // PCM
    append_number(head, channels, 2);
    append_number(head, demo_rate, 4);
    append_number(head, demo_rate * channels * 2, 4);
    append_number(head, channels * 2, 2);
    append_number(head, 16, 2);
    head += "data";
    append_number(head, data_bytes, 4);
    return head;
}

}  // namespace

std::vector<std::int16_t> speak(const std::string& voice, const std::string& text,
                                const std::string& draft_path) {
    if (!run_espeak(voice, text, draft_path)) throw Error(Fault::unavailable, "demo.no_espeak");
    const std::string bytes = read_file(draft_path, wav_bytes_max);
    ::unlink(draft_path.c_str());
    const auto data = bytes.find("data");
    if (data == std::string::npos || data + 8 > bytes.size())
        throw Error(Fault::unavailable, "demo.no_espeak").because("its WAV has no data");
    std::vector<std::int16_t> sound((bytes.size() - data - 8) / 2);
    std::memcpy(sound.data(), bytes.data() + data + 8, sound.size() * 2);
    return sound;
}

DemoSound::DemoSound(DemoScript& script, std::string draft_folder, const Watch& watch) {
    const std::string draft = draft_folder + "/line.wav";
    std::size_t spoken = 0;
    for (DemoTalk& talk : script.talks) {
        watch("speech", spoken++, script.talks.size());
        Instant at = talk.begin;
        for (std::size_t i = 0; i < talk.lines.size(); ++i) {
            DemoLine& line = talk.lines[i];
            Heard heard{talk.point, line.speaker, !is_staff(line.voice), at,
                        speak(line.voice, line.text, draft)};
            const auto length =
                static_cast<std::int64_t>(heard.sound.size()) * 1'000'000 / demo_rate;
            line.at = {at, at + Duration{length}};
            at = line.at.end + pause_between_lines;
            if (!talk.device.empty() && i + 1 == talk.press_after)
                talk.pressed_at = line.at.end + Duration::ms(200);
            heard_.push_back(std::move(heard));
        }
    }
}

std::vector<float> DemoSound::room(const DemoFile& file, const std::string& point, int side) const {
    std::vector<float> mix(samples_between(file.at.begin, file.at.end));
    std::minstd_rand chance(static_cast<std::uint32_t>(file.at.begin.us / 1'000'000) +
                            static_cast<std::uint32_t>(side));
    float low = 0.0F;
    for (float& sample : mix) {
        // A one-pole low pass: rooms hum more than they hiss. Uniform noise sounds as normal noise
        // does and costs a tenth, which counts over two hours.
        low = 0.95F * low + 0.31F * uniform_to_white * (unit(chance) - 0.5F);
        sample = noise_level * low;
    }
    for (const Heard& heard : heard_) {
        if (heard.point != point) continue;
        if (side != 0 && heard.is_customer != (side == 1)) continue;
        const std::int64_t from = (heard.begin - file.at.begin).us * demo_rate / 1'000'000;
        for (std::size_t i = 0; i < heard.sound.size(); ++i) {
            const std::int64_t n = from + static_cast<std::int64_t>(i);
            if (n >= 0 && n < static_cast<std::int64_t>(mix.size()))
                mix[static_cast<std::size_t>(n)] +=
                    speech_level * static_cast<float>(heard.sound[i]) / 32768.0F;
        }
    }
    return mix;
}

void DemoSound::write_wav(const DemoFile& file, const DemoRecorder& recorder,
                          const std::string& path) const {
    const bool two = recorder.channels == 2;
    const std::vector<float> first = room(file, recorder.point, two ? 1 : 0);
    const std::vector<float> second = two ? room(file, recorder.point, 2) : std::vector<float>();
    std::vector<std::int16_t> samples;
    samples.reserve(first.size() + second.size());
    const auto quantise = [](float x) {
        return static_cast<std::int16_t>(std::lround(std::clamp(x, -1.0F, 1.0F) * 32767.0F));
    };
    for (std::size_t i = 0; i < first.size(); ++i) {
        samples.push_back(quantise(first[i]));
        if (two) samples.push_back(quantise(second[i]));
    }
    const std::size_t bytes = samples.size() * 2;
    const Fd out = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
    write_all(out.get(), wav_head(static_cast<std::uint32_t>(bytes), two ? 2 : 1));
    write_all(out.get(), {reinterpret_cast<const char*>(samples.data()), bytes});
}

}  // namespace otklik
