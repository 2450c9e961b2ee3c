#include "media/mp4.h"

#include <algorithm>
#include <concepts>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "media/opus_encoder.h"

namespace otklik {
namespace {

constexpr std::uint32_t timescale = 48'000;
constexpr std::int16_t roll_packets = -12;  // 240 ms, as the clips' own pre-roll

/// Big-endian, as all of MP4.
template <std::integral T>
void put_big(std::string& out, T value) {
    for (int i = static_cast<int>(sizeof(T)) - 1; i >= 0; --i)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

std::string box(std::string_view name, const std::string& body) {
    std::string out;
    put_big(out, static_cast<std::uint32_t>(body.size() + 8));
    out += name;
    return out + body;
}

std::string full_box(std::string_view name, std::uint8_t version, std::uint32_t flags,
                     const std::string& body) {
    std::string head;
    put_big(head, (std::uint32_t{version} << 24) | flags);
    return box(name, head + body);
}

/// Numbers of the same width, one after the other.
template <std::integral T, class... Values>
std::string numbers(Values... values) {
    std::string out;
    (put_big(out, static_cast<T>(values)), ...);
    return out;
}

struct OpusPacket {
    std::string bytes;
    std::uint32_t samples = 0;
};
/// What the boxes are made of.
struct Movie {
    OpusHead head;
    std::vector<OpusPacket> packets;
    std::uint32_t raw_samples = 0;     // of all packets
    std::uint32_t length_samples = 0;  // without pre-skip and end padding
};

Movie movie_of(ByteView ogg) {
    Movie movie;
    OggPacketReader reader(ogg);
    const auto damaged = [] { return Error(Fault::internal, "audio.segment_damaged"); };
    const auto first = reader.next();
    const auto head = first ? parse_opus_head(first->bytes) : std::nullopt;
    if (!head || head->channels != 1 || !reader.next()) throw damaged();
    movie.head = *head;
    std::int64_t granule = -1;
    while (const auto packet = reader.next()) {
        const auto samples = opus_packet_samples(packet->bytes);
        if (!samples) throw damaged();
        movie.packets.push_back({std::string(packet->bytes.begin(), packet->bytes.end()),
                                 static_cast<std::uint32_t>(*samples)});
        movie.raw_samples += static_cast<std::uint32_t>(*samples);
        if (packet->granule >= 0) granule = packet->granule;
    }
    if (granule < movie.head.pre_skip || granule > movie.raw_samples) throw damaged();
    movie.length_samples = static_cast<std::uint32_t>(granule) - movie.head.pre_skip;
    return movie;
}

const std::string& unity_matrix() {
    static const std::string matrix =
        numbers<std::uint32_t>(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
    return matrix;
}

std::string sample_entry(const Movie& movie) {
    std::string d_ops;
    put_big(d_ops, std::uint8_t{0});  // version
    put_big(d_ops, movie.head.channels);
    put_big(d_ops, movie.head.pre_skip);
    put_big(d_ops, movie.head.input_rate);
    put_big(d_ops, movie.head.gain_q8);
    put_big(d_ops, std::uint8_t{0});                                              // mapping family
    const std::string entry = std::string(6, '\0') + numbers<std::uint16_t>(1) +  // data reference
                              std::string(8, '\0') +
                              numbers<std::uint16_t>(movie.head.channels, 16, 0, 0) +
                              numbers<std::uint32_t>(timescale << 16) + box("dOps", d_ops);
    return full_box("stsd", 0, 0, numbers<std::uint32_t>(1) + box("Opus", entry));
}

/// How long each packet lasts, equal neighbours together; the last one ends with the clip.
std::string times(const Movie& movie) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;  // count, samples
    const std::uint32_t over = movie.raw_samples - movie.head.pre_skip - movie.length_samples;
    for (std::size_t i = 0; i < movie.packets.size(); ++i) {
        std::uint32_t samples = movie.packets[i].samples;
        if (i + 1 == movie.packets.size()) samples -= std::min(over, samples - 1);
        if (runs.empty() || runs.back().second != samples) runs.emplace_back(0, samples);
        ++runs.back().first;
    }
    std::string body = numbers<std::uint32_t>(runs.size());
    for (const auto& [count, samples] : runs) body += numbers<std::uint32_t>(count, samples);
    return full_box("stts", 0, 0, body);
}

std::string sizes(const Movie& movie) {
    std::string body = numbers<std::uint32_t>(0, movie.packets.size());
    for (const OpusPacket& packet : movie.packets)
        body += numbers<std::uint32_t>(packet.bytes.size());
    return full_box("stsz", 0, 0, body);
}

/// Every packet needs those before it to be decoded right: a group of pre-roll.
std::string roll(const Movie& movie) {
    const std::string group = full_box(
        "sgpd", 1, 0, "roll" + numbers<std::uint32_t>(2, 1) + numbers<std::int16_t>(roll_packets));
    return group +
           full_box("sbgp", 0, 0, "roll" + numbers<std::uint32_t>(1, movie.packets.size(), 1));
}

std::string sample_table(const Movie& movie, std::uint32_t data_begin) {
    const auto count = static_cast<std::uint32_t>(movie.packets.size());
    return box("stbl",
               sample_entry(movie) + times(movie) +
                   full_box("stsc", 0, 0, numbers<std::uint32_t>(1, 1, count, 1)) + sizes(movie) +
                   full_box("stco", 0, 0, numbers<std::uint32_t>(1, data_begin)) + roll(movie));
}

std::string media_box(const Movie& movie, std::uint32_t data_begin) {
    constexpr std::uint16_t undetermined = 0x55C4;  // language "und"
    const std::string head = full_box(
        "mdhd", 0, 0,
        numbers<std::uint32_t>(0, 0, timescale, movie.head.pre_skip + movie.length_samples) +
            numbers<std::uint16_t>(undetermined, 0));
    const std::string handler =
        full_box("hdlr", 0, 0,
                 numbers<std::uint32_t>(0) + "soun" + std::string(12, '\0') + std::string(1, '\0'));
    const std::string here = full_box("url ", 0, 1, {});  // the data are in this file
    const std::string info = full_box("smhd", 0, 0, numbers<std::uint32_t>(0)) +
                             box("dinf", full_box("dref", 0, 0, numbers<std::uint32_t>(1) + here)) +
                             sample_table(movie, data_begin);
    return box("mdia", head + handler + box("minf", info));
}

std::string movie_box(const Movie& movie, std::uint32_t data_begin) {
    const std::string head =
        full_box("mvhd", 0, 0,
                 numbers<std::uint32_t>(0, 0, timescale, movie.length_samples, 0x10000) +
                     numbers<std::uint16_t>(0x100, 0) + std::string(8, '\0') + unity_matrix() +
                     std::string(24, '\0') + numbers<std::uint32_t>(2));
    const std::string track = full_box(
        "tkhd", 0, 3,
        numbers<std::uint32_t>(0, 0, 1, 0, movie.length_samples) + std::string(8, '\0') +
            numbers<std::uint16_t>(0, 0, 0x100, 0) + unity_matrix() + numbers<std::uint32_t>(0, 0));
    const std::string edit = box(
        "edts",
        full_box("elst", 0, 0,
                 numbers<std::uint32_t>(1, movie.length_samples, movie.head.pre_skip, 0x10000)));
    return box("moov", head + box("trak", track + edit + media_box(movie, data_begin)));
}

}  // namespace

std::string mp4_of_ogg(ByteView ogg) {
    const Movie movie = movie_of(ogg);
    const std::string type = box("ftyp", "mp42" + numbers<std::uint32_t>(0) + "isommp42");
    // The place of the data is a number of fixed width, so a first round tells the length.
    const std::size_t before = type.size() + movie_box(movie, 0).size() + 8;
    std::string out = type + movie_box(movie, static_cast<std::uint32_t>(before));
    std::string data;
    for (const OpusPacket& packet : movie.packets) data += packet.bytes;
    return out + box("mdat", data);
}

}  // namespace otklik
