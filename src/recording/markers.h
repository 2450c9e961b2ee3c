#pragma once
// Audible marks: a panel plays one, a recorder hears it, and a second of the recording is tied to
// an instant. What was played is kept as it came; a recording of the point is searched once, and
// what was heard is judged against what was played whenever more of either is known. What holds
// becomes evidence of the clock (recording/repair.h, source `marker`) by a repair that nobody has
// to ask for; what does not stands beside it with its reason.
// Owns: marker, marker_search, marker_heard, marker_turn. Fact: marker.played (subject: marker).
// Thread: any; the transaction is the lock. MarkerSearch::look blocks while it decodes.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace otklik {

class Blobs;
class Repairs;
class Store;

struct Marker {
    Id<Marker> id;
    Id<Point> point_id;
    std::int64_t device_id = 0;
    std::string mark_id;  // given by the panel
    std::int64_t code = 0;
    Instant at;            // when its first sample was heard, by the server's clock
    Duration uncertainty;  // half-width
    Duration latency;      // counted into `at` by the panel, for the record
};
template <>
inline constexpr std::string_view id_prefix<Marker> = "marker";

/// What one mark says of one recording.
struct MarkerJudgement {
    Marker marker;
    std::string turn;    // used | agrees | refused | unheard | ambiguous | doubtful
    std::string reason;  // of a refused one, a message code
    std::optional<std::int64_t> media_sample;
};

inline constexpr std::string_view marker_actor = "marker";  // made_by of its repairs
/// How far a recorder's clock may be wrong and is put right all the same: an hour, or more where
/// it is known to know less.
Duration marker_reach(Duration uncertainty);

/// Sent again, it is the same mark. Error{invalid}: "marker.id", "marker.code", "marker.time";
/// Error{conflict, "marker.differs"}: this id came with another content.
Id<Marker> keep_marker(Tx& tx, const Point& point, const Marker& marker);
/// Of the point and of every other of the company between the two, by instant; the first 4 000 of
/// either, so that no other point crowds the point's own out.
std::vector<Marker> markers_played(Tx& tx, std::int64_t company, Id<Point> point, TimeRange range);
/// Recordings of its point that may have heard it.
std::vector<Id<RecordingSession>> recordings_near(Tx& tx, Id<Marker> id);
/// By the instant they were played.
std::vector<MarkerJudgement> marker_judgements(Tx& tx, Id<RecordingSession> id);

class MarkerSearch {
public:
    MarkerSearch(Store& store, const Blobs& blobs, Recording& recording, Repairs& repairs)
        : store_(store), blobs_(blobs), recording_(recording), repairs_(repairs) {}
    /// Searches the recording if marks were played near it, and judges them all. A recording that
    /// goes on is left alone, as is one whose time is known better than a mark could tell.
    void look(Id<RecordingSession> id);

private:
    void search(const RecordingSession& session);
    void judge(Tx& tx, const RecordingSession& session);
    void weigh(Tx& tx, const RecordingSession& session, std::vector<MarkerJudgement>& all);

    Store& store_;
    const Blobs& blobs_;
    Recording& recording_;
    Repairs& repairs_;
};

}  // namespace otklik
