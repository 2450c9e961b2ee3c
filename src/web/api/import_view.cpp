#include "web/api/import_view.h"

#include "base/calendar.h"
#include "base/messages.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

/// The first of the names under which a field is known: "Surname|Last name".
std::string title_of_field(const Call& call, std::string_view kind, std::string_view field) {
    const std::string key = "import.field." + std::string(kind) + "." + std::string(field);
    const std::string_view language = enum_word(call.actor.language);
    if (field.empty() || !call.rooms.messages.has(language, key)) return std::string(field);
    const std::string names = call.rooms.messages.message(language, key);
    return names.substr(0, names.find('|'));
}

std::string title_of_any(const Call& call, std::string_view field) {
    for (const auto& [kind, word] : enum_words<ImportKind>)
        if (std::string title = title_of_field(call, word, field); title != field) return title;
    return std::string(field);
}

RowFaultView fault_view(const Call& call, const RowFault& fault) {
    return {fault.field, fault.column.empty() ? title_of_any(call, fault.field) : fault.column,
            fault.code,
            call.rooms.messages.message(enum_word(call.actor.language),
                                        "import.fault." + fault.code, fault.params)};
}

}  // namespace

void ImportColumnView::fields(FieldSink& f) {
    f.text("title", title);
    f.texts("samples", samples, 3);
}
void ImportFieldView::fields(FieldSink& f) {
    f.text("name", name);
    f.text("title", title);
    f.flag("required", required);
    f.integer("column", column, {}, "of the file, from 0; absent: not matched");
}
void RowFaultView::fields(FieldSink& f) {
    f.text("field", field);
    f.text("column", column, {}, "as the file heads it");
    f.text("code", code);
    f.text("text", text, {}, "the reason in words");
}
void RowChangeView::fields(FieldSink& f) {
    f.text("field", field);
    f.text("title", title);
    f.text("before", before);
    f.text("after", after);
}
void ImportMatchView::fields(FieldSink& f) {
    f.text("field", field);
    f.text("title", title);
    f.text("said", said, {}, "as the file writes it");
    f.text("is", is, {}, "what it was taken for; empty: not known here");
    f.integer("n", n, {}, "rows");
}
void ImportFileView::fields(FieldSink& f) {
    f.text("format", format, {}, "csv or xlsx");
    f.text("encoding", encoding, {}, "of CSV");
    f.texts("sheet_names", sheet_names, 200);
    f.list("columns", columns, 200);
    f.list("import_fields", import_fields, 50, "what can come in, and from which column it does");
    f.integer("formulas_without_value", formulas_without_value, {},
              "cells whose formula was never computed; they are read as empty");
    f.list("faults", faults, 50, "what must be matched first");
    f.list("matches", matches, 100, "names in a press log: what is not known here first");
}
void ImportView::fields(FieldSink& f) {
    f.id("id", id);
    f.choice("import_kind", import_kind);
    f.choice("state", state);
    f.text("file_name", file_name);
    f.object("settings", settings);
    f.integer("rows_total", rows_total);
    f.integer("rows_done", rows_done);
    f.integer("made", made, {}, "rows; of a draft: that would be");
    f.integer("changed", changed);
    f.integer("same", same);
    f.integer("bad", bad);
    f.integer("undone", undone, {}, "rows taken back");
    f.integer("kept", kept, {}, "rows the undo left, since they were changed");
    f.text("reason", reason, {}, "why it failed");
    f.text("result_id", result_id, {}, "the calendar, or the draft of a form");
    f.text("created_by", created_by);
    f.instant("created_at", created_at);
    f.instant("ended_at", ended_at);
    f.id("same_file_id", same_file_id, "an earlier import of the same file");
    f.instant("same_file_at", same_file_at);
    f.integer("version", version);
    f.object("file", file, "of a draft");
}
void ImportList::fields(FieldSink& f) {
    f.list("items", items, 1000);
    f.text("next", next, {}, "?after= of the next page");
}
void ImportRowView::fields(FieldSink& f) {
    f.integer("row", row, {}, "as the person's program counts");
    f.choice("action", action);
    f.text("title", title);
    f.text("undo", undo, {}, "undone, or kept: changed since");
    f.list("faults", faults, 50);
    f.list("changes", changes, 50);
}
void ImportRows::fields(FieldSink& f) {
    f.list("items", items, 1000);
    f.text("next", next, {}, "?after= of the next page");
}
void PastScoreView::fields(FieldSink& f) {
    f.id("id", id);
    f.day("day", day);
    f.text("person_name", person_name);
    f.text("form_name", form_name);
    f.number("score", score, "per cent, not rounded");
    f.text("comment", comment);
    f.text("file_name", file_name, {}, "it was imported from");
    f.id("import_id", import_id);
}
void CalendarView::fields(FieldSink& f) {
    f.id("id", id);
    f.id("unit", unit);
    f.text("unit_name", unit_name);
    f.integer("year", year);
    f.integer("working_days", working_days);
    f.integer("working_minutes", working_minutes, {}, "at eight hours a day");
    f.integer("shortened_days", shortened_days);
    f.text("file_name", file_name);
    f.instant("created_at", created_at);
}
void FormDraftView::fields(FieldSink& f) {
    f.id("id", id);
    f.text("name", name);
    f.choice("purpose", purpose);
    f.integer("items_count", items_count);
    f.instant("created_at", created_at);
}
void PublishRequest::fields(FieldSink& f) {
    f.text("name", name, {.bytes_max = 300, .may_be_empty = false});
    f.choice("purpose", purpose);
    f.id("form_id", form_id, "whose next version it becomes; a new form when absent");
    f.object("body", body);
}

ImportView view_of_import(const SheetImport& import) {
    ImportView view;
    view.id = import.id;
    view.import_kind = import.import_kind;
    view.state = import.state;
    view.file_name = import.file_name;
    view.created_by = import.created_by;
    view.settings = import.settings;
    view.rows_total = import.rows_total;
    view.rows_done = import.rows_done;
    view.made = import.counts.made;
    view.changed = import.counts.changed;
    view.same = import.counts.same;
    view.bad = import.counts.bad;
    view.undone = import.undone;
    view.kept = import.kept;
    view.version = import.version;
    view.created_at = import.created_at;
    view.ended_at = import.ended_at;
    if (import.result_id != 0)
        view.result_id = import.import_kind == ImportKind::calendar
                             ? word(Id<YearCalendar>{import.result_id})
                             : word(Id<FormDraft>{import.result_id});
    return view;
}

ImportFileView file_view(const Call& call, const ImportPreview& preview) {
    ImportFileView view;
    view.format = preview.look.format;
    view.encoding = preview.look.encoding;
    view.sheet_names = preview.look.sheet_names;
    for (const FileColumn& each : preview.look.columns)
        view.columns.push_back({each.title, each.samples});
    for (const ImportField& each : preview.look.fields)
        view.import_fields.push_back(
            {std::string(each.name), title_of_any(call, each.name), each.required, each.column});
    view.formulas_without_value = preview.look.formulas_without_value;
    for (const RowFault& each : preview.faults) view.faults.push_back(fault_view(call, each));
    for (const ImportMatch& each : preview.matches)
        view.matches.push_back(
            {each.field, title_of_any(call, each.field), each.said, each.is, each.n});
    return view;
}

ImportRowView row_view(const Call& call, const RowPlan& plan) {
    ImportRowView view{plan.row, plan.action, plan.title, plan.undo, {}, {}};
    for (const RowFault& each : plan.faults) view.faults.push_back(fault_view(call, each));
    for (const RowChange& each : plan.changes)
        view.changes.push_back(
            {each.field, title_of_any(call, each.field), each.before, each.after});
    return view;
}

CalendarView calendar_view(const YearCalendar& calendar, const std::string& unit_name,
                           const WorkCalendar& days) {
    CalendarView view;
    view.id = calendar.id;
    view.unit = calendar.unit;
    view.unit_name = unit_name;
    view.file_name = calendar.file_name;
    view.year = calendar.year;
    view.created_at = calendar.created_at;
    const std::string year = std::to_string(calendar.year);
    const auto first = parse_day(year + "-01-01").value_or(0);
    const auto last = parse_day(year + "-12-31").value_or(0);
    view.working_days = days.working_days(first, last);
    view.working_minutes = days.norm_minutes(first, last);
    for (std::int64_t day = first; day <= last; ++day)
        view.shortened_days += days.kind_of(day) == DayKind::shortened ? 1 : 0;
    return view;
}

FormDraftView draft_view(const FormDraft& draft) {
    return {draft.id, draft.name, draft.purpose,
            static_cast<std::int64_t>(draft.body.items_count()), draft.created_at};
}

}  // namespace otklik
