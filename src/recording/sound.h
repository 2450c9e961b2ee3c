#pragma once
// Sound of a recorded track: cut without decoding, decoded for engines, drawn as peaks. The rows
// are read in a transaction, the bytes outside of it. Thread: a TrackSound is const and may be
// shared.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/peaks.h"
#include "recording/recording.h"

namespace otklik {

class SegmentSource;

class TrackSound {
public:
    /// The segments that hold the range with its preroll. Opens the files, reads none of them.
    /// Throws Error{not_found} when a file is gone.
    TrackSound(Tx& tx, const Recording& recording, const Blobs& blobs, Id<Track> track,
               SampleRange range);
    ~TrackSound();
    TrackSound(TrackSound&&) noexcept;
    const SegmentSource& source() const;
    /// Ogg Opus of the range, mono, by packet copy; holes in it are silence of true length.
    /// Error{not_found, "audio.not_covered"} when nothing of it is there.
    std::string cut(SampleRange range) const;
    /// PCM at 8, 12, 16, 24 or 48 kHz; count = range.count() * rate / 48000.
    std::vector<std::int16_t> pcm(SampleRange range, int rate) const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// The wave in buckets of 20 ms from the one that holds range.begin on; empty where nothing was
/// recorded. Reads only that part of the file.
std::vector<Peak> read_peaks(const MediaFile& peaks_file, SampleRange range);

struct DrawnWave {
    std::vector<std::int64_t> min, max;  // -128..127, both 0 where nothing was recorded
};
/// `buckets` equal parts of the range, 1..100 000. Silence of true length where there are no peaks.
DrawnWave draw_wave(const MediaFile& peaks_file, SampleRange range, int buckets);

}  // namespace otklik
