#pragma once
// One look of stage clips.cut: everything that was read, so that files are cut from it outside of
// any transaction. Private to the room. Thread: belongs to one look.
#include <optional>
#include <string>
#include <vector>

#include "clips/clip_rules.h"
#include "clips/clips.h"

namespace otklik {

/// One track of one session: where its packets lie.
struct SourceTrack {
    std::vector<Recording::SegmentRef> segments;
    std::vector<StoredFile> files;  // of each segment
    std::optional<StoredFile> peaks;
};

struct Clips::Look {
    Clip clip;
    Point point;
    std::optional<ClipVersion> made;  // the newest cut
    ClipWorld world;
    std::vector<std::vector<SourceTrack>> tracks;  // of each source
    ClipPlan plan;

    bool needs_cut() const;
    bool changes_state() const;
    /// Whether what was cut last stands for the clip when nothing new is cut: after a repair only
    /// where the plan has sound, since what lay there may have been another talk.
    bool keeps_cut() const;
};

/// What the cutter made of a plan, in memory: Ogg Opus of each track, and the truth about the
/// pieces.
struct CutTracks {
    std::vector<std::string> ogg;
    std::vector<std::string> loudness;  // as media/likeness.h; only when asked for
    std::vector<ClipPieceRow> rows;
    std::int64_t length_samples = 0;
};
enum class CutFor { keeping, playing };  // what is only played needs no loudness
CutTracks cut_tracks(const Blobs& blobs, const ClipPlan& plan,
                     const std::vector<ClipSource>& sources,
                     const std::vector<std::vector<SourceTrack>>& tracks, CutFor purpose);

/// The same in files: a file per track, already in its place, and the truth about the
/// pieces.
struct CutFiles {
    std::vector<StoredFile> files;
    std::vector<std::string> loudness;  // of each file, as media/likeness.h
    std::vector<ClipPieceRow> rows;
    std::int64_t length_samples = 0;
};
CutFiles cut_files(Blobs& blobs, std::int64_t company_id, const ClipPlan& plan,
                   const std::vector<ClipSource>& sources,
                   const std::vector<std::vector<SourceTrack>>& tracks);

}  // namespace otklik
