#include "recording/ingest.h"

#include <fcntl.h>

#include <cmath>
#include <memory>
#include <span>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "media/decode.h"
#include "media/opus_encoder.h"
#include "media/peaks.h"
#include "media/segment.h"

namespace otklik {
namespace {

// Whole days come in at once: 5 costs a third of 9 and stays 3.8 times faster than opusenc
// (reference/audio.md section 4); live sources use 9.

std::int64_t centidb(double db) {
    return std::llround(db * 100);
}

/// One channel of one session on its way into files.
class TrackMaker {
public:
    TrackMaker(int channel, int rate, const IngestRules& rules)
        : rules_(rules),
          peaks_(rate),
          writer_([this](int number) { return open_next(number); },
                  static_cast<std::uint32_t>(channel + 1), static_cast<std::uint32_t>(rate)),
          encoder_({.rate = rate, .complexity = rules.complexity},
                   [this](std::int64_t number, std::span<const std::uint8_t> packet) {
                       writer_.append(number, packet);
                       take_sealed();
                   }) {
        track_.channel = channel;
    }
    void feed(std::span<const float> pcm) {
        peaks_.feed(pcm);
        encoder_.feed(pcm);
    }
    IngestedTrack finish(std::int64_t& length_samples) {
        encoder_.finish();
        length_samples = encoder_.samples();
        writer_.finish(length_samples);
        take_sealed();
        peaks_.finish();
        const Levels levels = peaks_.levels();
        track_.rms_centidb = centidb(levels.rms_dbfs);
        track_.peak_centidb = centidb(levels.peak_dbfs);
        track_.clipped_samples =
            std::llround(levels.clipped_share * static_cast<double>(levels.sample_count));
        track_.silent = levels.silent;
        track_.peaks_file = rules_.draft_path();
        const Fd fd = open_file(track_.peaks_file, O_WRONLY | O_CREAT | O_TRUNC);
        write_all(fd.get(), peaks_.file_bytes());
        return std::move(track_);
    }

private:
    Fd open_next(int number) {
        // Hours follow each other: an import has no losses long enough to leave one out.
        while (track_.files.size() <= static_cast<std::size_t>(number))
            track_.files.push_back(rules_.draft_path());
        return open_file(track_.files[static_cast<std::size_t>(number)], O_RDWR | O_CREAT);
    }
    void take_sealed() {
        for (const SegmentRow& row : writer_.take_sealed()) {
            const std::int64_t first = first_packet(row);
            track_.segments.push_back({row.file_number, row.byte_begin, row.byte_count, first,
                                       end_packet(row) - first, row.first_sample, row.sample_count,
                                       parse_hex(row.sha256).value_or(""),
                                       page_index_bytes(row.pages)});
        }
    }

    const IngestRules& rules_;
    IngestedTrack track_;
    PeakBuilder peaks_;
    SegmentWriter writer_;
    TrackEncoder encoder_;
};

/// All channels, cut into sessions.
class SessionMaker {
public:
    SessionMaker(const IngestRules& rules, Ingested& out) : rules_(rules), out_(out) {}
    void take(const PcmBlock& block) {
        const auto channels = static_cast<std::size_t>(block.channels);
        const std::int64_t frames_max = rules_.session_seconds_max * block.rate;
        std::span<const float> rest = block.samples;
        while (!rest.empty()) {
            if (tracks_.empty())
                for (int c = 0; c < block.channels; ++c)
                    tracks_.push_back(std::make_unique<TrackMaker>(c, block.rate, rules_));
            const auto room = static_cast<std::size_t>(frames_max - frames_) * channels;
            const auto now = rest.first(std::min(rest.size(), room));
            const PcmBlock part{block.rate, block.channels, now};
            for (std::size_t c = 0; c < channels; ++c) {
                if (channels == 1)
                    tracks_[c]->feed(now);
                else
                    tracks_[c]->feed(channel_of(part, static_cast<int>(c)));
            }
            frames_ += static_cast<std::int64_t>(now.size() / channels);
            rest = rest.subspan(now.size());
            if (frames_ == frames_max) close();
        }
    }
    void close() {
        if (tracks_.empty()) return;
        IngestedSession session;
        session.file_sample = out_.length_samples;
        for (auto& track : tracks_) session.tracks.push_back(track->finish(session.length_samples));
        for (const IngestedTrack& track : session.tracks) out_.silent &= track.silent;
        out_.length_samples += session.length_samples;
        out_.sessions.push_back(std::move(session));
        tracks_.clear();
        frames_ = 0;
    }

private:
    const IngestRules& rules_;
    Ingested& out_;
    std::vector<std::unique_ptr<TrackMaker>> tracks_;
    std::int64_t frames_ = 0;  // of the open session
};

}  // namespace

Ingested ingest(int fd, const IngestRules& rules) {
    Ingested out;
    SessionMaker maker(rules, out);
    const DecodeCaps caps{.seconds_max = rules.file_seconds_max};
    const DecodedInfo info = decode_audio(rules.decoder_path, fd, caps,
                                          [&](const PcmBlock& block) { maker.take(block); });
    maker.close();
    if (out.sessions.empty()) throw Error(Fault::invalid, "audio.empty");
    out.format = info.container + ' ' + info.codec;
    out.rate = info.rate;
    out.channels = info.channels;
    out.torn = info.torn;
    return out;
}

}  // namespace otklik
