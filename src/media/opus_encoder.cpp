#include "media/opus_encoder.h"

#include <opus/opus.h>
#include <soxr.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace otklik {

namespace {

constexpr int rate_min = 4'000;
constexpr int rate_max = 192'000;
constexpr std::size_t packet_bytes_max = 1'500;  // libopus makes no more than 1 275 a frame

bool is_native(int rate) {
    constexpr std::array rates{8'000, 12'000, 16'000, 24'000, 48'000};
    return std::find(rates.begin(), rates.end(), rate) != rates.end();
}

/// What the encoder is fed with: speech below 32 kHz holds nothing above 16 kHz can carry.
int encoder_rate(int rate) {
    return is_native(rate) ? rate : rate >= 32'000 ? 48'000 : 16'000;
}

struct EncoderCloser {
    void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
};
struct ResamplerCloser {
    void operator()(soxr* resampler) const { soxr_delete(resampler); }
};

}  // namespace

struct TrackEncoder::State {
    Sink sink;
    std::unique_ptr<OpusEncoder, EncoderCloser> encoder;
    std::unique_ptr<soxr, ResamplerCloser> resampler;
    int input_rate = 0;
    int rate = 0;    // of the encoder
    int factor = 0;  // 48 000 / rate
    std::size_t frame_size = 0;
    std::vector<float> frame;  // the packet being filled, less than frame_size samples
    std::vector<float> scratch;
    std::int64_t input_count = 0;
    std::int64_t next_packet = 0;
    bool finished = false;

    std::int64_t encoded_length() const {
        if (!resampler) return input_count * factor;
        return (input_count * samples_per_second + input_rate / 2) / input_rate;
    }

    void encode_frame() {
        assert(frame.size() == frame_size);
        std::array<std::uint8_t, packet_bytes_max> packet;
        const opus_int32 size =
            opus_encode_float(encoder.get(), frame.data(), static_cast<int>(frame_size),
                              packet.data(), static_cast<opus_int32>(packet.size()));
        if (size < 1) throw Error(Fault::internal, "internal").because(opus_strerror(size));
        frame.clear();
        const std::int64_t number = next_packet++;
        sink(number, std::span(packet).first(static_cast<std::size_t>(size)));
    }

    /// Samples at the encoder's rate.
    void push(std::span<const float> pcm) {
        while (!pcm.empty()) {
            const std::size_t take = std::min(pcm.size(), frame_size - frame.size());
            frame.insert(frame.end(), pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(take));
            pcm = pcm.subspan(take);
            if (frame.size() == frame_size) encode_frame();
        }
    }

    void push_zeros(std::int64_t count) {
        constexpr std::array<float, 960> zeros{};
        for (; count > 0; count -= static_cast<std::int64_t>(zeros.size())) {
            push(std::span(zeros).first(static_cast<std::size_t>(
                std::min<std::int64_t>(count, static_cast<std::int64_t>(zeros.size())))));
        }
    }

    /// nullptr flushes what the resampler holds back.
    void resample(const float* pcm, std::size_t count) {
        scratch.resize(std::max<std::size_t>(8'192, scratch.size()));
        while (true) {
            std::size_t used = 0, made = 0;
            const char* fault = soxr_process(resampler.get(), pcm, count, &used, scratch.data(),
                                             scratch.size(), &made);
            if (fault) throw Error(Fault::internal, "internal").because(fault);
            push(std::span(scratch).first(made));
            if (pcm) {
                pcm += used;
                count -= used;
            }
            if (made < scratch.size() && (!pcm || count == 0)) return;
        }
    }
};

TrackEncoder::TrackEncoder(const TrackEncoderSettings& settings, Sink sink)
    : state_(std::make_unique<State>()) {
    if (settings.rate < rate_min || settings.rate > rate_max) {
        throw Error(Fault::invalid, "audio.unsupported",
                    {{"what", std::to_string(settings.rate) + " Hz"}});
    }
    State& s = *state_;
    s.sink = std::move(sink);
    s.input_rate = settings.rate;
    s.rate = encoder_rate(settings.rate);
    s.factor = samples_per_second / s.rate;
    s.frame_size = static_cast<std::size_t>(s.rate / 50);
    s.frame.reserve(s.frame_size);
    int fault = 0;
    s.encoder.reset(opus_encoder_create(s.rate, 1, OPUS_APPLICATION_AUDIO, &fault));
    if (!s.encoder) throw Error(Fault::internal, "internal").because(opus_strerror(fault));
    opus_int32 lookahead = 0;
    const bool ok =
        opus_encoder_ctl(s.encoder.get(), OPUS_SET_BITRATE(settings.bitrate)) == OPUS_OK &&
        opus_encoder_ctl(s.encoder.get(), OPUS_SET_VBR(1)) == OPUS_OK &&
        opus_encoder_ctl(s.encoder.get(), OPUS_SET_DTX(0)) == OPUS_OK &&
        opus_encoder_ctl(s.encoder.get(), OPUS_SET_COMPLEXITY(settings.complexity)) == OPUS_OK &&
        opus_encoder_ctl(s.encoder.get(), OPUS_GET_LOOKAHEAD(&lookahead)) == OPUS_OK;
    // The whole timeline stands on 312: another libopus must be noticed at once.
    if (!ok || lookahead * s.factor != opus_pre_skip) {
        throw Error(Fault::internal, "internal").because("libopus settings or look-ahead");
    }
    if (s.rate != s.input_rate) {
        const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
        const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
        soxr_error_t error = nullptr;
        s.resampler.reset(
            soxr_create(s.input_rate, s.rate, 1, &error, nullptr, &quality, &one_thread));
        if (!s.resampler) throw Error(Fault::internal, "internal").because(error ? error : "soxr");
    }
}

TrackEncoder::~TrackEncoder() = default;

void TrackEncoder::feed(std::span<const float> pcm) {
    State& s = *state_;
    assert(!s.finished);
    if (pcm.empty()) return;  // soxr takes an empty input for the end
    s.input_count += static_cast<std::int64_t>(pcm.size());
    if (s.resampler) {
        s.resample(pcm.data(), pcm.size());
    } else {
        s.push(pcm);
    }
}

void TrackEncoder::feed(std::span<const std::int16_t> pcm) {
    std::array<float, 4'096> block;
    while (!pcm.empty()) {
        const std::size_t count = std::min(pcm.size(), block.size());
        for (std::size_t i = 0; i < count; ++i) block[i] = static_cast<float>(pcm[i]) / 32'768.0f;
        feed(std::span<const float>(block).first(count));
        pcm = pcm.subspan(count);
    }
}

void TrackEncoder::lose(std::int64_t input_samples) {
    State& s = *state_;
    assert(!s.finished && input_samples >= 0);
    if (s.resampler) {
        const std::vector<float> zeros(4'096);
        while (input_samples > 0) {
            const auto count = std::min<std::int64_t>(input_samples, 4'096);
            feed(std::span(zeros).first(static_cast<std::size_t>(count)));
            input_samples -= count;
        }
        return;
    }
    if (input_samples == 0) return;
    const auto frame_size = static_cast<std::int64_t>(s.frame_size);
    const auto room = frame_size - static_cast<std::int64_t>(s.frame.size());
    s.input_count += input_samples;
    if (input_samples < room) return s.push_zeros(input_samples);
    // A whole packet of zeros after the last sound, so that its look-ahead is not lost with the
    // source.
    std::int64_t left = input_samples - room;
    s.push_zeros(room);
    if (left >= frame_size) {
        s.push_zeros(frame_size);
        left -= frame_size;
        if (left >= frame_size) {
            s.next_packet += left / frame_size;
            opus_encoder_ctl(s.encoder.get(), OPUS_RESET_STATE);
        }
    }
    s.push_zeros(left % frame_size);
}

void TrackEncoder::finish() {
    State& s = *state_;
    if (s.finished) return;
    if (s.resampler) s.resample(nullptr, 0);
    const std::int64_t packets_due =
        (s.encoded_length() + opus_pre_skip + opus_packet_samples_48k - 1) /
        opus_packet_samples_48k;
    // An empty track stays empty: there is nothing to warm up for.
    while (s.input_count > 0 && s.next_packet < packets_due) {
        s.push_zeros(static_cast<std::int64_t>(s.frame_size - s.frame.size()));
    }
    // The resampler may have rounded one sample up into a new frame: it holds nothing that was fed.
    s.frame.clear();
    s.finished = true;
}

std::int64_t TrackEncoder::samples() const {
    return state_->encoded_length();
}
std::int64_t TrackEncoder::next_packet() const {
    return state_->next_packet;
}

}  // namespace otklik
