#pragma once
// Every statement of the room insight; private to it. All but those of the
// roll-up stand over tables of other rooms.
#include "store/store.h"

namespace otklik::insight_sql {
extern const Sql signals_of_days, waiting_clips, failed_clips, scored_checks, imported_scores,
    buttons_of_company, coded_signals, names_of_company, contacts_of_days;
extern const Sql day_of_signal, next_signal_day, find_figure_day, figure_days, figure_cells,
    drop_cells, count_cells, put_figure_day;
}  // namespace otklik::insight_sql
