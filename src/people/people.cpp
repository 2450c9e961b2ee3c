#include "people/people.h"

#include "base/error.h"
#include "base/text.h"
#include "people/people_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace people_sql;

Person person_of(const Row& row) {
    Person person;
    person.id = row.id<Person>(0);
    person.company_id = row.integer(1);
    person.unit = row.id<Unit>(2);
    person.name = row.text(3);
    person.personnel_number = row.maybe_text(4);
    person.position = row.maybe_text(5);
    person.archived_at = row.maybe_instant(6);
    person.parts = {row.maybe_text(7).value_or(""), row.maybe_text(8).value_or(""),
                    row.maybe_text(9).value_or("")};
    if (person.parts == PersonName{}) person.parts = split_name(person.name);
    person.phone = row.maybe_text(10);
    person.email = row.maybe_text(11);
    return person;
}

/// Name and parts agree, and nothing is an empty word.
Person complete(Person person) {
    if (person.parts == PersonName{}) person.parts = split_name(person.name);
    if (person.name.empty()) person.name = joined_name(person.parts);
    for (auto* each : {&person.personnel_number, &person.position, &person.phone, &person.email}) {
        if (*each) *each = std::string(trim(**each));
        if (*each && (*each)->empty()) each->reset();
    }
    return person;
}

Params params_of(const Person& person) {
    return {{"name", person.name},
            {"fold", fold(person.name)},
            {"number", person.personnel_number},
            {"position", person.position},
            {"last", person.parts.last},
            {"first", person.parts.first},
            {"patronymic", person.parts.patronymic},
            {"phone", person.phone},
            {"email", person.email}};
}

void require_own_number(Tx& tx, const Person& person) {
    if (!person.personnel_number) return;
    for (const Row& row : tx.rows(person_of_number, {{"company", person.company_id},
                                                     {"number", *person.personnel_number}}))
        if (row.id<Person>(0) != person.id)
            throw Error(Fault::conflict, "person.number_taken",
                        {{"number", *person.personnel_number}, {"name", row.text(1)}})
                .at("personnel_number");
}

Place place_of(const Person& person) {
    return {person.company_id, person.unit.value, person.id.value};
}

constexpr std::string_view person_verbs[] = {"person.made", "person.changed", "person.pin"};
constexpr std::string_view account_verbs[] = {"account.made",     "account.changed",
                                              "account.password", "account.sign_in",
                                              "account.refused",  "account.sign_out"};
constexpr PersonalColumn person_columns[] = {
    {"person", "name", "to name who served and who checked", "blank"},
    {"person", "name_fold", "search by name", "blank"},
    {"person", "personnel_number", "to match the staff list", "blank"},
    {"person", "position", "shown beside the name", "blank"},
    {"person", "last_name", "to name and to sort", "blank"},
    {"person", "first_name", "to name", "blank"},
    {"person", "patronymic", "to name", "blank"},
    {"person", "phone", "to reach, and to find one person twice", "blank"},
    {"person", "email", "to reach", "blank"},
    {"person_pin", "pin_hash", "to start a shift at a panel", "delete_row"}};
constexpr PersonalColumn account_columns[] = {
    {"account", "login", "sign-in", "blank"},
    {"account", "login_fold", "sign-in", "blank"},
    {"account", "password_hash", "sign-in", "blank"},
    {"web_session", "agent", "to recognise an own session", "delete_row"},
    {"web_session", "token_hash", "sign-in", "delete_row"}};
const Kind kinds[] = {
    {"unit", "unit", "", "settings", {}, {}, &place_by<place_of_unit>},
    {"person", "person", "/settings/people", "settings", person_verbs, person_columns,
     &place_by<place_of_person>},
    {"account", "account", "/settings/people", "settings", account_verbs, account_columns,
     &place_by<place_of_account>},
};

}  // namespace

const std::span<const Kind> people_kinds{kinds};

std::optional<Company> People::company(Tx& tx) const {
    const auto row = tx.row(find_company);
    if (!row) return std::nullopt;
    return Company{row->id<Company>(0), row->text(1)};
}

Id<Company> People::make_company(Tx& tx, std::string_view name) {
    const auto id = tx.make_id<Company>();
    tx.run(insert_company, {{"id", id}, {"name", name}, {"at", tx.now()}});
    make_unit(tx, id.value, {}, "company", name);
    return id;
}

void People::rename_company(Tx& tx, std::int64_t company_id, std::string_view name) {
    tx.run(people_sql::rename_company, {{"id", company_id}, {"name", name}});
    rename_unit(tx, root_unit(tx, company_id), name);
}

Id<Unit> People::make_unit(Tx& tx, std::int64_t company_id, Id<Unit> parent, std::string_view kind,
                           std::string_view name) {
    const auto id = tx.make_id<Unit>();
    tx.run(insert_unit, {{"id", id},
                         {"company", company_id},
                         {"parent", parent},
                         {"kind", kind},
                         {"name", name},
                         {"fold", fold(name)},
                         {"at", tx.now()}});
    tx.run(insert_ancestors, {{"unit", id}, {"parent", parent.value}});
    return id;
}

void People::rename_unit(Tx& tx, Id<Unit> unit, std::string_view name) {
    tx.run(people_sql::rename_unit, {{"id", unit}, {"name", name}, {"fold", fold(name)}});
}

Id<Unit> People::root_unit(Tx& tx, std::int64_t company_id) const {
    const auto row = tx.row(people_sql::root_unit, {{"company", company_id}});
    if (!row) throw Error(Fault::not_found, "company.not_found");
    return row->id<Unit>(0);
}

std::vector<Unit> People::units(const Scope& scope, Tx& tx) const {
    std::vector<Unit> result;
    for (const Row& row : tx.rows(units_of_company, {{"company", scope.company_id()}})) {
        Unit unit{row.id<Unit>(0), row.integer(1), row.id<Unit>(2), row.text(3), row.text(4)};
        if (allows(scope, {unit.company_id, unit.id.value, 0})) result.push_back(std::move(unit));
    }
    return result;
}

Id<Person> People::make_person(Tx& tx, const Person& given) {
    Person person = complete(given);
    person.id = tx.make_id<Person>();
    require_own_number(tx, person);
    Params params = params_of(person);
    params.insert(params.end(), {{"id", person.id},
                                 {"company", person.company_id},
                                 {"unit", person.unit},
                                 {"at", tx.now()}});
    tx.run(insert_person, params);
    return person.id;
}

void People::change_person(const Scope& scope, Tx& tx, const Person& given) {
    if (!find_person(scope, tx, given.id)) throw Error(Fault::not_found, "not_found");
    const Person person = complete(given);
    require_own_number(tx, person);
    Params params = params_of(person);
    params.insert(params.end(),
                  {{"id", person.id}, {"unit", person.unit}, {"archived", person.archived_at}});
    tx.run(update_person, params);
}

void People::drop_person(Tx& tx, Id<Person> id) {
    tx.run(delete_person, {{"id", id}});
}

bool People::is_used(Tx& tx, Id<Person> id, Id<Account> but) const {
    if (tx.row(pin_of_person, {{"person", id}})) return true;
    for (const Row& row : tx.rows(accounts_of_person, {{"person", id}}))
        if (row.id<Account>(0) != but) return true;
    return false;
}

std::optional<Person> People::find_person(const Scope& scope, Tx& tx, Id<Person> id) const {
    const auto row = tx.row(people_sql::find_person, {{"id", id}});
    if (!row) return std::nullopt;
    Person person = person_of(*row);
    if (!allows(scope, place_of(person))) return std::nullopt;
    return person;
}

std::vector<Person> People::people(const Scope& scope, Tx& tx) const {
    std::vector<Person> result;
    for (const Row& row : tx.rows(people_of_company, {{"company", scope.company_id()}})) {
        Person person = person_of(row);
        if (allows(scope, place_of(person))) result.push_back(std::move(person));
    }
    return result;
}

std::string People::person_name(Tx& tx, Id<Person> id) const {
    if (!id) return {};
    const auto row = tx.row(people_sql::person_name, {{"id", id}});
    return row ? row->text(0) : std::string();
}

std::optional<std::string> People::setting(Tx& tx, std::int64_t company_id,
                                           std::string_view name) const {
    const auto row = tx.row(find_setting, {{"company", company_id}, {"name", name}});
    if (!row) return std::nullopt;
    return row->text(0);
}

void People::set_setting(Tx& tx, std::int64_t company_id, std::string_view name,
                         std::string_view value, std::string_view by) {
    tx.run(
        put_setting,
        {{"company", company_id}, {"name", name}, {"value", value}, {"at", tx.now()}, {"by", by}});
}

}  // namespace otklik
