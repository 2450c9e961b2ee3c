#include "recording/sound.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "media/clip_cut.h"
#include "media/clip_decode.h"
#include "media/opus_encoder.h"
#include "media/peaks.h"
#include "media/segment.h"

namespace otklik {
namespace {

constexpr std::int64_t preroll_packets_max = 66;  // what a pre-skip of 16 bits can hold

}  // namespace

struct TrackSound::Inside {
    std::vector<std::shared_ptr<const MediaFile>> files;
    std::optional<SegmentSource> source;
};

TrackSound::TrackSound(Tx& tx, const Recording& recording, const Blobs& blobs, Id<Track> track,
                       SampleRange range)
    : inside_(std::make_unique<Inside>()) {
    const std::int64_t first = std::max<std::int64_t>(
        0, (range.begin + opus_pre_skip) / opus_packet_samples_48k - preroll_packets_max);
    const std::int64_t last = (range.end + opus_pre_skip) / opus_packet_samples_48k + 1;
    std::vector<SegmentRef> refs;
    Id<StoredFile> open;
    for (const Recording::SegmentRef& ref : recording.segments(tx, track, first, last)) {
        if (ref.tail) {
            inside_->files.push_back(ref.tail);
            open = {};
        } else if (ref.file != open) {
            const auto stored = blobs.find(tx, ref.file);
            if (!stored) throw Error(Fault::not_found, "not_found");
            inside_->files.push_back(blobs.open(*stored));
            open = ref.file;
        }
        SegmentRow row;
        row.file_number = static_cast<int>(ref.first_packet / packets_per_file);
        row.first_sample = ref.first_sample;
        row.sample_count = ref.sample_count;
        row.byte_begin = ref.byte_begin;
        row.byte_count = ref.byte_count;
        row.pages = parse_page_index(ref.page_index);
        refs.push_back({inside_->files.back().get(), std::move(row)});
    }
    inside_->source.emplace(std::move(refs));
}

TrackSound::~TrackSound() = default;
TrackSound::TrackSound(TrackSound&&) noexcept = default;

const SegmentSource& TrackSound::source() const {
    return *inside_->source;
}

std::string TrackSound::cut(SampleRange range) const {
    std::vector<CutPiece> pieces;
    std::int64_t at = range.begin;
    for (const SampleRange& covered : source().covered()) {
        const SampleRange part{std::max(covered.begin, at), std::min(covered.end, range.end)};
        if (part.empty()) continue;
        if (part.begin > at) pieces.push_back({nullptr, {}, part.begin - at});
        pieces.push_back({&source(), part, 0});
        at = part.end;
    }
    if (at == range.begin)
        throw Error(Fault::not_found, "audio.not_covered", {{"sample", std::to_string(at)}});
    if (at < range.end) pieces.push_back({nullptr, {}, range.end - at});
    return std::move(cut_clip(pieces).ogg);
}

std::vector<std::int16_t> TrackSound::pcm(SampleRange range, int rate) const {
    return to_int16(decode_range(source(), range, rate));
}

std::vector<Peak> read_peaks(const MediaFile& peaks_file, SampleRange range) {
    std::string bytes(peaks_head_bytes, '\0');
    bytes.resize(peaks_file.read(0, bytes));
    const auto head = parse_peaks(bytes);
    const std::int64_t first = std::max<std::int64_t>(0, range.begin) / peak_bucket_samples;
    const std::int64_t last = (range.end + peak_bucket_samples - 1) / peak_bucket_samples;
    std::vector<Peak> peaks(static_cast<std::size_t>(std::max<std::int64_t>(0, last - first)));
    if (!head || peaks.empty()) return peaks;
    const std::int64_t skipped = head->first_sample / peak_bucket_samples;  // buckets
    const std::int64_t from = std::max(first, skipped);
    if (from >= last) return peaks;
    std::string part(static_cast<std::size_t>(last - from) * sizeof(Peak), '\0');
    const auto at = static_cast<std::int64_t>(peaks_head_bytes) +
                    (from - skipped) * static_cast<std::int64_t>(sizeof(Peak));
    const std::size_t count = peaks_file.read(at, part) / sizeof(Peak);
    std::memcpy(&peaks[static_cast<std::size_t>(from - first)], part.data(), count * sizeof(Peak));
    return peaks;
}

DrawnWave draw_wave(const MediaFile& peaks_file, SampleRange range, int buckets) {
    const std::vector<Peak> peaks = read_peaks(peaks_file, range);
    const PeaksView view{
        std::max<std::int64_t>(0, range.begin) / peak_bucket_samples * peak_bucket_samples, peaks};
    DrawnWave wave;
    for (const Peak& peak : peaks_of_range({&view, 1}, range, buckets)) {
        wave.min.push_back(peak.empty() ? 0 : peak.low);
        wave.max.push_back(peak.empty() ? 0 : peak.high);
    }
    return wave;
}

}  // namespace otklik
