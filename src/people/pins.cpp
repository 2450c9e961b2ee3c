// PINs of a shift: few digits, so every try is counted before it is looked at.
#include <algorithm>
#include <set>

#include "base/error.h"
#include "people/people.h"
#include "people/people_sql.h"
#include "people/throttle.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace people_sql;

constexpr std::size_t digits_min = 4;
constexpr std::size_t digits_max = 8;

bool is_pin(std::string_view pin) {
    return pin.size() >= digits_min && pin.size() <= digits_max &&
           std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string key_of(Id<Person> person) {
    return "pin:" + word(person);
}

}  // namespace

std::string hash_pin(std::string_view pin) {
    if (!is_pin(pin)) throw Error(Fault::invalid, "pin.digits").at("pin");
    return hash_secret(pin);
}

void People::set_pin(Tx& tx, const Person& person, std::string_view pin_hash, std::string_view by) {
    forget_failures(tx, key_of(person.id));
    if (pin_hash.empty()) {
        tx.run(drop_pin, {{"person", person.id}});
        return;
    }
    tx.run(put_pin, {{"person", person.id},
                     {"company", person.company_id},
                     {"unit", person.unit},
                     {"hash", pin_hash},
                     {"by", by},
                     {"at", tx.now()}});
}

std::vector<Id<Person>> People::people_with_pin(Tx& tx, std::int64_t company_id) const {
    std::vector<Id<Person>> all;
    for (const Row& row : tx.rows(pins_of_company, {{"company", company_id}}))
        all.push_back(row.id<Person>(0));
    return all;
}

std::vector<Person> People::shift_people(const Scope& scope, Tx& tx, Id<Unit> unit) const {
    std::set<std::int64_t> with_pin;
    for (const Id<Person> id : people_with_pin(tx, scope.company_id())) with_pin.insert(id.value);
    std::set<std::int64_t> above;  // units that this one belongs to, itself included
    for (const Unit& each : units(scope, tx))
        for (const Row& row : tx.rows(units_below, {{"ancestor", each.id}}))
            if (row.integer(0) == unit.value) above.insert(each.id.value);
    std::vector<Person> result;
    for (Person& person : people(scope, tx))
        if (!person.archived_at && with_pin.contains(person.id.value) &&
            above.contains(person.unit.value))
            result.push_back(std::move(person));
    return result;
}

void People::require_pin(Store& store, Id<Person> person, std::string_view pin) {
    const std::string hash = store.write([&](Tx& tx) {
        count_try(tx, key_of(person), "pin.throttled");
        const auto row = tx.row(pin_of_person, {{"person", person}});
        return row ? row->text(0) : std::string();
    });
    if (hash.empty() || !is_pin(pin) || !password_fits(hash, pin))
        throw Error(Fault::unauthorized, "pin.wrong").at("pin");
    store.write([&](Tx& tx) { forget_failures(tx, key_of(person)); });
}

void People::count_try(Tx& tx, const std::string& key, std::string_view code) {
    require_unlocked(tx, key, code);
    count_failure(tx, key);
}

void People::forget_tries(Tx& tx, const std::string& key) {
    forget_failures(tx, key);
}

}  // namespace otklik
