// People, units and accounts.
#include <algorithm>

#include "base/email.h"
#include "base/phone.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct PersonRequest {
    std::optional<std::string> name, last_name, first_name, patronymic;
    std::optional<std::string> position, personnel_number, phone, email;
    std::optional<Id<Unit>> unit;
    std::optional<bool> archived;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 300, .may_be_empty = false},
               "full name with patronymic; not needed where its parts are given");
        f.text("last_name", last_name, {.bytes_max = 100});
        f.text("first_name", first_name, {.bytes_max = 100});
        f.text("patronymic", patronymic, {.bytes_max = 100});
        f.text("position", position, {.bytes_max = 200});
        f.text("personnel_number", personnel_number, {.bytes_max = 50},
               "one person's in the company; zeros in front are kept");
        f.text("phone", phone, {.bytes_max = 50}, "as people write it; kept as E.164");
        f.text("email", email, {.bytes_max = 200});
        f.id("unit", unit, "the company itself when absent");
        f.flag("archived", archived);
    }
};
struct PersonView {
    Id<Person> id;
    std::string name, last_name, first_name, patronymic, short_name;
    std::optional<std::string> position, personnel_number, phone, phone_shown, email;
    Id<Unit> unit;
    std::optional<Instant> archived_at;
    bool has_pin = false;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
        f.text("last_name", last_name);
        f.text("first_name", first_name);
        f.text("patronymic", patronymic);
        f.text("short_name", short_name, {}, "with initials");
        f.text("position", position);
        f.text("personnel_number", personnel_number);
        f.text("phone", phone, {}, "E.164");
        f.text("phone_shown", phone_shown);
        f.text("email", email);
        f.id("unit", unit);
        f.instant("archived_at", archived_at);
        f.flag("has_pin", has_pin, "may start a shift at a panel");
    }
};
struct PinRequest {
    std::string pin;
    void fields(FieldSink& f) {
        f.text("pin", pin, {.bytes_max = 8}, "4 to 8 digits; empty takes it away");
    }
};
struct PersonList {
    std::vector<PersonView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct UnitView {
    Id<Unit> id;
    std::optional<Id<Unit>> parent_id;
    std::string kind, name;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("parent_id", parent_id);
        f.text("kind", kind);
        f.text("name", name);
    }
};
struct UnitList {
    std::vector<UnitView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct GrantedUnit {
    Id<Unit> unit;
    void fields(FieldSink& f) { f.id("unit", unit); }
};
struct AccountView {
    Id<Account> id;
    std::string login, person_name;
    Role role = Role::employee;
    Language language = Language::ru;
    Id<Person> person_id;
    std::vector<GrantedUnit> units;
    std::optional<Instant> disabled_at;
    std::int64_t version = 1;
    bool must_change_password = false;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("login", login);
        f.choice("role", role);
        f.choice("language", language);
        f.id("person_id", person_id);
        f.text("person_name", person_name);
        f.list("units", units);
        f.instant("disabled_at", disabled_at);
        f.integer("version", version);
        f.flag("must_change_password", must_change_password);
    }
};
struct AccountList {
    std::vector<AccountView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct NewAccountRequest {
    Id<Person> person_id;
    std::string login;
    Role role = Role::employee;
    std::optional<Language> language;
    std::vector<GrantedUnit> units;
    std::optional<std::string> password;
    std::optional<bool> must_change_password;
    void fields(FieldSink& f) {
        f.id("person_id", person_id);
        f.text("login", login, {.bytes_max = 100, .may_be_empty = false});
        f.choice("role", role);
        f.choice("language", language);
        f.list("units", units, 1000, "empty: the whole company");
        f.text("password", password, {.bytes_max = 1000}, "made by the server when absent");
        f.flag("must_change_password", must_change_password, "true when absent");
    }
};
struct AccountRequest {
    Role role = Role::employee;
    Language language = Language::ru;
    std::vector<GrantedUnit> units;
    bool disabled = false;
    void fields(FieldSink& f) {
        f.choice("role", role);
        f.choice("language", language);
        f.list("units", units, 1000, "empty: the whole company");
        f.flag("disabled", disabled);
    }
};
struct NewAccountView {
    Id<Account> id;
    std::string password;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("password", password, {}, "shown once; to be changed at the first sign-in");
    }
};
struct NewPasswordView {
    std::string password;
    void fields(FieldSink& f) { f.text("password", password, {}, "shown once"); }
};

PersonView view_of(const Person& person) {
    PersonView view;
    view.id = person.id;
    view.name = person.name;
    view.last_name = person.parts.last;
    view.first_name = person.parts.first;
    view.patronymic = person.parts.patronymic;
    view.short_name = short_name(person.parts);
    view.position = person.position;
    view.personnel_number = person.personnel_number;
    view.phone = person.phone;
    if (person.phone) view.phone_shown = shown_phone(*person.phone);
    view.email = person.email;
    view.unit = person.unit;
    view.archived_at = person.archived_at;
    return view;
}

/// What the request says of the person. Error{invalid, "person.phone" | "person.email"}.
void take(const PersonRequest& in, Person& person) {
    person.parts = {std::string(trim(in.last_name.value_or(""))),
                    std::string(trim(in.first_name.value_or(""))),
                    std::string(trim(in.patronymic.value_or("")))};
    person.name = joined_name(person.parts);
    if (person.name.empty()) person.name = trim(in.name.value_or(""));
    if (person.name.empty())
        throw Error(Fault::invalid, "field.empty", {{"field", "name"}}).at("name");
    person.position = in.position;
    person.personnel_number.reset();
    if (in.personnel_number) person.personnel_number = std::string(trim(*in.personnel_number));
    person.phone.reset();
    if (in.phone && !trim(*in.phone).empty()) {
        person.phone = phone_of(*in.phone);
        if (!person.phone) throw Error(Fault::invalid, "person.phone").at("phone");
    }
    person.email = in.email;
    if (in.email && !trim(*in.email).empty() && !is_email(trim(*in.email)))
        throw Error(Fault::invalid, "person.email").at("email");
}

/// ?q: every word is found in the name, or it is the number or the phone.
bool fits(const Person& person, const std::string& asked) {
    if (asked.empty()) return true;
    if (person.personnel_number == asked) return true;
    if (const auto phone = phone_of(asked)) return person.phone == phone;
    const std::string name = fold(person.name);
    for (std::string_view rest = asked; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (name.find(fold(rest.substr(0, end))) == std::string::npos) return false;
        rest = trim(rest.substr(end));
    }
    return true;
}

PersonList list_people(Call& call) {
    const std::string asked(trim(call.request.query_value("q").value_or("")));
    return call.rooms.store.read([&](Tx& tx) {
        PersonList list;
        for (const Person& person : call.rooms.people.people(call.scope, tx))
            if (fits(person, asked)) list.items.push_back(view_of(person));
        for (const auto id : call.rooms.people.people_with_pin(tx, call.company_id()))
            for (PersonView& view : list.items)
                if (view.id == id) view.has_pin = true;
        return list;
    });
}

Id<Unit> unit_or_root(Call& call, Tx& tx, const std::optional<Id<Unit>>& unit) {
    const auto chosen = unit.value_or(call.rooms.people.root_unit(tx, call.company_id()));
    require(call.scope, {call.company_id(), chosen.value, 0});
    return chosen;
}

PersonView make_person(Call& call, PersonRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        Person person;
        person.company_id = call.company_id();
        person.unit = unit_or_root(call, tx, in.unit);
        take(in, person);
        person.id = call.rooms.people.make_person(tx, person);
        journal(call, tx, "person.made", "person", person.id.value, person.unit.value);
        return view_of(person);
    });
}

PersonView change_person(Call& call, PersonRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        auto person = call.rooms.people.find_person(call.scope, tx, call.id<Person>());
        if (!person) throw Error(Fault::not_found, "not_found");
        const Person before = *person;
        take(in, *person);
        // A name that was only shown and sent back keeps the parts it was given once.
        if (person->parts == PersonName{} && person->name == before.name)
            person->parts = before.parts;
        if (in.unit) person->unit = unit_or_root(call, tx, in.unit);
        if (in.archived)
            person->archived_at = *in.archived ? std::optional(tx.now()) : std::nullopt;
        call.rooms.people.change_person(call.scope, tx, *person);
        journal(call, tx, "person.changed", "person", person->id.value, person->unit.value);
        return view_of(*person);
    });
}

Nothing set_pin(Call& call, PinRequest& in) {
    const std::string hash = in.pin.empty() ? std::string() : hash_pin(in.pin);
    call.rooms.store.write([&](Tx& tx) {
        const auto person = call.rooms.people.find_person(call.scope, tx, call.id<Person>());
        if (!person) throw Error(Fault::not_found, "not_found");
        call.rooms.people.set_pin(tx, *person, hash, call.actor.word);
        journal(call, tx, "person.pin", "person", person->id.value, person->unit.value);
    });
    return {};
}

UnitList list_units(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        UnitList list;
        for (const Unit& unit : call.rooms.people.units(call.scope, tx))
            list.items.push_back({unit.id,
                                  unit.parent_id ? std::optional(unit.parent_id) : std::nullopt,
                                  unit.kind, unit.name});
        return list;
    });
}

AccountView view_of(Call& call, Tx& tx, const Account& account) {
    AccountView view;
    view.id = account.id;
    view.login = account.login;
    view.person_name = call.rooms.people.person_name(tx, account.person_id);
    view.role = account.role;
    view.language = account.language;
    view.person_id = account.person_id;
    for (const auto unit : account.units) view.units.push_back({{unit}});
    view.disabled_at = account.disabled_at;
    view.version = account.version;
    view.must_change_password = account.must_change_password;
    return view;
}

AccountList list_accounts(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        AccountList list;
        for (const Account& account : call.rooms.people.accounts(call.scope, tx))
            list.items.push_back(view_of(call, tx, account));
        return list;
    });
}

/// What an account may be granted: what its giver sees.
std::vector<std::int64_t> granted_units(Call& call, Tx& tx, const std::vector<GrantedUnit>& units) {
    std::vector<std::int64_t> result;
    for (const GrantedUnit& each : units) {
        require(call.scope, {call.company_id(), each.unit.value, 0});
        result.push_back(each.unit.value);
    }
    if (result.empty()) result.push_back(unit_or_root(call, tx, std::nullopt).value);
    return result;
}

NewAccountView make_account(Call& call, NewAccountRequest& in) {
    const std::string password =
        in.password && !in.password->empty() ? *in.password : make_password();
    const std::string hash = hash_password(password);
    call.status = 201;
    const auto id = call.rooms.store.write([&](Tx& tx) {
        const auto person = call.rooms.people.find_person(call.scope, tx, in.person_id);
        if (!person) throw Error(Fault::not_found, "not_found").at("person_id");
        Account account;
        account.company_id = call.company_id();
        account.unit = person->unit;
        account.person_id = in.person_id;
        account.login = in.login;
        account.role = in.role;
        account.language = in.language.value_or(Language::ru);
        account.units = granted_units(call, tx, in.units);
        account.must_change_password = in.must_change_password.value_or(true);
        const auto made = call.rooms.people.make_account(tx, account, hash);
        journal(call, tx, "account.made", "account", made.value, account.unit.value);
        return made;
    });
    return {id, password};
}

AccountView change_account(Call& call, AccountRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        auto account = call.rooms.people.find_account(call.scope, tx, call.id<Account>());
        if (!account) throw Error(Fault::not_found, "not_found");
        call.require_version(account->version);
        const bool myself = account->id == call.account_id();
        if (myself && (in.disabled || in.role != Role::administrator))
            throw Error(Fault::conflict, "account.own_rights");
        account->role = in.role;
        account->language = in.language;
        account->units = granted_units(call, tx, in.units);
        account->disabled_at = in.disabled ? std::optional(tx.now()) : std::nullopt;
        call.rooms.people.change_account(call.scope, tx, *account);
        journal(call, tx, "account.changed", "account", account->id.value, account->unit.value);
        ++account->version;
        call.set_version(account->version);
        return view_of(call, tx, *account);
    });
}

NewPasswordView renew_password(Call& call) {
    const std::string password = make_password();
    const std::string hash = hash_password(password);
    call.rooms.store.write([&](Tx& tx) {
        const auto account = call.rooms.people.find_account(call.scope, tx, call.id<Account>());
        if (!account) throw Error(Fault::not_found, "not_found");
        call.rooms.people.set_password(tx, account->id, hash, true);
        call.rooms.people.close_sessions(tx, account->id, std::nullopt);
        journal(call, tx, "account.password", "account", account->id.value, account->unit.value);
    });
    return {password};
}

constexpr Route people_table[] = {
    route<&list_people>(
        "GET", "/people", Right::signed_in,
        "People within the reader's units; ?q= looks in names, numbers and phones."),
    route<&make_person>("POST", "/people", Right::manage_people, "A new person."),
    route<&change_person>("PUT", "/people/{id}", Right::manage_people,
                          "Changes or archives a person."),
    route<&set_pin>("PUT", "/people/{id}/pin", Right::manage_people,
                    "The PIN that starts a shift at a panel."),
    route<&list_units>("GET", "/units", Right::signed_in, "Units within the reader's scope."),
    route<&list_accounts>("GET", "/accounts", Right::manage_people, "Accounts."),
    route<&make_account>("POST", "/accounts", Right::manage_people, "An account for a person."),
    route<&change_account>("PUT", "/accounts/{id}", Right::manage_people,
                           "Role, language, units, disabled; If-Match."),
    route<&renew_password>("POST", "/accounts/{id}/password", Right::manage_people,
                           "A new password, shown once; all sessions of the account end."),
};

}  // namespace

const std::span<const Route> people_routes{people_table};

}  // namespace otklik
