// Points of contact with their profile.
#include "base/text.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct HoursRow {
    std::int64_t weekday = 1;
    std::string opens, closes;
    void fields(FieldSink& f) {
        f.integer("weekday", weekday, {1, 7}, "1 is Monday");
        f.text("opens", opens, {.bytes_max = 5}, "09:00 by the clock of the site");
        f.text("closes", closes, {.bytes_max = 5}, "24:00 at the latest");
    }
};
struct PointRequest {
    std::optional<Id<Site>> site_id;
    std::string name;
    std::optional<Duration> give_up_after;
    std::optional<bool> archived;
    std::optional<std::string> area;
    std::optional<PointType> type;
    std::optional<FlowClass> flow;
    std::optional<std::vector<HoursRow>> hours;
    void fields(FieldSink& f) {
        f.id("site_id", site_id, "of a new point; it cannot be changed later");
        f.text("name", name, {.bytes_max = 300, .may_be_empty = false});
        f.length_ms("give_up_after_ms", give_up_after, {},
                    "after it a partial clip is final with its missing seconds; 24 h when absent");
        f.flag("archived", archived);
        f.text("area", area, {.bytes_max = 200}, "part of the site");
        f.choice("point_type", type);
        f.choice("flow_class", flow,
                 "customers in an hour: low up to 5, medium up to 20, high above");
        f.list("hours", hours, 7, "open hours; a day left out is closed, an empty list: unstated");
    }
};
struct PointView {
    Id<Point> id;
    Id<Site> site_id;
    Id<Unit> unit;
    std::string name, site_name, zone;
    Duration give_up_after;
    std::int64_t version = 1;
    std::optional<Instant> archived_at;
    bool basis_confirmed = false;
    std::string area;
    PointType type = PointType::unstated;
    FlowClass flow = FlowClass::unstated;
    std::vector<HoursRow> hours;
    std::optional<bool> open_now;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("site_id", site_id);
        f.id("unit", unit);
        f.text("name", name);
        f.text("site_name", site_name);
        f.text("zone", zone);
        f.length_ms("give_up_after_ms", give_up_after);
        f.integer("version", version);
        f.instant("archived_at", archived_at);
        f.flag("basis_confirmed", basis_confirmed, "without it no audio of the point is accepted");
        f.text("area", area);
        f.choice("point_type", type);
        f.choice("flow_class", flow);
        f.list("hours", hours, 7);
        f.flag("open_now", open_now, "by its hours; null when they are unstated");
    }
};
struct PointList {
    std::vector<PointView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
PointView view_of(Call& call, Tx& tx, const Point& point) {
    PointView view;
    view.id = point.id;
    view.site_id = point.site_id;
    view.unit = point.unit;
    view.name = point.name;
    const auto site = call.rooms.sites.find_site(call.scope, tx, point.site_id);
    view.site_name = site ? site->name : "";
    view.zone = point.zone;
    view.give_up_after = point.give_up_after;
    view.version = point.version;
    view.archived_at = point.archived_at;
    view.basis_confirmed = call.rooms.sites.basis(call.scope, tx, point.id).has_value();
    view.area = point.profile.area;
    view.type = point.profile.type;
    view.flow = point.profile.flow;
    for (const OpenHours& day : point.profile.hours)
        view.hours.push_back({day.weekday, format_minutes(day.opens), format_minutes(day.closes)});
    view.open_now = open_at(point.profile.hours, tx.now(), point.zone);
    return view;
}

/// What the request names; the rest stays.
void put_profile(const PointRequest& in, PointProfile& profile) {
    if (in.area) profile.area = trim(*in.area);
    profile.type = in.type.value_or(profile.type);
    profile.flow = in.flow.value_or(profile.flow);
    if (!in.hours) return;
    profile.hours.clear();
    for (const HoursRow& row : *in.hours) {
        const auto opens = parse_minutes(row.opens), closes = parse_minutes(row.closes);
        if (!opens || !closes) throw Error(Fault::invalid, "hours.times").at("hours");
        profile.hours.push_back({row.weekday, *opens, *closes});
    }
}

PointList list_points(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        PointList list;
        for (const Point& point : call.rooms.sites.points(call.scope, tx))
            list.items.push_back(view_of(call, tx, point));
        return list;
    });
}

PointView make_point(Call& call, PointRequest& in) {
    if (!in.site_id)
        throw Error(Fault::invalid, "field.missing", {{"field", "site_id"}}).at("site_id");
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        if (!call.rooms.sites.find_site(call.scope, tx, *in.site_id))
            throw Error(Fault::not_found, "not_found").at("site_id");
        Point point;
        point.site_id = *in.site_id;
        point.name = in.name;
        point.give_up_after = in.give_up_after.value_or(point.give_up_after);
        put_profile(in, point.profile);
        const auto id = call.rooms.sites.make_point(tx, point);
        const Point made = call.rooms.sites.get_point(call.scope, tx, id);
        journal(call, tx, "point.made", "point", id.value, made.unit.value);
        return view_of(call, tx, made);
    });
}

PointView change_point(Call& call, PointRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        call.require_version(point.version);
        point.name = in.name;
        point.give_up_after = in.give_up_after.value_or(point.give_up_after);
        put_profile(in, point.profile);
        if (in.archived) point.archived_at = *in.archived ? std::optional(tx.now()) : std::nullopt;
        call.rooms.sites.change_point(call.scope, tx, point);
        journal(call, tx, "point.changed", "point", point.id.value, point.unit.value);
        call.set_version(++point.version);
        return view_of(call, tx, point);
    });
}

constexpr Route points_table[] = {
    route<&list_points>("GET", "/points", Right::signed_in, "Points of contact."),
    route<&make_point>("POST", "/points", Right::manage, "A new point at a site."),
    route<&change_point>("PUT", "/points/{id}", Right::manage, "Changes a point; If-Match."),
};

}  // namespace

const std::span<const Route> point_routes{points_table};

}  // namespace otklik
