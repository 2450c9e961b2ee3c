#pragma once
// Every statement of the room kinds, private to it.
#include "store/store.h"

namespace otklik::sql {

extern const Sql make_visible, ancestors, add_sight, make_invisible, move_in_sight, sight_page,
    root_units;

}  // namespace otklik::sql
