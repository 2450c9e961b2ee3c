// Markers held against speech, noise, sirens and music. Prints one JSON object a line.
//
//   marker_bench bed SPEECH.raw NOISE.raw SECONDS SEED OUT.raw     talk at any loudness over noise
//   marker_bench sirens|music SECONDS SEED OUT.raw                 made here
//   marker_bench mix BED.raw SEED SNR PPM room|dry OUT.raw         a marker each 20 s: {"at_s",
//   "code"} marker_bench hear DECODER FILE                                 {"at_s", "code",
//   "score", "alone"},
//                                                                  then {"cpu_ms", "seconds",
//                                                                  "top_score"}
// Raw: mono, 16 bit, 16 kHz. SNR: dB of the marker over what is heard in its very place.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "align/marker.h"
#include "align/marker_finder.h"
#include "base/error.h"
#include "base/files.h"
#include "media/clip_decode.h"
#include "media/decode.h"

namespace otklik {
namespace {

constexpr int rate = 16'000;
constexpr std::size_t bytes_max = std::size_t{2} << 30;
constexpr double tau = 2 * std::numbers::pi;
using Random = std::mt19937;

double between(Random& random, double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random);
}
std::size_t samples(double seconds) {
    return static_cast<std::size_t>(seconds * rate);
}
double rms(const float* from, std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += double{from[i]} * from[i];
    return std::sqrt(sum / static_cast<double>(count));
}

std::vector<float> read_raw(const std::string& path) {
    const std::string bytes = read_file(path, bytes_max);
    std::vector<std::int16_t> whole(bytes.size() / 2);
    std::memcpy(whole.data(), bytes.data(), whole.size() * 2);
    std::vector<float> pcm(whole.size());
    std::transform(whole.begin(), whole.end(), pcm.begin(),
                   [](std::int16_t s) { return static_cast<float>(s) / 32'768; });
    return pcm;
}
void write_raw(const std::string& path, const std::vector<float>& pcm) {
    const std::vector<std::int16_t> whole = to_int16(pcm);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file || std::fwrite(whole.data(), 2, whole.size(), file) != whole.size())
        throw Error(Fault::internal, "file.write").because(path);
    std::fclose(file);
}

std::vector<float> bed(const std::vector<float>& speech, const std::vector<float>& noise,
                       double seconds, Random& random) {
    std::vector<float> out(samples(seconds));
    std::normal_distribution<float> white(0, 0.001F);
    for (float& value : out) value = white(random);
    const auto add = [&](const std::vector<float>& from, double db_min, double db_max) {
        for (std::size_t at = 0; at < out.size();) {
            const std::size_t count = std::min(samples(between(random, 20, 60)), out.size() - at);
            const auto gain =
                static_cast<float>(std::pow(10, between(random, db_min, db_max) / 20));
            std::size_t place =
                static_cast<std::size_t>(between(random, 0, static_cast<double>(from.size())));
            for (std::size_t i = 0; i < count; ++i) {
                if (place >= from.size()) place = 0;
                out[at + i] += gain * from[place++];
            }
            at += count;
        }
    };
    add(speech, -24, 0);
    add(noise, -30, -6);
    return out;
}

/// A tone whose pitch follows `hz_at`, with `harmonics`.
void add_tone(std::vector<float>& out, std::size_t from, std::size_t count, double gain,
              int harmonics, const std::function<double(double)>& hz_at) {
    double phase = 0;
    for (std::size_t i = 0; i < count && from + i < out.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        phase += tau * hz_at(t) / rate;
        const double left = static_cast<double>(count - i) / rate;
        const double edge = std::min({1.0, t / 0.01, left / 0.01});
        for (int h = 1; h <= harmonics; ++h)
            out[from + i] += static_cast<float>(gain * edge / h * std::sin(h * phase));
    }
}

/// Wail, yelp, hi-lo, and sweeps up and down over bands and times near the marker's own.
std::vector<float> sirens(double seconds, Random& random) {
    std::vector<float> out(samples(seconds));
    std::normal_distribution<float> white(0, 0.003F);
    for (float& value : out) value = white(random);
    for (std::size_t at = 0; at < out.size();) {
        const std::size_t count = samples(between(random, 10, 30));
        const double low = between(random, 400, 800), high = between(random, 1200, 3300);
        const int kind = static_cast<int>(between(random, 0, 5));
        const double period = kind == 0 ? between(random, 3, 8) : between(random, 0.2, 4);
        add_tone(out, at, count, between(random, 0.02, 0.3),
                 static_cast<int>(between(random, 1, 4)), [=](double t) {
                     const double x = t / period - std::floor(t / period);
                     if (kind == 2) return x < 0.5 ? low : low * 4 / 3;
                     if (kind == 3) return low + (high - low) * x;
                     if (kind == 4) return high - (high - low) * x;
                     if (kind == 1) return low + (high - low) * (x < 0.5 ? 2 * x : 2 - 2 * x);
                     return low + (high - low) * (1 - std::cos(tau * x)) / 2;
                 });
        at += count;
    }
    return out;
}

/// Chords, a melody that glides, and beats.
std::vector<float> music(double seconds, Random& random) {
    std::vector<float> out(samples(seconds));
    const auto note = [](double n) { return 440 * std::pow(2, (n - 69) / 12); };
    double melody = 72;
    for (double t = 0; t < seconds;) {
        const double beat = between(random, 0.12, 0.6);
        const double root = 48 + std::floor(between(random, 0, 12));
        for (const double step : {0.0, 4.0, 7.0, 12.0})
            add_tone(out, samples(t), samples(beat * 4), 0.04, 6,
                     [f = note(root + step)](double) { return f; });
        for (int i = 0; i < 4; ++i) {
            const double from = note(melody);
            melody = std::clamp(melody + std::floor(between(random, -5, 6)), 60.0, 100.0);
            const double to = note(melody);
            add_tone(out, samples(t + i * beat), samples(beat), 0.08, 4, [=](double x) {
                return from + (to - from) * std::min(1.0, x / beat * 2) +
                       8 * std::sin(tau * 5.5 * x);
            });
            std::normal_distribution<float> hit(0, 0.1F);
            for (std::size_t k = 0, at = samples(t + i * beat); k < 800 && at + k < out.size(); ++k)
                out[at + k] += hit(random) * std::exp(-static_cast<float>(k) / 200);
        }
        t += beat * 4;
    }
    return out;
}

/// A room of 0.4 s whose tail is as strong as the direct sound: sparse taps of both signs.
std::vector<float> in_a_room(const std::vector<float>& sound, Random& random) {
    constexpr int taps = 600;
    std::vector<float> tail(sound.size() + samples(0.4));
    for (int i = 0; i < taps; ++i) {
        const double t = between(random, 0.002, 0.4);
        const auto gain =
            static_cast<float>((random() % 2 ? 1 : -1) * std::pow(10, -60.0 * t / 0.4 / 20));
        for (std::size_t k = 0, at = samples(t); k < sound.size(); ++k)
            tail[at + k] += gain * sound[k];
    }
    const double scale = rms(sound.data(), sound.size()) * std::sqrt(double(sound.size())) /
                         (rms(tail.data(), tail.size()) * std::sqrt(double(tail.size())));
    for (float& value : tail) value = static_cast<float>(value * scale);
    for (std::size_t i = 0; i < sound.size(); ++i) tail[i] += sound[i];
    return tail;
}

void mix(std::vector<float>& pcm, Random& random, double snr, double ppm, bool room) {
    for (double at_s = 4; at_s + 24 < static_cast<double>(pcm.size()) / rate; at_s += 20) {
        const int code = static_cast<int>(random() % align::marker_codes);
        const std::size_t at = samples(at_s + between(random, 0, 3));
        std::vector<float> sound = align::marker_sound(code, rate, 1 + ppm / 1e6);
        const std::size_t length = sound.size();
        const double own = rms(sound.data(), length);
        if (room) sound = in_a_room(sound, random);
        const double here = rms(pcm.data() + at, length);
        const auto gain = static_cast<float>(here * std::pow(10, snr / 20) / own);
        for (std::size_t i = 0; i < sound.size(); ++i) pcm[at + i] += gain * sound[i];
        fmt::print("{{\"at_s\":{:.6f},\"code\":{}}}\n", static_cast<double>(at) / rate, code);
    }
}

double cpu_ms() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

/// Opus as the product does it, at 8 kHz by libopus; every other file by the decoding child.
void hear(const std::string& decoder, const std::string& path) {
    std::vector<float> pcm;
    int found_rate = 8'000;
    if (path.ends_with(".ogg")) {
        pcm = decode_ogg_opus_float(bytes_of(read_file(path, bytes_max)), found_rate);
    } else if (path.ends_with(".raw")) {
        pcm = read_raw(path);
        found_rate = rate;
    } else {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        decode_audio(decoder, fd, {}, [&](const PcmBlock& block) {
            found_rate = block.rate;
            pcm.insert(pcm.end(), block.samples.begin(), block.samples.end());
        });
        ::close(fd);
    }
    const double before = cpu_ms();
    align::MarkerFinder finder(found_rate);
    finder.feed(pcm);
    const auto found = finder.finish();
    const double took = cpu_ms() - before;
    for (const align::HeardMarker& each : found)
        fmt::print("{{\"at_s\":{:.6f},\"code\":{},\"score\":{:.1f},\"alone\":{}}}\n", each.at_s,
                   each.code, each.score, each.alone);
    fmt::print("{{\"cpu_ms\":{:.1f},\"seconds\":{:.1f},\"top_score\":{:.1f}}}\n", took,
               static_cast<double>(pcm.size()) / found_rate, finder.top_score());
}

int run(const std::vector<std::string>& words) {
    const std::string verb = words.empty() ? "" : words[0];
    const auto seed = [&](std::size_t i) {
        return Random(static_cast<unsigned>(std::atoi(words[i].c_str())));
    };
    if (verb == "bed" && words.size() == 6) {
        Random random = seed(4);
        write_raw(words[5],
                  bed(read_raw(words[1]), read_raw(words[2]), std::atof(words[3].c_str()), random));
    } else if ((verb == "sirens" || verb == "music") && words.size() == 4) {
        Random random = seed(2);
        const double seconds = std::atof(words[1].c_str());
        write_raw(words[3], verb == "music" ? music(seconds, random) : sirens(seconds, random));
    } else if (verb == "mix" && words.size() == 7) {
        Random random = seed(2);
        std::vector<float> pcm = read_raw(words[1]);
        mix(pcm, random, std::atof(words[3].c_str()), std::atof(words[4].c_str()),
            words[5] == "room");
        write_raw(words[6], pcm);
    } else if (verb == "hear" && words.size() == 3) {
        hear(words[1], words[2]);
    } else {
        return 2;
    }
    return 0;
}

}  // namespace
}  // namespace otklik

int main(int count, char** words) {
    try {
        return otklik::run({words + 1, words + count});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
