#pragma once
// Every statement of the room notices; private to it.
#include "store/store.h"

namespace otklik::notices_sql {
extern const Sql find_server, insert_server, update_server, note_sent, note_trouble;
extern const Sql choices_of_account, choices_of_topic, delete_choices, insert_choice;
extern const Sql insert_notice, count_waiting, drop_notices, newest_notices, place_of_notice;
extern const Sql end_leases, lost_letter, due_notice, due_of_account, take_notice, lines_of_letter,
    take_letter_again, settle_letter, put_off_letter, leave_letter, old_notices, delete_notice;
}  // namespace otklik::notices_sql
