#pragma once
// Every statement of the room imports; private to it.
#include "store/store.h"

namespace otklik::imports_sql {

extern const Sql insert_import, find_import, same_file, change_settings, start_import, end_import;
extern const Sql count_rows, count_back, place_of_import;
extern const Sql insert_file, file_of_import, delete_file;
extern const Sql insert_row, rows_of_import, rows_to_undo, mark_row, has_rows;
extern const Sql insert_past_score, past_score_keys, delete_past_score, insert_contact,
    contact_keys, delete_contacts, place_of_contact, find_past_score, place_of_past_score;

extern const Sql insert_logged_press, find_logged_press, delete_logged_press, count_logged_presses,
    presses_of_file, presses_near, presses_without_fragment, presses_expecting, expect_fragment,
    fragment_came;

}  // namespace otklik::imports_sql
