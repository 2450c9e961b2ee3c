// What helps to fill a form: ready comments, and which form is proposed for a kind of signal.
#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "forms/forms.h"
#include "forms/forms_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t templates_per_item_max = 50;  // more are not found by a key or an eye

CommentTemplate template_of(const Row& row) {
    return {.id = row.id<CommentTemplate>(0),
            .form_id = row.id<Form>(2),
            .item = row.text(3),
            .owner_id = row.id<Person>(4),
            .text = row.text(5),
            .removed = !row.is_null(6)};
}

void add_templates_of(Tx& tx, Id<Form> form, Id<Person> owner, std::vector<CommentTemplate>& all) {
    for (const Row& row :
         tx.rows(forms_sql::templates_of_form, {{"form_id", form}, {"owner_id", owner.value}}))
        all.push_back(template_of(row));
}

void require_writer(const Scope& scope, Id<Person> owner) {
    if (scope.is_system()) return;
    if (!owner && !role_has(scope.role(), Right::manage))
        throw Error(Fault::forbidden, "template.shared");
    if (owner && owner.value != scope.person_id()) throw Error(Fault::not_found, "not_found");
}

}  // namespace

std::vector<CommentTemplate> Forms::templates(const Scope& scope, Tx& tx, Id<Form> form) const {
    get(scope, tx, form);
    std::vector<CommentTemplate> all;
    if (scope.person_id() != 0) add_templates_of(tx, form, {scope.person_id()}, all);
    add_templates_of(tx, form, {}, all);
    return all;
}

Id<CommentTemplate> Forms::add_template(const Scope& scope, Tx& tx, const CommentTemplate& wanted) {
    const Form form = get(scope, tx, wanted.form_id);
    require_writer(scope, wanted.owner_id);
    const std::string text(trim(wanted.text));
    if (text.empty()) throw Error(Fault::invalid, "field.empty", {{"field", "text"}}).at("text");
    if (!version(scope, tx, form.version_id).body.find_item(wanted.item))
        throw Error(Fault::invalid, "answer.unknown_item", {{"item", wanted.item}}).at("item");
    std::vector<CommentTemplate> same;
    add_templates_of(tx, form.id, wanted.owner_id, same);
    std::erase_if(same, [&](const CommentTemplate& each) { return each.item != wanted.item; });
    for (const CommentTemplate& each : same)
        if (each.text == text) return each.id;
    if (same.size() >= templates_per_item_max)
        throw Error(Fault::conflict, "template.many",
                    {{"max", std::to_string(templates_per_item_max)}});
    const auto id = tx.make_id<CommentTemplate>();
    tx.run(forms_sql::insert_template, {{"id", id},
                                        {"company_id", form.company_id},
                                        {"unit", form.unit},
                                        {"form_id", form.id},
                                        {"item", wanted.item},
                                        {"owner_id", wanted.owner_id.value},
                                        {"text", text},
                                        {"now", tx.now()}});
    return id;
}

void Forms::set_template_removed(const Scope& scope, Tx& tx, Id<Form> form, Id<CommentTemplate> id,
                                 bool removed) {
    get(scope, tx, form);
    const auto row = tx.row(forms_sql::template_by_id, {{"id", id}});
    if (!row || template_of(*row).form_id != form) throw Error(Fault::not_found, "not_found");
    require_writer(scope, template_of(*row).owner_id);
    const std::optional<Instant> at = removed ? std::optional(tx.now()) : std::nullopt;
    tx.run(forms_sql::set_template_removed, {{"id", id}, {"removed_at", at}});
}

std::vector<FormDefault> Forms::defaults(const Scope& scope, Tx& tx) const {
    std::vector<FormDefault> all;
    for (const Row& row : tx.rows(forms_sql::form_defaults, {{"company_id", scope.company_id()}}))
        all.push_back({row.text(0), row.id<Form>(1), row.text(2)});
    return all;
}

void Forms::set_default(const Scope& scope, Tx& tx, std::string_view signal_kind, Id<Form> id) {
    if (!id) {
        tx.run(forms_sql::drop_form_default,
               {{"company_id", scope.company_id()}, {"kind", signal_kind}});
        return;
    }
    const Form form = get(scope, tx, id);
    if (form.archived_at) throw Error(Fault::conflict, "form.archived", {{"name", form.name}});
    if (form.purpose != Purpose::signal)
        throw Error(Fault::conflict, "form.not_signal", {{"name", form.name}});
    tx.run(forms_sql::put_form_default, {{"company_id", form.company_id},
                                         {"kind", signal_kind},
                                         {"form_id", form.id},
                                         {"by", scope.account_id()},
                                         {"now", tx.now()}});
}

}  // namespace otklik
