#pragma once
// Mending what fsck finds of a recording. A track's file that is gone, short or changed: the
// minutes whose bytes are not as they were go, and their time becomes a gap `torn`; the rest plays
// on. A wave that is gone or changed is drawn again from the sound. A recording that goes on is
// left to its end. Files first, then all rows in one transaction; done twice, it changes nothing
// more. Facts: recording.gap, recording.covered. Thread: any; a day's wave takes most of a minute.
#include "recording/recording.h"

namespace otklik {

class Mender {
public:
    Mender(Store& store, Blobs& blobs, Recording& recording, Sites& sites)
        : store_(store), blobs_(blobs), recording_(recording), sites_(sites) {}
    /// `file` of kind track. False: nothing was to be done, or the recording goes on.
    bool mend_track(const StoredFile& file);
    /// `file` of kind peaks; after the tracks. False as above, or no track has it.
    bool draw_anew(const StoredFile& file);

private:
    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    Sites& sites_;
};

}  // namespace otklik
