// A file of a cut that is gone or changed: what fsck found, mended.
#include "clips/clip_look.h"
#include "clips/clips_sql.h"
#include "store/blobs.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

bool Clips::mend(Tx& tx, const StoredFile& file) {
    const auto row = tx.row(version_of_file, {{"file", file.id}});
    if (!row) return false;
    const auto cut = version(Scope::system(), tx, row->id<ClipVersion>(0));
    const auto clip = find(Scope::system(), tx, row->id<Clip>(1));
    if (!cut || !clip) return false;
    tx.run(delete_track_of_file, {{"file", file.id}});
    blobs_.discard(tx, file.id, "damaged");
    if (clip->version_id == cut->id) {
        const auto look = look_at(tx, clip->id);
        const bool as_much = look && look->plan.missing_samples <= cut->missing_samples;
        const bool is_empty = cut->tracks.size() == 1;
        if (as_much || is_empty) {
            // Without its files the next look cuts it again.
            tx.run(delete_tracks, {{"version", cut->id}});
            for (const ClipTrackRow& track : cut->tracks)
                if (track.file.id != file.id) blobs_.discard(tx, track.file.id, "damaged");
            tx.run(reopen_clip, {{"id", clip->id}, {"at", tx.now()}});
            tell(tx, "clip.wanted", clip->company_id, clip->unit.value, clip->id.value);
        }
    }
    tell(tx, "clip.changed", clip->company_id, clip->unit.value, clip->id.value);
    return true;
}

}  // namespace otklik
