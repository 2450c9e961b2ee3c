#pragma once
// A live recorder for tests: speech-like noise, encoded on the spot, cut into chunks of a second.
// What it made stays in memory, so a test may send it in any order, twice, or not at all. Thread:
// the test's.
#include <cmath>
#include <deque>
#include <string>
#include <vector>

#include "base/hash.h"
#include "media/chunk.h"
#include "media/opus_encoder.h"
#include "media/tail.h"

namespace otklik::testkit {

class LiveSource {
public:
    LiveSource(std::uint64_t incarnation, int channels,
               std::int64_t begin_us = 1'795'000'000'000'000)
        : incarnation_(incarnation), channels_(channels), begin_us_(begin_us), tracks_(channels) {
        for (int c = 0; c < channels; ++c)
            encoders_.push_back(std::make_unique<TrackEncoder>(
                TrackEncoderSettings{.rate = rate, .complexity = 0},
                [this, c](std::int64_t number, ByteView packet) {
                    tracks_[static_cast<std::size_t>(c)].push_back(
                        {number, std::string(packet.begin(), packet.end())});
                }));
    }

    /// So many seconds more, each a chunk: a burst of a tone at the begin of each second.
    void record(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            feed(rate);
            add_chunk(ChunkKind::sound, 50);
        }
    }
    /// The recorder lost whole seconds, and says so by one chunk.
    void lose(int seconds, std::uint32_t span = 1) {
        for (auto& encoder : encoders_) encoder->lose(std::int64_t{seconds} * rate);
        seconds_ += seconds;
        Chunk chunk = head(ChunkKind::lost);
        chunk.span = span;
        chunk.cause = 2;
        chunk.sample_count = std::int64_t{seconds} * 48'000;
        chunk.sha256 = sha256("");
        next_sample_ += chunk.sample_count;
        sequence_ += span;
        chunks_.push_back(chunk);
    }
    /// The last packet and the exact length.
    void end() {
        for (auto& encoder : encoders_) encoder->finish();
        const auto rest =
            static_cast<std::uint16_t>(encoders_[0]->next_packet() - next_sample_ / 960);
        if (rest > 0) add_chunk(ChunkKind::sound, rest);
        Chunk chunk = head(ChunkKind::end);
        chunk.sample_count = encoders_[0]->samples();
        chunk.sha256 = sha256("");
        ++sequence_;
        chunks_.push_back(chunk);
    }

    const std::vector<Chunk>& chunks() const { return chunks_; }
    std::vector<Chunk> some(std::size_t from, std::size_t count) const {
        return {chunks_.begin() + static_cast<std::ptrdiff_t>(from),
                chunks_.begin() + static_cast<std::ptrdiff_t>(from + count)};
    }
    ChunkBatch batch_of(std::vector<Chunk> chunks, std::int64_t sent_at_us = 0,
                        std::uint32_t oldest = 0, bool older_held = false) const {
        ChunkBatch batch;
        batch.incarnation = incarnation_;
        batch.oldest_sequence = oldest;
        batch.older_held = older_held;
        batch.channels = static_cast<std::uint8_t>(channels_);
        batch.rate = rate;
        batch.sent_at_us = sent_at_us ? sent_at_us : chunks.back().ended_at_us;
        batch.chunks = std::move(chunks);
        return batch;
    }
    std::string batch(std::size_t from, std::size_t count) const {
        return batch_bytes(batch_of(some(from, count)));
    }
    std::vector<TailPacket> packets(int channel) const {
        std::vector<TailPacket> all;
        for (const auto& [number, bytes] : tracks_[static_cast<std::size_t>(channel)])
            all.push_back({number, bytes_of(bytes)});
        return all;
    }
    std::int64_t length_samples() const { return encoders_[0]->samples(); }
    /// What was fed, channel 0, at 16 kHz.
    const std::vector<std::int16_t>& pcm() const { return pcm_; }
    static constexpr int rate = 16'000;
    int height = 40;  // of the drawn wave, 0..127

private:
    void feed(int count) {
        std::vector<std::int16_t> pcm(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < pcm.size(); ++i) {
            noise_ = noise_ * 1'664'525 + 1'013'904'223;
            const double t = static_cast<double>(i) / rate;
            const bool sounding = t < 0.2;
            pcm[i] =
                static_cast<std::int16_t>((static_cast<double>(noise_ >> 24) - 128) / 4 +
                                          (sounding ? 9'000 * std::sin(6.283185307 * 440 * t) : 0));
        }
        pcm_.insert(pcm_.end(), pcm.begin(), pcm.end());
        for (auto& encoder : encoders_) encoder->feed(std::span<const std::int16_t>(pcm));
        ++seconds_;
    }
    Chunk head(ChunkKind kind) {
        Chunk chunk;
        chunk.kind = kind;
        chunk.sequence = sequence_;
        chunk.first_sample = next_sample_;
        chunk.ended_at_us = begin_us_ + seconds_ * 1'000'000;
        return chunk;
    }
    void add_chunk(ChunkKind kind, std::uint16_t count) {
        Chunk chunk = head(kind);
        chunk.packet_count = count;
        chunk.sample_count = std::int64_t{count} * 960;
        std::vector<ChunkTrack> tracks(tracks_.size());
        for (std::size_t c = 0; c < tracks_.size(); ++c)
            for (const auto& [number, bytes] : tracks_[c])
                if (number >= chunk.first_packet() && number < chunk.first_packet() + count) {
                    tracks[c].packets.push_back(bytes_of(bytes));
                    tracks[c].peaks.push_back(
                        {static_cast<std::int8_t>(-height), static_cast<std::int8_t>(height)});
                }
        bytes_.push_back(chunk_track_bytes(tracks));
        chunk.bytes = bytes_.back();
        chunk.sha256 = sha256(chunk.bytes);
        next_sample_ += chunk.sample_count;
        ++sequence_;
        chunks_.push_back(chunk);
    }

    struct Packet {
        std::int64_t number;
        std::string bytes;
    };
    std::uint64_t incarnation_;
    int channels_;
    std::int64_t begin_us_, next_sample_ = 0, seconds_ = 0;
    std::uint32_t sequence_ = 0, noise_ = 1;
    std::vector<std::unique_ptr<TrackEncoder>> encoders_;
    std::vector<std::deque<Packet>> tracks_;
    std::deque<std::string> bytes_;
    std::vector<Chunk> chunks_;
    std::vector<std::int16_t> pcm_;
};

}  // namespace otklik::testkit
