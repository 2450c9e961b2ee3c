#include "decode/sniff.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "decode/input.h"

namespace otklik::decode {

namespace {

using namespace std::string_view_literals;
using Head = std::span<const std::uint8_t>;

constexpr std::size_t head_bytes = 4'096;

bool begins(Head head, std::string_view word, std::size_t at = 0) {
    return head.size() >= at + word.size() &&
           std::memcmp(head.data() + at, word.data(), word.size()) == 0;
}

std::uint32_t le32(Head head, std::size_t at) {
    return head[at] | head[at + 1] << 8 | head[at + 2] << 16 |
           static_cast<std::uint32_t>(head[at + 3]) << 24;
}

bool is_adts(Head head) {
    return head.size() > 6 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0;
}

/// Length of the MPEG audio frame (layers II and III) that begins here, 0 when none does.
std::size_t mpeg_frame_bytes(Head head) {
    if (head.size() < 4 || head[0] != 0xFF || (head[1] & 0xE0) != 0xE0) return 0;
    const int version = (head[1] >> 3) & 3;  // 0: 2.5, 2: 2, 3: 1
    const int layer = (head[1] >> 1) & 3;    // 1: III, 2: II
    const int bitrate = head[2] >> 4;
    const int rate_index = (head[2] >> 2) & 3;
    if (version == 1 || (layer != 1 && layer != 2) || bitrate == 0 || bitrate == 15 ||
        rate_index == 3) {
        return 0;
    }
    constexpr int rates[] = {44'100, 48'000, 32'000};
    constexpr int kbit[3][15] = {
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},  // 1, layer II
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},   // 1, layer III
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}};      // 2 and 2.5
    const int rate = rates[rate_index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    const int table = version != 3 ? 2 : layer == 2 ? 0 : 1;
    const int samples = layer == 1 && version != 3 ? 576 : 1'152;
    const int padding = (head[2] >> 1) & 1;
    const int bytes = samples / 8 * 1'000 * kbit[table][bitrate] / rate + padding;  // under 3 kB
    return static_cast<std::size_t>(bytes);
}

/// Two frames in a row: one header is found in noise too often.
bool is_mpeg(Head head) {
    const std::size_t first = mpeg_frame_bytes(head);
    if (first == 0) return false;
    if (first + 4 > head.size()) return true;
    return mpeg_frame_bytes(head.subspan(first)) > 0;
}

struct Magic {
    std::string_view word;
    std::size_t at;
    std::string_view name;
};
constexpr std::array others{
    Magic{"PK\x03\x04", 0, "ZIP"},
    Magic{"\x89PNG", 0, "PNG"},
    Magic{"\xFF\xD8\xFF", 0, "JPEG"},
    Magic{"GIF8", 0, "GIF"},
    Magic{"%PDF", 0, "PDF"},
    Magic{"7z\xBC\xAF", 0, "7-Zip"},
    Magic{"Rar!", 0, "RAR"},
    Magic{"\x1F\x8B", 0, "gzip"},
    Magic{"\x7F"
          "ELF",
          0, "ELF"},
    Magic{"MZ", 0, "EXE"},
    Magic{"\x1A\x45\xDF\xA3", 0, "Matroska/WebM"},
    Magic{"AVI ", 8, "AVI"},
    Magic{"MThd", 0, "MIDI"},
    Magic{"FORM", 0, "AIFF"},
    Magic{"caff", 0, "CAF"},
    Magic{"#EXTM3U", 0, "M3U"},
    Magic{"SQLite format 3", 0, "SQLite"},
    Magic{"BZh", 0, "bzip2"},
    Magic{"\xD0\xCF\x11\xE0", 0, "DOC/XLS"},
    Magic{"<?xml", 0, "XML"},
    Magic{"<!DOCTYPE", 0, "HTML"},
    Magic{"<html", 0, "HTML"},
};

std::string_view name_other(Head head) {
    for (const Magic& magic : others) {
        if (begins(head, magic.word, magic.at)) return magic.name;
    }
    if (std::all_of(head.begin(), head.end(), [](auto byte) { return byte == 0; })) return "zeros";
    const bool text = std::none_of(head.begin(), head.end(), [](std::uint8_t byte) {
        return byte < 9 || (byte > 13 && byte < 32) || byte == 127;
    });
    return text ? "text"sv : "unknown"sv;
}

/// Goes through the chunks of a WAV: a recorder that lost its power leaves zeros or too much there.
bool is_torn_wav(const Input& input) {
    std::int64_t at = 12;
    for (int chunk = 0; chunk < 64; ++chunk) {
        std::array<std::uint8_t, 8> head;
        if (input.read_at(at, head) < head.size()) return false;
        const std::int64_t size = le32(head, 4);
        const std::int64_t left = input.size() - at - 8;
        if (begins(head, "ds64")) return false;  // RF64 keeps its lengths elsewhere
        if (begins(head, "data")) return size > left || (size == 0 && left > 0);
        at += 8 + size + (size & 1);
    }
    return false;
}

/// The last page of a whole Ogg file says that it is the last.
bool is_torn_ogg(const Input& input) {
    std::array<std::uint8_t, 65'536> tail;
    const std::int64_t from = std::max<std::int64_t>(0, input.size() - std::int64_t{tail.size()});
    const Head bytes = Head(tail).first(input.read_at(from, tail));
    for (std::size_t at = bytes.size(); at-- > 0;) {
        if (begins(bytes, "OggS", at) && bytes.size() > at + 5) return (bytes[at + 5] & 4) == 0;
    }
    return true;
}

/// The first frame of most MP3 files states how many bytes there are.
bool is_torn_mp3(const Input& input, std::int64_t at) {
    std::array<std::uint8_t, 256> frame;
    const Head head = Head(frame).first(input.read_at(at, frame));
    for (std::size_t i = 4; i + 16 < head.size(); ++i) {
        if (!begins(head, "Xing", i) && !begins(head, "Info", i)) continue;
        const bool frames_stated = (head[i + 7] & 1) != 0, bytes_stated = (head[i + 7] & 2) != 0;
        const std::size_t field = i + 8 + (frames_stated ? 4 : 0);
        const std::int64_t stated = static_cast<std::int64_t>(head[field]) << 24 |
                                    head[field + 1] << 16 | head[field + 2] << 8 | head[field + 3];
        return bytes_stated && at + stated > input.size();
    }
    return false;
}

/// Behind an ID3v2 tag stands the sound itself.
Sniffed sniff_id3(const Input& input, Head head) {
    const std::int64_t size = 10 + ((head[6] & 127) << 21 | (head[7] & 127) << 14 |
                                    (head[8] & 127) << 7 | (head[9] & 127));
    std::array<std::uint8_t, head_bytes> behind;
    const Head sound = Head(behind).first(input.read_at(size, behind));
    if (begins(sound, "fLaC")) return {"flac", "flac", {}, false};
    if (is_adts(sound)) return {"aac", "adts", {}, false};
    for (std::size_t at = 0; at + 4 < sound.size(); ++at) {
        if (is_mpeg(sound.subspan(at))) {
            return {"mp3", "mp3", {}, is_torn_mp3(input, size + static_cast<std::int64_t>(at))};
        }
    }
    return {{}, {}, "ID3", false};
}

}  // namespace

Sniffed sniff(const Input& input) {
    std::array<std::uint8_t, head_bytes> bytes;
    const Head head = Head(bytes).first(input.read_at(0, bytes));
    if ((begins(head, "RIFF") || begins(head, "RF64")) && begins(head, "WAVE", 8)) {
        return {"wav", "wav", {}, is_torn_wav(input)};
    }
    if (begins(head, "fLaC")) return {"flac", "flac", {}, false};
    if (begins(head, "OggS")) return {"ogg", "ogg", {}, is_torn_ogg(input)};
    if (begins(head, "#!AMR")) return {"amr", "amr", {}, false};
    if (begins(head, "ftyp", 4)) return {"mov", "mp4", {}, false};
    if (begins(head, "\x30\x26\xB2\x75\x8E\x66\xCF\x11")) return {"asf", "asf", {}, false};
    if (begins(head, "ID3") && head.size() >= 10) return sniff_id3(input, head);
    if (is_adts(head)) return {"aac", "adts", {}, false};
    if (is_mpeg(head)) return {"mp3", "mp3", {}, is_torn_mp3(input, 0)};
    const std::string_view other = name_other(head);
    // An MP3 cut out of a longer one may begin inside a frame.
    for (std::size_t at = 1; other == "unknown" && at + 4 < head.size(); ++at) {
        const std::size_t frame = mpeg_frame_bytes(head.subspan(at));
        if (frame > 0 && at + frame + 4 < head.size() && is_mpeg(head.subspan(at + frame)) &&
            is_mpeg(head.subspan(at))) {
            return {"mp3", "mp3", {}, true};
        }
    }
    return {{}, {}, other, false};
}

}  // namespace otklik::decode
