#pragma once
// Clock evidence: observations that tie a second of a recording to an instant, weighed against each
// other. The best evidence wins by its uncertainty; what contradicts it is refused with the reason,
// not averaged in. What the map does not know is carried as ±, never left out. Pure: no database,
// no clock. Thread: values.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "recording/clock_map.h"

namespace otklik {

/// One observation.
struct ClockAnchor {
    std::int64_t id = 0;
    std::int64_t media_sample = 0;
    Instant at;
    Duration uncertainty;  // half-width
    // The recorder's own clock, one witness however often it is asked: stated | name | tag | agent.
    // Each a witness of its own: reading (its clock held against a right one at hand-over), marker,
    // correlation, clap (marked by hand), nudge (a clip moved by ear), person (stated outright).
    std::string source;
    std::string refused;  // why a map left it out; empty: it did not
    std::string made_by;  // actor; empty: it came with the recording
    Instant created_at;
};

enum class AnchorVerdict { used, agrees, refused };
struct JudgedAnchor {
    ClockAnchor anchor;
    AnchorVerdict verdict = AnchorVerdict::used;
    std::string reason;  // of a refused one: clock.contradicts | clock.too_vague | clock.outside
    Duration off;        // from the map, later is above 0
};
struct ClockFit {
    ClockMap map;                       // uncertainty: the worst within the recording
    std::vector<JudgedAnchor> anchors;  // best first
    double drift_ppm = 0;               // of the recorder against true time; above 0: it runs slow
    bool drift_known = false;           // two anchors or more stand far enough apart
    std::vector<Duration> knot_doubts;  // of each point of the map
    Duration doubt_at(std::int64_t sample) const;
};

inline constexpr double drift_ppm_max = 500;      // no crystal is worse: more is a contradiction
inline constexpr double drift_ppm_unknown = 100;  // of a recorder whose drift nothing tells
inline constexpr double drift_ppm_wander = 2;     // how a known drift moves with the day's warmth
inline constexpr Duration anchor_doubt_max = Duration::seconds(600);  // worse says nothing

/// The fit over the anchors; none, or none that holds: one point at sample 0, instant 0, and the
/// whole doubt that is allowed. `length_samples` of the recording.
ClockFit fit_clock(std::span<const ClockAnchor> anchors, std::int64_t length_samples);

}  // namespace otklik
