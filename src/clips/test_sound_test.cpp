#include "clips/test_sound.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <numbers>
#include <span>

#include "base/files.h"
#include "base/text.h"
#include "media/clip_decode.h"
#include "media/opus_encoder.h"
#include "media/segment.h"

namespace otklik::test_sound {
namespace {

constexpr int rate = 8'000;

std::string whole_file(int fd) {
    std::string bytes(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
    read_at(fd, 0, bytes);
    return bytes;
}

}  // namespace

double pitch_of(std::int64_t second) {
    return 300 + 20.0 * static_cast<double>(((second % 60) + 60) % 60);
}

MadeTrack make_track(std::int64_t first_second, std::int64_t seconds) {
    const int fd = ::memfd_create("track", MFD_CLOEXEC);
    MadeTrack made;
    made.length_samples = seconds * samples_per_second;
    {
        SegmentWriter writer([fd](int) { return Fd(::dup(fd)); }, 7, rate);
        TrackEncoder encoder({.rate = rate, .complexity = 0},
                             [&](std::int64_t number, std::span<const std::uint8_t> packet) {
                                 writer.append(number, packet);
                             });
        double phase = 0;
        std::vector<float> pcm(rate);
        for (std::int64_t second = 0; second < seconds; ++second) {
            for (float& sample : pcm) {
                phase += 2 * std::numbers::pi * pitch_of(first_second + second) / rate;
                sample = 0.5F * static_cast<float>(std::sin(phase));
            }
            encoder.feed(pcm);
        }
        encoder.finish();
        writer.finish(made.length_samples);
        for (const SegmentRow& row : writer.take_sealed())
            made.segments.push_back({row.byte_begin, row.byte_count, first_packet(row),
                                     end_packet(row) - first_packet(row), row.first_sample,
                                     row.sample_count, *parse_hex(row.sha256),
                                     page_index_bytes(row.pages)});
    }
    made.file = whole_file(fd);
    ::close(fd);
    return made;
}

std::vector<float> decode(const std::string& ogg) {
    return decode_ogg_opus_float(bytes_of(ogg));
}

double pitch_at(const std::vector<float>& pcm, std::int64_t sample) {
    constexpr std::int64_t length = samples_per_second / 2;
    int crossings = 0;
    double energy = 0;
    for (std::int64_t i = sample; i + 1 < sample + length; ++i) {
        const float a = pcm.at(static_cast<std::size_t>(i)),
                    b = pcm.at(static_cast<std::size_t>(i + 1));
        crossings += (a < 0) != (b < 0);
        energy += a * a;
    }
    return energy / length < 1e-6 ? 0 : crossings;  // two crossings a wave, half a second
}

}  // namespace otklik::test_sound
