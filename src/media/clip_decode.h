#pragma once
// Opus of our own making back to PCM by libopus: for speech engines, measures and proofs.
// Foreign files never come here: they go through media/decode.h.
// Thread: any; a PacketDecoder belongs to one thread.
#include <cstdint>
#include <span>
#include <vector>

#include "media/ogg.h"
#include "media/segment.h"

namespace otklik {

/// Decodes packet after packet. A bad packet gives silence of 20 ms.
class PacketDecoder {
public:
    /// rate: 8, 12, 16, 24 or 48 kHz. Throws Error{internal}.
    explicit PacketDecoder(int rate = 48'000, int channels = 1);
    ~PacketDecoder();
    PacketDecoder(const PacketDecoder&) = delete;
    PacketDecoder& operator=(const PacketDecoder&) = delete;
    /// Interleaved, [-1, 1]; lives until the next call.
    std::span<const float> decode(ByteView packet);

private:
    void* decoder_;
    int rate_;
    int channels_;
    std::vector<float> pcm_;
};

/// All of an Ogg Opus file without pre-skip and end padding, interleaved if it has two channels.
/// Throws Error{invalid, "audio.bad_container"}, Error{too_large} over samples_max (per channel).
std::vector<float> decode_ogg_opus_float(ByteView ogg, int rate = 48'000,
                                         std::int64_t samples_max = std::int64_t{24} * 3600 *
                                                                    48'000);
std::vector<std::int16_t> decode_ogg_opus(ByteView ogg, int rate = 48'000,
                                          std::int64_t samples_max = std::int64_t{24} * 3600 *
                                                                     48'000);

/// Samples [begin, end) of media time straight from segments, with preroll; 240 ms of it makes the
/// start clean. At a lower rate the count is range.count() * rate / 48000, rounded down.
std::vector<float> decode_range(const SegmentSource& source, SampleRange range, int rate = 48'000);

/// Rounded to int16, limited at full scale.
std::vector<std::int16_t> to_int16(std::span<const float> pcm);

}  // namespace otklik
