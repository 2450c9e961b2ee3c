// What a local day of a point holds: recordings, declared gaps, presses.
#include "base/calendar.h"
#include "recording/recording.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/gap_view.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct StretchView {
    Id<RecordingSession> recording_id;
    Instant begin_at, end_at;
    void fields(FieldSink& f) {
        f.id("recording_id", recording_id);
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
    }
};
struct PressMark {
    Id<Signal> signal_id;
    Instant at;
    std::optional<SignalKind> kind;
    bool undone = false;
    void fields(FieldSink& f) {
        f.id("signal_id", signal_id);
        f.instant("at", at);
        f.choice("kind", kind);
        f.flag("undone", undone);
    }
};
struct DayCoverage {
    std::string zone;
    Instant begin_at, end_at;
    std::vector<StretchView> stretches;
    std::vector<GapView> gaps;
    std::vector<PressMark> presses;
    void fields(FieldSink& f) {
        f.text("zone", zone);
        f.instant("begin_at", begin_at, "of the local day");
        f.instant("end_at", end_at);
        f.list("stretches", stretches, 10'000);
        f.list("gaps", gaps, 10'000, "declared ones; all else not recorded is not uploaded yet");
        f.list("presses", presses, 10'000);
    }
};

DayCoverage show_coverage(Call& call) {
    const auto point_id = call.query_id<Point>("point");
    const auto day = call.query_day("day");
    if (!point_id) throw Error(Fault::invalid, "field.missing", {{"field", "point"}}).at("point");
    if (!day) throw Error(Fault::invalid, "field.missing", {{"field", "day"}}).at("day");
    return call.rooms.store.read([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, *point_id);
        DayCoverage view;
        view.zone = point.zone;
        const TimeRange range{local_midnight(*day, point.zone),
                              local_midnight(*day + 1, point.zone)};
        view.begin_at = range.begin;
        view.end_at = range.end;
        const Coverage coverage = call.rooms.recording.coverage(call.scope, tx, point.id, range);
        for (const Stretch& s : coverage.stretches)
            view.stretches.push_back({s.session.id, s.session.at.begin, s.session.at.end});
        for (const Gap& gap : coverage.gaps) view.gaps.push_back(view_of(gap));
        for (const Signal& s : call.rooms.signals.of_point(call.scope, tx, point.id, range))
            view.presses.push_back({s.id, s.pressed_at, s.signal_kind, s.undone});
        return view;
    });
}

constexpr Route coverage_table[] = {
    route<&show_coverage>("GET", "/coverage", Right::see_recording,
                          "What a local day of a point holds (?point, ?day)."),
};

}  // namespace

const std::span<const Route> coverage_routes{coverage_table};

}  // namespace otklik
