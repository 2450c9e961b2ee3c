#include "recording/silenced_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "media/clip_decode.h"
#include "media/decode.h"

namespace otklik {
namespace {

constexpr std::int64_t copy_seconds_max = std::int64_t{7} * 24 * 3600;  // as an import
constexpr std::size_t ds64_head_bytes = 80;

/// RF64 (EBU Tech 3306), so that a day in stereo fits; the lengths are written when they are known.
std::string rf64_head(int rate, int channels, std::uint64_t data_bytes) {
    std::string head;
    const auto put = [&](std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) head += static_cast<char>(value >> (8 * i));
    };
    const auto block = static_cast<std::uint64_t>(channels) * 2;
    head += "RF64";
    put(0xFFFFFFFF, 4);
    head += "WAVEds64";
    put(28, 4);
    put(data_bytes + ds64_head_bytes - 8, 8);
    put(data_bytes, 8);
    put(data_bytes / block, 8);
    put(0, 4);
    head += "fmt ";
    put(16, 4);
    put(1, 2);
    put(static_cast<std::uint64_t>(channels), 2);
    put(static_cast<std::uint64_t>(rate), 4);
    put(static_cast<std::uint64_t>(rate) * block, 4);
    put(block, 2);
    put(16, 2);
    head += "data";
    put(0xFFFFFFFF, 4);
    return head;
}

}  // namespace

void write_silenced_copy(const std::string& decoder_path, int from_fd, const std::string& path,
                         std::span<const SampleRange> silent) {
    const Fd to = open_file(path, O_RDWR | O_CREAT | O_TRUNC);
    int rate = 0, channels = 1;
    std::int64_t frame = 0;
    const auto sink = [&](const PcmBlock& block) {
        if (rate == 0) write_all(to.get(), rf64_head(block.rate, block.channels, 0));
        rate = block.rate;
        channels = block.channels;
        std::vector<std::int16_t> pcm = to_int16(block.samples);
        const auto frames = static_cast<std::int64_t>(pcm.size()) / channels;
        for (const SampleRange& part : silent) {
            // Outwards to whole frames of the file.
            const std::int64_t from = part.begin * rate / samples_per_second - frame;
            const std::int64_t until = part.end * rate / samples_per_second + 1 - frame;
            for (std::int64_t i = std::max<std::int64_t>(0, from); i < std::min(frames, until); ++i)
                for (int c = 0; c < channels; ++c)
                    pcm[static_cast<std::size_t>(i * channels + c)] = 0;
        }
        frame += frames;
        write_all(to.get(), {reinterpret_cast<const char*>(pcm.data()), pcm.size() * 2});
    };
    decode_audio(decoder_path, from_fd, {.seconds_max = copy_seconds_max}, sink);
    const std::string head =
        rf64_head(rate, channels, static_cast<std::uint64_t>(frame) * 2 * channels);
    if (::lseek(to.get(), 0, SEEK_SET) < 0) throw_errno("seek");
    write_all(to.get(), head);
}

}  // namespace otklik
