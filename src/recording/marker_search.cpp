// The stage behind recording.markers: a recording is searched for marks, and what was heard is held
// against what was played.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "align/marker_finder.h"
#include "align/marker_match.h"
#include "recording/machine_repair.h"
#include "recording/markers.h"
#include "recording/markers_sql.h"
#include "recording/sound.h"
#include "store/store.h"

namespace otklik {

using namespace markers_sql;

namespace {

constexpr int search_rate = 8'000;  // the mark's band ends at 3200 Hz
constexpr std::int64_t piece_samples = 60 * samples_per_second;
constexpr std::int64_t same_place_samples = samples_per_second / 20;
/// A live recorder that knows its time so well learns nothing from a mark.
constexpr Duration known_enough = Duration::ms(50);

std::vector<Marker> markers_near(Tx& tx, const RecordingSession& session) {
    const Duration reach = marker_reach(session.uncertainty);
    return markers_played(tx, session.company_id, session.point_id,
                          {session.at.begin - reach, session.at.end + reach});
}

bool any_at(const std::vector<Marker>& markers, Id<Point> point) {
    return std::any_of(markers.begin(), markers.end(),
                       [&](const Marker& each) { return each.point_id == point; });
}

/// The channel that is not silence.
std::optional<Track> track_to_search(Tx& tx, const Recording& recording, Id<RecordingSession> id) {
    std::optional<Track> best;
    for (const Track& track : recording.tracks(tx, id))
        if (!best || (best->silent && !track.silent)) best = track;
    return best;
}

std::vector<align::HeardMarker> heard_in(Tx& tx, Id<RecordingSession> id) {
    std::vector<align::HeardMarker> heard;
    for (const Row& row : tx.rows(heard_in_session, {{"session", id}}))
        heard.push_back({static_cast<double>(row.integer(0)) / samples_per_second,
                         static_cast<int>(row.integer(1)), static_cast<double>(row.integer(2)),
                         row.integer(3) != 0});
    return heard;
}

std::string_view word_of(align::MarkerTurn turn) {
    switch (turn) {
        case align::MarkerTurn::ambiguous:
            return "ambiguous";
        case align::MarkerTurn::doubtful:
            return "doubtful";
        default:
            return "unheard";
    }
}

HeardAt evidence_of(const MarkerJudgement& judged) {
    constexpr auto heard_within = Duration::ms(static_cast<int>(align::marker_found_within_ms));
    return {*judged.media_sample, judged.marker.at, judged.marker.uncertainty + heard_within,
            "marker"};
}

/// Of evidence that was weighed before: a mark is weighed once, and what a person did with it
/// afterwards stands.
const ClockAnchor* weighed_at(const std::vector<ClockAnchor>& anchors, std::int64_t sample) {
    const auto found = std::find_if(anchors.begin(), anchors.end(), [&](const ClockAnchor& each) {
        return each.source == "marker" && std::abs(each.media_sample - sample) < same_place_samples;
    });
    return found == anchors.end() ? nullptr : &*found;
}

}  // namespace

void MarkerSearch::look(Id<RecordingSession> id) {
    struct Asked {
        std::optional<RecordingSession> session;
        bool wanted = false, searched = false;
    };
    const auto asked = store_.read([&](Tx& tx) {
        Asked a;
        a.session = recording_.find_session(Scope::system(), tx, id);
        if (!a.session || a.session->is_open || a.session->erased_at) return a;
        const bool live = a.session->original_id == 0;
        if (live && a.session->uncertainty <= known_enough) return a;
        a.wanted = any_at(markers_near(tx, *a.session), a.session->point_id) ||
                   !tx.rows(turns_of_session, {{"session", id}}).empty();
        a.searched = tx.row(find_search, {{"session", id}}).has_value();
        return a;
    });
    if (!asked.wanted) return;
    if (!asked.searched) search(*asked.session);
    store_.write([&](Tx& tx) {
        if (const auto session = recording_.find_session(Scope::system(), tx, id))
            judge(tx, *session);
    });
}

void MarkerSearch::search(const RecordingSession& session) {
    const SampleRange all{0, session.length_samples};
    const auto sound = store_.read([&](Tx& tx) {
        const auto track = track_to_search(tx, recording_, session.id);
        return track ? std::optional<TrackSound>(std::in_place, tx, recording_, blobs_, track->id,
                                                 all)
                     : std::nullopt;
    });
    align::MarkerFinder finder(search_rate);
    std::vector<float> pcm;
    for (std::int64_t at = 0; sound && at < all.end; at += piece_samples) {
        const auto piece = sound->pcm({at, std::min(at + piece_samples, all.end)}, search_rate);
        pcm.resize(piece.size());
        std::transform(piece.begin(), piece.end(), pcm.begin(),
                       [](std::int16_t s) { return static_cast<float>(s) / 32'768; });
        finder.feed(pcm);
    }
    const auto found = finder.finish();
    store_.write([&](Tx& tx) {
        tx.run(insert_search, {{"session", session.id},
                               {"company", session.company_id},
                               {"unit", session.unit},
                               {"at", tx.now()}});
        for (const align::HeardMarker& each : found)
            tx.run(insert_heard,
                   {{"session", session.id},
                    {"sample", std::max<std::int64_t>(
                                   0, std::llround(each.at_s * double{samples_per_second}))},
                    {"code", std::int64_t{each.code}},
                    {"score", std::llround(each.score)},
                    {"alone", each.alone}});
    });
}

void MarkerSearch::judge(Tx& tx, const RecordingSession& session) {
    const std::vector<Marker> markers = markers_near(tx, session);
    const std::vector<align::HeardMarker> heard = heard_in(tx, session.id);
    std::vector<align::PlayedMarker> played;
    for (const Marker& each : markers)
        played.push_back({each.at, each.uncertainty, static_cast<int>(each.code),
                          each.point_id != session.point_id});
    const auto matches = align::match_markers(played, heard, session.at.begin, session.at.length(),
                                              marker_reach(session.uncertainty));
    std::vector<MarkerJudgement> all;
    for (std::size_t i = 0; i < markers.size(); ++i) {
        if (played[i].elsewhere || matches[i].turn == align::MarkerTurn::outside) continue;
        MarkerJudgement judged{markers[i], std::string(word_of(matches[i].turn)), {}, {}};
        if (matches[i].turn == align::MarkerTurn::matched)
            judged.media_sample =
                std::llround(heard[matches[i].heard].at_s * double{samples_per_second});
        all.push_back(std::move(judged));
    }
    weigh(tx, session, all);
    tx.run(drop_turns, {{"session", session.id}});
    for (const MarkerJudgement& judged : all)
        tx.run(put_turn, {{"session", session.id},
                          {"marker", judged.marker.id},
                          {"turn", judged.turn},
                          {"reason", judged.reason},
                          {"sample", judged.media_sample},
                          {"at", tx.now()}});
}

void MarkerSearch::weigh(Tx& tx, const RecordingSession& session,
                         std::vector<MarkerJudgement>& all) {
    std::vector<MarkerJudgement*> fresh;
    const std::vector<ClockAnchor> anchors = repairs_.anchors(tx, session.id);
    for (MarkerJudgement& judged : all) {
        if (!judged.media_sample) continue;
        const ClockAnchor* before = weighed_at(anchors, *judged.media_sample);
        if (!before) {
            fresh.push_back(&judged);
            continue;
        }
        judged.turn = before->refused.empty() ? "used" : "refused";
        judged.reason = before->refused;
    }
    if (fresh.empty()) return;
    RepairWish wish;
    wish.seen = {session.id, recording_.clock_map(tx, session.id).number,
                 repairs_.newest_number(tx, session.id)};
    wish.heard = evidence_of(*fresh.front());
    for (std::size_t i = 1; i < fresh.size(); ++i) wish.along.push_back(evidence_of(*fresh[i]));
    const auto turns = repair_by_machine(tx, repairs_, wish, marker_actor);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        fresh[i]->turn = turns[i].turn;
        fresh[i]->reason = turns[i].reason;
    }
}

}  // namespace otklik
