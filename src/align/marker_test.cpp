// Markers found through codecs, drift and echo, and nothing found where none is. The whole figures
// over real sound: bench/run marker.
#include "align/marker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>

#include "align/marker_finder.h"
#include "base/files.h"
#include "media/clip_decode.h"
#include "media/decode.h"
#include "media/media_testkit.h"

namespace otklik::align {
namespace {

constexpr int wide = 16'000;
constexpr double each_s = 18;

double power(std::span<const float> sound) {
    double sum = 0;
    for (const float value : sound) sum += double{value} * value;
    return sum / static_cast<double>(sound.size());
}

/// Talk over noise with a marker each 18 s at -10 dB of what is heard there, in a room whose echo
/// is as strong as the direct sound; every third recorder-hearing of it 500 ppm fast or slow.
std::vector<float> day_with_markers(int count, int rate, std::mt19937& random) {
    std::vector<float> day = testkit::speech_like(each_s * count, rate, 7);
    std::normal_distribution<float> noise(0, 0.02F);
    for (float& value : day) value += noise(random);
    for (int k = 0; k < count; ++k) {
        const std::vector<float> dry =
            marker_sound(k % marker_codes, rate, 1 + 0.0005 * (k % 3 - 1));
        std::vector<float> heard(dry.size() + static_cast<std::size_t>(0.4 * rate));
        for (int tap = 0; tap < 60; ++tap) {
            const double t = std::uniform_real_distribution<double>(0.002, 0.4)(random);
            const auto gain =
                static_cast<float>((random() % 2 ? 1 : -1) * std::pow(10, -7.5 * t) / 3);
            for (std::size_t i = 0; i < dry.size(); ++i)
                heard[i + static_cast<std::size_t>(t * rate)] += gain * dry[i];
        }
        for (std::size_t i = 0; i < dry.size(); ++i) heard[i] += dry[i];
        const auto at = static_cast<std::size_t>((each_s * k + 5) * rate);
        const double here = power({day.data() + at, dry.size()});
        const auto gain = static_cast<float>(std::sqrt(here / 10 / power(dry)));
        for (std::size_t i = 0; i < heard.size(); ++i) day[at + i] += gain * heard[i];
    }
    return day;
}

std::vector<HeardMarker> hear(std::span<const float> pcm, int rate) {
    MarkerFinder finder(rate);
    // In pieces that fit no block.
    for (std::size_t at = 0; at < pcm.size(); at += 7'777)
        finder.feed(pcm.subspan(at, std::min<std::size_t>(7'777, pcm.size() - at)));
    return finder.finish();
}

void expect_all(const std::vector<HeardMarker>& found, int count, std::string_view what) {
    ASSERT_EQ(found.size(), static_cast<std::size_t>(count)) << what;
    for (int k = 0; k < count; ++k) {
        const HeardMarker& each = found[static_cast<std::size_t>(k)];
        EXPECT_NEAR(each.at_s, each_s * k + 5, 0.005) << what << " " << k;
        EXPECT_EQ(each.code, k % marker_codes) << what << " " << k;
        EXPECT_TRUE(each.alone) << what << " " << k;
    }
}

/// A helper beside the tests, or where the variable says; empty when it is not built.
std::string helper(const char* variable, const std::string& name) {
    if (const char* given = std::getenv(variable)) return given;
    const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const auto& place : {here / name, here / name.substr(name.find('-') + 1) / name})
        if (std::filesystem::exists(place)) return place.string();
    return {};
}

/// Through a file that a tool makes of the WAV.
std::vector<float> through(const std::vector<float>& pcm, int rate, const std::string& command,
                           const std::string& name, int& got_rate) {
    const testkit::TempFolder folder;
    std::ofstream(folder.path("in.wav"), std::ios::binary) << testkit::wav_bytes(pcm, rate);
    std::string line = command;
    for (const auto& [word, file] :
         {std::pair<std::string, std::string>{"IN", "in.wav"}, {"OUT", name}})
        line.replace(line.find(word), word.size(), folder.path(file));
    EXPECT_EQ(testkit::run(line), 0) << line;
    if (name.ends_with(".ogg")) {
        got_rate = 8'000;
        return decode_ogg_opus_float(bytes_of(read_file(folder.path(name), std::size_t{1} << 28)),
                                     8'000);
    }
    std::vector<float> out;
    const int fd = ::open(folder.path(name).c_str(), O_RDONLY | O_CLOEXEC);
    decode_audio(helper("OTKLIK_DECODE", "otklik-decode"), fd, {}, [&](const PcmBlock& block) {
        got_rate = block.rate;
        out.insert(out.end(), block.samples.begin(), block.samples.end());
    });
    ::close(fd);
    return out;
}

TEST(Markers, x06_found_within_5_ms_at_minus_10_db_with_echo_and_drift) {
    std::mt19937 random(20261129);
    for (const int rate : {8'000, wide})
        expect_all(hear(day_with_markers(12, rate, random), rate), 12, std::to_string(rate));
}

TEST(Markers, x06_they_survive_opus_mp3_g711_and_amr) {
    std::mt19937 random(5);
    const auto day = day_with_markers(6, wide, random), phone = day_with_markers(6, 8'000, random);
    struct Codec {
        std::string tool, command, name;
        int rate;
    };
    const std::string amr = helper("OTKLIK_MAKE_AMR", "otklik-make-amr");
    const Codec codecs[] = {{"opusenc", "opusenc --quiet --bitrate 24 IN OUT", "a.ogg", wide},
                            {"lame", "lame --quiet -m m -b 64 IN OUT", "a.mp3", wide},
                            {"ffmpeg", "ffmpeg -v error -i IN -c:a pcm_alaw OUT", "a.wav", 8'000},
                            {amr, amr + " IN OUT", "a.amr", 8'000}};
    for (const Codec& codec : codecs) {
        if (codec.tool.empty() || (codec.tool != amr && !testkit::has_tool(codec.tool))) {
            std::printf("not tried: %s is not there\n", codec.name.c_str());
            continue;
        }
        int rate = 0;
        const auto heard =
            through(codec.rate == wide ? day : phone, codec.rate, codec.command, codec.name, rate);
        expect_all(hear(heard, rate), 6, codec.name);
    }
}

TEST(Markers, x06_talk_noise_silence_and_sirens_are_no_markers) {
    std::mt19937 random(9);
    std::normal_distribution<float> noise(0, 0.1F);
    std::vector<float> sound = testkit::speech_like(120, 8'000, 3);
    sound.resize(sound.size() + 30 * 8'000);  // digital silence, then noise
    for (int i = 0; i < 60 * 8'000; ++i) sound.push_back(noise(random));
    double phase = 0;
    for (int i = 0; i < 120 * 8'000; ++i) {  // up and down, each half minute faster
        const double t = i / 8'000.0, period = 4.0 / (1 + std::floor(t / 30));
        const double x = std::fmod(t, period) / period;
        phase += 2 * std::numbers::pi * (600 + 2'600 * (x < 0.5 ? 2 * x : 2 - 2 * x)) / 8'000;
        sound.push_back(static_cast<float>(0.2 * std::sin(phase)));
    }
    for (const HeardMarker& each : hear(sound, 8'000))
        EXPECT_FALSE(each.alone) << each.at_s << " " << each.score;
}

TEST(Markers, x06_two_that_are_near_prove_nothing) {
    std::vector<float> sound(60 * 8'000);
    for (const int at_s : {10, 20, 50}) {
        const std::vector<float> marker = marker_sound(at_s / 10, 8'000);
        std::copy(marker.begin(), marker.end(), sound.begin() + at_s * 8'000);
    }
    const auto found = hear(sound, 8'000);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_FALSE(found[0].alone);
    EXPECT_FALSE(found[1].alone);
    EXPECT_TRUE(found[2].alone);
}

TEST(Markers, x06_the_wav_that_a_panel_plays_is_the_marker) {
    const std::string wav = marker_wav();
    const std::vector<float> sound = marker_sound(0, wide);
    ASSERT_EQ(wav.size(), 44 + 2 * sound.size());
    EXPECT_EQ(wav.substr(0, 44), testkit::wav_bytes(sound, wide).substr(0, 44));
    for (std::size_t i = 0; i < sound.size(); i += 101) {
        const auto low = static_cast<unsigned char>(wav[44 + 2 * i]);
        const int value = low + 256 * static_cast<signed char>(wav[45 + 2 * i]);
        EXPECT_NEAR(value, sound[i] * 32'767, 1) << i;
    }
    EXPECT_EQ(sound.size(), static_cast<std::size_t>(2 * marker_chirp_ms * wide / 1000));
    EXPECT_LE(marker_sound(marker_codes - 1, wide).size(), 2U * wide);
    EXPECT_LE(*std::max_element(sound.begin(), sound.end()), marker_loudness);
}

}  // namespace
}  // namespace otklik::align
