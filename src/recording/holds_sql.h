#pragma once
// Statements of recording/holds; private to it.
#include "store/store.h"

namespace otklik::holds_sql {

extern const Sql insert_hold, find_hold, holds_of_company, holds_meeting, release_hold,
    restore_hold, limit_pins, held_pin, held_pins, cut_pin;

}  // namespace otklik::holds_sql
