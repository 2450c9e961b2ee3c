// Alarms: what is wrong now and was lately, closed by hand, and their limits.
#include "alarms/alarms.h"

#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t page_rows = 50, page_rows_max = 200;

struct AlarmView {
    Alarm alarm;
    std::optional<std::int64_t> day;
    std::optional<Id<Point>> point_id;
    std::optional<Id<Recorder>> recorder_id;
    std::string point_name, recorder_name, zone;
    std::optional<std::string> cleared_how;
    void fields(FieldSink& f) {
        f.id("id", alarm.id);
        f.choice("cause", alarm.cause,
                 "stopped, not_started, not_handed (the file of a day), quiet, clipped, dead, "
                 "response (of a point), disk_low, disk_scarce, mail (of the server)");
        f.id("point_id", point_id, "absent: of the server");
        f.text("point_name", point_name);
        f.id("recorder_id", recorder_id);
        f.text("recorder_name", recorder_name);
        f.text("zone", zone);
        f.day("day", day, "of not_handed: the first day without its file");
        f.instant("since_at", alarm.since_at, "since when it is wrong");
        f.instant("raised_at", alarm.raised_at, "when it was noticed");
        f.instant("cleared_at", alarm.cleared_at);
        f.text("cleared_how", cleared_how, {}, "mended, moved, closed (by a person), not_expected");
        f.integer("times", alarm.times, {}, "how often it came back");
    }
};
struct AlarmList {
    std::vector<AlarmView> items;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items, 2'000);
        f.text("next", next);
    }
};
struct RulesView {
    AlarmRules rules;
    void fields(FieldSink& f) {
        f.flag("on", rules.on, "false: nothing is raised");
        for (const AlarmLimit& each : alarm_limits()) {
            std::int64_t minutes = (rules.*each.length).us / minute_us;
            f.integer(each.field, minutes, {each.min, each.max}, "minutes");
            rules.*each.length = Duration{minutes * minute_us};
        }
    }
};

AlarmView view_of(Call& call, Tx& tx, const Alarm& alarm) {
    AlarmView view;
    view.alarm = alarm;
    if (alarm.local_day != 0) view.day = alarm.local_day;
    if (alarm.point_id) view.point_id = alarm.point_id;
    if (alarm.recorder_id) view.recorder_id = alarm.recorder_id;
    if (!alarm.cleared_how.empty()) view.cleared_how = alarm.cleared_how;
    if (const auto point = call.rooms.sites.find_point(call.scope, tx, alarm.point_id)) {
        view.point_name = point->name;
        view.zone = point->zone;
    }
    if (!alarm.point_id) view.zone = call.rooms.sites.home_zone(tx, alarm.company_id);
    const auto recorder = call.rooms.recording.find_recorder(call.scope, tx, alarm.recorder_id);
    if (recorder) view.recorder_name = recorder->name;
    return view;
}

AlarmList list_alarms(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        AlarmList list;
        for (const Alarm& alarm : call.rooms.alarms.open(call.scope, tx))
            list.items.push_back(view_of(call, tx, alarm));
        return list;
    });
}

AlarmList list_all_alarms(Call& call) {
    const auto count = call.query_integer("limit", 1, page_rows_max).value_or(page_rows);
    return call.rooms.store.read([&](Tx& tx) {
        AlarmList list;
        std::vector<Alarm> found;
        const auto next = call.rooms.alarms.page(call.scope, tx, call.query_page(),
                                                 static_cast<int>(count), found);
        for (const Alarm& alarm : found) list.items.push_back(view_of(call, tx, alarm));
        if (next) list.next = page_word(*next);
        return list;
    });
}

Nothing close_alarm(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const Alarm alarm = call.rooms.alarms.close(call.scope, tx, call.id<Alarm>());
        if (!alarm.cleared_at)
            journal(call, tx, "alarm.closed", "alarm", alarm.id.value, alarm.unit.value);
    });
    return {};
}

RulesView show_rules(Call& call) {
    return call.rooms.store.read(
        [&](Tx& tx) { return RulesView{call.rooms.alarms.rules(tx, call.company_id())}; });
}

RulesView set_rules(Call& call, RulesView& in) {
    call.rooms.store.write([&](Tx& tx) {
        call.rooms.alarms.set_rules(tx, call.company_id(), in.rules, call.actor.word);
        journal(call, tx, "alarm.rules", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
    return show_rules(call);
}

constexpr Route alarm_table[] = {
    route<&list_alarms>(
        "GET", "/alarms", Right::see_recording,
        "What is wrong now, the latest raised first; of the server for those who run it."),
    route<&list_all_alarms>("GET", "/alarms/all", Right::see_recording,
                            "Open and past, newest first; ?after=&limit=."),
    route<&close_alarm>("POST", "/alarms/{id}/close", Right::manage,
                        "Somebody has dealt with it; it is raised again only after it was well."),
    route<&show_rules>("GET", "/settings/alarms", Right::manage,
                       "After how long alarms are raised."),
    route<&set_rules>("PUT", "/settings/alarms", Right::manage, "Sets that, in minutes."),
};

}  // namespace

const std::span<const Route> alarm_routes = alarm_table;

}  // namespace otklik
