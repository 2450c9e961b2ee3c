// Sound lost for good, by point, day and cause.
#include "recording/losses.h"

#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct LossCell {
    Id<Point> point_id;
    std::int64_t day = 0;
    std::string cause;
    Duration lost;
    void fields(FieldSink& f) {
        f.id("point_id", point_id);
        f.day("day", day, "local");
        f.text("cause", cause, {}, "of the gap that was declared; words under gap.cause");
        f.length_ms("lost_ms", lost);
    }
};
struct WorkCell {
    Id<Point> point_id;
    std::optional<Duration> expected;
    Duration recorded;
    void fields(FieldSink& f) {
        f.id("point_id", point_id);
        f.length_ms("expected_ms", expected, {},
                    "of its open hours up to now, without pauses; null: they are not stated");
        f.length_ms("recorded_ms", recorded, {}, "of it");
    }
};
struct LossList {
    std::int64_t from = 0, to = 0;
    std::vector<LossCell> items;
    std::vector<WorkCell> work;
    void fields(FieldSink& f) {
        f.day("from", from);
        f.day("to", to);
        f.list("items", items, 100'000);
        f.list("work", work, 100'000, "how much of its working time each point has recorded");
    }
};
constexpr std::int64_t loss_days_max = 31;

void add_point(Call& call, Tx& tx, const Point& point, LossList& list) {
    const TimeRange whole{local_midnight(list.from, point.zone),
                          std::min(local_midnight(list.to + 1, point.zone), tx.now())};
    if (whole.empty()) return;
    const Coverage coverage = call.rooms.recording.coverage(call.scope, tx, point.id, whole);
    WorkCell work{point.id, std::nullopt, {}};
    for (std::int64_t day = list.from; day <= list.to; ++day) {
        const auto open = open_on(point.profile.hours, day, point.zone);
        const TimeRange works = open ? open->meet(whole) : TimeRange{};
        if (open && !works.empty()) {
            const WorkShare share = recorded_of(coverage, point.id, works);
            work.expected = work.expected.value_or(Duration{}) + share.expected;
            work.recorded = work.recorded + share.recorded;
        }
        const TimeRange range{local_midnight(day, point.zone), local_midnight(day + 1, point.zone)};
        std::map<std::string, Duration> by_cause;
        for (const Loss& loss : losses_of(coverage, point.id, range.meet(whole)))
            by_cause[loss.cause] = by_cause[loss.cause] + loss.at.length();
        for (const auto& [cause, lost] : by_cause)
            list.items.push_back({point.id, day, cause, lost});
    }
    if (!point.profile.hours.empty()) work.expected = work.expected.value_or(Duration{});
    list.work.push_back(work);
}

/// What is lost for good by point, day and cause; a loss over midnight is parted there.
LossList list_losses(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        LossList list;
        const auto points = call.rooms.sites.points(call.scope, tx);
        const std::string zone = points.empty() ? "UTC" : points.front().zone;
        list.to = call.query_day("to").value_or(local_day(tx.now(), zone));
        list.from = call.query_day("from").value_or(list.to);
        if (list.to < list.from || list.to - list.from >= loss_days_max)
            throw Error(Fault::invalid, "figure.range", {{"days", std::to_string(loss_days_max)}})
                .at("to");
        for (const Point& point : points)
            if (!point.archived_at) add_point(call, tx, point, list);
        return list;
    });
}

constexpr Route loss_table[] = {
    route<&list_losses>(
        "GET", "/losses", Right::see_recording,
        "Sound lost for good by point, day and cause (?from, ?to; at most 31 days)."),
};

}  // namespace

const std::span<const Route> loss_routes = loss_table;

}  // namespace otklik
