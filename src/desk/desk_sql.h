#pragma once
// Every statement of the room desk; private to it. Those that read stand over tables of other
// rooms.
#include "store/store.h"

namespace otklik::desk_sql {
extern const Sql open_signals_counted, later_signals_due, draws_to_check, drafts_of_checker,
    own_checks_since, clips_of_days, refusals_since, signals_done_by, checks_done_by, marks_of_desk,
    put_mark, delete_mark, forget_marks, jobs_parked_counted;
extern const Sql insert_view, view_by_id, views_of_list, count_own_views, change_view_row,
    delete_view_row, view_place, put_default, drop_default, drop_defaults_of, default_of;
}  // namespace otklik::desk_sql
