#pragma once
// The end of a cut's term (P38): the files of all its cuts go, its rows, checks and what was
// written of it stay. The term is the basis card's (Sites::kept_days), counted from the end of the
// press's window; a press that nobody processed keeps its cut for 30 days whatever the card says,
// and pins (a hold, a check in work) keep it for longer. The envelope stays: a copy of the cut that
// comes back is still known as one (S3-39). Facts: clip.erased, clip.changed (subject: clip).
// Thread: any worker; a transaction for each clip.
#include "clips/clips.h"

namespace otklik {

class ClipExpiry {
public:
    ClipExpiry(Store& store, Blobs& blobs, Signals& signals, Clips& clips, Sites& sites)
        : store_(store), blobs_(blobs), signals_(signals), clips_(clips), sites_(sites) {}
    /// Erases a bounded number of cuts that are due. True: there may be more.
    bool erase_due(std::int64_t company_id);
    /// Cuts whose term is over; held ones are among them.
    std::int64_t count_due(Tx& tx, const Point& point) const;

private:
    bool erase(Tx& tx, const Point& point, Id<Clip> id, std::int64_t days);
    bool waits_for_work(Tx& tx, const Clip& clip) const;

    Store& store_;
    Blobs& blobs_;
    Signals& signals_;
    Clips& clips_;
    Sites& sites_;
};

}  // namespace otklik
