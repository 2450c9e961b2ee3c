#pragma once
// PCM on descriptor 4, the status on descriptor 5.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/decode_wire.h"

struct AVFrame;

namespace otklik::decode {

enum class Put { ok, too_long };

/// Interleaved samples in one format, counted against the cap.
class PcmOutput {
public:
    /// Begins the stream; `frames_max` is the cap per channel.
    void begin(int rate, int channels, wire::Sample sample, std::int64_t frames_max);
    /// Samples [from, end) of a frame with the format told to begin().
    Put put(const AVFrame& frame, int from);
    Put put_silence(std::int64_t frames);
    void flush();
    std::int64_t frames() const { return frames_; }

private:
    template <class T>
    void append(const AVFrame& frame, int begin, int end);
    wire::WireFormat format_;
    std::int64_t frames_max_ = 0;
    std::int64_t frames_ = 0;
    std::vector<char> buffer_;
};

/// The format in which samples of this libav format travel: 16 bits stay 16 bits, all else is
/// float.
wire::Sample wire_sample(int libav_format);

void put_status(std::string& status, std::string_view key, std::string_view value);
void write_status(std::string_view status);

}  // namespace otklik::decode
