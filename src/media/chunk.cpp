#include "media/chunk.h"

#include <algorithm>
#include <concepts>

#include "base/error.h"
#include "base/hash.h"
#include "media/opus_encoder.h"

namespace otklik {
namespace {

constexpr unsigned flag_older_held = 1, flag_overflowed = 2;
constexpr std::string_view batch_magic = "OKB1";
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t chunk_packet_bytes_max = 1'276;        // one frame and its table of contents
constexpr std::int64_t instant_max = 4'102'444'800'000'000;  // 2100-01-01
constexpr std::uint64_t incarnation_max = INT64_MAX;         // it stands in a column
constexpr std::uint32_t sequence_max = INT32_MAX;

template <std::integral T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

[[noreturn]] void refuse(std::string_view field) {
    throw Error(Fault::invalid, "chunk.field", {{"field", std::string(field)}}).at(field);
}

/// Takes numbers and bytes from the front; never beyond the end.
class Taker {
public:
    explicit Taker(std::string_view bytes) : rest_(bytes) {}
    std::string_view take(std::size_t count) {
        if (count > rest_.size()) throw Error(Fault::invalid, "chunk.batch").at("body");
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    template <std::integral T>
    T number() {
        std::uint64_t value = 0;
        const std::string_view bytes = take(sizeof(T));
        for (std::size_t i = 0; i < sizeof(T); ++i)
            value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
        return static_cast<T>(value);
    }
    bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

void require_sound(const Chunk& chunk, int channels) {
    if (chunk.packet_count == 0 || chunk.packet_count > chunk_packets_max) refuse("packets");
    if (chunk.sample_count != std::int64_t{chunk.packet_count} * opus_packet_samples_48k)
        refuse("sample_count");
    if (chunk.span != 1) refuse("span");
    for (const ChunkTrack& track : chunk_tracks(chunk.bytes, channels, chunk.packet_count))
        for (const ByteView packet : track.packets)
            if (packet.empty()) throw Error(Fault::invalid, "audio.bad_packet").at("bytes");
}

/// What can be said of a chunk alone.
void require_chunk(const Chunk& chunk, int channels) {
    if (chunk.sequence > sequence_max) refuse("sequence");
    if (chunk.span == 0 || chunk.span > sequence_max - chunk.sequence) refuse("span");
    if (chunk.first_sample < 0 || chunk.first_sample % opus_packet_samples_48k != 0 ||
        chunk.first_sample > incarnation_samples_max)
        refuse("first_sample");
    if (chunk.sample_count < 0 || chunk.sample_count > incarnation_samples_max ||
        chunk.end_sample() > incarnation_samples_max)
        refuse("sample_count");
    if (chunk.ended_at_us < 0 || chunk.ended_at_us > instant_max) refuse("ended_at_us");
    if (chunk.sha256 != sha256(chunk.bytes)) throw Error(Fault::invalid, "chunk.hash").at("sha256");
    if (chunk.kind == ChunkKind::sound) return require_sound(chunk, channels);
    if (!chunk.bytes.empty()) refuse("bytes");
    if (chunk.packet_count != 0) refuse("packets");
    if (chunk.cause >= chunk_causes.size()) refuse("cause");
    if (chunk.kind == ChunkKind::lost &&
        (chunk.sample_count == 0 || chunk.sample_count % opus_packet_samples_48k != 0))
        refuse("sample_count");
    if (chunk.kind == ChunkKind::end) {
        // The last packet holds the end; with nothing recorded there is no packet.
        const std::int64_t raw = chunk.sample_count + opus_pre_skip;
        const bool fits =
            raw <= chunk.first_sample && raw > chunk.first_sample - opus_packet_samples_48k;
        if (!fits && chunk.sample_count != 0) refuse("sample_count");
        if (chunk.span != 1) refuse("span");
    }
}

Chunk take_chunk(Taker& from) {
    Chunk chunk;
    chunk.sequence = from.number<std::uint32_t>();
    chunk.span = from.number<std::uint32_t>();
    const auto kind = from.number<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(ChunkKind::end)) refuse("kind");
    chunk.kind = static_cast<ChunkKind>(kind);
    chunk.cause = from.number<std::uint8_t>();
    chunk.packet_count = from.number<std::uint16_t>();
    chunk.first_sample = from.number<std::int64_t>();
    chunk.sample_count = from.number<std::int64_t>();
    chunk.ended_at_us = from.number<std::int64_t>();
    const auto count = from.number<std::uint32_t>();
    if (count > chunk_bytes_max) refuse("bytes");
    chunk.sha256 = from.take(hash_bytes);
    chunk.bytes = from.take(count);
    return chunk;
}

}  // namespace

std::string Chunk::content_hash() const {
    std::string text;
    put(text, static_cast<std::uint8_t>(kind));
    put(text, span);
    put(text, cause);
    put(text, first_sample);
    put(text, sample_count);
    return otklik::sha256(text + sha256).substr(0, 16);
}

ChunkBatch parse_batch(std::string_view bytes) {
    Taker from(bytes);
    if (from.take(batch_magic.size()) != batch_magic)
        throw Error(Fault::invalid, "chunk.batch").at("body");
    ChunkBatch batch;
    batch.incarnation = from.number<std::uint64_t>();
    if (batch.incarnation == 0 || batch.incarnation > incarnation_max) refuse("incarnation");
    batch.oldest_sequence = from.number<std::uint32_t>();
    const auto flags = from.number<std::uint8_t>();
    if (flags > (flag_older_held | flag_overflowed)) refuse("flags");
    batch.older_held = (flags & flag_older_held) != 0;
    batch.overflowed = (flags & flag_overflowed) != 0;
    batch.channels = from.number<std::uint8_t>();
    if (batch.channels != 1 && batch.channels != 2) refuse("channels");
    const auto count = from.number<std::uint16_t>();
    if (count > batch_chunks_max) refuse("count");
    batch.sent_at_us = from.number<std::int64_t>();
    if (batch.sent_at_us < 0 || batch.sent_at_us > instant_max) refuse("sent_at_us");
    batch.uncertainty_us = from.number<std::uint32_t>();
    batch.rate = from.number<std::uint32_t>();
    if (batch.rate < 4'000 || batch.rate > 192'000) refuse("rate");
    batch.ring_bytes = from.number<std::int64_t>();
    batch.ring_bytes_max = from.number<std::int64_t>();
    if (batch.ring_bytes < 0 || batch.ring_bytes_max < 0) refuse("ring_bytes");
    for (int i = 0; i < count; ++i) {
        batch.chunks.push_back(take_chunk(from));
        require_chunk(batch.chunks.back(), batch.channels);
    }
    if (!from.empty()) throw Error(Fault::invalid, "chunk.batch").at("body");
    return batch;
}

std::string batch_bytes(const ChunkBatch& batch) {
    std::string out(batch_magic);
    put(out, batch.incarnation);
    put(out, batch.oldest_sequence);
    put(out, static_cast<std::uint8_t>((batch.older_held ? flag_older_held : 0) |
                                       (batch.overflowed ? flag_overflowed : 0)));
    put(out, batch.channels);
    put(out, static_cast<std::uint16_t>(batch.chunks.size()));
    put(out, batch.sent_at_us);
    put(out, batch.uncertainty_us);
    put(out, batch.rate);
    put(out, batch.ring_bytes);
    put(out, batch.ring_bytes_max);
    for (const Chunk& chunk : batch.chunks) {
        put(out, chunk.sequence);
        put(out, chunk.span);
        put(out, static_cast<std::uint8_t>(chunk.kind));
        put(out, chunk.cause);
        put(out, chunk.packet_count);
        put(out, chunk.first_sample);
        put(out, chunk.sample_count);
        put(out, chunk.ended_at_us);
        put(out, static_cast<std::uint32_t>(chunk.bytes.size()));
        out += chunk.sha256;
        out += chunk.bytes;
    }
    return out;
}

std::vector<ChunkTrack> chunk_tracks(std::string_view bytes, int channels, int packet_count) {
    Taker from(bytes);
    std::vector<ChunkTrack> tracks(static_cast<std::size_t>(channels));
    for (ChunkTrack& track : tracks)
        for (int i = 0; i < packet_count; ++i) {
            const auto count = from.number<std::uint16_t>();
            const ByteView packet = bytes_of(from.take(count));
            if (!packet.empty() && (opus_packet_samples(packet) != opus_packet_samples_48k ||
                                    packet.size() > chunk_packet_bytes_max || (packet[0] & 4) != 0))
                throw Error(Fault::invalid, "audio.bad_packet").at("bytes");
            track.packets.push_back(packet);
        }
    for (ChunkTrack& track : tracks)
        for (int i = 0; i < packet_count; ++i) {
            const auto low = from.number<std::int8_t>();
            track.peaks.push_back({low, from.number<std::int8_t>()});
        }
    if (!from.empty()) refuse("bytes");
    return tracks;
}

std::string chunk_track_bytes(std::span<const ChunkTrack> tracks) {
    std::string out;
    for (const ChunkTrack& track : tracks)
        for (const ByteView packet : track.packets) {
            put(out, static_cast<std::uint16_t>(packet.size()));
            out.append(reinterpret_cast<const char*>(packet.data()), packet.size());
        }
    for (const ChunkTrack& track : tracks)
        for (const Peak& peak : track.peaks) {
            put(out, peak.low);
            put(out, peak.high);
        }
    return out;
}

}  // namespace otklik
