#include "media/opus_encoder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "media/clip_decode.h"
#include "media/media_testkit.h"
#include "media/ogg.h"

namespace otklik {

namespace {

/// Media time 0.. of what the packets decode to.
std::vector<float> encode_and_decode(const std::vector<float>& pcm, int rate, int decode_rate,
                                     std::int64_t* samples = nullptr) {
    PacketDecoder decoder(decode_rate);
    std::vector<float> out;
    TrackEncoder encoder({rate, 64'000, 5}, [&](std::int64_t, ByteView packet) {
        const auto sound = decoder.decode(packet);
        out.insert(out.end(), sound.begin(), sound.end());
    });
    // Odd blocks: a frame must not depend on how the source cuts its buffers.
    for (std::size_t at = 0; at < pcm.size(); at += 777) {
        encoder.feed(std::span(pcm).subspan(at, std::min<std::size_t>(777, pcm.size() - at)));
    }
    encoder.finish();
    if (samples) *samples = encoder.samples();
    out.erase(out.begin(), out.begin() + opus_pre_skip / (48'000 / decode_rate));
    return out;
}

}  // namespace

TEST(TrackEncoder, native_rates_keep_every_sample_at_its_place) {
    for (const int rate : {8'000, 12'000, 16'000, 24'000, 48'000}) {
        const auto pcm = testkit::speech_like(2.0, rate, 1);
        std::int64_t samples = 0;
        const auto out = encode_and_decode(pcm, rate, rate, &samples);
        EXPECT_EQ(samples, static_cast<std::int64_t>(pcm.size()) * (48'000 / rate)) << rate;
        EXPECT_GE(out.size(), pcm.size()) << rate;  // nothing is lost at the end
        const std::vector<float> part(out.begin() + rate / 2, out.begin() + rate);
        const std::vector<float> around(pcm.begin() + rate / 2, pcm.begin() + rate);
        EXPECT_EQ(testkit::best_lag(part, around, rate / 200), 0) << rate;
        const std::vector<float> tail(
            out.begin() + static_cast<std::ptrdiff_t>(pcm.size()) - rate / 10,
            out.begin() + static_cast<std::ptrdiff_t>(pcm.size()));
        const std::vector<float> end(pcm.end() - rate / 10, pcm.end());
        EXPECT_EQ(testkit::best_lag(tail, end, rate / 200), 0) << rate;
    }
}

TEST(TrackEncoder, other_rates_are_resampled_without_offset) {
    for (const int rate : {11'025, 22'050, 32'000, 44'100, 96'000}) {
        const auto pcm = testkit::speech_like(2.0, rate, 2);
        std::int64_t samples = 0;
        const auto out = encode_and_decode(pcm, rate, 48'000, &samples);
        EXPECT_EQ(samples, 96'000) << rate;
        EXPECT_GE(out.size(), 96'000u) << rate;
        // The original at 48 kHz by linear interpolation is near enough to find the lag.
        std::vector<float> original(24'000);
        for (std::size_t i = 0; i < original.size(); ++i) {
            const double at = static_cast<double>(i + 24'000) * rate / 48'000;
            const auto index = static_cast<std::size_t>(at);
            const auto share = static_cast<float>(at - static_cast<double>(index));
            original[i] = pcm[index] * (1 - share) + pcm[index + 1] * share;
        }
        const std::vector<float> part(out.begin() + 24'000, out.begin() + 48'000);
        EXPECT_LE(std::abs(testkit::best_lag(part, original, 200)), 1) << rate;
    }
}

TEST(TrackEncoder, a_loss_leaves_numbers_free_and_keeps_the_place) {
    for (const std::int64_t lost : {100, 320, 5'000, 16'000, 16'001}) {
        const auto pcm = testkit::speech_like(4.0, 16'000, 3);
        std::vector<float> raw(4 * 48'000 + 96'000 * 2, 0.0f);
        std::vector<std::int64_t> numbers;
        auto decoder = std::make_unique<PacketDecoder>(16'000);
        TrackEncoder encoder({16'000, 64'000, 5}, [&](std::int64_t number, ByteView packet) {
            if (!numbers.empty() && number != numbers.back() + 1) {
                decoder = std::make_unique<PacketDecoder>(16'000);
            }
            numbers.push_back(number);
            const auto sound = decoder->decode(packet);
            std::copy(sound.begin(), sound.end(), raw.begin() + number * 320);
        });
        encoder.feed(std::span(pcm).first(20'077));
        encoder.lose(lost);
        encoder.feed(std::span(pcm).subspan(20'077));
        encoder.finish();
        EXPECT_EQ(encoder.samples(), (static_cast<std::int64_t>(pcm.size()) + lost) * 3);
        const std::ptrdiff_t shift = opus_pre_skip / 3;
        const auto after = shift + 20'077 + static_cast<std::ptrdiff_t>(lost) + 8'000;
        const std::vector<float> part(raw.begin() + after, raw.begin() + after + 8'000);
        const std::vector<float> around(pcm.begin() + 28'077, pcm.begin() + 36'077);
        EXPECT_EQ(testkit::best_lag(part, around, 100), 0) << lost;
        const std::vector<float> before(raw.begin() + shift + 12'000, raw.begin() + shift + 20'077);
        const std::vector<float> first(pcm.begin() + 12'000, pcm.begin() + 20'077);
        EXPECT_EQ(testkit::best_lag(before, first, 100), 0) << lost;
        EXPECT_EQ(numbers.back() + 1, encoder.next_packet());
        if (lost >= 16'000) {
            EXPECT_LT(static_cast<std::int64_t>(numbers.size()), encoder.next_packet());
        }
    }
}

TEST(TrackEncoder, impossible_rates_are_refused_and_nothing_gives_nothing) {
    for (const int rate : {0, -1, 3'999, 192'001}) {
        EXPECT_THROW(TrackEncoder({rate, 24'000, 5}, [](std::int64_t, ByteView) {}), Error) << rate;
    }
    int packets = 0;
    TrackEncoder encoder({}, [&](std::int64_t, ByteView) { ++packets; });
    encoder.finish();
    EXPECT_EQ(packets, 0);
    EXPECT_EQ(encoder.samples(), 0);
}

}  // namespace otklik
