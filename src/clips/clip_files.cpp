// The files of a clip: packet copies of the tracks that its plan names.
#include <fcntl.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/files.h"
#include "clips/clip_look.h"
#include "media/clip_cut.h"
#include "media/likeness.h"
#include "media/segment.h"
#include "recording/sound.h"

namespace otklik {
namespace {

SegmentRow row_of(const Recording::SegmentRef& ref) {
    SegmentRow row;
    row.file_number = static_cast<int>(ref.first_packet / packets_per_file);
    row.first_sample = ref.first_sample;
    row.sample_count = ref.sample_count;
    row.byte_begin = ref.byte_begin;
    row.byte_count = ref.byte_count;
    row.pages = parse_page_index(ref.page_index);
    return row;
}

/// Open files and segment sources of one cut; the sources look into the files.
class OpenSources {
public:
    explicit OpenSources(const Blobs& blobs) : blobs_(blobs) {}
    const SegmentSource& source(const SourceTrack& track) {
        auto& made = sources_[&track];
        if (made) return *made;
        std::vector<SegmentRef> refs;
        for (std::size_t i = 0; i < track.segments.size(); ++i)
            refs.push_back(
                {track.segments[i].tail ? track.segments[i].tail.get() : &file(track.files[i]),
                 row_of(track.segments[i])});
        made = std::make_unique<SegmentSource>(std::move(refs));
        return *made;
    }

private:
    const MediaFile& file(const StoredFile& stored) {
        auto& opened = files_[stored.id.value];
        if (!opened) opened = blobs_.open(stored);
        return *opened;
    }
    const Blobs& blobs_;
    std::map<std::int64_t, std::unique_ptr<MediaFile>> files_;
    std::map<const SourceTrack*, std::unique_ptr<SegmentSource>> sources_;
};

void write_draft(const std::string& path, std::string_view bytes) {
    const Fd fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
    write_all(fd.get(), bytes);
}

/// The wave of one channel of a cut, taken from the recordings' own.
std::string loudness_of_cut(const Blobs& blobs, const CutTracks& made,
                            const std::vector<const SourceTrack*>& sound_tracks) {
    std::vector<Peak> peaks(static_cast<std::size_t>(made.length_samples / peak_bucket_samples));
    auto track = sound_tracks.begin();
    for (const ClipPieceRow& piece : made.rows) {
        if (piece.is_gap || track == sound_tracks.end()) continue;
        const SourceTrack& source = **track++;
        if (!source.peaks) continue;
        const auto part =
            read_peaks(*blobs.open(*source.peaks),
                       {piece.session_sample, piece.session_sample + piece.sample_count});
        const auto at = static_cast<std::size_t>(piece.clip_sample / peak_bucket_samples);
        for (std::size_t i = 0; i < part.size() && at + i < peaks.size(); ++i)
            peaks[at + i] = part[i];
    }
    return loudness_of(peaks);
}

}  // namespace

CutTracks cut_tracks(const Blobs& blobs, const ClipPlan& plan,
                     const std::vector<ClipSource>& sources,
                     const std::vector<std::vector<SourceTrack>>& tracks, CutFor purpose) {
    OpenSources open(blobs);
    // A clip has two tracks when any of its sound has: a mono piece is then heard on both.
    std::size_t channels = 1;
    for (const PlannedPiece& piece : plan.pieces)
        if (!piece.is_gap()) channels = std::max(channels, tracks[piece.source].size());
    CutTracks made;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        std::vector<CutPiece> pieces;
        std::vector<const SourceTrack*> sound_tracks;
        for (const PlannedPiece& piece : plan.pieces) {
            if (piece.is_gap()) {
                pieces.push_back({nullptr, {}, piece.sample_count});
                continue;
            }
            const auto& of_session = tracks[piece.source];
            const SourceTrack& track = of_session[std::min(channel, of_session.size() - 1)];
            pieces.push_back({&open.source(track), piece.range, 0});
            sound_tracks.push_back(&track);
        }
        ClipCut cut = cut_clip(pieces);
        made.ogg.push_back(std::move(cut.ogg));
        if (channel == 0) {
            std::vector<MadePiece> sounds;
            for (const ClipPiece& piece : cut.pieces)
                if (!piece.gap) sounds.push_back({piece.clip_begin, piece.sample_count});
            made.length_samples = cut.sample_count;
            made.rows = piece_rows(plan, sources, sounds, cut.sample_count);
        }
        if (purpose == CutFor::keeping)
            made.loudness.push_back(loudness_of_cut(blobs, made, sound_tracks));
    }
    return made;
}

CutFiles cut_files(Blobs& blobs, std::int64_t company_id, const ClipPlan& plan,
                   const std::vector<ClipSource>& sources,
                   const std::vector<std::vector<SourceTrack>>& tracks) {
    CutTracks cut = cut_tracks(blobs, plan, sources, tracks, CutFor::keeping);
    CutFiles made;
    made.loudness = std::move(cut.loudness);
    made.rows = std::move(cut.rows);
    made.length_samples = cut.length_samples;
    // Files only when every track could be cut.
    for (const std::string& ogg : cut.ogg) {
        const std::string draft = blobs.draft_path();
        write_draft(draft, ogg);
        made.files.push_back(blobs.adopt(draft, company_id, "clip"));
    }
    return made;
}

}  // namespace otklik
