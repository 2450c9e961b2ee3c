// The time of a repair: a map moved, evidence weighed, and which anchors are in force after it.
#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "recording/recording_sql.h"
#include "recording/repair.h"
#include "store/store.h"

namespace otklik {

using namespace recording_sql;

namespace {

constexpr Duration doubt_max = Duration::hours(24);  // who knows it no better knows nothing

/// "[1,2]"; append_map stores it with the map.
std::string anchors_text(const std::vector<std::int64_t>& ids) {
    std::string out = "[";
    for (const std::int64_t id : ids) out += (out.size() > 1 ? "," : "") + std::to_string(id);
    return out + ']';
}
std::vector<std::int64_t> anchors_in_force(Tx& tx, Id<ClockMap> map) {
    const auto row = tx.row(find_map, {{"id", map}});
    std::vector<std::int64_t> ids;
    const std::string text = row ? row->text(4) : "";
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::int64_t id = 0;
        const auto [end, ec] = std::from_chars(text.data() + i, text.data() + text.size(), id);
        if (ec != std::errc{}) continue;
        ids.push_back(id);
        i = static_cast<std::size_t>(end - text.data());
    }
    return ids;
}

/// Every instant of the map moves by the same: what is known of its drift stays.
void move_map(RepairPlan& plan, Duration by, Duration uncertainty) {
    plan.map_after.id = {};
    plan.map_after.number = plan.map_before.number + 1;
    for (auto& [sample, at] : plan.map_after.points) at = at + by;
    plan.map_after.uncertainty = uncertainty;
}

void follow_new_map(RepairPlan& plan) {
    const ClockMap& map = plan.map_after;
    plan.after.at = {map.at(0), map.at(plan.after.length_samples)};
    plan.after.uncertainty = map.uncertainty;
}

ClockAnchor anchor_of(const Row& row) {
    return {row.integer(0),  row.integer(1), row.instant(2),
            row.duration(3), row.text(4),    row.maybe_text(5).value_or(""),
            row.text(6),     row.instant(7)};
}

constexpr std::string_view evidence_sources[] = {"person",      "reading", "marker",
                                                 "correlation", "clap",    "nudge"};

/// At least one of the new ones must be a point of the new map; else why the first is not.
void require_news(const RepairPlan& plan, const std::vector<HeardAt>& fresh) {
    const JudgedAnchor* first = nullptr;
    for (const JudgedAnchor& judged : plan.fit->anchors) {
        if (judged.anchor.id > 0) continue;
        if (judged.verdict == AnchorVerdict::used) return;
        if (judged.anchor.id == 0) first = &judged;
    }
    const Duration doubt = plan.fit->doubt_at(fresh.front().sample);
    throw Error(Fault::conflict, first->reason.empty() ? "clock.adds_nothing" : first->reason,
                {{"off_ms", std::to_string(first->off.us / 1000)},
                 {"doubt_ms", std::to_string(doubt.us / 1000)}})
        .at("heard_at");
}

}  // namespace

void Repairs::restore_time(Tx& tx, RepairPlan& plan, Id<ClockMap> map) const {
    const ClockMap was = recording_.find_map(tx, map);
    plan.map_after.points = was.points;
    plan.anchors = anchors_in_force(tx, map);
    move_map(plan, {}, was.uncertainty);
    follow_new_map(plan);
}

void Repairs::move_time(Tx& tx, RepairPlan& plan, const RepairWish& wish) const {
    if (wish.heard) {
        plan.anchor = *wish.heard;
        HeardAt& heard = plan.anchor;
        if (heard.sample < 0 || heard.sample > plan.before.length_samples)
            throw Error(Fault::invalid, "sample.outside").at("sample");
        if (std::find(std::begin(evidence_sources), std::end(evidence_sources), heard.source) ==
            std::end(evidence_sources))
            throw Error(Fault::invalid, "clock.source").at("heard_source");
        heard.uncertainty = std::clamp(heard.uncertainty, Duration{}, doubt_max);
        if (heard.source != "person") return weigh(tx, plan, wish.along);
        const Duration by = heard.at - plan.map_before.at(heard.sample);
        if (by == Duration{} && heard.uncertainty == plan.map_before.uncertainty) return;
        move_map(plan, by, heard.uncertainty);
    } else if (wish.shift_by && *wish.shift_by != Duration{}) {
        move_map(plan, *wish.shift_by, plan.map_before.uncertainty);
        plan.anchor = {0, plan.map_after.at(0), plan.map_after.uncertainty, "person"};
    } else {
        return;
    }
    follow_new_map(plan);
}

void Repairs::weigh(Tx& tx, RepairPlan& plan, const std::vector<HeardAt>& along) const {
    const std::vector<std::int64_t> in_force = anchors_in_force(tx, plan.map_before.id);
    std::vector<ClockAnchor> known;
    for (ClockAnchor& anchor : anchors(tx, plan.before.id))
        if (std::find(in_force.begin(), in_force.end(), anchor.id) != in_force.end())
            known.push_back(std::move(anchor));
    std::vector<HeardAt> fresh{plan.anchor};
    fresh.insert(fresh.end(), along.begin(), along.end());
    for (std::size_t i = 0; i < fresh.size(); ++i)
        known.push_back({-static_cast<std::int64_t>(i),
                         fresh[i].sample,
                         fresh[i].at,
                         fresh[i].uncertainty,
                         fresh[i].source,
                         {},
                         {},
                         tx.now()});
    plan.fit = fit_clock(known, plan.before.length_samples);
    require_news(plan, fresh);
    for (const JudgedAnchor& judged : plan.fit->anchors) {
        if (judged.verdict == AnchorVerdict::refused) continue;
        if (judged.anchor.id > 0)
            plan.anchors.push_back(judged.anchor.id);
        else
            plan.along.push_back(fresh[static_cast<std::size_t>(-judged.anchor.id)]);
    }
    plan.anchor = plan.along.front();
    plan.along.erase(plan.along.begin());
    plan.map_after = plan.fit->map;
    move_map(plan, {}, plan.fit->map.uncertainty);
    follow_new_map(plan);
}

Id<ClockMap> Repairs::write_map(Tx& tx, const RepairPlan& plan, std::string_view made_by) {
    std::vector<std::int64_t> in_force = plan.anchors;
    std::string_view why = "clock.undone";
    if (!plan.undoes) {
        why = plan.fit ? "clock.contradicts" : "clock.restated";
        std::vector<HeardAt> fresh{plan.anchor};
        fresh.insert(fresh.end(), plan.along.begin(), plan.along.end());
        for (const HeardAt& heard : fresh) {
            in_force.push_back(tx.next_id());
            tx.run(insert_anchor, {{"id", in_force.back()},
                                   {"company", plan.after.company_id},
                                   {"unit", plan.after.unit},
                                   {"session", plan.after.id},
                                   {"sample", heard.sample},
                                   {"begin", heard.at},
                                   {"uncertainty", heard.uncertainty},
                                   {"source", heard.source},
                                   {"by", made_by},
                                   {"at", tx.now()}});
        }
    }
    for (const std::int64_t id : anchors_in_force(tx, plan.map_before.id))
        if (std::find(in_force.begin(), in_force.end(), id) == in_force.end())
            tx.run(judge_anchor, {{"id", id}, {"refused", why}});
    for (const std::int64_t id : in_force)
        tx.run(judge_anchor, {{"id", id}, {"refused", std::optional<std::string_view>{}}});
    return recording_.append_map(tx, plan.after, plan.map_after, anchors_text(in_force));
}

std::vector<ClockAnchor> Repairs::anchors(Tx& tx, Id<RecordingSession> id) const {
    std::vector<ClockAnchor> all;
    for (const Row& row : tx.rows(anchors_of_session, {{"session", id}}))
        all.push_back(anchor_of(row));
    return all;
}

ClockFit Repairs::fit(Tx& tx, const RecordingSession& session) const {
    std::vector<ClockAnchor> in_force;
    std::vector<JudgedAnchor> refused;
    for (ClockAnchor& anchor : anchors(tx, session.id)) {
        if (anchor.refused.empty())
            in_force.push_back(std::move(anchor));
        else
            refused.push_back({anchor, AnchorVerdict::refused, anchor.refused, {}});
    }
    ClockFit fit = fit_clock(in_force, session.length_samples);
    for (JudgedAnchor& each : refused) {
        each.off = each.anchor.at - fit.map.at(each.anchor.media_sample);
        fit.anchors.push_back(std::move(each));
    }
    return fit;
}

}  // namespace otklik
