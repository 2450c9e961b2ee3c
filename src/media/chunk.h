#pragma once
// Chunks: how a live recorder hands over what it recorded, about a second at a time. A chunk is
// (incarnation, sequence, first sample, count, hash); an incarnation is one uninterrupted run of
// the recorder, its sequences follow each other from 0. Samples here are raw samples at 48 kHz of
// the encoder (960 a packet, media/segment.h), so packet numbers follow from them. Pure: bytes in,
// bytes out; both ends of the line and the tests use it. Thread: values.
//
// All numbers are little-endian. A batch:
//   "OKB1", u64 incarnation, u32 oldest sequence still held, u8 flags (1: older incarnations are
//   held, 2: what is missing below the oldest went since the ring was full), u8 channels, u16
//   count, i64 sent_at_us by the recorder's clock, u32 uncertainty_us of that clock, u32 rate of
//   the source, i64 bytes held in its ring, i64 bytes the ring may hold; then `count` chunks: u32
//   sequence, u32 span, u8 kind, u8 cause, u16 packets, i64 first_sample, i64 sample_count, i64
//   ended_at_us by the recorder's clock, u32 bytes, 32 bytes SHA-256 of them, the bytes.
// The bytes of sound: for each channel its packets (u16 length, bytes), then for each channel its
// peaks (two signed bytes a packet: lowest and highest sample). All other kinds have none.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/ogg.h"
#include "media/peaks.h"

namespace otklik {

inline constexpr int chunk_packets_max = 250;            // 5 s
inline constexpr int batch_chunks_max = 120;             // of one
inline constexpr std::size_t chunk_bytes_max = 1 << 20;  // of its bytes
inline constexpr std::int64_t batch_bytes_max = 4 << 20;
inline constexpr std::int64_t incarnation_samples_max = std::int64_t{24} * 3600 * 48'000;

enum class ChunkKind : std::uint8_t {
    sound = 0,
    lost = 1,  // the samples will never come, nor the `span` sequences
    end = 2,   // nothing follows; sample_count is the exact length of the incarnation in media time
};
/// Why samples were lost, in the words of gaps: cause 0 and on.
inline constexpr std::array<std::string_view, 5> chunk_causes = {"off", "network", "overflow",
                                                                 "torn", "dead_microphone"};

struct Chunk {
    std::uint32_t sequence = 0;
    std::uint32_t span = 1;  // sequences it stands for; 1 but for what was lost
    ChunkKind kind = ChunkKind::sound;
    std::uint8_t cause = 0;
    std::uint16_t packet_count = 0;
    std::int64_t first_sample = 0;
    std::int64_t sample_count = 0;
    std::int64_t ended_at_us = 0;
    std::string sha256;  // raw, of the bytes
    std::string_view bytes;
    std::int64_t first_packet() const { return first_sample / 960; }
    /// Raw samples it covers; none for an end.
    std::int64_t end_sample() const {
        return kind == ChunkKind::end ? first_sample : first_sample + sample_count;
    }
    /// 16 bytes that tell one content from another under the same identity.
    std::string content_hash() const;
};
struct ChunkBatch {
    std::uint64_t incarnation = 0;
    std::uint32_t oldest_sequence = 0;  // what is missing below was lost
    bool older_held = false;            // chunks of an earlier incarnation are still to come
    bool overflowed = false;  // what is missing below the oldest went since the ring was full
    std::uint8_t channels = 1;
    std::int64_t sent_at_us = 0;
    std::uint32_t uncertainty_us = 0;
    std::uint32_t rate = 48'000;
    std::int64_t ring_bytes = 0;      // held by the recorder, not yet received
    std::int64_t ring_bytes_max = 0;  // 0: it does not tell
    std::vector<Chunk> chunks;
};

/// Views into `bytes`. Throws Error{invalid} at the field that is wrong: "chunk.batch" (not a
/// batch, torn, foreign), "chunk.field" {field}, "chunk.hash", "audio.bad_packet".
ChunkBatch parse_batch(std::string_view bytes);
/// The head (its count follows from batch.chunks) and all chunks.
std::string batch_bytes(const ChunkBatch& batch);

/// Packets and peaks of one channel of a chunk of sound; a packet of no bytes was taken out again.
struct ChunkTrack {
    std::vector<ByteView> packets;
    std::vector<Peak> peaks;
};
/// Throws Error{invalid, "chunk.field"} {bytes} or "audio.bad_packet".
std::vector<ChunkTrack> chunk_tracks(std::string_view bytes, int channels, int packet_count);
/// The bytes of a chunk of sound.
std::string chunk_track_bytes(std::span<const ChunkTrack> tracks);

}  // namespace otklik
