#pragma once
// A drawn interval as the desk sees it; shown alone and within its check.
#include <optional>
#include <string>
#include <vector>

#include "people/people.h"
#include "recording/recording.h"
#include "sampling/sampling.h"
#include "web/api/route.h"

namespace otklik {

/// One track of the recording, with what the player needs of the interval.
struct DrawTrack {
    std::int64_t channel = 0;
    std::string role, peaks_url, audio_url, words_url;
    bool silent = false;
    void fields(FieldSink& f);
};
struct DrawView {
    Id<Draw> id;
    std::string seed;
    Id<Point> point_id;
    std::string point_name;
    Id<RecordingSession> recording_id;
    std::int64_t channel = 0;
    std::int64_t begin_sample = 0, end_sample = 0;
    Instant begin_at, end_at;
    std::optional<std::string> person_name;
    double frame_minutes = 0;
    bool overlaps_press = false;
    std::string zone, peaks_url, audio_url, words_url;  // of the first track
    std::vector<DrawTrack> tracks;
    Instant created_at;
    std::optional<Instant> erased_at;
    void fields(FieldSink& f);
};
DrawView draw_view(Call& call, Tx& tx, const Draw& draw);

}  // namespace otklik
