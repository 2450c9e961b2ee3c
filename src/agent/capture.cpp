#include "agent/capture.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/hash.h"

namespace otklik {
namespace {

constexpr std::uint16_t second_packets = 50;
constexpr std::array rates{8'000, 12'000, 16'000, 24'000, 48'000};

std::int8_t peak_of(std::int16_t sample) {
    return static_cast<std::int8_t>(sample >> 8);
}

}  // namespace

Capture::Capture(const CaptureSettings& settings, std::function<std::uint64_t()> name_incarnation,
                 std::function<std::int64_t()> now_us, Sink sink)
    : settings_(settings),
      name_incarnation_(std::move(name_incarnation)),
      now_us_(std::move(now_us)),
      sink_(std::move(sink)) {
    if (std::find(rates.begin(), rates.end(), settings_.rate) == rates.end())
        throw Error(Fault::invalid, "record.rate", {{"rate", std::to_string(settings_.rate)}})
            .at("rate");
    if (settings_.channels != 1 && settings_.channels != 2)
        throw Error(Fault::invalid, "recorder.channels").at("channels");
    begin();
}

Capture::~Capture() = default;

void Capture::begin() {
    head_ = {};
    head_.incarnation = name_incarnation_();
    head_.channels = static_cast<std::uint8_t>(settings_.channels);
    head_.rate = static_cast<std::uint32_t>(settings_.rate);
    next_packet_ = 0;
    sequence_ = 0;
    tracks_.clear();
    tracks_.resize(static_cast<std::size_t>(settings_.channels));
    for (Track& track : tracks_)
        track.encoder = std::make_unique<TrackEncoder>(
            TrackEncoderSettings{.rate = settings_.rate},
            [&track](std::int64_t number, ByteView packet) {
                track.packets.emplace_back(number, std::string(packet.begin(), packet.end()));
            });
}

void Capture::take(Track& track, std::span<const std::int16_t> pcm) {
    const int packet_frames = settings_.rate / 50;
    for (const std::int16_t sample : pcm) {
        const std::int8_t peak = peak_of(sample);
        track.open.low = std::min(track.open.low, peak);
        track.open.high = std::max(track.open.high, peak);
        if (++track.open_count < packet_frames) continue;
        track.peaks.push_back(track.open);
        track.open = {};
        track.open_count = 0;
    }
    track.encoder->feed(pcm);
}

void Capture::feed(std::span<const std::int16_t> pcm) {
    const auto channels = static_cast<std::size_t>(settings_.channels);
    std::vector<std::int16_t> one;
    for (std::size_t c = 0; c < channels; ++c) {
        if (channels == 1) {
            take(tracks_[c], pcm);
            continue;
        }
        one.clear();
        for (std::size_t i = c; i < pcm.size(); i += channels) one.push_back(pcm[i]);
        take(tracks_[c], one);
    }
    give_whole_seconds();
    if (next_packet_ * opus_packet_samples_48k >= settings_.incarnation_samples_max) {
        begin_anew();
    }
}

void Capture::begin_anew() {
    finish();
    begin();
}

void Capture::give_whole_seconds() {
    while (tracks_[0].packets.size() >= second_packets) give_sound(second_packets);
}

void Capture::give_sound(std::uint16_t count) {
    std::vector<ChunkTrack> made(tracks_.size());
    for (std::size_t c = 0; c < tracks_.size(); ++c)
        for (std::size_t i = 0; i < count; ++i) {
            made[c].packets.push_back(bytes_of(tracks_[c].packets.at(i).second));
            made[c].peaks.push_back(i < tracks_[c].peaks.size() ? tracks_[c].peaks[i] : Peak{});
        }
    const std::string bytes = chunk_track_bytes(made);
    Chunk chunk;
    chunk.packet_count = count;
    chunk.sample_count = std::int64_t{count} * opus_packet_samples_48k;
    chunk.bytes = bytes;
    give(chunk);
    next_packet_ += count;
    for (Track& track : tracks_) {
        track.packets.erase(track.packets.begin(), track.packets.begin() + count);
        const auto peaks = std::min<std::size_t>(track.peaks.size(), count);
        track.peaks.erase(track.peaks.begin(),
                          track.peaks.begin() + static_cast<std::ptrdiff_t>(peaks));
    }
}

void Capture::give(Chunk& chunk) {
    chunk.sequence = sequence_++;
    chunk.first_sample = next_packet_ * opus_packet_samples_48k;
    chunk.ended_at_us = now_us_();
    chunk.sha256 = sha256(chunk.bytes);
    head_.sent_at_us = chunk.ended_at_us;
    sink_(head_, chunk);
}

void Capture::lose(std::int64_t frames, std::uint8_t cause) {
    if (frames <= 0) return;
    for (Track& track : tracks_) track.encoder->lose(frames);
    // What was whole before the loss goes first; the encoder has filled the frame in hand.
    give_whole_seconds();
    const auto rest = static_cast<std::uint16_t>(tracks_[0].packets.size());
    if (rest > 0) give_sound(rest);
    for (Track& track : tracks_) {
        track.peaks.clear();
        track.open = {};
        track.open_count = 0;
    }
    const std::int64_t until = tracks_[0].encoder->next_packet();
    if (until <= next_packet_) return;
    Chunk lost;
    lost.kind = ChunkKind::lost;
    lost.cause = cause;
    lost.sample_count = (until - next_packet_) * opus_packet_samples_48k;
    give(lost);
    next_packet_ = until;
}

void Capture::finish() {
    for (Track& track : tracks_) track.encoder->finish();
    give_whole_seconds();
    const auto rest = static_cast<std::uint16_t>(tracks_[0].packets.size());
    if (rest > 0) give_sound(rest);
    if (sequence_ == 0) return;  // nothing was heard at all
    Chunk end;
    end.kind = ChunkKind::end;
    end.sample_count = tracks_[0].encoder->samples();
    give(end);
}

}  // namespace otklik
