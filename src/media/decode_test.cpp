#include "media/decode.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/error.h"
#include "base/files.h"
#include "media/media_testkit.h"

namespace otklik {

namespace {

using testkit::TempFolder;

/// Beside the tests' build tree, or where OTKLIK_DECODE says.
std::string helper() {
    if (const char* given = std::getenv("OTKLIK_DECODE")) return given;
    const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const char* place : {"decode/otklik-decode", "../decode/otklik-decode", "otklik-decode",
                              "src/decode/otklik-decode"}) {
        if (std::filesystem::exists(here / place)) return (here / place).string();
    }
    return {};
}

#define NEED_HELPER() \
    if (helper().empty()) GTEST_SKIP() << "otklik-decode is not built (ninja otklik-decode)"

struct Sound {
    DecodedInfo info;
    std::vector<float> first;  // channel
    std::vector<float> second;
};

Sound decode_file(const std::string& path, DecodeCaps caps = {}) {
    const Fd file = open_file(path, O_RDONLY);
    Sound sound;
    sound.info = decode_audio(helper(), file.get(), caps, [&](const PcmBlock& block) {
        const auto first = channel_of(block, 0);
        sound.first.insert(sound.first.end(), first.begin(), first.end());
        if (block.channels < 2) return;
        const auto other = channel_of(block, 1);
        sound.second.insert(sound.second.end(), other.begin(), other.end());
    });
    return sound;
}

/// The code of the Error, "ok" without one.
std::string code_of(const std::string& path, DecodeCaps caps = {}) {
    try {
        decode_file(path, caps);
        return "ok";
    } catch (const Error& error) {
        std::string code = error.code();
        for (const auto& [name, value] : error.params()) {
            if (name == "begins_like") code += ":" + value;
        }
        return code;
    }
}

std::string code_of_bytes(const TempFolder& folder, const std::string& bytes) {
    write_file_durably(folder.path("bytes"), bytes);
    return code_of(folder.path("bytes"));
}

struct Format {
    const char* name;
    const char* command;  // {in} {out}
    int lag_max;          // samples at 16 kHz
    const char* tool;
};
constexpr Format formats[] = {
    {"pcm16.wav", "cp {in} {out}", 0, "cp"},
    {"pcm8.wav", "sox {in} -b 8 {out}", 0, "sox"},
    {"pcm24.wav", "sox {in} -b 24 {out}", 0, "sox"},
    {"pcm32.wav", "sox {in} -b 32 {out}", 0, "sox"},
    {"float.wav", "sox {in} -e floating-point -b 32 {out}", 0, "sox"},
    {"alaw.wav", "sox {in} -e a-law {out}", 0, "sox"},
    {"mulaw.wav", "sox {in} -e mu-law {out}", 0, "sox"},
    {"flac.flac", "flac -s -f -o {out} {in}", 0, "flac"},
    {"lame.mp3", "lame --quiet -b 64 {in} {out}", 0, "lame"},
    {"opus.opus", "opusenc --quiet --bitrate 32 {in} {out}", 0, "opusenc"},
    {"vorbis.ogg", "ffmpeg -y -i {in} -c:a libvorbis {out}", 0, "ffmpeg"},
    {"aac.m4a", "ffmpeg -y -i {in} -c:a aac -b:a 64k {out}", 0, "ffmpeg"},
    {"alac.m4a", "ffmpeg -y -i {in} -c:a alac {out}", 0, "ffmpeg"},
    {"wma.wma", "ffmpeg -y -i {in} -c:a wmav2 -b:a 64k {out}", 0, "ffmpeg"},
};

std::string filled(std::string command, const std::string& in, const std::string& out) {
    command.replace(command.find("{in}"), 4, in);
    command.replace(command.find("{out}"), 5, out);
    return command;
}

/// FLAC of digital silence at 8 kHz, at least so long: 16 bytes for 8 seconds (RFC 9639).
std::string silent_flac(int seconds) {
    constexpr unsigned block = 65'535;
    const auto crc = [](const std::string& bytes, unsigned polynomial, int bits) {
        unsigned value = 0;
        for (const char byte : bytes) {
            value ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << (bits - 8);
            for (int i = 0; i < 8; ++i) {
                value = (value & (1u << (bits - 1))) ? (value << 1) ^ polynomial : value << 1;
            }
        }
        return value & ((1u << bits) - 1);
    };
    std::string out = std::string("fLaC\x80\0\0\x22\xFF\xFF\xFF\xFF\0\0\0\0\0\0", 18);
    out +=
        std::string("\x01\xF4\x00\xF0\0\0\0\0", 8) + std::string(16, '\0');  // 8 kHz mono 16 bits
    for (unsigned number = 0; number * block < static_cast<unsigned>(seconds) * 8'000; ++number) {
        std::string frame = "\xFF\xF8\x70\x08";
        if (number < 0x80) {
            frame += static_cast<char>(number);
        } else if (number < 0x800) {
            frame += static_cast<char>(0xC0 | number >> 6);
            frame += static_cast<char>(0x80 | (number & 63));
        } else {
            frame += static_cast<char>(0xE0 | number >> 12);
            frame += static_cast<char>(0x80 | ((number >> 6) & 63));
            frame += static_cast<char>(0x80 | (number & 63));
        }
        frame += "\xFF\xFE";
        frame += static_cast<char>(crc(frame, 0x07, 8));
        frame += std::string(3, '\0');  // one constant subframe: zero
        const unsigned check = crc(frame, 0x8005, 16);
        frame += static_cast<char>(check >> 8);
        frame += static_cast<char>(check);
        out += frame;
    }
    return out;
}

}  // namespace

TEST(Decode, every_format_round_trips_without_offset) {
    NEED_HELPER();
    const TempFolder folder;
    const std::vector<float> original = testkit::speech_like(3.0, 16'000, 3);
    write_file_durably(folder.path("in.wav"), testkit::wav_bytes(original, 16'000));
    int tried = 0;
    for (const Format& format : formats) {
        SCOPED_TRACE(format.name);
        const std::string path = folder.path(format.name);
        if (!testkit::has_tool(format.tool) ||
            testkit::run(filled(format.command, folder.path("in.wav"), path)) != 0) {
            std::printf("skipped %s: %s is missing or cannot write it\n", format.name, format.tool);
            continue;
        }
        ++tried;
        Sound sound;
        ASSERT_NO_THROW(sound = decode_file(path));
        EXPECT_EQ(sound.info.channels, 1);
        EXPECT_FALSE(sound.info.torn);
        EXPECT_EQ(sound.info.failed_packets, 0);
        std::vector<float> at_16k = sound.first;
        if (sound.info.rate == 48'000) {
            at_16k.clear();
            for (std::size_t i = 0; i < sound.first.size(); i += 3)
                at_16k.push_back(sound.first[i]);
        }
        const std::vector<float> part(at_16k.begin() + 16'000, at_16k.begin() + 24'000);
        const std::vector<float> around(original.begin() + 16'000, original.begin() + 24'000);
        EXPECT_LE(std::abs(testkit::best_lag(part, around, 700)), format.lag_max);
        EXPECT_GE(at_16k.size(), original.size());
        EXPECT_LE(at_16k.size(), original.size() + 2'048);  // a codec may pad its last frame
    }
    EXPECT_GE(tried, 1);
}

TEST(Decode, sixteen_bits_come_back_bit_exact_and_channels_stay_apart) {
    NEED_HELPER();
    const TempFolder folder;
    std::vector<float> pair;
    for (int i = 0; i < 44'100; ++i) {
        pair.push_back(static_cast<float>(i % 1'000) / 32'768.0f);
        pair.push_back(static_cast<float>(-(i % 777)) / 32'768.0f);
    }
    write_file_durably(folder.path("two.wav"), testkit::wav_bytes(pair, 44'100, 2));
    const Sound sound = decode_file(folder.path("two.wav"));
    EXPECT_EQ(sound.info.rate, 44'100);
    EXPECT_EQ(sound.info.channels, 2);
    ASSERT_EQ(sound.first.size(), 44'100u);
    for (std::size_t i = 0; i < sound.first.size(); ++i) {
        ASSERT_EQ(sound.first[i], pair[2 * i]);
        ASSERT_EQ(sound.second[i], pair[2 * i + 1]);
    }
}

TEST(Decode, hostile_files_get_their_code) {
    NEED_HELPER();
    const std::string data = testkit::shared_data();
    if (data.empty()) GTEST_SKIP() << "shared data is absent";
    const std::string hostile = data + "/audio/hostile/";
    EXPECT_EQ(code_of(hostile + "pisets_incorrect_sampling_freq.wav"), "audio.empty");
    EXPECT_EQ(code_of(hostile + "pisets_notsound.wav"), "audio.not_audio:text");
    EXPECT_EQ(code_of(hostile + "pocketsphinx_evil.wav"), "audio.bad_container");
    EXPECT_EQ(code_of(hostile + "pocketsphinx_null.wav"), "audio.empty");
    const Sound silent = decode_file(hostile + "pyannote-audio_empty.wav");
    EXPECT_EQ(silent.first.size(), 16'000u);
    const Sound m4a = decode_file(data + "/audio/formats/pisets_test_mpeg.m4a");
    EXPECT_GT(m4a.first.size(), 0u);  // its creation date asks for the time zone under the lock
    EXPECT_EQ(decode_file(data + "/audio/formats/cold_corpus_24bit.wav").first.size(), 411'481u);
    EXPECT_EQ(decode_file(data + "/audio/formats/azure_whatstheweatherlike-mulaw.wav").info.codec,
              "pcm_mulaw");
}

TEST(Decode, what_is_no_audio_is_named) {
    NEED_HELPER();
    const TempFolder folder;
    EXPECT_EQ(code_of_bytes(folder, ""), "audio.empty");
    EXPECT_EQ(code_of_bytes(folder, std::string("PK\x03\x04", 4) + std::string(99, 'x')),
              "audio.not_audio:ZIP");
    EXPECT_EQ(code_of_bytes(folder, "\x89PNG\r\n" + std::string(99, 'x')), "audio.not_audio:PNG");
    EXPECT_EQ(code_of_bytes(folder, "#EXTM3U\nfile:///etc/passwd\n"), "audio.not_audio:M3U");
    EXPECT_EQ(code_of_bytes(folder, std::string(5'000, '\0')), "audio.not_audio:zeros");
    std::mt19937 random(4);
    std::string noise;
    for (int i = 0; i < 4'000; ++i) noise.push_back(static_cast<char>(random()));
    for (const std::string& head :
         {std::string("RIFF\x24\x7d\x00\x00WAVE", 12), std::string("fLaC"), std::string("OggS")}) {
        EXPECT_NE(code_of_bytes(folder, head + noise), "ok") << head;
    }
}

TEST(Decode, an_endless_file_stops_at_the_cap) {
    NEED_HELPER();
    const TempFolder folder;
    write_file_durably(folder.path("day.flac"), silent_flac(24 * 3'600));
    const Fd file = open_file(folder.path("day.flac"), O_RDONLY);
    std::int64_t frames = 0;
    const auto count = [&](const PcmBlock& block) {
        frames += static_cast<std::int64_t>(block.samples.size());
    };
    try {
        decode_audio(helper(), file.get(), {.seconds_max = 3'600}, count);
        FAIL() << "24 hours passed a cap of one";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "audio.too_long");
    }
    EXPECT_EQ(frames, 3'600 * 8'000);
    write_file_durably(folder.path("hour.flac"), silent_flac(100));
    EXPECT_EQ(decode_file(folder.path("hour.flac"), {.seconds_max = 108}).info.failed_packets, 0);
}

TEST(Decode, torn_files_are_salvaged_and_say_so) {
    NEED_HELPER();
    const TempFolder folder;
    const std::vector<float> original = testkit::speech_like(2.0, 16'000, 5);
    std::string wav = testkit::wav_bytes(original, 16'000);
    write_file_durably(folder.path("cut.wav"), wav.substr(0, 30'000));
    const Sound cut = decode_file(folder.path("cut.wav"));
    EXPECT_TRUE(cut.info.torn);
    EXPECT_EQ(cut.first.size(), (30'000u - 44) / 2);
    std::string zero = wav;  // power was lost before the recorder wrote the lengths
    for (const std::size_t at : {4, 40}) zero.replace(at, 4, 4, '\0');
    write_file_durably(folder.path("zero.wav"), zero);
    const Sound lost_head = decode_file(folder.path("zero.wav"));
    EXPECT_TRUE(lost_head.info.torn);
    EXPECT_EQ(lost_head.first.size(), original.size());
    write_file_durably(folder.path("in.wav"), wav);
    struct Cut {
        const char* name;
        const char* command;
        const char* code;
    };
    for (const Cut& c : {Cut{"a.m4a", "ffmpeg -y -i {in} -c:a aac {out}", "audio.bad_container"},
                         Cut{"a.opus", "opusenc --quiet {in} {out}", "ok"},
                         Cut{"a.flac", "flac -s -f -o {out} {in}", "ok"},
                         Cut{"a.mp3", "lame --quiet -b 64 {in} {out}", "ok"}}) {
        const std::string path = folder.path(c.name);
        if (testkit::run(filled(c.command, folder.path("in.wav"), path)) != 0) {
            std::printf("skipped %s: no tool\n", c.name);
            continue;
        }
        const std::string bytes = read_file(path, 1 << 24);
        write_file_durably(path, bytes.substr(0, bytes.size() * 6 / 10));
        EXPECT_EQ(code_of(path), c.code) << c.name;
        if (std::string(c.code) == "ok") {
            EXPECT_TRUE(decode_file(path).info.torn) << c.name;
        }
    }
}

TEST(Decode, a_damaged_packet_is_silence_of_its_length) {
    NEED_HELPER();
    if (!testkit::has_tool("flac")) GTEST_SKIP() << "flac is not installed";
    const TempFolder folder;
    const std::vector<float> original = testkit::speech_like(4.0, 16'000, 6);
    write_file_durably(folder.path("in.wav"), testkit::wav_bytes(original, 16'000));
    ASSERT_EQ(testkit::run("flac -s -f -o " + folder.path("a.flac") + " " + folder.path("in.wav")),
              0);
    std::string bytes = read_file(folder.path("a.flac"), 1 << 24);
    const std::size_t middle = bytes.size() / 2;
    for (std::size_t i = 0; i < 40; ++i)
        bytes[middle + i] = static_cast<char>(bytes[middle + i] ^ 0x5A);
    write_file_durably(folder.path("a.flac"), bytes);
    const Sound sound = decode_file(folder.path("a.flac"));
    EXPECT_EQ(sound.first.size(), original.size());
    const std::vector<float> tail(sound.first.end() - 8'000, sound.first.end());
    const std::vector<float> around(original.end() - 8'000, original.end());
    EXPECT_EQ(testkit::best_lag(tail, around, 200), 0);
}

TEST(Decode, an_amr_file_with_silent_frames_keeps_its_length) {
    NEED_HELPER();
    // No AMR encoder is packaged; frames without data (mode 15) need none: one byte each.
    const TempFolder folder;
    std::string amr = "#!AMR\n";
    std::mt19937 random(8);
    for (int i = 0; i < 1'000; ++i) {
        if (i % 10 != 0) {
            amr.push_back(0x7C);
        } else {
            amr.push_back(0x3C);  // mode 7, 12.2 kbit/s: 31 bytes
            for (int k = 0; k < 31; ++k) amr.push_back(static_cast<char>(random()));
        }
    }
    write_file_durably(folder.path("a.amr"), amr);
    const Sound sound = decode_file(folder.path("a.amr"));
    EXPECT_EQ(sound.info.rate, 8'000);
    EXPECT_EQ(sound.first.size(), 160'000u);  // 20 s
    EXPECT_EQ(sound.info.failed_packets, 900);
}

TEST(Decode, mutants_never_crash_the_parent) {
    NEED_HELPER();
    const TempFolder folder;
    write_file_durably(folder.path("in.wav"),
                       testkit::wav_bytes(testkit::speech_like(1.0, 16'000, 7), 16'000));
    const char* count_text = std::getenv("OTKLIK_MUTANTS");
    const int count = count_text ? std::atoi(count_text) : 200;
    std::vector<std::string> seeds;
    for (const Format& format : formats) {
        const std::string path = folder.path(format.name);
        if (testkit::run(filled(format.command, folder.path("in.wav"), path)) == 0) {
            seeds.push_back(read_file(path, 1 << 24));
        }
    }
    std::mt19937 random(1);
    int decoded = 0, died = 0;
    for (int i = 0; i < count; ++i) {
        std::string bytes = seeds[static_cast<std::size_t>(i) % seeds.size()];
        const int flips = 1 + static_cast<int>(random() % 30);
        for (int k = 0; k < flips; ++k) {
            // Most hits go to the heads, where the lengths are.
            const std::size_t span =
                k % 2 ? bytes.size() : std::min<std::size_t>(bytes.size(), 200);
            bytes[random() % span] = static_cast<char>(random());
        }
        if (i % 7 == 0) bytes.resize(random() % bytes.size());
        const std::string code = code_of_bytes(folder, bytes);
        decoded += code == "ok";
        died += code == "audio.decoder_died";
    }
    std::printf("%d mutants: %d decoded, %d killed the child\n", count, decoded, died);
    EXPECT_EQ(died, 0);
}

TEST(Decode, a_helper_that_hangs_or_is_missing_is_an_error) {
    const TempFolder folder;
    write_file_durably(folder.path("in"), "x");
    const Fd file = open_file(folder.path("in"), O_RDONLY);
    const auto ignore = [](const PcmBlock&) {};
    const auto code = [&](const std::string& program, DecodeCaps caps) {
        try {
            decode_audio(program, file.get(), caps, ignore);
        } catch (const Error& error) {
            return error.code();
        }
        return std::string("ok");
    };
    EXPECT_EQ(code("/nonexistent/otklik-decode", {}), "audio.decoder_missing");
    write_file_durably(folder.path("hang"), "#!/bin/sh\nexec sleep 30\n");
    ::chmod(folder.path("hang").c_str(), 0700);
    EXPECT_EQ(code(folder.path("hang"), {.wait_max = Duration::ms(200)}), "audio.decoder_died");
    write_file_durably(folder.path("lie"),
                       "#!/bin/sh\necho result ok >&5\necho PCM9garbagegarbage >&4\n");
    ::chmod(folder.path("lie").c_str(), 0700);
    EXPECT_EQ(code(folder.path("lie"), {}), "audio.decoder_died");
}

TEST(Decode, what_the_sink_throws_passes_through) {
    NEED_HELPER();
    const TempFolder folder;
    write_file_durably(folder.path("in.wav"),
                       testkit::wav_bytes(testkit::speech_like(2.0, 16'000, 7), 16'000));
    const Fd file = open_file(folder.path("in.wav"), O_RDONLY);
    EXPECT_THROW(decode_audio(helper(), file.get(), {},
                              [](const PcmBlock&) { throw Error(Fault::full, "test.full"); }),
                 Error);
}

}  // namespace otklik
