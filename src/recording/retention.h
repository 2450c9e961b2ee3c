#pragma once
// Retention (P38): sound whose term is over is erased, what was said of it stays. The terms are
// those of the point's basis card (Sites::kept_days), counted from the end of a recording and from
// the arrival of an imported file. Deletion asks only the pins: an hour's file that a hold, a
// waiting press or a check in work needs stays whole. Erased time is a gap `erased`; the
// recording's row stays and says since when. Nothing is erased before `begins`: a house that was
// there before this stage has a week to look at what would go, and so has one whose clock leapt
// (docs/decisions/recording-clock-leaps.md). Low disk space erases nothing: see
// store/disk.h. Facts: recording.erased (subject: session). Thread: any worker; a transaction for
// each recording.
#include <optional>

#include "recording/recording.h"

namespace otklik {

class People;

/// What is due at a point, for the administrator's eyes.
struct PointTerms {
    Id<Point> point_id;
    std::optional<Sites::KeptDays> days;   // nothing: it never had a basis card
    std::optional<Instant> oldest_end_at;  // of the recordings that are kept
    std::int64_t kept = 0;                 // recordings
    std::int64_t due = 0;                  // their term is over; held ones are among them
    std::int64_t due_in_week = 0;          // … will be within seven days
};

class Retention {
public:
    Retention(Store& store, Blobs& blobs, Recording& recording, Sites& sites, People& people)
        : store_(store), blobs_(blobs), recording_(recording), sites_(sites), people_(people) {}
    /// From when on sound is erased; decided and kept when it is asked for the first time. Notes
    /// when it was asked: more than three days later, or earlier than before, the week begins anew.
    Instant begins(std::int64_t company_id);
    /// The same without deciding; nothing: it was never asked.
    std::optional<Instant> find_begins(Tx& tx, std::int64_t company_id) const;
    /// Erases a bounded number of recordings and imported files that are due. True: there may be
    /// more. Run twice, it changes nothing more.
    bool erase_due(std::int64_t company_id);
    PointTerms terms(Tx& tx, const Point& point) const;

private:
    Instant note_look(Tx& tx, std::int64_t company_id);
    Instant decide_begin(Tx& tx, std::int64_t company_id);
    Instant begin_anew(Tx& tx, std::int64_t company_id, Instant seen_at);
    void erase_recordings(const Point& point, int& left);
    bool erase_recording(Tx& tx, const Point& point, Id<RecordingSession> id, std::int64_t days);
    void erase_originals(std::int64_t company_id, int& left);
    bool erase_original(Tx& tx, std::int64_t id);

    Store& store_;
    Blobs& blobs_;
    Recording& recording_;
    Sites& sites_;
    People& people_;
};

}  // namespace otklik
