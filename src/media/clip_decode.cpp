#include "media/clip_decode.h"

#include <opus/opus.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "media/opus_encoder.h"

namespace otklik {

namespace {

constexpr int packet_samples_max = 5'760;  // 120 ms at 48 kHz
constexpr int range_preroll = 12;          // packets, as in clip_cut.h

OpusDecoder* as_opus(void* decoder) {
    return static_cast<OpusDecoder*>(decoder);
}

}  // namespace

PacketDecoder::PacketDecoder(int rate, int channels) : rate_(rate), channels_(channels) {
    int fault = 0;
    decoder_ = opus_decoder_create(rate, channels, &fault);
    if (!decoder_) throw Error(Fault::internal, "internal").because(opus_strerror(fault));
    pcm_.resize(std::size_t{packet_samples_max} * static_cast<std::size_t>(channels));
}

PacketDecoder::~PacketDecoder() {
    opus_decoder_destroy(as_opus(decoder_));
}

std::span<const float> PacketDecoder::decode(ByteView packet) {
    const int samples_48k = opus_packet_samples(packet).value_or(opus_packet_samples_48k);
    int count =
        opus_decode_float(as_opus(decoder_), packet.data(), static_cast<opus_int32>(packet.size()),
                          pcm_.data(), packet_samples_max, 0);
    if (count < 0) {
        count = samples_48k / (48'000 / rate_);
        std::fill_n(pcm_.begin(), count * channels_, 0.0f);
    }
    return std::span(pcm_).first(static_cast<std::size_t>(count) *
                                 static_cast<std::size_t>(channels_));
}

std::vector<float> decode_ogg_opus_float(ByteView ogg, int rate, std::int64_t samples_max) {
    OggPacketReader reader(ogg);
    const auto head_packet = reader.next();
    const auto head = head_packet ? parse_opus_head(head_packet->bytes) : std::nullopt;
    if (!head || !reader.next()) throw Error(Fault::invalid, "audio.bad_container");
    const std::int64_t factor = 48'000 / rate;
    const auto channels = static_cast<std::size_t>(head->channels);
    PacketDecoder decoder(rate, head->channels);
    std::vector<float> pcm;
    std::int64_t raw = 0;  // samples at 48 kHz of all packets so far
    std::int64_t end_raw = -1, first_granule = -1, raw_at_granule = 0;
    while (const auto packet = reader.next()) {
        const std::span<const float> decoded = decoder.decode(packet->bytes);
        raw += static_cast<std::int64_t>(decoded.size() / channels) * factor;
        if (raw > samples_max) {
            throw Error(Fault::too_large, "audio.too_long",
                        {{"seconds_max", std::to_string(samples_max / samples_per_second)}});
        }
        pcm.insert(pcm.end(), decoded.begin(), decoded.end());
        if (packet->granule >= 0 && first_granule < 0) {
            first_granule = packet->granule;
            raw_at_granule = raw;
        }
        if (packet->end && packet->granule >= 0) end_raw = packet->granule;
    }
    // An hour file counts from the session's start: its first granule is not its first second. A
    // file whose only page is its last begins at zero, since there the granule also trims the end.
    const bool one_page = end_raw == first_granule;
    const std::int64_t base = first_granule < 0 || one_page
                                  ? 0
                                  : std::max<std::int64_t>(0, first_granule - raw_at_granule);
    const std::int64_t end = end_raw < 0 ? raw : std::clamp<std::int64_t>(end_raw - base, 0, raw);
    const auto begin_index = static_cast<std::size_t>(head->pre_skip / factor) * channels;
    const auto count =
        static_cast<std::size_t>(std::max<std::int64_t>(0, end - head->pre_skip) / factor) *
        channels;
    if (begin_index >= pcm.size()) return {};
    pcm.erase(pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(begin_index));
    pcm.resize(std::min(count, pcm.size()));
    return pcm;
}

std::vector<std::int16_t> decode_ogg_opus(ByteView ogg, int rate, std::int64_t samples_max) {
    return to_int16(decode_ogg_opus_float(ogg, rate, samples_max));
}

std::vector<float> decode_range(const SegmentSource& source, SampleRange range, int rate) {
    if (range.empty()) return {};
    const std::int64_t factor = 48'000 / rate;
    const std::int64_t raw = range.begin + opus_pre_skip;
    const std::int64_t holder = raw / opus_packet_samples_48k;
    const std::int64_t run_begin = range.begin < 0 ? -1 : source.run_begin(holder);
    if (run_begin < 0) throw Error(Fault::not_found, "audio.not_covered");
    const std::int64_t first = std::max(run_begin, holder - range_preroll);
    const std::int64_t end =
        (range.end + opus_pre_skip + opus_packet_samples_48k - 1) / opus_packet_samples_48k;
    PacketDecoder decoder(rate);
    auto skip = static_cast<std::size_t>((raw - first * opus_packet_samples_48k) / factor);
    const auto count = static_cast<std::size_t>(range.count() / factor);
    std::vector<float> pcm;
    pcm.reserve(count);
    // A minute at a time: a whole day of packets need not lie in memory.
    for (std::int64_t at = first; at < end; at += packets_per_segment) {
        const PacketRun run =
            source.read(at, std::min<std::int64_t>(end, at + packets_per_segment));
        for (const ByteView packet : run.packets) {
            std::span<const float> decoded = decoder.decode(packet);
            const std::size_t dropped = std::min(skip, decoded.size());
            skip -= dropped;
            decoded = decoded.subspan(dropped);
            decoded = decoded.first(std::min(decoded.size(), count - pcm.size()));
            pcm.insert(pcm.end(), decoded.begin(), decoded.end());
        }
    }
    return pcm;
}

std::vector<std::int16_t> to_int16(std::span<const float> pcm) {
    std::vector<std::int16_t> out(pcm.size());
    std::transform(pcm.begin(), pcm.end(), out.begin(), [](float sample) {
        const float scaled = std::clamp(sample * 32'768.0f, -32'768.0f, 32'767.0f);
        return static_cast<std::int16_t>(std::lrintf(scaled));
    });
    return out;
}

}  // namespace otklik
