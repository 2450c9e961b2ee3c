#pragma once
// Every statement of the room recording; private to it.
#include "store/store.h"

namespace otklik::recording_sql {

extern const Sql insert_recorder, update_recorder, find_recorder, recorders_of_company,
    move_recorder, counts_of_recorder;
extern const Sql insert_placement, end_placement, placement_at, later_placement, point_placement;
extern const Sql fragments_of_point, mark_fragments;
extern const Sql find_session, sessions_meeting, next_sessions, ends_of_sessions, open_session,
    newest_session, follow_map, place_session, place_bookmarks, siblings_of_session;
extern const Sql find_original, original_of_session, same_original, same_repaired, same_content,
    insert_original;
extern const Sql insert_session, insert_track, insert_segment;
extern const Sql tracks_of_session, segments_of_track;
extern const Sql newest_map, find_map, insert_map, insert_anchor, anchors_of_session, judge_anchor;
extern const Sql insert_repair, find_repair, repairs_of_session, newest_repair;
extern const Sql insert_ask, open_asks, open_ask_of_session, find_ask, close_asks;
extern const Sql insert_gap, find_gap, gaps_meeting;
extern const Sql insert_pin, delete_pins, pin_meeting;
extern const Sql insert_bookmark, remove_bookmark, find_bookmark, bookmarks_of_session;
extern const Sql place_of_recorder, place_of_session, place_of_repair, place_of_bookmark,
    place_of_hold;
extern const Sql insert_pause, find_pause, end_pause, open_pause;

}  // namespace otklik::recording_sql
