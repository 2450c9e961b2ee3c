#pragma once
// Capture: PCM of a source becomes chunks of a second, encoded on the spot: one encoder per track
// and incarnation, begun anew after a loss that the source knows of. At 24 h an incarnation ends
// and the next begins without a hole. Thread: the one that reads the source.
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/chunk.h"
#include "media/opus_encoder.h"

namespace otklik {

struct CaptureSettings {
    int rate = 16'000;  // 8, 12, 16, 24 or 48 kHz: what libopus takes as it is
    int channels = 1;
    std::int64_t incarnation_samples_max = incarnation_samples_max_default;
    static constexpr std::int64_t incarnation_samples_max_default =
        (std::int64_t{24} * 3600 - 60) * 48'000;
};

class Capture {
public:
    /// Gets each chunk with the head of its batch; the bytes live during the call.
    using Sink = std::function<void(const ChunkBatch& head, const Chunk& chunk)>;
    /// `name_incarnation` gives a fresh number, `now_us` the wall clock.
    Capture(const CaptureSettings& settings, std::function<std::uint64_t()> name_incarnation,
            std::function<std::int64_t()> now_us, Sink sink);
    ~Capture();

    /// Interleaved, 16 bit, any number of whole frames.
    void feed(std::span<const std::int16_t> pcm);
    /// The source lost so many frames; whole packets of them are left out. Cause: chunk_causes.
    void lose(std::int64_t frames, std::uint8_t cause);
    /// Nothing follows: the rest, and the exact length.
    void finish();
    /// Finishes, and begins the next incarnation; the time between is nobody's.
    void begin_anew();

private:
    struct Track {
        std::unique_ptr<TrackEncoder> encoder;
        std::deque<std::pair<std::int64_t, std::string>> packets;
        std::deque<Peak> peaks;  // from packet `peaks_first` on
        Peak open;               // of the packet that is being filled
        int open_count = 0;      // frames in it
    };
    void begin();
    void take(Track& track, std::span<const std::int16_t> pcm);
    void give_whole_seconds();
    void give_sound(std::uint16_t count);
    void give(Chunk& chunk);

    const CaptureSettings settings_;
    std::function<std::uint64_t()> name_incarnation_;
    std::function<std::int64_t()> now_us_;
    Sink sink_;
    ChunkBatch head_;
    std::vector<Track> tracks_;
    std::int64_t next_packet_ = 0;  // of the next chunk
    std::uint32_t sequence_ = 0;
};

}  // namespace otklik
