// Clips and repairs: which clips a repaired recording touches, and what a repair would do to them.
#include <algorithm>

#include "clips/clip_look.h"
#include "clips/clips.h"
#include "clips/clips_sql.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

namespace {

/// By how much the sound that the cut has goes to another time.
std::optional<Duration> moved_by(const ClipVersion& made, const ClipPlan& plan,
                                 const std::vector<ClipSource>& sources) {
    for (const ClipPieceRow& row : made.pieces) {
        if (row.is_gap) continue;
        for (const PlannedPiece& piece : plan.pieces)
            if (!piece.is_gap() && sources[piece.source].session.id == row.session_id)
                return sources[piece.source].map.at(row.session_sample) - row.begin_at;
    }
    return std::nullopt;
}

/// Clips that are this fragment, whole; of any other recording none.
std::vector<Id<Clip>> clips_of(Tx& tx, const RecordingSession& session) {
    std::vector<Id<Clip>> clips;
    if (session.is_fragment)
        for (const Row& row : tx.rows(clips_of_fragment, {{"session", session.id}}))
            clips.push_back(row.id<Clip>(0));
    return clips;
}

}  // namespace

std::vector<Id<Clip>> Clips::ask_anew(Tx& tx, Id<Repair> id) {
    const auto repair = repairs_.find(tx, id);
    const auto session =
        repair ? recording_.find_session(Scope::system(), tx, repair->session_id) : std::nullopt;
    if (!session) return {};
    std::vector<Id<Clip>> touched = clips_of(tx, *session);
    const auto touch = [&](Id<Point> point, Id<ClockMap> map_id) {
        const ClockMap map = recording_.find_map(tx, map_id);
        const TimeRange range{map.at(0), map.at(session->length_samples)};
        if (session->is_fragment) return;
        for (const Id<Clip> clip : clips_around(tx, point, range)) touched.push_back(clip);
    };
    touch(repair->point_before, repair->map_before);
    touch(repair->point_id, repair->map_id);
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (const Id<Clip> clip : touched) tx.run(ask_clip_anew, {{"id", clip}, {"repair", id}});
    return touched;
}

ClipForecasts Clips::foresee(Tx& tx, std::span<const RepairPlan> plans, int count_max) const {
    const std::vector<Stretch> supposed = supposed_by(plans);
    std::vector<Id<Clip>> near;
    for (const RepairPlan& plan : plans) {
        for (const Id<Clip> id : clips_of(tx, plan.before)) near.push_back(id);
        if (plan.before.is_fragment) continue;
        for (const RecordingSession* session : {&plan.before, &plan.after})
            for (const Id<Clip> id : clips_around(tx, session->point_id, session->at, supposed))
                near.push_back(id);
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    ClipForecasts result;
    result.cut_short = near.size() > static_cast<std::size_t>(count_max);
    if (result.cut_short) near.resize(static_cast<std::size_t>(count_max));
    for (const Id<Clip> id : near) {
        auto look = look_at(tx, id, supposed);
        if (!look) continue;
        const Clip clip = look->clip;
        look->clip.reopened_by = {1};  // as the repair would leave it; no row is written
        const bool had = static_cast<bool>(clip.version_id), has = look->plan.has_sound();
        const bool same_cut = had == has && !look->needs_cut();
        if (same_cut && clip.state == look->plan.state) continue;
        ClipForecast forecast{
            clip, ClipTurn::changes, {}, look->plan.state, look->plan.missing_samples};
        const auto moved =
            had && has ? moved_by(*look->made, look->plan, look->world.sources) : std::nullopt;
        if (!had && has) forecast.turn = ClipTurn::gains;
        if (had && !has) forecast.turn = ClipTurn::loses;
        if (moved && *moved != Duration{}) {
            forecast.turn = ClipTurn::moves;
            forecast.moved_by = *moved;
        }
        result.turns.push_back(std::move(forecast));
    }
    return result;
}

}  // namespace otklik
