#pragma once
// Statements of live recorders: agents, sessions that come in chunks, their tails. Private to the
// room.
#include "store/store.h"

namespace otklik::live_sql {

extern const Sql insert_agent, find_agent, agent_by_token, set_agent_token, revoke_agent,
    note_agent, count_refused, insert_agent_code, void_agent_codes, use_agent_code,
    agent_code_recorder, picked_up_by_agent;
extern const Sql insert_live, live_of_incarnation, live_of_session, live_of_track,
    unsealed_of_recorder, move_whole, move_live_state, sealed_live, heard_at_point,
    heard_of_recorder, grow_session, close_session, neighbour_before, neighbour_after;
extern const Sql insert_tail, tail_of_sequence, tail_before, tail_after, tail_between, tail_from,
    tail_until, tail_meeting, newest_tail, change_tail, delete_tail, insert_run, run_holding;
extern const Sql last_segment, pages_of_file, set_track_peaks, raise_peak, mark_silent,
    pauses_meeting;

}  // namespace otklik::live_sql
