#pragma once
// Two recordings of one point heard the same scene: one whose time is known puts right one whose
// time only its own clock says. Laid over each other once (align/scene.h); where it holds it
// becomes evidence of the clock, source `correlation`, by a repair that nobody has to ask for.
// Owns: scene_match. Thread: any; the transaction is the lock. SceneSearch::look blocks while it
// decodes: some minutes for two days of sound.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace otklik {

class Blobs;
class Repairs;
class Store;

/// What the sound of another recording says of one's time.
struct SceneJudgement {
    Id<RecordingSession> other_id;
    std::string turn;    // used | agrees | refused
    std::string reason;  // of a refused one, a message code
    std::int64_t pieces_agree = 0, pieces = 0, windows_agree = 0, windows_clear = 0;
};

inline constexpr std::string_view scene_actor = "scene";  // made_by of its repairs

/// By the other recording.
std::vector<SceneJudgement> scene_judgements(Tx& tx, Id<RecordingSession> id);

class SceneSearch {
public:
    SceneSearch(Store& store, const Blobs& blobs, Recording& recording, Repairs& repairs)
        : store_(store), blobs_(blobs), recording_(recording), repairs_(repairs) {}
    /// A recording that nothing but its own clock dates is laid over those of its point whose time
    /// is known, the longest first, until one puts it right. One whose time is known asks for the
    /// others, which could not be dated before it came.
    void look(Id<RecordingSession> id);

private:
    struct Pair;
    std::vector<Pair> pairs(Tx& tx, const RecordingSession& session) const;
    bool lay_over(const Pair& pair);

    Store& store_;
    const Blobs& blobs_;
    Recording& recording_;
    Repairs& repairs_;
};

}  // namespace otklik
