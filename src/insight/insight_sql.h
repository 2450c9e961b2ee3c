#pragma once
// Every statement of the room insight; private to it. Views over the tables of other rooms.
#include "store/store.h"

namespace otklik::insight_sql {
extern const Sql signals_of_days, waiting_clips, failed_clips, scored_checks, imported_scores,
    buttons_of_company, coded_signals, names_of_company;
}  // namespace otklik::insight_sql
