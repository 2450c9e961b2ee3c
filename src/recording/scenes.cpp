#include "recording/scenes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "align/scene.h"
#include "base/error.h"
#include "recording/machine_repair.h"
#include "recording/rows.h"
#include "recording/scenes_sql.h"
#include "recording/sound.h"
#include "store/jobs.h"
#include "store/store.h"

namespace otklik {

using namespace scenes_sql;

namespace {

/// A recorder's clock may be wrong by so much and is put right all the same.
constexpr Duration reach = Duration::hours(1);
constexpr Duration session_length_max = Duration::hours(25);
/// Whose time is not known so well puts nobody right within 100 ms.
constexpr Duration known_within = Duration::ms(80);
/// Ways through the air differ by metres, and talkers walk.
constexpr Duration heard_within = Duration::ms(15);
constexpr Duration in_step_max = Duration::ms(50);
constexpr Duration overlap_min = Duration::seconds(300);
constexpr std::size_t pairs_max = 3;
constexpr std::int64_t piece_samples = 60 * samples_per_second;

double seconds(Duration d) {
    return static_cast<double>(d.us) / 1e6;
}

bool by_itself(const ClockAnchor& anchor) {
    return anchor.source == "stated" || anchor.source == "name" || anchor.source == "tag";
}
/// Something else than its own clock stands behind its time.
bool is_witnessed(Tx& tx, const Repairs& repairs, Id<RecordingSession> id) {
    const auto anchors = repairs.anchors(tx, id);
    return std::any_of(anchors.begin(), anchors.end(), [](const ClockAnchor& each) {
        return each.refused.empty() && !by_itself(each);
    });
}

std::vector<RecordingSession> near_session(Tx& tx, const Recording& recording,
                                           const RecordingSession& session) {
    std::vector<RecordingSession> all;
    for (const Row& row :
         tx.rows(sessions_near, {{"point", session.point_id},
                                 {"from", session.at.begin - reach - session_length_max},
                                 {"end", session.at.end + reach}})) {
        auto each =
            recording.find_session(Scope::system(), tx, Id<RecordingSession>{row.integer(0)});
        if (each && each->recorder_id != session.recorder_id &&
            each->at.end > session.at.begin - reach)
            all.push_back(*each);
    }
    return all;
}

std::vector<float> to_float(const std::vector<std::int16_t>& pcm) {
    std::vector<float> out(pcm.size());
    std::transform(pcm.begin(), pcm.end(), out.begin(),
                   [](std::int16_t s) { return static_cast<float>(s) / 32'768; });
    return out;
}

/// A part of a recording: its envelope, and its sound on demand.
class Side {
public:
    Side(Store& store, const Blobs& blobs, const Recording& recording,
         const RecordingSession& session, SampleRange part)
        : part_(part), sound_(store.read([&](Tx& tx) {
              const auto tracks = recording.tracks(tx, session.id);
              if (tracks.empty()) throw Error(Fault::not_found, "not_found");
              const auto loud = std::find_if(tracks.begin(), tracks.end(),
                                             [](const Track& each) { return !each.silent; });
              const Track& track = loud == tracks.end() ? tracks.front() : *loud;
              return TrackSound(tx, recording, blobs, track.id, part);
          })) {
        align::SceneEnvelope builder;
        for (std::int64_t at = part.begin; at < part.end; at += piece_samples)
            builder.feed(to_float(
                sound_.pcm({at, std::min(at + piece_samples, part.end)}, align::scene_rate)));
        envelope_ = builder.finish();
    }
    align::SceneRecording view() const {
        return {envelope_, [this](double at_s, std::size_t count) { return sound(at_s, count); }};
    }
    std::int64_t sample_at(double at_s) const {
        return part_.begin + std::llround(at_s * double{samples_per_second});
    }

private:
    /// Silence where the part does not reach.
    std::vector<float> sound(double at_s, std::size_t count) const {
        constexpr std::int64_t step = samples_per_second / align::scene_rate;
        std::vector<float> out(count);
        const std::int64_t begin = part_.begin + std::llround(at_s * align::scene_rate) * step;
        const SampleRange wanted{begin, begin + static_cast<std::int64_t>(count) * step};
        const SampleRange there{std::max(wanted.begin, part_.begin),
                                std::min(wanted.end, part_.end)};
        if (there.empty()) return out;
        const auto pcm = to_float(sound_.pcm(there, align::scene_rate));
        const auto offset = static_cast<std::size_t>((there.begin - wanted.begin) / step);
        std::copy_n(pcm.begin(), std::min(pcm.size(), count - offset),
                    out.begin() + static_cast<std::ptrdiff_t>(offset));
        return out;
    }

    SampleRange part_;
    TrackSound sound_;
    std::vector<float> envelope_;
};

/// What the other's map does not know of that sample: less than at its worst, where the evidence is
/// still what the map was made of.
Duration doubt_of(const ClockMap& map, const ClockFit& fit, std::int64_t sample) {
    const Duration off = fit.map.at(sample) - map.at(sample);
    if (off > in_step_max || -off > in_step_max) return map.uncertainty;
    return std::min(fit.doubt_at(sample), map.uncertainty);
}

/// Where both ends of what agrees lie, and when that was by the other's map.
std::vector<HeardAt> evidence_of(const align::SceneMatch& match, const Side& first,
                                 const Side& other, const ClockMap& map, const ClockFit& fit) {
    std::vector<HeardAt> all;
    for (const double at_s : {match.first_s, match.last_s}) {
        const std::int64_t there = other.sample_at(at_s + match.lag(at_s));
        all.push_back({first.sample_at(at_s), map.at(there),
                       doubt_of(map, fit, there) + heard_within, "correlation"});
    }
    return all;
}

}  // namespace

struct SceneSearch::Pair {
    RecordingSession session, other;
    ClockMap map;      // of the other
    SampleRange part;  // of the other: what the session may have heard
    Duration overlap;  // by their clocks, widened
};

std::vector<SceneJudgement> scene_judgements(Tx& tx, Id<RecordingSession> id) {
    std::vector<SceneJudgement> all;
    for (const Row& row : tx.rows(matches_of_session, {{"session", id}}))
        all.push_back({row.id<RecordingSession>(0), row.text(1), row.text(2), row.integer(3),
                       row.integer(4), row.integer(5), row.integer(6)});
    return all;
}

std::vector<SceneSearch::Pair> SceneSearch::pairs(Tx& tx, const RecordingSession& session) const {
    std::set<Id<RecordingSession>> tried;
    for (const SceneJudgement& each : scene_judgements(tx, session.id)) tried.insert(each.other_id);
    std::vector<Pair> all;
    for (const RecordingSession& other : near_session(tx, recording_, session)) {
        if (tried.contains(other.id) || other.uncertainty > known_within ||
            !is_witnessed(tx, repairs_, other.id))
            continue;
        Pair pair{session, other, recording_.clock_map(tx, other.id), {}, {}};
        pair.part = {std::max<std::int64_t>(0, pair.map.sample_at(session.at.begin - reach)),
                     std::min(other.length_samples, pair.map.sample_at(session.at.end + reach))};
        pair.overlap = duration_of_samples(pair.part.count());
        if (pair.overlap >= overlap_min) all.push_back(std::move(pair));
    }
    std::sort(all.begin(), all.end(),
              [](const Pair& a, const Pair& b) { return a.overlap > b.overlap; });
    if (all.size() > pairs_max) all.erase(all.begin() + pairs_max, all.end());
    return all;
}

void SceneSearch::look(Id<RecordingSession> id) {
    std::vector<Pair> waiting;
    std::vector<Id<RecordingSession>> others;
    store_.read([&](Tx& tx) {
        const auto session = recording_.find_session(Scope::system(), tx, id);
        if (!session || session->is_open || session->erased_at) return;
        if (!is_witnessed(tx, repairs_, id)) {
            waiting = pairs(tx, *session);
        } else if (session->uncertainty <= known_within) {
            for (const RecordingSession& other : near_session(tx, recording_, *session))
                if (!other.is_open && !is_witnessed(tx, repairs_, other.id))
                    others.push_back(other.id);
        }
    });
    if (!others.empty())
        store_.write([&](Tx& tx) {
            for (const auto other : others) want_job(tx, "recording.scene", other.value, tx.now());
        });
    for (const Pair& pair : waiting)
        if (lay_over(pair)) return;
}

bool SceneSearch::lay_over(const Pair& pair) {
    const RecordingSession& session = pair.session;
    const Side first(store_, blobs_, recording_, session, {0, session.length_samples});
    const Side other(store_, blobs_, recording_, pair.other, pair.part);
    const Duration lag = session.at.begin - pair.map.at(pair.part.begin);
    const auto match = align::match_scene(first.view(), other.view(), seconds(lag), seconds(reach));
    return store_.write([&](Tx& tx) {
        std::string turn = "refused", reason = "scene.unlike";
        if (match.accepted) {
            RepairWish wish;
            wish.seen = {session.id, recording_.clock_map(tx, session.id).number,
                         repairs_.newest_number(tx, session.id)};
            wish.along = evidence_of(match, first, other, pair.map, repairs_.fit(tx, pair.other));
            wish.heard = wish.along.front();
            wish.along.erase(wish.along.begin());
            const auto turns = repair_by_machine(tx, repairs_, wish, scene_actor);
            const auto used = std::find_if(turns.begin(), turns.end(),
                                           [](const auto& each) { return each.turn == "used"; });
            const MachineTurn& told = used == turns.end() ? turns.front() : *used;
            turn = told.turn;
            reason = told.reason;
        }
        tx.run(insert_match, {{"session", session.id},
                              {"other", pair.other.id},
                              {"company", session.company_id},
                              {"unit", session.unit},
                              {"turn", turn},
                              {"reason", reason},
                              {"pieces_agree", std::int64_t{match.pieces_agree}},
                              {"pieces", std::int64_t{match.pieces}},
                              {"windows_agree", std::int64_t{match.windows_agree}},
                              {"windows_clear", std::int64_t{match.windows_clear}},
                              {"at", tx.now()}});
        return turn == "used";
    });
}

}  // namespace otklik
