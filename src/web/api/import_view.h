#pragma once
// How imports and what came of them look in answers.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "forms/form_drafts.h"
#include "imports/imports.h"
#include "sites/work_calendars.h"
#include "web/api/route.h"

namespace otklik {

struct ImportColumnView {
    std::string title;
    std::vector<std::string> samples;
    void fields(FieldSink& f);
};
struct ImportFieldView {
    std::string name, title;
    bool required = false;
    std::optional<std::int64_t> column;
    void fields(FieldSink& f);
};
struct RowFaultView {
    std::string field, column, code, text;
    void fields(FieldSink& f);
};
struct RowChangeView {
    std::string field, title, before, after;
    void fields(FieldSink& f);
};
struct ImportMatchView {
    std::string field, title, said, is;
    std::int64_t n = 0;
    void fields(FieldSink& f);
};
struct ImportFileView {
    std::string format, encoding;
    std::vector<std::string> sheet_names;
    std::vector<ImportColumnView> columns;
    std::vector<ImportFieldView> import_fields;
    std::int64_t formulas_without_value = 0;
    std::vector<RowFaultView> faults;
    std::vector<ImportMatchView> matches;
    void fields(FieldSink& f);
};
struct ImportView {
    Id<SheetImport> id;
    ImportKind import_kind = ImportKind::staff;
    ImportState state = ImportState::draft;
    std::string file_name, created_by;
    ImportSettings settings;
    std::int64_t rows_total = 0, rows_done = 0, made = 0, changed = 0, same = 0, bad = 0,
                 undone = 0, kept = 0, version = 1;
    std::optional<std::string> reason, result_id;
    Instant created_at;
    std::optional<Instant> ended_at, same_file_at;
    std::optional<Id<SheetImport>> same_file_id;
    std::optional<ImportFileView> file;
    void fields(FieldSink& f);
};
struct ImportList {
    std::vector<ImportView> items;
    std::optional<std::string> next;
    void fields(FieldSink& f);
};
struct ImportRowView {
    std::int64_t row = 0;
    RowAction action = RowAction::made;
    std::string title, undo;
    std::vector<RowFaultView> faults;
    std::vector<RowChangeView> changes;
    void fields(FieldSink& f);
};
struct ImportRows {
    std::vector<ImportRowView> items;
    std::optional<std::string> next;
    void fields(FieldSink& f);
};
struct PastScoreView {
    Id<PastScore> id;
    std::int64_t day = 0;
    std::string person_name, form_name;
    double score = 0;
    std::string comment, file_name;
    std::optional<Id<SheetImport>> import_id;
    void fields(FieldSink& f);
};
struct CalendarView {
    Id<YearCalendar> id;
    Id<Unit> unit;
    std::string unit_name, file_name;
    std::int64_t year = 0, working_days = 0, working_minutes = 0, shortened_days = 0;
    Instant created_at;
    void fields(FieldSink& f);
};
struct CalendarList {
    std::vector<CalendarView> items;
    void fields(FieldSink& f) { f.list("items", items, 10'000); }
};
struct FormDraftView {
    Id<FormDraft> id;
    std::string name;
    Purpose purpose = Purpose::standard;
    std::int64_t items_count = 0;
    Instant created_at;
    void fields(FieldSink& f);
};
struct FormDraftList {
    std::vector<FormDraftView> items;
    void fields(FieldSink& f) { f.list("items", items, 10'000); }
};
struct FormDraftPage {
    FormDraftView head;
    FormBody body;
    void fields(FieldSink& f) {
        head.fields(f);
        f.object("body", body);
    }
};
struct PublishRequest {
    std::string name;
    Purpose purpose = Purpose::standard;
    std::optional<Id<Form>> form_id;
    FormBody body;
    void fields(FieldSink& f);
};
struct PublishedForm {
    Id<Form> id;
    void fields(FieldSink& f) { f.id("id", id); }
};

ImportView view_of_import(const SheetImport& import);
ImportFileView file_view(const Call& call, const ImportPreview& preview);
ImportRowView row_view(const Call& call, const RowPlan& plan);
CalendarView calendar_view(const YearCalendar& calendar, const std::string& unit_name,
                           const WorkCalendar& days);
FormDraftView draft_view(const FormDraft& draft);

}  // namespace otklik
