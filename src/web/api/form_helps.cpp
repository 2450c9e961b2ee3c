// What helps to fill a form: ready comments, and the form proposed for a kind of signal.
#include "forms/forms.h"
#include "signals/signals.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct TemplateView {
    Id<CommentTemplate> id;
    std::string item, text;
    bool shared = false;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("item", item);
        f.text("text", text);
        f.flag("shared", shared, "with all checkers; else the reader's own");
    }
};
struct TemplateList {
    std::vector<TemplateView> items;
    void fields(FieldSink& f) { f.list("items", items, 100'000); }
};
struct TemplateRequest {
    std::string item, text;
    bool shared = false;
    void fields(FieldSink& f) {
        f.text("item", item, {.bytes_max = 40});
        f.text("text", text, {.bytes_max = 2000, .may_be_empty = false});
        f.flag("shared", shared, "needs the right to manage forms");
    }
};

TemplateList template_list(Call& call, Tx& tx, Id<Form> form) {
    TemplateList list;
    for (CommentTemplate& each : call.rooms.forms.templates(call.scope, tx, form))
        list.items.push_back({each.id, std::move(each.item), std::move(each.text), !each.owner_id});
    return list;
}

TemplateList list_templates(Call& call) {
    return call.rooms.store.read([&](Tx& tx) { return template_list(call, tx, call.id<Form>()); });
}

void journal_template(Call& call, Tx& tx, std::string_view verb, Id<Form> id) {
    const Form form = call.rooms.forms.get(call.scope, tx, id);
    journal(call, tx, verb, "form", form.id.value, form.unit.value);
}

TemplateList add_template(Call& call, TemplateRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto form = call.id<Form>();
        const Id<Person> owner{in.shared ? 0 : call.scope.person_id()};
        if (!in.shared && !owner) throw Error(Fault::forbidden, "template.nobody");
        call.rooms.forms.add_template(
            call.scope, tx, {.form_id = form, .item = in.item, .owner_id = owner, .text = in.text});
        journal_template(call, tx, "form.template", form);
        return template_list(call, tx, form);
    });
}

template <bool removed>
Nothing remove_template(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto form = call.id<Form>();
        call.rooms.forms.set_template_removed(call.scope, tx, form,
                                              call.id<CommentTemplate>("template_id"), removed);
        journal_template(call, tx, removed ? "form.template_removed" : "form.template", form);
    });
    return {};
}

struct DefaultView {
    SignalKind kind = SignalKind::answer;
    std::optional<Id<Form>> form_id;
    std::optional<std::string> form_name;
    void fields(FieldSink& f) {
        f.choice("kind", kind);
        f.id("form_id", form_id, "absent: none is proposed");
        f.text("form_name", form_name);
    }
};
struct DefaultList {
    std::vector<DefaultView> items;
    void fields(FieldSink& f) { f.list("items", items, 10, "every kind"); }
};
struct FormDefaultRequest {
    SignalKind kind = SignalKind::answer;
    std::optional<Id<Form>> form_id;
    void fields(FieldSink& f) {
        f.choice("kind", kind);
        f.id("form_id", form_id, "of purpose signal; absent: none is proposed");
    }
};

DefaultList default_list(Call& call, Tx& tx) {
    const auto given = call.rooms.forms.defaults(call.scope, tx);
    DefaultList list;
    for (const auto& [kind, word] : enum_words<SignalKind>) {
        DefaultView view{.kind = kind};
        for (const FormDefault& each : given)
            if (each.signal_kind == word) {
                view.form_id = each.form_id;
                view.form_name = each.form_name;
            }
        list.items.push_back(std::move(view));
    }
    return list;
}

DefaultList list_defaults(Call& call) {
    return call.rooms.store.read([&](Tx& tx) { return default_list(call, tx); });
}

DefaultList set_default(Call& call, FormDefaultRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const auto form = in.form_id.value_or(Id<Form>{});
        call.rooms.forms.set_default(call.scope, tx, enum_word(in.kind), form);
        const auto root = call.rooms.people.root_unit(tx, call.company_id());
        journal(call, tx, "form.default", "form", form.value, root.value);
        return default_list(call, tx);
    });
}

constexpr Route form_help_table[] = {
    route<&list_templates>("GET", "/forms/{id}/templates", Right::check,
                           "Ready comments: the reader's own, then shared ones."),
    route<&add_template>("POST", "/forms/{id}/templates", Right::check,
                         "A ready comment to an item; shared ones need the right to manage."),
    route<&remove_template<true>>("DELETE", "/forms/{id}/templates/{template_id}", Right::check,
                                  "Takes a ready comment away."),
    route<&remove_template<false>>("POST", "/forms/{id}/templates/{template_id}/restore",
                                   Right::check, "Takes the removal of a ready comment back."),
    route<&list_defaults>("GET", "/form-defaults", Right::signed_in,
                          "Which form is proposed for signals of each kind."),
    route<&set_default>("PUT", "/form-defaults", Right::manage,
                        "Sets or clears the form proposed for signals of a kind."),
};

}  // namespace

const std::span<const Route> form_help_routes = form_help_table;

}  // namespace otklik
