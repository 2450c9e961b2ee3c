#pragma once
// A person as an import sees one: what can come in, as JSON before and after. Private to imports.
#include <string>

#include "imports/planner.h"

namespace otklik {

struct StaffState {
    std::string last_name, first_name, patronymic;
    std::optional<std::string> personnel_number, position, phone, email;
    Id<Unit> unit;
    bool archived = false;
    std::optional<Id<Account>> account_id;  // made by the import
    void fields(FieldSink& f);
};
StaffState state_of(const Person& person);
void put_state(const StaffState& state, Person& person, Instant now);

}  // namespace otklik
