#pragma once
// Every statement of the room signals; private to it.
#include "store/store.h"

namespace otklik::signals_sql {

extern const Sql insert_device, update_device, set_token, set_revoked, touch_device;
extern const Sql find_device, device_by_token, devices_of_company;
extern const Sql insert_map, newest_map_number, insert_button, buttons_of_device, find_button;
extern const Sql buttons_of_company;
extern const Sql insert_signal, same_press, find_signal, signals_of_point, count_again;
extern const Sql insert_refusal, insert_undo, mark_undone, change_state, count_signals;
extern const Sql device_of_log, mark_log_device, mark_imported, presses_of_log, logged_press_row;
extern const Sql insert_score, put_coding, drop_coding;
extern const Sql open_signals, oldest_open_of_kind, oldest_open_without_kind;
extern const Sql forget_words, add_word, next_word, signals_of_word, signals_of_person;
extern const Sql oldest_without_words, signals_without_words;
extern const Sql void_pairings, insert_pairing, use_pairing, pairing_of_code, last_pairing;
extern const Sql place_of_device, place_of_signal;

}  // namespace otklik::signals_sql
