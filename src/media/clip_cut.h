#pragma once
// Clips by packet copy: exact to the sample inside a session, without decoding (design.md section
// 5). A pure function of its input: the same pieces and rules give the same bytes. Thread: any.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/segment.h"

namespace otklik {

/// Part of the window asked for, in order. Either a range of one session's track, or a gap of true
/// length. What lies before the start or after the end of a recording is a gap too.
struct CutPiece {
    const SegmentSource* source = nullptr;  // none: a gap
    SampleRange range;                      // media time of the source's session; must be covered
    std::int64_t gap_samples = 0;
};

/// What came out: where each piece really begins in the clip.
struct ClipPiece {
    std::int64_t clip_begin = 0;  // samples at 48 kHz since the clip's start
    std::int64_t sample_count = 0;
    bool gap = false;
    SampleRange source;  // media time; empty for a gap
};

struct ClipCut {
    std::string ogg;  // Ogg Opus, mono, 1-s pages
    std::vector<ClipPiece> pieces;
    std::int64_t sample_count = 0;   // exact length of the decoded clip
    std::int64_t missing_count = 0;  // samples of it that are gaps
    std::int64_t bytes_read = 0;
    int pre_skip = 0;
};

struct CutRules {
    int preroll_packets =
        12;  // 240 ms: no cut of 400 above -60 dBFS of error; at most 66, pre-skip has 16 bits
    std::uint32_t serial = 0x4F544B4C;
    std::int64_t sample_count_max = std::int64_t{24} * 3600 * samples_per_second;
};

/// Neighbouring pieces of one source that touch are cut as one. A clip that is one piece, or begins
/// with gaps followed by one piece, is exact to the sample. After an inner gap or joint a piece
/// begins at the nearest 2.5 ms of the absolute timeline (errors never add up); when less than
/// about 26 ms is left for the tail of one session and the warm-up of the next, it begins that much
/// later, and ClipPiece says where. A two-sided call is cut track by track: one clip each, with the
/// same pieces. Throws Error{invalid, "clip.empty"}, {too_large, "clip.too_long"}, {invalid,
/// "clip.preroll_too_long"}, {not_found, "audio.not_covered"}, {internal, "audio.segment_damaged"}.
ClipCut cut_clip(std::span<const CutPiece> pieces, const CutRules& rules = {});

}  // namespace otklik
