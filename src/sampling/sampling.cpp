#include "sampling/sampling.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "sampling/choose.h"
#include "sampling/sampling_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace sampling_sql;

constexpr Duration draw_length_min = Duration::seconds(5);
constexpr Duration draw_length_max = Duration::seconds(1'800);
constexpr Duration draw_range_max = Duration::days(92);
constexpr std::size_t frame_stretches_max = 20'000;
constexpr Duration drawn_kept = Duration::days(30);  // past its term, while nobody has checked it

void check_wish(const Sampling::Wish& wish) {
    if (wish.range.empty() || wish.range.length() > draw_range_max)
        throw Error(Fault::invalid, "draw.range", {{"days", "92"}}).at("to");
    if (wish.length < draw_length_min || wish.length > draw_length_max)
        throw Error(Fault::invalid, "draw.length", {{"min_s", "5"}, {"max_s", "1800"}})
            .at("length_ms");
}

/// Gaps in which sound was taken away afterwards: no second of them may be drawn.
bool is_silenced(const Gap& gap) {
    return gap.cause == "paused" || gap.cause == "erased";
}

/// The parts of a session inside the range that still have sound, as samples.
std::vector<SampleRange> sounding(const Stretch& stretch, TimeRange range,
                                  const std::vector<Gap>& gaps) {
    const auto sample = [&](Instant at) {
        return std::clamp<std::int64_t>(stretch.map.sample_at(at), 0,
                                        stretch.session.length_samples);
    };
    std::vector<SampleRange> holes;
    for (const Gap& gap : gaps)
        if (is_silenced(gap)) holes.push_back({sample(gap.at.begin), sample(gap.at.end)});
    std::sort(holes.begin(), holes.end());
    std::vector<SampleRange> parts;
    std::int64_t from = sample(range.begin);
    const std::int64_t end = sample(range.end);
    for (const SampleRange& hole : holes) {
        if (hole.empty() || hole.end <= from || hole.begin >= end) continue;
        if (hole.begin > from) parts.push_back({from, hole.begin});
        from = hole.end;
    }
    if (from < end) parts.push_back({from, end});
    return parts;
}

Draw draw_of(const Row& row) {
    Draw draw;
    draw.id = row.id<Draw>(0);
    draw.company_id = row.integer(1);
    draw.unit = row.id<Unit>(2);
    draw.seed = row.text(3);
    draw.rule_version = row.integer(4);
    draw.frame = row.text(5);
    draw.session_id = row.id<RecordingSession>(6);
    draw.point_id = row.id<Point>(7);
    draw.samples = {row.integer(8), row.integer(9)};
    draw.at = {row.instant(10), row.instant(11)};
    draw.person_id = row.id<Person>(12);
    draw.drawn_by = row.id<Account>(13);
    draw.created_at = row.instant(14);
    return draw;
}

void store_draw(Tx& tx, const Draw& draw) {
    tx.run(insert_draw, {{"id", draw.id},
                         {"company_id", draw.company_id},
                         {"unit", draw.unit},
                         {"seed", draw.seed},
                         {"rule_version", draw.rule_version},
                         {"frame", draw.frame},
                         {"session_id", draw.session_id},
                         {"point_id", draw.point_id},
                         {"begin_sample", draw.samples.begin},
                         {"end_sample", draw.samples.end},
                         {"begin_at", draw.at.begin},
                         {"end_at", draw.at.end},
                         {"person_id", draw.person_id},
                         {"drawn_by", draw.drawn_by.value},
                         {"now", draw.created_at}});
    tell(tx, "draw.made", draw.company_id, draw.unit.value, draw.id.value);
}

}  // namespace

void FrameStretch::fields(FieldSink& f) {
    f.id("recording_id", recording_id);
    f.integer("begin_sample", begin_sample);
    f.integer("end_sample", end_sample);
}

void DrawFrame::fields(FieldSink& f) {
    f.integer("rule", rule);
    f.instant("from", from);
    f.instant("to", to);
    f.integer("length_samples", length_samples);
    f.integer("starts", starts, {}, "how many intervals could have been drawn");
    f.list("stretches", stretches, frame_stretches_max);
}

std::int64_t DrawFrame::samples() const {
    std::int64_t sum = 0;
    for (const FrameStretch& each : stretches) sum += each.end_sample - each.begin_sample;
    return sum;
}

DrawFrame parse_frame(std::string_view json) {
    return from_json<DrawFrame>(json);
}

std::string make_seed() {
    return hex(random_bytes(8));
}

DrawFrame Sampling::frame(const Scope& scope, Tx& tx, const Wish& wish) const {
    check_wish(wish);
    DrawFrame frame{.rule = draw_rule_version, .from = wish.range.begin, .to = wish.range.end};
    frame.length_samples = samples_of(wish.length);
    std::vector<Point> points;
    if (wish.point_id) {
        points.push_back(sites_.get_point(scope, tx, wish.point_id));
    } else {
        points = sites_.points(scope, tx);
    }
    for (const Point& point : points) {
        const Coverage known = recording_.coverage(scope, tx, point.id, wish.range);
        for (const Stretch& stretch : known.stretches) {
            if (stretch.session.point_id != point.id) continue;
            for (const SampleRange& part : sounding(stretch, wish.range, known.gaps))
                if (part.count() >= frame.length_samples)
                    frame.stretches.push_back({stretch.session.id, part.begin, part.end});
        }
    }
    // One order whatever the database gives, or the same seed could choose another interval.
    std::sort(frame.stretches.begin(), frame.stretches.end(), [](const auto& a, const auto& b) {
        return std::pair(a.recording_id, a.begin_sample) <
               std::pair(b.recording_id, b.begin_sample);
    });
    if (frame.stretches.size() > frame_stretches_max)
        throw Error(Fault::invalid, "draw.range", {{"days", "92"}}).at("to");
    std::vector<SampleRange> ranges;
    for (const FrameStretch& each : frame.stretches)
        ranges.push_back({each.begin_sample, each.end_sample});
    frame.starts = starts_of(ranges, frame.length_samples);
    return frame;
}

Draw Sampling::draw(const Scope& scope, Tx& tx, const Wish& wish) {
    const DrawFrame could = frame(scope, tx, wish);
    std::vector<SampleRange> ranges;
    for (const FrameStretch& each : could.stretches)
        ranges.push_back({each.begin_sample, each.end_sample});
    Draw draw;
    draw.seed = wish.seed.empty() ? make_seed() : wish.seed;
    const auto choice = choose(draw.seed, ranges, could.length_samples);
    if (!choice)
        throw Error(Fault::conflict, "draw.nothing_recorded",
                    {{"seconds", std::to_string(wish.length.us / 1'000'000)}});
    const auto session_id = could.stretches[choice->stretch].recording_id;
    const auto session = recording_.find_session(scope, tx, session_id);
    if (!session) throw Error(Fault::not_found, "not_found");
    const ClockMap map = recording_.clock_map(tx, session_id);
    draw.id = tx.make_id<Draw>();
    draw.company_id = session->company_id;
    draw.unit = session->unit;
    draw.frame = to_json(could);
    draw.session_id = session_id;
    draw.point_id = session->point_id;
    draw.samples = choice->at;
    draw.at = {map.at(choice->at.begin), map.at(choice->at.end)};
    draw.person_id = sites_.on_duty(tx, draw.point_id, draw.at.begin);
    draw.drawn_by = wish.by;
    draw.created_at = tx.now();
    store_draw(tx, draw);
    // Until it is checked; a check in work has a pin of its own.
    recording_.pin(tx, sites_.get_point(scope, tx, draw.point_id), draw.at, "draw", "draw",
                   draw.id.value, tx.now() + drawn_kept);
    return draw;
}

std::optional<Draw> Sampling::find(const Scope& scope, Tx& tx, Id<Draw> id) const {
    const auto row = tx.row(draw_by_id, {{"id", id}});
    if (!row) return std::nullopt;
    Draw draw = draw_of(*row);
    if (!allows(scope, {draw.company_id, draw.unit.value, draw.person_id.value}))
        return std::nullopt;
    return draw;
}

Draw Sampling::get(const Scope& scope, Tx& tx, Id<Draw> id) const {
    auto draw = find(scope, tx, id);
    if (!draw) throw Error(Fault::not_found, "not_found");
    return *std::move(draw);
}

namespace {
constexpr std::string_view draw_verbs[] = {"draw.made"};
constexpr PersonalColumn draw_personal[] = {
    {"draw", "person_id", "whose work the interval shows", "blank"}};
constexpr Kind kinds[] = {
    {.name = "draw",
     .table = "draw",
     .path = "/draws/{id}",
     .retention_class = "work",
     .audit_verbs = draw_verbs,
     .personal = draw_personal,
     .place = &place_by<draw_place>},
};
}  // namespace
const std::span<const Kind> sampling_kinds = kinds;

}  // namespace otklik
