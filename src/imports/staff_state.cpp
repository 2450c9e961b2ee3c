#include "imports/staff_state.h"

#include "sites/sites.h"
#include "store/store.h"

namespace otklik {

void StaffState::fields(FieldSink& f) {
    f.text("last_name", last_name);
    f.text("first_name", first_name);
    f.text("patronymic", patronymic);
    f.text("personnel_number", personnel_number);
    f.text("position", position);
    f.text("phone", phone);
    f.text("email", email);
    f.id("unit", unit);
    f.flag("archived", archived);
    f.id("account_id", account_id);
}

StaffState state_of(const Person& person) {
    return {person.parts.last,
            person.parts.first,
            person.parts.patronymic,
            person.personnel_number,
            person.position,
            person.phone,
            person.email,
            person.unit,
            person.archived_at.has_value(),
            std::nullopt};
}

void put_state(const StaffState& state, Person& person, Instant now) {
    person.parts = {state.last_name, state.first_name, state.patronymic};
    person.name = joined_name(person.parts);
    person.personnel_number = state.personnel_number;
    person.position = state.position;
    person.phone = state.phone;
    person.email = state.email;
    person.unit = state.unit;
    if (!state.archived)
        person.archived_at.reset();
    else if (!person.archived_at)
        person.archived_at = now;
}

bool undo_staff_row(Tx& tx, const UndoParts& parts, const RowTrace& trace) {
    auto person = parts.uses.people.find_person(parts.scope, tx, {trace.subject_id});
    if (!person) return false;
    const auto after = from_json<StaffState>(trace.after);
    StaffState now = state_of(*person);
    now.account_id = after.account_id;  // the account is looked at by itself
    if (to_json(now) != to_json(after)) return false;
    const Id<Account> account = after.account_id.value_or(Id<Account>{});
    const bool made = trace.before.empty();
    if (made && (parts.uses.people.is_used(tx, person->id, account) ||
                 parts.uses.sites.served(tx, person->id)))
        return false;
    if (account && parts.uses.people.find_account(parts.scope, tx, account) &&
        !parts.uses.people.drop_unused_account(tx, account))
        return false;
    if (made) {
        parts.uses.people.drop_person(tx, person->id);
        return true;
    }
    put_state(from_json<StaffState>(trace.before), *person, tx.now());
    parts.uses.people.change_person(parts.scope, tx, *person);
    return true;
}

}  // namespace otklik
