#pragma once
// One track becomes Opus packets: one continuous libopus encoder from the first sample to the last.
// 20-ms packets, mono, VBR, DTX off (DTX leaves comfort noise in gaps, reference/audio.md section
// 2). Timeline: packet k carries raw samples [960 k, 960 (k + 1)) at 48 kHz; media time = raw -
// pre_skip, so media time 0 is the first sample that was fed. Pre-skip is 312 at every input rate.
// Thread: one thread owns an encoder.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace otklik {

inline constexpr int opus_pre_skip =
    312;  // samples at 48 kHz; checked against libopus when an encoder is made
inline constexpr int opus_packet_samples_48k = 960;  // 20 ms

struct TrackEncoderSettings {
    int rate = 16'000;  // of the PCM fed: 4 000 ... 192 000; 8, 12, 16, 24, 48 kHz go in without
                        // resampling
    int bitrate = 24'000;
    int complexity = 9;  // 9 live; of imports a setting
};

class TrackEncoder {
public:
    /// Gets each packet with its number in the session. The bytes live during the call only.
    using Sink =
        std::function<void(std::int64_t packet_number, std::span<const std::uint8_t> packet)>;
    /// Throws Error{invalid, "audio.unsupported"} for a rate outside the range, {internal} when
    /// libopus refuses.
    TrackEncoder(const TrackEncoderSettings& settings, Sink sink);
    ~TrackEncoder();
    TrackEncoder(const TrackEncoder&) = delete;
    TrackEncoder& operator=(const TrackEncoder&) = delete;

    /// Mono PCM at the stated rate, full scale [-1, 1] or int16. What the sink throws passes
    /// through.
    void feed(std::span<const float> pcm);
    void feed(std::span<const std::int16_t> pcm);
    /// The source lost so many of its samples. Whole packets are left out (their numbers stay
    /// free), the frame in hand is filled with zeros and the encoder starts afresh, so everything
    /// after it keeps its place. With a resampled rate the loss is fed as zeros instead, and no
    /// packet is left out.
    void lose(std::int64_t input_samples);
    /// Feeds zeros until the last sample fed can be decoded (>= 312 of them). Nothing may be fed
    /// after it.
    void finish();

    /// Length fed so far at 48 kHz: exact for native rates, round(n * 48000 / rate) otherwise.
    /// Losses count.
    std::int64_t samples() const;
    /// Number of the next packet.
    std::int64_t next_packet() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace otklik
