#pragma once
// Every statement of the room alarms; private to it. Those of facts stand over tables of recording.
#include "store/store.h"

namespace otklik::alarms_sql {
extern const Sql insert_alarm, find_alarm, open_alarms, open_of_subject, newest_cleared, note_good,
    reopen_alarm, clear_alarm, note_told, place_of_alarm;
extern const Sql newest_pause, session_within, first_placement, sound_of_files;
}  // namespace otklik::alarms_sql
