#pragma once
// Statements over audible marks; private to the room.
#include "store/store.h"

namespace otklik::markers_sql {

extern const Sql insert_marker, same_marker, find_marker, markers_between, markers_of_point;
extern const Sql insert_search, find_search, insert_heard, heard_in_session;
extern const Sql put_turn, turns_of_session, drop_turns, sessions_of_point;

}  // namespace otklik::markers_sql
