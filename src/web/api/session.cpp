// Signing in and out, and the first run.
#include "base/calendar.h"
#include "base/hash.h"
#include "base/messages.h"
#include "base/text.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "store/audit.h"
#include "store/facts.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct SessionAccount {
    Id<Account> id;
    std::string login;
    Role role = Role::employee;
    Language language = Language::ru;
    bool must_change_password = false;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("login", login);
        f.choice("role", role);
        f.choice("language", language);
        f.flag("must_change_password", must_change_password);
    }
};
struct SessionPerson {
    Id<Person> id;
    std::string name;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
    }
};
struct SessionView {
    bool first_run = false;
    bool signed_in = false;
    bool demo = false;
    bool tour = false;
    bool visitor = false;
    std::optional<std::string> csrf;
    std::optional<std::string> company_name;
    std::optional<SessionAccount> account;
    std::optional<SessionPerson> person;
    std::vector<std::string> rights;
    std::optional<std::string> newest_fact;
    std::string version;
    void fields(FieldSink& f) {
        f.flag("first_run", first_run, "there is no company yet: POST /first-run");
        f.flag("signed_in", signed_in);
        f.flag("demo", demo, "a throw-away folder with the demonstration");
        f.flag("tour", tour, "a demonstration that shows itself: POST /tour");
        f.flag("visitor", visitor, "looks on without an account and may write nothing");
        f.text("csrf", csrf, {}, "to be sent as X-CSRF-Token with every write");
        f.text("company_name", company_name);
        f.object("account", account);
        f.object("person", person);
        f.texts("rights", rights);
        f.text("newest_fact", newest_fact, {}, "for GET /events?after=: the events since then");
        f.text("version", version);
    }
};
struct SignInRequest {
    std::string login, password;
    void fields(FieldSink& f) {
        f.text("login", login, {.bytes_max = 200, .may_be_empty = false});
        f.text("password", password, {.bytes_max = 1000, .may_be_empty = false});
    }
};
struct PasswordRequest {
    std::string old_password, new_password;
    void fields(FieldSink& f) {
        f.text("old_password", old_password, {.bytes_max = 1000});
        f.text("new_password", new_password, {.bytes_max = 1000});
    }
};
struct LanguageRequest {
    Language language = Language::ru;
    void fields(FieldSink& f) { f.choice("language", language); }
};
struct FirstRunBasis {
    std::string ground, notice, signage, consent;
    std::int64_t retention_days = 90;
    void fields(FieldSink& f) {
        f.text("ground", ground, {.bytes_max = 2000, .may_be_empty = false});
        f.text("notice", notice, {.bytes_max = 2000, .may_be_empty = false});
        f.text("signage", signage, {.bytes_max = 2000, .may_be_empty = false});
        f.text("consent", consent, {.bytes_max = 2000, .may_be_empty = false});
        f.integer("retention_days", retention_days, {1, 3650});
    }
};
struct FirstRunRequest {
    std::string setup_code, company_name, site_name, zone, point_name, person_name, login, password;
    std::optional<Language> language;
    FirstRunBasis basis;
    void fields(FieldSink& f) {
        f.text("setup_code", setup_code, {.bytes_max = 100}, "printed by the server at its start");
        f.text("company_name", company_name, {.bytes_max = 300, .may_be_empty = false});
        f.text("site_name", site_name, {.bytes_max = 300, .may_be_empty = false});
        f.text("zone", zone, {.bytes_max = 60, .may_be_empty = false}, "IANA, Europe/Moscow");
        f.text("point_name", point_name, {.bytes_max = 300, .may_be_empty = false});
        f.text("person_name", person_name, {.bytes_max = 300, .may_be_empty = false});
        f.text("login", login, {.bytes_max = 100, .may_be_empty = false});
        f.text("password", password, {.bytes_max = 1000, .may_be_empty = false});
        f.choice("language", language);
        f.object("basis", basis);
    }
};

constexpr std::pair<Right, std::string_view> right_words[] = {
    {Right::listen, "listen"},
    {Right::check, "check"},
    {Right::see_figures, "see_figures"},
    {Right::see_own, "see_own"},
    {Right::see_recording, "see_recording"},
    {Right::import_audio, "import_audio"},
    {Right::press, "press"},
    {Right::manage, "manage"},
    {Right::manage_people, "manage_people"},
    {Right::operate, "operate"},
};

std::string newest_fact_of(Call& call) {
    return std::to_string(call.rooms.store.read([](Tx& tx) { return newest_fact(tx); }));
}

SessionView view_of(Call& call, const Account* account, const std::string& csrf,
                    const std::string& name) {
    SessionView view;
    const auto company =
        call.rooms.store.read([&](Tx& tx) { return call.rooms.people.company(tx); });
    view.first_run = !company;
    view.demo = call.rooms.demo;
    view.tour = find_demonstration(call.rooms).has_value();
    view.version = call.rooms.version;
    if (!account) return view;
    view.signed_in = true;
    view.newest_fact = newest_fact_of(call);
    view.csrf = csrf;
    view.company_name = company ? std::optional(company->name) : std::nullopt;
    view.account = SessionAccount{account->id, account->login, account->role, account->language,
                                  account->must_change_password};
    view.person = SessionPerson{account->person_id, name};
    for (const auto& [right, text] : right_words)
        if (role_has(account->role, right)) view.rights.emplace_back(text);
    return view;
}

/// Nobody of the company: a name in words, and what a visitor may see.
SessionView view_of_visitor(Call& call) {
    SessionView view = view_of(call, nullptr, "", "");
    view.signed_in = view.visitor = true;
    view.newest_fact = newest_fact_of(call);
    const auto company =
        call.rooms.store.read([&](Tx& tx) { return call.rooms.people.company(tx); });
    if (company) view.company_name = company->name;
    view.account = SessionAccount{{}, "", Role::checker, call.actor.language, false};
    view.person = SessionPerson{
        {}, call.rooms.messages.message(enum_word(call.actor.language), "tour.visitor", {})};
    for (const auto& [right, text] : right_words)
        if (visitor_has(right)) view.rights.emplace_back(text);
    return view;
}

SessionView show_session(Call& call) {
    if (call.actor.who == Actor::Who::visitor) return view_of_visitor(call);
    const auto& signed_in = call.actor.signed_in;
    if (!signed_in) return view_of(call, nullptr, "", "");
    return view_of(call, &signed_in->account, signed_in->session.csrf, signed_in->person_name);
}

AuditEntry entry_of(const Account& account, std::string_view verb, const std::string& detail) {
    AuditEntry entry;
    entry.company_id = account.company_id;
    entry.unit = account.unit.value;
    entry.actor = word(account.id);
    entry.verb = verb;
    entry.subject = account.id.value;
    entry.subject_kind = "account";
    entry.detail = detail;
    return entry;
}

SessionView open_session(Call& call, const std::string& login, const std::string& password) {
    const auto made = call.rooms.people.sign_in(
        call.rooms.store, login, password, call.request.peer, call.request.header("User-Agent"));
    const auto name = call.rooms.store.write([&](Tx& tx) {
        audit(tx, entry_of(made.account, "account.sign_in", "{}"));
        return call.rooms.people.person_name(tx, made.account.person_id);
    });
    call.headers.push_back({"Set-Cookie", session_cookie_header(made.token, call.request.secure)});
    return view_of(call, &made.account, made.session.csrf, name);
}

SessionView sign_in(Call& call, SignInRequest& in) {
    return open_session(call, in.login, in.password);
}

Nothing sign_out(Call& call) {
    if (call.actor.who == Actor::Who::visitor)
        call.rooms.visitors.leave(call.request.cookie(session_cookie).value_or(""));
    if (call.actor.signed_in) {
        const auto& signed_in = *call.actor.signed_in;
        call.rooms.store.write([&](Tx& tx) {
            audit(tx, entry_of(signed_in.account, "account.sign_out", "{}"));
            call.rooms.people.sign_out(tx, signed_in.session.id);
        });
    }
    call.headers.push_back({"Set-Cookie", session_cookie_header("", call.request.secure)});
    return {};
}

const People::SignedIn& require_account(const Call& call) {
    if (!call.actor.signed_in) throw Error(Fault::forbidden, "account.needed");
    return *call.actor.signed_in;
}

Nothing change_password(Call& call, PasswordRequest& in) {
    const auto& me = require_account(call);
    if (!call.rooms.people.knows_password(call.rooms.store, me.account.id, in.old_password))
        throw Error(Fault::invalid, "password.wrong").at("old_password");
    std::string hash;
    try {
        hash = hash_password(in.new_password);
    } catch (Error& error) {
        if (error.field() == "password") error.at("new_password");
        throw;
    }
    call.rooms.store.write([&](Tx& tx) {
        call.rooms.people.set_password(tx, me.account.id, hash, false);
        call.rooms.people.close_sessions(tx, me.account.id, me.session.id);
        audit(tx, entry_of(me.account, "account.password", "{}"));
    });
    return {};
}

Nothing change_language(Call& call, LanguageRequest& in) {
    const auto& me = require_account(call);
    call.rooms.store.write(
        [&](Tx& tx) { call.rooms.people.set_language(tx, me.account.id, in.language); });
    return {};
}

void build_company(Rooms& rooms, Tx& tx, const FirstRunRequest& in, const std::string& hash) {
    const auto company = rooms.people.make_company(tx, in.company_name);
    const auto root = rooms.people.root_unit(tx, company.value);
    Person person;
    person.company_id = company.value;
    person.unit = root;
    person.name = in.person_name;
    const auto person_id = rooms.people.make_person(tx, person);
    Account account;
    account.company_id = company.value;
    account.unit = root;
    account.person_id = person_id;
    account.login = in.login;
    account.role = Role::administrator;
    account.language = in.language.value_or(Language::ru);
    account.units = {root.value};
    account.id = rooms.people.make_account(tx, account, hash);
    Site site;
    site.company_id = company.value;
    site.name = in.site_name;
    site.zone = in.zone;
    Point point;
    point.site_id = rooms.sites.make_site(tx, site);
    point.name = in.point_name;
    const auto point_id = rooms.sites.make_point(tx, point);
    BasisCard card;
    card.ground = in.basis.ground;
    card.notice = in.basis.notice;
    card.signage = in.basis.signage;
    card.consent = in.basis.consent;
    card.retention_days = in.basis.retention_days;
    card.clip_days = in.basis.retention_days;
    card.confirmed_by = person_id;
    rooms.sites.confirm_basis(tx, rooms.sites.get_point(Scope::system(), tx, point_id), card);
    audit(tx, entry_of(account, "account.made", R"({"first_run":true})"));
    want_job(tx, "sound.expire", company.value, tx.now());
}

SessionView first_run(Call& call, FirstRunRequest& in) {
    Rooms& rooms = call.rooms;
    if (call.actor.who != Actor::Who::console &&
        (rooms.setup_code.empty() || !equal_in_constant_time(in.setup_code, rooms.setup_code)))
        throw Error(Fault::forbidden, "first_run.code").at("setup_code");
    const std::string hash = hash_password(in.password);
    rooms.store.write([&](Tx& tx) {
        if (rooms.people.company(tx)) throw Error(Fault::conflict, "first_run.done");
        build_company(rooms, tx, in, hash);
    });
    call.status = 201;
    return open_session(call, in.login, in.password);
}

struct ZoneView {
    std::string name;
    std::int64_t offset_minutes = 0;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.integer("offset_minutes", offset_minutes);
    }
};
struct ZoneList {
    std::vector<ZoneView> items;
    void fields(FieldSink& f) { f.list("items", items); }
};

ZoneList list_zones(Call& call) {
    ZoneList list;
    const Instant now = call.rooms.clock.now();
    for (const std::string& zone : known_zones())
        list.items.push_back({zone, zone_offset(now, zone).us / 60'000'000});
    return list;
}

constexpr Route session_table[] = {
    route<&show_session>("GET", "/session", Right::anyone,
                         "Who is signed in, and what they may do."),
    route<&sign_in>("POST", "/session", Right::anyone, "Signs in; sets the session cookie.", 4096),
    route<&sign_out>("DELETE", "/session", Right::signed_in, "Signs out."),
    route<&change_password>("PUT", "/session/password", Right::signed_in,
                            "Changes the own password; other sessions end."),
    route<&change_language>("PUT", "/session/language", Right::signed_in, "The own language."),
    route<&first_run>("POST", "/first-run", Right::anyone,
                      "Makes the company, its first site, point, basis card and administrator.",
                      32'768),
    route<&list_zones>("GET", "/zones", Right::anyone, "IANA time zones with their offset now."),
};

}  // namespace

const std::span<const Route> session_routes{session_table};

}  // namespace otklik
