// Imports of tables, their preview and undo; calendars, drafts of forms and past scores that came.
#include "imports/imports.h"

#include "base/messages.h"
#include "base/text.h"
#include "forms/form_drafts.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/import_view.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr int import_rows_page = 100;

/// Staff, calendars and presses are the administrator's; the rest whoever manages forms.
void require_import_right(const Call& call, ImportKind kind) {
    const bool people =
        kind == ImportKind::staff || kind == ImportKind::calendar || kind == ImportKind::presses;
    const bool console = call.actor.who == Actor::Who::console;
    if (people && !console && !role_has(call.scope.role(), Right::manage_people))
        throw Error(Fault::forbidden, "import.right");
}

SheetImport get_import(Call& call, Tx& tx) {
    SheetImport import = call.rooms.imports.get(call.scope, tx, call.id<SheetImport>());
    require_import_right(call, import.import_kind);
    return import;
}

void journal_import(Call& call, Tx& tx, std::string_view verb, const SheetImport& import) {
    journal(call, tx, verb, "import", import.id.value, import.unit.value);
}

RowsWish wish_of(Call& call) {
    RowsWish wish;
    wish.action = call.query_choice<RowAction>("action");
    wish.kept = call.request.query_value("kept") == "1";
    wish.after = call.query_integer("after", 0, 1'000'000).value_or(0);
    wish.count_max =
        static_cast<int>(call.query_integer("limit", 1, 500).value_or(import_rows_page));
    return wish;
}

ImportView whole_view(Call& call, const SheetImport& import) {
    ImportView view = view_of_import(import);
    if (import.state == ImportState::draft) {
        RowsWish none;
        none.count_max = 0;
        ImportPreview preview = call.rooms.imports.preview(call.scope, import, none);
        view.file = file_view(call, preview);
        view.made = preview.counts.made;
        view.changed = preview.counts.changed;
        view.same = preview.counts.same;
        view.bad = preview.counts.bad;
    }
    call.rooms.store.read([&](Tx& tx) {
        if (const auto before = call.rooms.imports.same_before(call.scope, tx, import)) {
            view.same_file_id = before->id;
            view.same_file_at = before->ended_at.value_or(before->created_at);
        }
    });
    if (!import.reason.empty())
        view.reason =
            call.rooms.messages.message(enum_word(call.actor.language), "error." + import.reason);
    call.set_version(import.version);
    return view;
}

Response upload_import(Call& call) {
    const auto kind = call.query_choice<ImportKind>("kind");
    if (!kind) throw Error(Fault::invalid, "field.missing", {{"field", "kind"}}).at("kind");
    require_import_right(call, *kind);
    Imports::NewImport wanted;
    wanted.import_kind = *kind;
    wanted.file_name = call.request.query_value("name").value_or("");
    wanted.bytes = std::move(call.request.body);
    wanted.created_by = call.actor.word;
    const auto id = call.rooms.imports.make(call.scope, wanted);
    const SheetImport import = call.rooms.store.write([&](Tx& tx) {
        SheetImport made = call.rooms.imports.get(call.scope, tx, id);
        journal_import(call, tx, "import.made", made);
        return made;
    });
    Response response = Response::json(201, to_json(whole_view(call, import)));
    for (const Header& header : call.headers) response.set(header.name, header.value);
    return response;
}

ImportList list_imports(Call& call) {
    const auto limit = static_cast<int>(call.query_integer("limit", 1, 200).value_or(50));
    return call.rooms.store.read([&](Tx& tx) {
        ImportList list;
        std::optional<PageKey> next;
        for (const SheetImport& each :
             call.rooms.imports.list(call.scope, tx, call.query_page(), limit, next))
            list.items.push_back(view_of_import(each));
        if (next) list.next = page_word(*next);
        return list;
    });
}

ImportView show_import(Call& call) {
    return whole_view(call, call.rooms.store.read([&](Tx& tx) { return get_import(call, tx); }));
}

ImportView change_import(Call& call, ImportSettings& in) {
    const SheetImport import = call.rooms.store.write([&](Tx& tx) {
        const SheetImport before = get_import(call, tx);
        call.require_version(before.version);
        call.rooms.imports.change(call.scope, tx, before.id, before.version, in);
        return get_import(call, tx);
    });
    return whole_view(call, import);
}

ImportRows list_import_rows(Call& call) {
    const SheetImport import = call.rooms.store.read([&](Tx& tx) { return get_import(call, tx); });
    const RowsWish wish = wish_of(call);
    const ImportPreview preview =
        import.state == ImportState::draft
            ? call.rooms.imports.preview(call.scope, import, wish)
            : call.rooms.store.read(
                  [&](Tx& tx) { return call.rooms.imports.rows(call.scope, tx, import, wish); });
    ImportRows rows;
    for (const RowPlan& each : preview.rows) rows.items.push_back(row_view(call, each));
    if (preview.next) rows.next = std::to_string(*preview.next);
    return rows;
}

template <void (Imports::*Do)(const Scope&, Tx&, Id<SheetImport>)>
ImportView act(Call& call, std::string_view verb) {
    const SheetImport import = call.rooms.store.write([&](Tx& tx) {
        const SheetImport before = get_import(call, tx);
        (call.rooms.imports.*Do)(call.scope, tx, before.id);
        journal_import(call, tx, verb, before);
        return get_import(call, tx);
    });
    return whole_view(call, import);
}
ImportView start_import(Call& call) {
    return act<&Imports::start>(call, "import.started");
}
ImportView cancel_import(Call& call) {
    return act<&Imports::cancel>(call, "import.cancelled");
}
ImportView undo_import(Call& call) {
    return act<&Imports::undo>(call, "import.undo");
}

PastScoreView show_past_score(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const auto score = call.rooms.imports.past_score(call.scope, tx, call.id<PastScore>());
        if (!score) throw Error(Fault::not_found, "not_found");
        const auto import = call.rooms.imports.find(call.scope, tx, score->import_id);
        return PastScoreView{
            score->id,
            score->day,
            call.rooms.people.person_name(tx, score->person_id),
            score->form_name,
            100.0 * static_cast<double>(score->score_num) / static_cast<double>(score->score_den),
            score->comment,
            import ? import->file_name : std::string(),
            import ? std::optional(import->id) : std::nullopt};
    });
}

CalendarList list_calendars(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        CalendarList list;
        std::map<std::int64_t, std::string> names;
        for (const Unit& unit : call.rooms.people.units(call.scope, tx))
            names[unit.id.value] = unit.name;
        for (const YearCalendar& each : calendars(call.scope, tx)) {
            const WorkCalendar days = [&] {
                WorkCalendar calendar;
                for (const auto& [day, kind] : calendar_days(tx, each.id)) calendar.set(day, kind);
                return calendar;
            }();
            list.items.push_back(calendar_view(each, names[each.unit.value], days));
        }
        return list;
    });
}

Nothing drop_calendar_row(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<YearCalendar>();
        for (const YearCalendar& each : calendars(call.scope, tx))
            if (each.id == id) {
                drop_calendar(tx, call.company_id(), id);
                journal(call, tx, "calendar.dropped", "calendar", id.value, each.unit.value);
                return;
            }
        throw Error(Fault::not_found, "not_found");
    });
    return {};
}

FormDraftList list_form_drafts(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        FormDraftList list;
        for (const FormDraft& each : form_drafts(call.scope, tx))
            list.items.push_back(draft_view(each));
        return list;
    });
}

FormDraft get_draft(Call& call, Tx& tx) {
    auto draft = find_form_draft(call.scope, tx, call.id<FormDraft>());
    if (!draft) throw Error(Fault::not_found, "not_found");
    return *std::move(draft);
}

FormDraftPage show_form_draft(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const FormDraft draft = get_draft(call, tx);
        return FormDraftPage{draft_view(draft), draft.body};
    });
}

PublishedForm publish_form_draft(Call& call, PublishRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const FormDraft draft = get_draft(call, tx);
        PublishedForm form;
        if (in.form_id) {
            form.id = *in.form_id;
            call.rooms.forms.add_version(call.scope, tx, form.id, in.body, call.account_id());
        } else {
            form.id = call.rooms.forms.make(tx, {.company_id = call.company_id(),
                                                 .unit = draft.unit,
                                                 .name = in.name,
                                                 .purpose = in.purpose,
                                                 .body = in.body,
                                                 .made_by = call.account_id()});
        }
        drop_form_draft(tx, draft.id);
        journal(call, tx, "form.published", "form", form.id.value, draft.unit.value);
        return form;
    });
}

Nothing drop_form_draft_row(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const FormDraft draft = get_draft(call, tx);
        drop_form_draft(tx, draft.id);
        journal(call, tx, "form.draft_dropped", "fdraft", draft.id.value, draft.unit.value);
    });
    return {};
}

constexpr Route upload_import_route = [] {
    Route r = raw_route<&upload_import>(
        "POST", "/imports", Right::manage,
        "A table to import (?kind=staff|form|past_scores|calendar|contacts|presses, ?name; the "
        "body is the CSV or XLSX). Nothing is changed yet: the answer says what the file is and "
        "what would happen.",
        BodyRule{static_cast<std::int64_t>(import_bytes_max), false});
    r.output = +[](SchemaBook& book) { return book.add<ImportView>(); };
    return r;
}();

constexpr Route import_table[] = {
    upload_import_route,
    route<&list_imports>("GET", "/imports", Right::manage, "Imports, newest first."),
    route<&show_import>("GET", "/imports/{id}", Right::manage,
                        "An import; of a draft also its file, columns and what would happen."),
    route<&change_import>("PUT", "/imports/{id}", Right::manage,
                          "Sheet, header row, columns and choices of a draft; If-Match."),
    route<&list_import_rows>("GET", "/imports/{id}/rows", Right::manage,
                             "What each row would do or did; ?action=made|changed|same|bad, "
                             "?kept=1 for rows that the undo left."),
    route<&start_import>("POST", "/imports/{id}/start", Right::manage,
                         "Carries the import out; it goes on when nobody looks."),
    route<&cancel_import>("POST", "/imports/{id}/cancel", Right::manage,
                          "Throws a draft away, or stops one that runs."),
    route<&undo_import>("POST", "/imports/{id}/undo", Right::manage,
                        "Takes the whole import back, but for rows changed since."),
    route<&show_past_score>("GET", "/past-scores/{id}", Right::see_figures,
                            "A score of an earlier system."),
    route<&list_calendars>("GET", "/work-calendars", Right::signed_in,
                           "Production calendars with their working days and hours."),
    route<&drop_calendar_row>("DELETE", "/work-calendars/{id}", Right::manage_people,
                              "Takes a calendar back; the one before it is in force again."),
    route<&list_form_drafts>("GET", "/form-drafts", Right::manage,
                             "Drafts of forms that imports made."),
    route<&show_form_draft>("GET", "/form-drafts/{id}", Right::manage, "A draft with its body."),
    route<&publish_form_draft>("POST", "/form-drafts/{id}/publish", Right::manage,
                               "Makes a form, or the next version of one, of the draft."),
    route<&drop_form_draft_row>("DELETE", "/form-drafts/{id}", Right::manage,
                                "Throws the draft away."),
};

}  // namespace

const std::span<const Route> import_routes = import_table;

}  // namespace otklik
