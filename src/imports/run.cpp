// Carrying an import out and taking it back: slices of rows, each in a transaction of its own with
// the count of what is done, so that whatever dies, the next look goes on where it stood.
#include <algorithm>

#include "base/error.h"
#include "imports/imports.h"
#include "imports/imports_sql.h"
#include "imports/rows.h"
#include "store/audit.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace imports_sql;

constexpr std::int64_t slice_rows = 200;

void audit_end(Tx& tx, const SheetImport& import, std::string_view verb, const RowCounts& counts) {
    AuditEntry entry;
    entry.company_id = import.company_id;
    entry.unit = import.unit.value;
    entry.actor = import.created_by;
    entry.verb = verb;
    entry.subject = import.id.value;
    entry.subject_kind = "import";
    entry.detail = R"({"made":)" + std::to_string(counts.made) + R"(,"changed":)" +
                   std::to_string(counts.changed) + R"(,"same":)" + std::to_string(counts.same) +
                   R"(,"bad":)" + std::to_string(counts.bad) + "}";
    audit(tx, entry);
}

void end(Tx& tx, const SheetImport& import, ImportState state, std::string_view reason,
         std::int64_t result) {
    tx.run(end_import, {{"id", import.id},
                        {"state", enum_word(state)},
                        {"reason", reason},
                        {"result", result ? std::optional(result) : std::nullopt},
                        {"at", tx.now()}});
    tx.run(delete_file, {{"id", import.id}});
    tell(tx, "import.changed", import.company_id, import.unit.value, import.id.value);
}

void keep_row(Tx& tx, const SheetImport& import, const RowPlan& plan, const RowTrace& trace) {
    tx.run(insert_row,
           {{"id", import.id},
            {"row", plan.row},
            {"action", enum_word(plan.action)},
            {"title", plan.title},
            {"subject", trace.subject_id ? std::optional(trace.subject_id) : std::nullopt},
            {"before", trace.before},
            {"after", trace.after},
            {"faults", faults_json(plan.faults)}});
}

void add(RowCounts& counts, RowAction action) {
    counts.made += action == RowAction::made ? 1 : 0;
    counts.changed += action == RowAction::changed ? 1 : 0;
    counts.same += action == RowAction::same ? 1 : 0;
    counts.bad += action == RowAction::bad ? 1 : 0;
}

/// One slice; true when there is more. Nothing when somebody cancelled meanwhile.
bool run_slice(Tx& tx, const Imports& imports, Id<SheetImport> id, ImportReading& reading) {
    const SheetImport import = imports.get(Scope::system(), tx, id);
    if (import.state != ImportState::waiting && import.state != ImportState::running) return false;
    Planner& planner = reading.planner();
    const std::size_t size = reading.table().size();
    const std::size_t begin = static_cast<std::size_t>(import.rows_done);
    const std::size_t slice_end =
        planner.in_one_go() ? size : std::min<std::size_t>(size, begin + slice_rows);
    planner.open(tx);
    RowCounts counts;
    for (std::size_t i = begin; i < slice_end; ++i) {
        RowPlan plan = planner.plan(i);
        RowTrace trace;
        if (plan.action == RowAction::made || plan.action == RowAction::changed)
            trace = planner.write(tx, i, plan);
        add(counts, plan.action);
        if (plan.action != RowAction::same) keep_row(tx, import, plan, trace);
    }
    tx.run(count_rows, {{"id", id},
                        {"done", slice_end - begin},
                        {"made", counts.made},
                        {"changed", counts.changed},
                        {"same", counts.same},
                        {"bad", counts.bad}});
    tell(tx, "import.changed", import.company_id, import.unit.value, import.id.value);
    if (slice_end < size) return true;
    end(tx, import, ImportState::done, "", planner.finish(tx));
    const auto total = imports.get(Scope::system(), tx, id);
    audit_end(tx, import, "import.done", total.counts);
    return false;
}

}  // namespace

Scope Imports::scope_of(Tx& tx, const SheetImport& import) const {
    if (!import.account_id) return Scope::console(import.company_id);
    const auto account = uses_.people.find_account(Scope::system(), tx, import.account_id);
    if (!account || account->disabled_at) throw Error(Fault::conflict, "import.maker_gone");
    return uses_.people.scope_of(tx, *account);
}

void Imports::run(const SheetImport& import) {
    struct Opened {
        Scope scope;
        std::string bytes;
    };
    const Opened opened = store_.read([&](Tx& tx) {
        const auto row = tx.row(file_of_import, {{"id", import.id}});
        if (!row) throw Error(Fault::conflict, "import.file_gone");
        return Opened{scope_of(tx, import), row->blob(0)};
    });
    ImportReading reading(opened.scope, import, opened.bytes, messages_, uses_, false);
    while (
        store_.write([&](Tx& tx) { return run_slice(tx, *this, import.id, reading); }, Lane::low)) {
    }
}

void Imports::run_back(const SheetImport& import) {
    const Scope scope = store_.read([&](Tx& tx) { return scope_of(tx, import); });
    const UndoParts parts{scope, import, uses_};
    const auto slice = [&](Tx& tx) {
        // Rows of a form or a calendar made one thing, and go with it at once.
        const bool whole =
            import.import_kind == ImportKind::form || import.import_kind == ImportKind::calendar;
        const auto rows = tx.rows(
            rows_to_undo,
            {{"id", import.id}, {"below", INT64_MAX}, {"count", whole ? INT32_MAX : slice_rows}});
        std::int64_t undone = 0, kept = 0;
        const bool gone = whole && !rows.empty() && undo_result(tx, import);
        for (const Row& row : rows) {
            const RowTrace trace{row.maybe_integer(1).value_or(0), row.text(2), row.text(3)};
            const bool back =
                import.import_kind == ImportKind::staff         ? undo_staff_row(tx, parts, trace)
                : import.import_kind == ImportKind::past_scores ? undo_past_score_row(tx, trace)
                : import.import_kind == ImportKind::contacts    ? undo_contact_row(tx, trace)
                : import.import_kind == ImportKind::presses     ? undo_press_row(tx, parts, trace)
                                                                : gone;
            tx.run(
                mark_row,
                {{"id", import.id}, {"row", row.integer(0)}, {"undo", back ? "undone" : "kept"}});
            ++(back ? undone : kept);
        }
        tx.run(count_back, {{"id", import.id}, {"undone", undone}, {"kept", kept}});
        tell(tx, "import.changed", import.company_id, import.unit.value, import.id.value);
        if (!rows.empty()) return true;
        end(tx, import, ImportState::undone, "", 0);
        audit_end(tx, import, "import.undone", import.counts);
        return false;
    };
    while (store_.write(slice, Lane::low)) {
    }
}

std::optional<Instant> Imports::look(std::int64_t id) {
    const auto import = store_.read([&](Tx& tx) { return find(Scope::system(), tx, {id}); });
    if (!import) return std::nullopt;
    try {
        if (import->state == ImportState::waiting || import->state == ImportState::running)
            run(*import);
        else if (import->state == ImportState::undoing)
            run_back(*import);
    } catch (const Error& error) {
        // What the file or its maker's rights do not allow is said on the import; the rest (a disk,
        // a database) is tried again by the stage.
        if (error.fault() != Fault::invalid && error.fault() != Fault::too_large &&
            error.fault() != Fault::conflict && error.fault() != Fault::not_found)
            throw;
        store_.write([&](Tx& tx) {
            const SheetImport now = get(Scope::system(), tx, {id});
            if (now.state == ImportState::cancelled) return;
            end(tx, now, ImportState::failed, error.code(), 0);
            audit_end(tx, now, "import.failed", now.counts);
        });
    }
    return std::nullopt;
}

}  // namespace otklik
