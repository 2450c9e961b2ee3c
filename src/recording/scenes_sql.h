#pragma once
// Statements over recordings that heard the same scene; private to the room.
#include "store/store.h"

namespace otklik::scenes_sql {

extern const Sql insert_match, matches_of_session, sessions_near;

}  // namespace otklik::scenes_sql
