#include "imports/imports.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "imports/imports_sql.h"
#include "imports/rows.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace imports_sql;

constexpr std::size_t file_name_letters_max = 200;

Place place_of(const SheetImport& import) {
    return {import.company_id, import.unit.value, 0};
}

void tell_of(Tx& tx, std::string_view fact, const SheetImport& import) {
    tell(tx, fact, import.company_id, import.unit.value, import.id.value);
}

std::string file_of(Tx& tx, Id<SheetImport> id) {
    const auto row = tx.row(file_of_import, {{"id", id}});
    if (!row) throw Error(Fault::conflict, "import.file_gone");
    return row->blob(0);
}

/// One field a column and one column a field; every field is one of the kind's.
void check_columns(ImportKind kind, const ImportSettings& settings) {
    std::set<std::string_view> fields;
    std::set<std::int64_t> columns;
    for (std::size_t i = 0; i < settings.columns.size(); ++i) {
        const ColumnChoice& each = settings.columns[i];
        const auto known = fields_of(kind);
        const bool is_field = std::any_of(known.begin(), known.end(), [&](const FieldDef& def) {
            return def.name == each.field;
        });
        if (!is_field || !fields.insert(each.field).second || !columns.insert(each.column).second)
            throw Error(Fault::invalid, "import.columns").at("columns[" + std::to_string(i) + "]");
    }
}

void count(RowCounts& counts, RowAction action) {
    if (action == RowAction::made) ++counts.made;
    if (action == RowAction::changed) ++counts.changed;
    if (action == RowAction::same) ++counts.same;
    if (action == RowAction::bad) ++counts.bad;
}

}  // namespace

/// Where an import stands: the company, or what its maker sees of it.
Id<Unit> Imports::widest_unit(Tx& tx, const Scope& scope) const {
    const auto root = uses_.people.root_unit(tx, scope.company_id());
    if (scope.sees_unit(root.value)) return root;
    if (scope.granted().empty()) throw Error(Fault::forbidden, "import.right");
    return {*scope.granted().begin()};
}

Id<SheetImport> Imports::make(const Scope& scope, const NewImport& wanted) {
    const SheetFile file = read_sheet(wanted.bytes);
    const ImportSettings settings =
        guess_settings(wanted.import_kind, file, ImportWords(messages_));
    const ImportTable table(wanted.import_kind, file, settings);
    return store_.write([&](Tx& tx) {
        SheetImport import;
        import.id = tx.make_id<SheetImport>();
        import.company_id = scope.company_id();
        import.unit = widest_unit(tx, scope);
        tx.run(insert_import,
               {{"id", import.id},
                {"company", import.company_id},
                {"unit", import.unit},
                {"kind", enum_word(wanted.import_kind)},
                {"name", std::string(cut_characters(wanted.file_name, file_name_letters_max))},
                {"sha256", Bytes{sha256(wanted.bytes)}},
                {"settings", to_json(settings)},
                {"total", static_cast<std::int64_t>(table.size())},
                {"by", wanted.created_by},
                {"account", Id<Account>{scope.account_id()}},
                {"at", tx.now()}});
        tx.run(insert_file, {{"id", import.id}, {"bytes", Bytes{wanted.bytes}}});
        make_visible(tx, "import", import.id.value, place_of(import), tx.now());
        tell_of(tx, "import.changed", import);
        return import.id;
    });
}

std::optional<SheetImport> Imports::find(const Scope& scope, Tx& tx, Id<SheetImport> id) const {
    const auto row = tx.row(find_import, {{"id", id}});
    if (!row) return std::nullopt;
    SheetImport import = import_of(*row);
    if (!allows(scope, place_of(import))) return std::nullopt;
    return import;
}

SheetImport Imports::get(const Scope& scope, Tx& tx, Id<SheetImport> id) const {
    auto import = find(scope, tx, id);
    if (!import) throw Error(Fault::not_found, "not_found");
    return *std::move(import);
}

std::optional<SheetImport> Imports::same_before(const Scope& scope, Tx& tx,
                                                const SheetImport& import) const {
    const auto row = tx.row(same_file, {{"company", import.company_id},
                                        {"sha256", Bytes{import.sha256}},
                                        {"kind", enum_word(import.import_kind)},
                                        {"id", import.id}});
    return row ? find(scope, tx, row->id<SheetImport>(0)) : std::nullopt;
}

std::vector<SheetImport> Imports::list(const Scope& scope, Tx& tx, std::optional<PageKey> after,
                                       int count_max, std::optional<PageKey>& next) const {
    std::vector<SheetImport> result;
    next = walk_sight(tx, scope, "import", {{0}, {INT64_MAX}}, after, count_max,
                      [&](const Seen& seen) {
                          auto import = find(scope, tx, {seen.id});
                          if (!import) return false;
                          result.push_back(*std::move(import));
                          return true;
                      });
    return result;
}

void Imports::change(const Scope& scope, Tx& tx, Id<SheetImport> id, std::int64_t version,
                     const ImportSettings& settings) {
    const SheetImport import = get(scope, tx, id);
    if (import.state != ImportState::draft) throw Error(Fault::conflict, "import.not_draft");
    if (import.version != version) throw Error(Fault::precondition, "row.changed");
    check_columns(import.import_kind, settings);
    if (settings.unit) require(scope, {import.company_id, settings.unit->value, 0});
    const std::string bytes = file_of(tx, id);
    // Another sheet has other columns: they are looked for anew when none were given with it.
    const SheetFile file = read_sheet(bytes, static_cast<std::size_t>(settings.sheet));
    ImportSettings kept = settings;
    if (settings.sheet != import.settings.sheet && settings.columns.empty()) {
        const auto guessed = guess_settings(import.import_kind, file, ImportWords(messages_));
        kept.columns = guessed.columns;
        kept.header_row = guessed.header_row;
    }
    const ImportTable table(import.import_kind, file, kept);
    tx.run(change_settings, {{"id", id},
                             {"version", version},
                             {"settings", to_json(kept)},
                             {"total", static_cast<std::int64_t>(table.size())}});
}

ImportPreview Imports::preview(const Scope& scope, const SheetImport& import,
                               const RowsWish& wish) {
    const std::string bytes = store_.read([&](Tx& tx) { return file_of(tx, import.id); });
    ImportReading reading(scope, import, bytes, messages_, uses_, true);
    ImportPreview preview;
    preview.look.format = reading.file().format == SheetFormat::csv ? "csv" : "xlsx";
    preview.look.encoding = reading.file().encoding;
    preview.look.sheet_names = reading.file().sheet_names;
    preview.look.columns = reading.table().columns();
    preview.look.fields = reading.table().fields();
    preview.look.formulas_without_value = reading.file().sheet.formulas_without_value;
    preview.total = static_cast<std::int64_t>(reading.table().size());
    preview.faults = reading.table().unmatched();
    if (!preview.faults.empty()) return preview;
    store_.read([&](Tx& tx) { reading.planner().open(tx); });
    for (std::size_t i = 0; i < reading.table().size(); ++i) {
        RowPlan plan = reading.planner().plan(i);
        count(preview.counts, plan.action);
        if ((wish.action && plan.action != *wish.action) || plan.row <= wish.after) continue;
        if (static_cast<int>(preview.rows.size()) < wish.count_max)
            preview.rows.push_back(std::move(plan));
        else if (!preview.next)
            preview.next = preview.rows.empty() ? wish.after : preview.rows.back().row;
    }
    preview.matches = reading.planner().matches();
    return preview;
}

ImportPreview Imports::rows(const Scope& scope, Tx& tx, const SheetImport& import,
                            const RowsWish& wish) const {
    require(scope, place_of(import));
    constexpr int looked_at_once = 500;
    ImportPreview result;
    result.counts = import.counts;
    result.total = import.rows_total;
    for (std::int64_t after = wish.after;;) {
        const auto rows = tx.rows(rows_of_import,
                                  {{"id", import.id}, {"after", after}, {"count", looked_at_once}});
        for (const Row& row : rows) {
            after = row.integer(0);
            RowPlan plan;
            plan.row = after;
            plan.action = parse_enum<RowAction>(row.text(1)).value_or(RowAction::bad);
            plan.undo = row.text(4);
            if ((wish.action && plan.action != *wish.action) || (wish.kept && plan.undo != "kept"))
                continue;
            if (static_cast<int>(result.rows.size()) == wish.count_max) {
                result.next = result.rows.back().row;
                return result;
            }
            plan.title = row.text(2);
            plan.subject_id = row.maybe_integer(5).value_or(0);
            plan.faults = parse_faults(row.text(3));
            result.rows.push_back(std::move(plan));
        }
        if (static_cast<int>(rows.size()) < looked_at_once) return result;
    }
}

void Imports::start(const Scope& scope, Tx& tx, Id<SheetImport> id) {
    const SheetImport import = get(scope, tx, id);
    if (import.state != ImportState::draft) throw Error(Fault::conflict, "import.not_draft");
    const SheetFile file =
        read_sheet(file_of(tx, id), static_cast<std::size_t>(import.settings.sheet));
    if (!ImportTable(import.import_kind, file, import.settings).unmatched().empty())
        throw Error(Fault::invalid, "import.unmatched").at("columns");
    tx.run(start_import, {{"id", id}, {"state", "waiting"}, {"from", "draft"}});
    tell_of(tx, "import.wanted", import);
}

void Imports::cancel(const Scope& scope, Tx& tx, Id<SheetImport> id) {
    const SheetImport import = get(scope, tx, id);
    const bool open = import.state == ImportState::draft || import.state == ImportState::waiting ||
                      import.state == ImportState::running;
    if (!open) throw Error(Fault::conflict, "import.not_running");
    tx.run(end_import, {{"id", id},
                        {"state", "cancelled"},
                        {"reason", ""},
                        {"result", nullptr},
                        {"at", tx.now()}});
    tx.run(delete_file, {{"id", id}});
    tell_of(tx, "import.changed", import);
}

void Imports::undo(const Scope& scope, Tx& tx, Id<SheetImport> id) {
    const SheetImport import = get(scope, tx, id);
    const bool ended = import.state == ImportState::done ||
                       import.state == ImportState::cancelled ||
                       import.state == ImportState::failed;
    if (!ended || (import.result_id == 0 && !tx.row(has_rows, {{"id", id}})))
        throw Error(Fault::conflict, "import.nothing_to_undo");
    tx.run(start_import, {{"id", id}, {"state", "undoing"}, {"from", enum_word(import.state)}});
    tell_of(tx, "import.wanted", import);
}

std::optional<PastScore> Imports::past_score(const Scope& scope, Tx& tx, Id<PastScore> id) const {
    const auto row = tx.row(find_past_score, {{"id", id}});
    if (!row) return std::nullopt;
    PastScore score{
        row->id<PastScore>(0), row->integer(1), row->id<Unit>(2), row->id<SheetImport>(3),
        row->id<Person>(4),    row->integer(5), row->text(6),     row->text(7),
        row->integer(8),       row->integer(9)};
    if (!allows(scope, {score.company_id, score.unit.value, score.person_id.value}))
        return std::nullopt;
    return score;
}

namespace {
constexpr std::string_view import_verbs[] = {"import.made",   "import.started",   "import.done",
                                             "import.failed", "import.cancelled", "import.undo",
                                             "import.undone", "import.fragments"};
constexpr PersonalColumn import_personal[] = {
    {"sheet_import_file", "bytes", "what is being imported; gone when it has ended", "delete_row"},
    {"sheet_import_row", "title", "whom a row was about", "blank"},
    {"sheet_import_row", "before", "to take an import back", "blank"},
    {"sheet_import_row", "after", "to see whether a row was changed since", "blank"},
    {"sheet_import_row", "faults", "why a row was not taken", "blank"},
    {"logged_press", "file_named", "the fragment as another system called it", "blank"}};
constexpr PersonalColumn past_personal[] = {
    {"past_score", "person_id", "whose work was checked", "blank"},
    {"past_score", "comment", "why it was scored so", "blank"}};
constexpr PersonalColumn contact_personal[] = {
    {"contact", "person_id", "who served then", "blank"}};
constexpr Kind kinds[] = {
    {.name = "import",
     .table = "sheet_import",
     .path = "/settings/import/{id}",
     .retention_class = "work",
     .audit_verbs = import_verbs,
     .personal = import_personal,
     .place = &place_by<place_of_import>},
    {.name = "past",
     .table = "past_score",
     .path = "/settings/import/{id}",
     .retention_class = "work",
     .audit_verbs = {},
     .personal = past_personal,
     .place = &place_by<place_of_past_score>},
    {.name = "contact",
     .table = "contact",
     .path = "",
     .retention_class = "work",
     .audit_verbs = {},
     .personal = contact_personal,
     .place = &place_by<place_of_contact>},
};
}  // namespace
const std::span<const Kind> import_kinds = kinds;

}  // namespace otklik
