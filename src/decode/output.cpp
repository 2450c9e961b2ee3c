#include "decode/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

namespace otklik::decode {

namespace {

constexpr std::size_t buffer_bytes = 1 << 18;

void write_fully(int fd, const char* bytes, std::size_t count) {
    while (count > 0) {
        const ssize_t wrote = ::write(fd, bytes, count);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) ::_exit(3);  // nobody listens any more
        bytes += wrote;
        count -= static_cast<std::size_t>(wrote);
    }
}

/// One sample of a plane. NaN and infinity of a foreign float file would poison every filter
/// behind.
float as_float(const std::uint8_t* plane, int format, std::size_t i) {
    switch (format) {
        case AV_SAMPLE_FMT_S32:
            return static_cast<float>(reinterpret_cast<const std::int32_t*>(plane)[i]) /
                   2147483648.0f;
        case AV_SAMPLE_FMT_DBL: {
            const double value = reinterpret_cast<const double*>(plane)[i];
            return std::isfinite(value) ? static_cast<float>(std::clamp(value, -8.0, 8.0)) : 0.0f;
        }
        default: {
            const float value = reinterpret_cast<const float*>(plane)[i];
            return std::isfinite(value) ? std::clamp(value, -8.0f, 8.0f) : 0.0f;
        }
    }
}

std::int16_t as_int16(const std::uint8_t* plane, int format, std::size_t i) {
    if (format == AV_SAMPLE_FMT_U8) return static_cast<std::int16_t>((plane[i] - 128) * 256);
    return reinterpret_cast<const std::int16_t*>(plane)[i];
}

}  // namespace

wire::Sample wire_sample(int libav_format) {
    switch (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(libav_format))) {
        case AV_SAMPLE_FMT_U8:
        case AV_SAMPLE_FMT_S16:
            return wire::Sample::int16;
        default:
            return wire::Sample::float32;
    }
}

void PcmOutput::begin(int rate, int channels, wire::Sample sample, std::int64_t frames_max) {
    format_.rate = static_cast<std::uint32_t>(rate);
    format_.channels = static_cast<std::uint32_t>(channels);
    format_.sample = sample;
    frames_max_ = frames_max;
    buffer_.resize(sizeof format_);
    std::memcpy(buffer_.data(), &format_, sizeof format_);
}

template <class T>
void PcmOutput::append(const AVFrame& frame, int begin, int end) {
    const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
    const int format = av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format));
    const auto channels = static_cast<std::size_t>(format_.channels);
    const std::size_t at = buffer_.size();
    buffer_.resize(at + static_cast<std::size_t>(end - begin) * channels * sizeof(T));
    T* out = reinterpret_cast<T*>(buffer_.data() + at);
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const std::uint8_t* plane = frame.extended_data[planar ? channel : 0];
            const std::size_t index = planar ? i : i * channels + channel;
            if constexpr (sizeof(T) == 2) {
                *out++ = as_int16(plane, format, index);
            } else {
                *out++ = as_float(plane, format, index);
            }
        }
    }
}

Put PcmOutput::put(const AVFrame& frame, int from) {
    const std::int64_t room = frames_max_ - frames_;
    const int end = static_cast<int>(std::min<std::int64_t>(frame.nb_samples, from + room));
    if (format_.sample == wire::Sample::int16) {
        append<std::int16_t>(frame, from, end);
    } else {
        append<float>(frame, from, end);
    }
    frames_ += end - from;
    if (buffer_.size() >= buffer_bytes) flush();
    return end < frame.nb_samples ? Put::too_long : Put::ok;
}

Put PcmOutput::put_silence(std::int64_t frames) {
    const std::int64_t count = std::min(frames, frames_max_ - frames_);
    const std::size_t frame_bytes =
        format_.channels *
        (format_.sample == wire::Sample::int16 ? sizeof(std::int16_t) : sizeof(float));
    for (std::int64_t left = count; left > 0;) {
        const std::int64_t step = std::min<std::int64_t>(left, 4'096);
        buffer_.resize(buffer_.size() + static_cast<std::size_t>(step) * frame_bytes, 0);
        if (buffer_.size() >= buffer_bytes) flush();
        left -= step;
    }
    frames_ += count;
    return count < frames ? Put::too_long : Put::ok;
}

void PcmOutput::flush() {
    write_fully(wire::pcm_fd, buffer_.data(), buffer_.size());
    buffer_.clear();
}

void put_status(std::string& status, std::string_view key, std::string_view value) {
    status.append(key).append(" ").append(value).append("\n");
}

void write_status(std::string_view status) {
    write_fully(wire::status_fd, status.data(), status.size());
}

}  // namespace otklik::decode
