#pragma once
// Every statement of the room people; private to it.
#include "store/store.h"

namespace otklik::people_sql {

extern const Sql find_company, insert_company, rename_company;
extern const Sql insert_unit, insert_ancestors, rename_unit, root_unit, units_of_company,
    units_below;
extern const Sql insert_person, update_person, find_person, people_of_company, person_name;
extern const Sql delete_person, person_of_number, accounts_of_person, delete_unused_account;
extern const Sql insert_account, update_account, set_password, find_account, account_of_login,
    accounts_of_company;
extern const Sql grants_of_account, clear_grants, insert_grant, set_language;
extern const Sql insert_session, session_of_token, touch_session, delete_session,
    delete_sessions_of, delete_expired_sessions;
extern const Sql find_throttle, put_throttle, clear_throttle;
extern const Sql place_of_unit, place_of_person, place_of_account;
extern const Sql put_pin, drop_pin, pin_of_person, pins_of_company;
extern const Sql find_setting, put_setting;

}  // namespace otklik::people_sql
