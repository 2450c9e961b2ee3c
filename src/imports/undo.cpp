#include "forms/form_drafts.h"
#include "imports/planner.h"
#include "sites/work_calendars.h"

namespace otklik {

bool undo_result(Tx& tx, const SheetImport& import) {
    if (import.result_id == 0) return true;
    if (import.import_kind == ImportKind::calendar)
        return drop_calendar(tx, import.company_id, {import.result_id});
    return drop_form_draft(tx, {import.result_id});
}

}  // namespace otklik
