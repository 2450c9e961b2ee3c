// Forms, their versions, and ready ones to begin with.
#include "forms/forms.h"

#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct FormRequest {
    std::string name;
    Purpose purpose = Purpose::signal;
    FormBody body;
    void fields(FieldSink& f) {
        f.text("name", name, {.bytes_max = 300, .may_be_empty = false});
        f.choice("purpose", purpose, "standard: staff compliance; signal: what a press is about");
        f.object("body", body);
    }
};
struct FormBodyRequest {
    FormBody body;
    void fields(FieldSink& f) { f.object("body", body); }
};
struct FormListItem {
    Id<Form> id;
    std::string name;
    Purpose purpose = Purpose::signal;
    std::int64_t number = 1;
    Id<FormVersion> version_id;
    std::int64_t items_count = 0;
    std::optional<Instant> archived_at;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("name", name);
        f.choice("purpose", purpose);
        f.integer("number", number, {}, "of the newest version");
        f.id("version_id", version_id);
        f.integer("items_count", items_count);
        f.instant("archived_at", archived_at);
    }
};
struct FormList {
    std::vector<FormListItem> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct FormView {
    FormListItem head;
    FormBody body;
    void fields(FieldSink& f) {
        head.fields(f);
        f.object("body", body);
    }
};
struct StarterList {
    std::vector<StarterForm> items;
    void fields(FieldSink& f) { f.list("items", items); }
};

FormListItem head_of(const Form& form, const FormVersion& version) {
    return {form.id,         form.name,       form.purpose,
            form.number,     form.version_id, static_cast<std::int64_t>(version.body.items_count()),
            form.archived_at};
}

FormView form_view(Call& call, Tx& tx, Id<Form> id) {
    const Form form = call.rooms.forms.get(call.scope, tx, id);
    const FormVersion version = call.rooms.forms.version(call.scope, tx, form.version_id);
    return {head_of(form, version), version.body};
}

FormList list_forms(Call& call) {
    const auto purpose = call.query_choice<Purpose>("purpose");
    return call.rooms.store.read([&](Tx& tx) {
        FormList list;
        for (const Form& form : call.rooms.forms.list(call.scope, tx, purpose))
            list.items.push_back(
                head_of(form, call.rooms.forms.version(call.scope, tx, form.version_id)));
        return list;
    });
}

FormView show_form(Call& call) {
    return call.rooms.store.read([&](Tx& tx) { return form_view(call, tx, call.id<Form>()); });
}

FormView make_form(Call& call, FormRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto root = call.rooms.people.root_unit(tx, call.company_id());
        const auto id = call.rooms.forms.make(tx, {.company_id = call.company_id(),
                                                   .unit = root,
                                                   .name = in.name,
                                                   .purpose = in.purpose,
                                                   .body = in.body,
                                                   .made_by = call.account_id()});
        journal(call, tx, "form.made", "form", id.value, root.value);
        return form_view(call, tx, id);
    });
}

FormView make_form_version(Call& call, FormBodyRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<Form>();
        call.rooms.forms.add_version(call.scope, tx, id, in.body, call.account_id());
        const Form form = call.rooms.forms.get(call.scope, tx, id);
        journal(call, tx, "form.version", "form", id.value, form.unit.value);
        return form_view(call, tx, id);
    });
}

Nothing archive_form(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const Form form = call.rooms.forms.get(call.scope, tx, call.id<Form>());
        call.rooms.forms.archive(call.scope, tx, form.id);
        journal(call, tx, "form.archived", "form", form.id.value, form.unit.value);
    });
    return {};
}

StarterList list_starters(Call& call) {
    return {starter_forms(call.actor.language)};
}

constexpr Route form_table[] = {
    route<&list_forms>("GET", "/forms", Right::signed_in, "Forms in use, newest first; ?purpose=."),
    route<&list_starters>("GET", "/forms/starters", Right::signed_in,
                          "Ready forms to begin with, in the reader's language."),
    route<&show_form>("GET", "/forms/{id}", Right::signed_in, "A form with its newest version."),
    route<&make_form>("POST", "/forms", Right::manage, "A new form; its purpose never changes."),
    route<&make_form_version>("POST", "/forms/{id}/versions", Right::manage,
                              "A new version; checks keep the version they began with."),
    route<&archive_form>("DELETE", "/forms/{id}", Right::manage,
                         "No new checks by this form; old ones stay."),
};

}  // namespace

const std::span<const Route> form_routes = form_table;

}  // namespace otklik
