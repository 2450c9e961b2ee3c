#pragma once
// Every statement of the room sampling; private to it.
#include "store/store.h"

namespace otklik::sampling_sql {
extern const Sql insert_draw, draw_by_id, draw_place;
}  // namespace otklik::sampling_sql
