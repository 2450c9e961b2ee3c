// Pairs of recordings of one scene, and of different ones, laid over each other: {"trial", "same",
// "accepted", "off_ms", …} a line each.
//
//   scene_bench TALK.raw NOISE.raw TRIALS SEED [SNR_DB]
//
// TALK, NOISE: mono, 16 bit, 16 kHz. Each recording has its own room, noise, crystal and clock.
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "align/scene.h"

namespace otklik {
namespace {

using Random = std::mt19937;
constexpr int rate = align::scene_rate;
constexpr double scene_s = 1'000, each_s = 600, clock_wrong_s = 3'600;

double between(Random& random, double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random);
}
double cpu_s() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec) + double(used.ru_utime.tv_usec) / 1e6;
}

/// Mean of two: 16 kHz of 16 bit to 8 kHz.
std::vector<float> read_8k(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::vector<float> out(bytes.size() / 4);
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::int16_t two[2];
        std::memcpy(two, bytes.data() + 4 * i, 4);
        out[i] = static_cast<float>(two[0] + two[1]) / 65'536;
    }
    return out;
}

/// Pieces of talk at any loudness, in an order of their own, with pauses.
std::vector<float> scene(const std::vector<float>& talk, Random& random) {
    std::vector<float> out(static_cast<std::size_t>(scene_s * rate));
    for (std::size_t at = 0; at < out.size();) {
        const auto count = static_cast<std::size_t>(between(random, 2, 15) * rate);
        auto from = static_cast<std::size_t>(between(random, 0, static_cast<double>(talk.size())));
        const auto gain = static_cast<float>(std::pow(10, between(random, -18, 0) / 20));
        for (std::size_t i = 0; i < count && at < out.size(); ++i, ++from)
            out[at++] = gain * talk[from % talk.size()];
        at += static_cast<std::size_t>(between(random, 0, 4) * rate);
    }
    return out;
}

/// From `begin_s` of the scene on, through a room of its own (0.4 s), with noise of its own, by a
/// crystal that is `ppm` fast.
std::vector<float> recorded(const std::vector<float>& scene, const std::vector<float>& noise,
                            double begin_s, double ppm, double snr_db, Random& random) {
    constexpr int taps = 60;
    std::vector<float> heard(scene);
    for (int tap = 0; tap < taps; ++tap) {
        const double t = between(random, 0.002, 0.4);
        const auto delay = static_cast<std::size_t>(t * rate);
        const auto gain =
            static_cast<float>((random() % 2 ? 1 : -1) * 0.33 * std::pow(10, -60 * t / 0.4 / 20));
        for (std::size_t i = 0; i + delay < heard.size(); ++i) heard[i + delay] += gain * scene[i];
    }
    std::vector<float> out(static_cast<std::size_t>(each_s * rate));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double place = begin_s * rate + static_cast<double>(i) / (1 + ppm / 1e6);
        const auto k = static_cast<std::size_t>(place);
        const auto part = static_cast<float>(place - static_cast<double>(k));
        if (k + 1 < heard.size()) out[i] = heard[k] * (1 - part) + heard[k + 1] * part;
    }
    double own = 0;
    for (const float value : out) own += double{value} * value;
    const double level = std::sqrt(own / double(out.size())) * std::pow(10, -snr_db / 20);
    double loud = 0;
    for (const float value : noise) loud += double{value} * value;
    const auto gain = static_cast<float>(level / std::sqrt(loud / double(noise.size())) * 0.7);
    std::normal_distribution<float> white(0, static_cast<float>(level * 0.7));
    auto at = static_cast<std::size_t>(between(random, 0, double(noise.size())));
    for (float& value : out) value += gain * noise[at++ % noise.size()] + white(random);
    return out;
}

align::SceneRecording as_recording(const std::vector<float>& pcm, std::vector<float>& envelope) {
    align::SceneEnvelope builder;
    builder.feed(pcm);
    envelope = builder.finish();
    return {envelope, [&pcm](double at_s, std::size_t count) {
                std::vector<float> out(count);
                const auto from = std::llround(at_s * rate);
                for (std::size_t i = 0; i < count; ++i) {
                    const auto k = from + static_cast<std::int64_t>(i);
                    if (k >= 0 && k < static_cast<std::int64_t>(pcm.size()))
                        out[i] = pcm[static_cast<std::size_t>(k)];
                }
                return out;
            }};
}

int run(int count, char** words) {
    if (count < 5) return 2;
    const auto talk = read_8k(words[1]), noise = read_8k(words[2]);
    const double snr = count > 5 ? std::atof(words[5]) : 5;
    Random random(static_cast<unsigned>(std::atoi(words[4])));
    for (int trial = 0; trial < std::atoi(words[3]); ++trial) {
        const bool same = trial % 2 == 0;
        const auto one = scene(talk, random),
                   two = same ? std::vector<float>() : scene(talk, random);
        const double begin_a = between(random, 0, 390), begin_b = between(random, 0, 390);
        const double ppm_a = between(random, -500, 500), ppm_b = between(random, -500, 500);
        const auto a = recorded(one, noise, begin_a, ppm_a, snr, random);
        const auto b = recorded(same ? one : two, noise, begin_b, ppm_b, snr, random);
        std::vector<float> envelope_a, envelope_b;
        const auto first = as_recording(a, envelope_a), other = as_recording(b, envelope_b);
        // Where second t of the first truly is in the other.
        const auto truth = [&](double t) {
            return (begin_a + t / (1 + ppm_a / 1e6) - begin_b) * (1 + ppm_b / 1e6);
        };
        const double told = truth(0) + between(random, -clock_wrong_s, clock_wrong_s);
        const double before = cpu_s();
        const auto match = align::match_scene(first, other, told, clock_wrong_s + 10);
        double off = 0;
        for (const double t : {match.first_s, match.last_s})
            off = std::max(off, std::abs(t + match.lag(t) - truth(t)));
        std::printf(
            "{\"trial\":%d,\"same\":%s,\"accepted\":%s,\"off_ms\":%.2f,\"pieces\":\"%d/%d\","
            "\"windows\":\"%d/%d/%d\",\"span\":%.2f,\"cpu_s\":%.2f}\n",
            trial, same ? "true" : "false", match.accepted ? "true" : "false", off * 1000,
            match.pieces_agree, match.pieces, match.windows_agree, match.windows_clear,
            match.windows, match.span, cpu_s() - before);
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace
}  // namespace otklik

int main(int count, char** words) {
    return otklik::run(count, words);
}
