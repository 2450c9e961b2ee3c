#pragma once
// What the rows of an import would do, and doing it. One planner per kind; the preview and the run
// are the same code, so they cannot differ. Private to imports. Thread: belongs to one call.
#include <memory>
#include <string>

#include "imports/imports.h"
#include "imports/table.h"

namespace otklik {

/// What a row left, so that it can be taken back.
struct RowTrace {
    std::int64_t subject_id = 0;
    std::string before, after;  // states as JSON; after a run the row must still look like `after`
};

class Planner {
public:
    virtual ~Planner() = default;
    /// Reads what rows are compared with; before each slice, in its transaction.
    virtual void open(Tx& tx) = 0;
    virtual RowPlan plan(std::size_t i) = 0;
    /// Does what `plan` said; may find it bad after all.
    virtual RowTrace write(Tx& tx, std::size_t i, RowPlan& plan) = 0;
    /// After the last row: what came of the whole, or 0.
    virtual std::int64_t finish(Tx&) { return 0; }
    /// What the names of the file were taken for, by all rows planned so far.
    virtual std::vector<ImportMatch> matches() const { return {}; }
    /// Kinds whose rows make one thing together are carried out in one transaction.
    virtual bool in_one_go() const { return false; }
};

struct PlannerParts {
    const Scope& scope;
    const SheetImport& import;
    const ImportTable& table;
    const ImportWords& words;
    const ImportUses& uses;
    Id<Unit> root;
    bool preview = false;
};
std::unique_ptr<Planner> make_staff_planner(const PlannerParts& parts);
std::unique_ptr<Planner> make_form_planner(const PlannerParts& parts);
std::unique_ptr<Planner> make_past_score_planner(const PlannerParts& parts);
std::unique_ptr<Planner> make_calendar_planner(const PlannerParts& parts);
std::unique_ptr<Planner> make_contact_planner(const PlannerParts& parts);
std::unique_ptr<Planner> make_press_planner(const PlannerParts& parts);

/// Takes a row back; false when it was changed since, and is left.
struct UndoParts {
    const Scope& scope;
    const SheetImport& import;
    const ImportUses& uses;
};
bool undo_staff_row(Tx& tx, const UndoParts& parts, const RowTrace& trace);
bool undo_past_score_row(Tx& tx, const RowTrace& trace);
bool undo_contact_row(Tx& tx, const RowTrace& trace);
bool undo_press_row(Tx& tx, const UndoParts& parts, const RowTrace& trace);
/// The calendar, or the draft of a form, that the whole import made.
bool undo_result(Tx& tx, const SheetImport& import);

}  // namespace otklik
