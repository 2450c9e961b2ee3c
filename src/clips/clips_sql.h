#pragma once
// Every statement of the room clips; private to it.
#include "store/store.h"

namespace otklik::clips_sql {

extern const Sql insert_clip, insert_clip_signal, find_clip, clip_of_signal, update_clip,
    mark_undone, become_fragment, clips_of_fragment, reopen_clip, ask_clip_anew, move_window,
    clip_to_join, signals_of_clip, version_of_file, delete_track_of_file, delete_tracks,
    delete_envelopes, due_clips, count_due_clips, mark_clip_erased, pieces_kept, sources_of_clip;
extern const Sql open_clips_meeting, clips_meeting, count_waiting, window_meeting;
extern const Sql insert_envelope, envelopes_of_length, insert_return, return_of_session,
    clip_of_file;
extern const Sql insert_version, insert_piece, insert_track;
extern const Sql find_version, latest_version, versions_of_clip, pieces_of_version,
    tracks_of_version;
extern const Sql insert_link, count_links, links_of_clip, find_link, link_of_token, end_link,
    count_link;
extern const Sql place_of_clip, place_of_version, place_of_link;

}  // namespace otklik::clips_sql
