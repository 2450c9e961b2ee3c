// Sites, basis cards, duty.
#include "sites/sites.h"

#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct SiteRequest {
    std::string name, zone;
    std::optional<std::string> address;
    std::optional<bool> archived;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 300, .may_be_empty = false});
        f.text("zone", zone, {.bytes_max = 60, .may_be_empty = false}, "IANA, Europe/Moscow");
        f.text("address", address, {.bytes_max = 500});
        f.flag("archived", archived);
    }
};
struct SiteView {
    Id<Site> id;
    Id<Unit> unit;
    std::string name, zone, address;
    std::int64_t version = 1;
    std::optional<Instant> archived_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("unit", unit);
        f.text("name", name);
        f.text("zone", zone);
        f.text("address", address);
        f.integer("version", version);
        f.instant("archived_at", archived_at);
    }
};
struct SiteList {
    std::vector<SiteView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct BasisRequest {
    std::string ground, notice, signage, consent;
    std::int64_t retention_days = 90;
    std::optional<std::int64_t> clip_days, original_days;
    void fields(FieldSink& f) {
        f.text("ground", ground, {.bytes_max = 2000, .may_be_empty = false},
               "why recording is lawful here");
        f.text("notice", notice, {.bytes_max = 2000, .may_be_empty = false},
               "what customers are told");
        f.text("signage", signage, {.bytes_max = 2000, .may_be_empty = false},
               "where the notice hangs");
        f.text("consent", consent, {.bytes_max = 2000, .may_be_empty = false},
               "the employees' consent");
        f.integer("retention_days", retention_days, {1, 3650}, "how long recordings are kept");
        f.integer("clip_days", clip_days, {1, 3650}, "… cuts; absent: as long as recordings");
        f.integer("original_days", original_days, {1, 3650},
                  "… imported files since they came, and never longer than their recordings;"
                  " absent: 30");
    }
};
struct BasisView : BasisRequest {
    Instant confirmed_at;
    std::string confirmed_by_name;
    void fields(FieldSink& f) {
        BasisRequest::fields(f);
        f.instant("confirmed_at", confirmed_at);
        f.text("confirmed_by_name", confirmed_by_name);
    }
};
struct DutyRequest {
    Id<Person> person_id;
    std::optional<Instant> begin_at, end_at;
    void fields(FieldSink& f) {
        f.id("person_id", person_id);
        f.instant("begin_at", begin_at, "now when absent");
        f.instant("end_at", end_at, "open when absent; the next duty ends it");
    }
};
struct DutyView {
    Id<Duty> id;
    Id<Person> person_id;
    std::string person_name, source;
    Instant begin_at;
    std::optional<Instant> end_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("person_id", person_id);
        f.text("person_name", person_name);
        f.instant("begin_at", begin_at);
        f.instant("end_at", end_at);
        f.text("source", source);
    }
};
struct DutyList {
    std::vector<DutyView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct DutyEndRequest {
    std::optional<Instant> at;
    void fields(FieldSink& f) { f.instant("at", at, "now when absent"); }
};

SiteView view_of(const Site& site) {
    return {site.id, site.unit, site.name, site.zone, site.address, site.version, site.archived_at};
}

SiteList list_sites(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        SiteList list;
        for (const Site& site : call.rooms.sites.sites(call.scope, tx))
            list.items.push_back(view_of(site));
        return list;
    });
}

SiteView make_site(Call& call, SiteRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        // A site is a new branch of the company: only who sees the root may add one.
        require(call.scope,
                {call.company_id(), call.rooms.people.root_unit(tx, call.company_id()).value, 0});
        Site site;
        site.company_id = call.company_id();
        site.name = in.name;
        site.zone = in.zone;
        site.address = in.address.value_or("");
        const auto id = call.rooms.sites.make_site(tx, site);
        const auto made = call.rooms.sites.find_site(Scope::system(), tx, id);
        journal(call, tx, "site.made", "site", id.value, made->unit.value);
        return view_of(*made);
    });
}

SiteView change_site(Call& call, SiteRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        auto site = call.rooms.sites.find_site(call.scope, tx, call.id<Site>());
        if (!site) throw Error(Fault::not_found, "not_found");
        call.require_version(site->version);
        site->name = in.name;
        site->zone = in.zone;
        if (in.address) site->address = *in.address;
        if (in.archived) site->archived_at = *in.archived ? std::optional(tx.now()) : std::nullopt;
        call.rooms.sites.change_site(call.scope, tx, *site);
        journal(call, tx, "site.changed", "site", site->id.value, site->unit.value);
        call.set_version(++site->version);
        return view_of(*site);
    });
}

BasisView view_of(Call& call, Tx& tx, const BasisCard& card) {
    BasisView view;
    view.ground = card.ground;
    view.notice = card.notice;
    view.signage = card.signage;
    view.consent = card.consent;
    view.retention_days = card.retention_days;
    view.clip_days = card.clip_days;
    view.original_days = card.original_days;
    view.confirmed_at = card.confirmed_at;
    view.confirmed_by_name = call.rooms.people.person_name(tx, card.confirmed_by);
    return view;
}

BasisView show_basis(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        const auto card = call.rooms.sites.basis(call.scope, tx, point.id);
        if (!card) throw Error(Fault::not_found, "basis.missing", {{"point", point.name}});
        return view_of(call, tx, *card);
    });
}

BasisView confirm_basis(Call& call, BasisRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        BasisCard card;
        card.ground = in.ground;
        card.notice = in.notice;
        card.signage = in.signage;
        card.consent = in.consent;
        card.retention_days = in.retention_days;
        card.clip_days = in.clip_days.value_or(in.retention_days);
        card.original_days = in.original_days.value_or(card.original_days);
        card.confirmed_by = {call.scope.person_id()};
        const auto id = call.rooms.sites.confirm_basis(tx, point, card);
        journal(call, tx, "basis.confirmed", "basis", id.value, point.unit.value);
        return view_of(call, tx, call.rooms.sites.basis(call.scope, tx, point.id).value());
    });
}

Nothing revoke_basis(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        call.rooms.sites.require_basis(tx, point);
        call.rooms.sites.revoke_basis(tx, point);
        journal(call, tx, "basis.revoked", "point", point.id.value, point.unit.value);
    });
    return {};
}

DutyView view_of(Call& call, Tx& tx, const Duty& duty) {
    return {duty.id,     duty.person_id, call.rooms.people.person_name(tx, duty.person_id),
            duty.source, duty.begin_at,  duty.end_at};
}

DutyList list_duty(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        const Instant to = call.query_instant("to").value_or(tx.now() + Duration::hours(24));
        const Instant from = call.query_instant("from").value_or(to - Duration::days(8));
        DutyList list;
        for (const Duty& duty : call.rooms.sites.duties(call.scope, tx, point.id, {from, to}))
            list.items.push_back(view_of(call, tx, duty));
        return list;
    });
}

DutyView begin_duty(Call& call, DutyRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        if (!call.rooms.people.find_person(call.scope, tx, in.person_id))
            throw Error(Fault::not_found, "not_found").at("person_id");
        Duty duty;
        duty.point_id = point.id;
        duty.person_id = in.person_id;
        duty.begin_at = in.begin_at.value_or(tx.now());
        duty.end_at = in.end_at;
        duty.source = call.rooms.demo ? "demo" : call.actor.signed_in ? "settings" : "api";
        duty.id = call.rooms.sites.begin_duty(tx, point, duty);
        journal(call, tx, "duty.begun", "duty", duty.id.value, point.unit.value);
        return view_of(call, tx, duty);
    });
}

Nothing end_duty(Call& call, DutyEndRequest& in) {
    call.rooms.store.write([&](Tx& tx) {
        const Point point = call.rooms.sites.get_point(call.scope, tx, call.id<Point>());
        call.rooms.sites.end_duty(tx, point, in.at.value_or(tx.now()));
        journal(call, tx, "duty.ended", "point", point.id.value, point.unit.value);
    });
    return {};
}

constexpr Route sites_table[] = {
    route<&list_sites>("GET", "/sites", Right::signed_in, "Sites within the reader's units."),
    route<&make_site>("POST", "/sites", Right::manage, "A new site with its time zone."),
    route<&change_site>("PUT", "/sites/{id}", Right::manage, "Changes a site; If-Match."),
    route<&show_basis>("GET", "/points/{id}/basis", Right::see_recording,
                       "The lawful basis of recording."),
    route<&confirm_basis>("PUT", "/points/{id}/basis", Right::manage,
                          "Confirms the lawful basis; from now on audio is accepted."),
    route<&revoke_basis>("DELETE", "/points/{id}/basis", Right::manage,
                         "Revokes the basis; from now on audio is refused."),
    route<&list_duty>("GET", "/points/{id}/duty", Right::see_recording,
                      "Who was on duty (?from, ?to)."),
    route<&begin_duty>("POST", "/points/{id}/duty", Right::manage, "Somebody comes on duty."),
    route<&end_duty>("POST", "/points/{id}/duty/end", Right::manage, "Ends the open duty."),
};

}  // namespace

const std::span<const Route> site_routes{sites_table};

}  // namespace otklik
