#include "recording/live_clock.h"

#include <algorithm>

#include "recording/live_sql.h"

namespace otklik {
namespace {

constexpr std::int64_t seconds_that_agree = 5;         // chunks
constexpr Duration came_fresh = Duration::seconds(4);  // what lay in a queue is no witness

/// 1: the clock stands ahead of the map, -1: behind, 0: as far off as a crystal goes.
int side_of(const ClockMap& map, std::int64_t end_sample, Instant ended_at) {
    const Duration late = ended_at - map.at(media_of(end_sample));
    if (std::abs(late.us) <= drift_since(map, ended_at - late).us) return 0;
    return late.us > 0 ? 1 : -1;
}

}  // namespace

Duration drift_since(const ClockMap& map, Instant at) {
    const Duration passed = at - map.points.back().second;
    return Duration::seconds(1) + Duration{std::max<std::int64_t>(0, passed.us) / 1'000};
}

bool clock_was_set(Tx& tx, const LiveSession& live, const ClockMap& map,
                   std::pair<std::int64_t, Instant> newest) {
    const int side = side_of(map, newest.first, newest.second);
    if (side == 0) return false;  // as nearly always, and without a look at the rows
    const auto rows =
        tx.rows(live_sql::tail_until, {{"session", live.session_id},
                                       {"sequence", live.whole_sequence - seconds_that_agree},
                                       {"until", live.whole_sequence},
                                       {"count", seconds_that_agree}});
    return static_cast<std::int64_t>(rows.size()) == seconds_that_agree &&
           std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
               const TailSound sound = tail_sound(row);
               return sound.kind == "sound" && sound.created_at - sound.ended_at <= came_fresh &&
                      side_of(map, sound.end_sample(), sound.ended_at) == side;
           });
}

}  // namespace otklik
