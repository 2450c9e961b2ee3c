#include "imports/rows.h"

#include "imports/imports_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

struct StoredParam {
    std::string name, value;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.text("value", value);
    }
};
struct StoredFault {
    std::string field, column, code;
    std::vector<StoredParam> params;
    void fields(FieldSink& f) {
        f.text("field", field);
        f.text("column", column);
        f.text("code", code);
        f.list("params", params);
    }
};
struct StoredFaults {
    std::vector<StoredFault> items;
    void fields(FieldSink& f) { f.list("items", items); }
};

}  // namespace

void ColumnChoice::fields(FieldSink& f) {
    f.text("field", field, {.bytes_max = 40, .may_be_empty = false}, "of ours");
    f.integer("column", column, {.min = 0, .max = 199}, "of the file, from 0");
}

void ImportSettings::fields(FieldSink& f) {
    f.integer("sheet", sheet, {.min = 0, .max = 199}, "of the workbook, from 0");
    f.integer("header_row", header_row, {.min = 0, .max = 100'000},
              "as the person's program counts; 0: the file has none");
    f.list("columns", columns, 50);
    f.id("unit", unit, "staff without a place, calendar: the company when absent");
    f.text("name", name, {.bytes_max = 300}, "of the form");
    f.choice("purpose", purpose, "of the form");
    f.integer("scale_max", scale_max, {.min = 1, .max = 1'000'000},
              "the best past score where the file does not say; 100 when absent");
    f.integer("year", year, {.min = 2000, .max = 2099},
              "of the calendar; the first of the file when absent");
    f.integer("service_minutes", service_minutes, {.min = 1, .max = 240},
              "contacts: how long service takes at most; 15 when absent");
    f.choice("button_kind", button_kind,
             "presses: what a button means that is not known here; such rows are bad when absent");
    f.flag("to_inbox", to_inbox, "presses without words: to be worked through here");
}

SheetImport import_of(const Row& row) {
    SheetImport import;
    import.id = row.id<SheetImport>(0);
    import.company_id = row.integer(1);
    import.unit = row.id<Unit>(2);
    import.import_kind = parse_enum<ImportKind>(row.text(3)).value();
    import.state = parse_enum<ImportState>(row.text(4)).value();
    import.file_name = row.text(5);
    import.sha256 = row.blob(6);
    import.settings = from_json<ImportSettings>(row.text(7));
    import.rows_total = row.integer(8);
    import.rows_done = row.integer(9);
    import.counts = {row.integer(10), row.integer(11), row.integer(12), row.integer(13)};
    import.undone = row.integer(14);
    import.kept = row.integer(15);
    import.result_id = row.maybe_integer(16).value_or(0);
    import.reason = row.text(17);
    import.created_by = row.text(18);
    import.account_id = row.id<Account>(19);
    import.created_at = row.instant(20);
    import.ended_at = row.maybe_instant(21);
    import.version = row.integer(22);
    return import;
}

std::string faults_json(const std::vector<RowFault>& faults) {
    if (faults.empty()) return {};
    StoredFaults stored;
    for (const RowFault& each : faults) {
        StoredFault& fault =
            stored.items.emplace_back(StoredFault{each.field, each.column, each.code, {}});
        for (const auto& [name, value] : each.params) fault.params.push_back({name, value});
    }
    return to_json(stored);
}

std::vector<RowFault> parse_faults(const std::string& json) {
    std::vector<RowFault> faults;
    if (json.empty()) return faults;
    for (const StoredFault& each : from_json<StoredFaults>(json).items) {
        RowFault& fault = faults.emplace_back(RowFault{each.field, each.column, each.code, {}});
        for (const StoredParam& param : each.params)
            fault.params.emplace_back(param.name, param.value);
    }
    return faults;
}

ImportReading::ImportReading(const Scope& scope, const SheetImport& import, std::string_view bytes,
                             const Messages& messages, const ImportUses& uses, bool preview)
    : import_(import),
      file_(read_sheet(bytes, static_cast<std::size_t>(import.settings.sheet))),
      table_(import.import_kind, file_, import_.settings),
      words_(messages) {
    const PlannerParts parts{scope, import_, table_, words_, uses, import_.unit, preview};
    switch (import.import_kind) {
        case ImportKind::staff:
            planner_ = make_staff_planner(parts);
            break;
        case ImportKind::form:
            planner_ = make_form_planner(parts);
            break;
        case ImportKind::past_scores:
            planner_ = make_past_score_planner(parts);
            break;
        case ImportKind::calendar:
            planner_ = make_calendar_planner(parts);
            break;
        case ImportKind::contacts:
            planner_ = make_contact_planner(parts);
            break;
        case ImportKind::presses:
            planner_ = make_press_planner(parts);
            break;
    }
}

}  // namespace otklik
