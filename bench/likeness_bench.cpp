// Likeness held against sound, and what one comparison costs. Prints one JSON object a line.
//
//   likeness_bench FOLDER [COUNT]
//
// FOLDER/clips/NAME.raw and FOLDER/copies/NAME.KIND.raw: mono, 16 bit, 16 kHz. Every copy is
// compared with every clip: {"clip", "copy", "kind", "score"}. Then one recording of 120 s with
// COUNT envelopes of other sound of that length: {"compared", "cpu_ms", "cpu_ms_two_tracks"}.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>

#include "base/error.h"
#include "base/files.h"
#include "media/likeness.h"

namespace otklik {
namespace {

constexpr int rate = 16'000;
constexpr std::size_t sound_bytes_max = std::size_t{64} << 20;
constexpr std::size_t minutes_two_steps = 1'200;
constexpr std::size_t minutes_two_buckets = minutes_two_steps * 5;

double cpu_ms() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

std::vector<Peak> wave_of(const std::filesystem::path& file) {
    const std::string bytes = read_file(file.string(), sound_bytes_max);
    std::vector<std::int16_t> samples(bytes.size() / 2);
    std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
    std::vector<float> pcm;
    pcm.reserve(samples.size());
    for (const std::int16_t sample : samples) pcm.push_back(float(sample) / 32'768);
    PeakBuilder builder(rate);
    builder.feed(pcm);
    builder.finish();
    return {builder.peaks().begin(), builder.peaks().end()};
}

void compare_all(const std::string& folder) {
    std::map<std::string, std::string> clips;
    for (const auto& file : std::filesystem::directory_iterator(folder + "/clips"))
        clips[file.path().stem().string()] = loudness_of(wave_of(file.path()));
    for (const auto& file : std::filesystem::directory_iterator(folder + "/copies")) {
        const auto name = file.path().stem();  // NAME.KIND
        const std::vector<std::vector<Peak>> tracks{wave_of(file.path())};
        const LikenessProbe probe(tracks);
        for (const auto& [clip, loudness] : clips)
            fmt::print("{{\"clip\":\"{}\",\"copy\":\"{}\",\"kind\":\"{}\",\"score\":{:.4f}}}\n",
                       clip, name.stem().string(), name.extension().string().substr(1),
                       probe.compare({&loudness, 1}).score);
    }
}

/// Loudness that moves like talk does, of no sound at all: what it costs does not ask what it is.
std::string made_loudness(std::mt19937& dice) {
    std::string out;
    for (std::size_t i = 0; i < minutes_two_steps; ++i)
        out.push_back(static_cast<char>(dice() % 120));
    return out;
}

void measure(int count) {
    std::mt19937 dice(7);
    std::vector<std::vector<Peak>> one(1);
    for (std::size_t i = 0; i < minutes_two_buckets; ++i) {
        const auto high = static_cast<std::int8_t>(dice() % 120);
        one[0].push_back({static_cast<std::int8_t>(-high), high});
    }
    const std::vector<std::vector<Peak>> two{one[0], one[0]};
    std::vector<std::string> clips;
    for (int i = 0; i < 64; ++i) clips.push_back(made_loudness(dice));
    double found = 0;
    const auto cost = [&](const LikenessProbe& probe, std::size_t tracks) {
        const double before = cpu_ms();
        for (int i = 0; i < count; ++i) {
            const auto at = static_cast<std::size_t>(i) % (clips.size() - tracks);
            found = std::max(found, probe.compare({&clips[at], tracks}).score);
        }
        return cpu_ms() - before;
    };
    const double mono = cost(LikenessProbe(one), 1), stereo = cost(LikenessProbe(two), 2);
    fmt::print(
        "{{\"compared\":{},\"cpu_ms\":{:.1f},\"cpu_ms_two_tracks\":{:.1f},\"best\":{:.3f}}}\n",
        count, mono, stereo, found);
}

}  // namespace
}  // namespace otklik

int main(int count, char** words) {
    if (count < 2) {
        std::fputs("likeness_bench FOLDER [COUNT]\n", stderr);
        return 2;
    }
    try {
        otklik::compare_all(words[1]);
        otklik::measure(count > 2 ? std::atoi(words[2]) : 10'000);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
