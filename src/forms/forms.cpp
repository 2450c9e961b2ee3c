#include "forms/forms.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "forms/forms_sql.h"
#include "generated/embedded.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace forms_sql;

/// Settings of the company: its people may read them whatever their units are.
bool may_read(const Scope& scope, std::int64_t company_id) {
    return scope.is_system() || scope.company_id() == company_id;
}

Form form_of(const Row& row) {
    Form form;
    form.id = row.id<Form>(0);
    form.company_id = row.integer(1);
    form.unit = row.id<Unit>(2);
    form.name = row.text(3);
    form.purpose = parse_enum<Purpose>(row.text(4)).value_or(Purpose::signal);
    form.archived_at = row.maybe_instant(5);
    form.version_id = row.id<FormVersion>(6);
    form.number = row.integer(7);
    return form;
}

FormVersion version_of(const Row& row) {
    FormVersion version;
    version.id = row.id<FormVersion>(0);
    version.form_id = row.id<Form>(1);
    version.number = row.integer(2);
    version.body = parse_body(row.text(3));
    version.created_at = row.instant(4);
    return version;
}

Id<FormVersion> write_version(Tx& tx, const Form& form, std::int64_t number, const FormBody& body,
                              Id<Account> by) {
    const auto id = tx.make_id<FormVersion>();
    tx.run(insert_version, {{"id", id},
                            {"company_id", form.company_id},
                            {"unit", form.unit},
                            {"form_id", form.id},
                            {"number", number},
                            {"body", to_json(body)},
                            {"created_by", by.value},
                            {"now", tx.now()}});
    tell(tx, "form.changed", form.company_id, form.unit.value, form.id.value);
    return id;
}

}  // namespace

Id<Form> Forms::make(Tx& tx, const NewForm& form) {
    FormBody body = form.body;
    check_body(body, "body");
    Form row{.id = tx.make_id<Form>(), .company_id = form.company_id, .unit = form.unit};
    row.name = trim(form.name);
    if (row.name.empty())
        throw Error(Fault::invalid, "field.empty", {{"field", "name"}}).at("name");
    tx.run(insert_form, {{"id", row.id},
                         {"company_id", row.company_id},
                         {"unit", row.unit},
                         {"name", row.name},
                         {"name_fold", fold(row.name)},
                         {"purpose", enum_word(form.purpose)},
                         {"now", tx.now()}});
    write_version(tx, row, 1, body, form.made_by);
    return row.id;
}

Id<FormVersion> Forms::add_version(const Scope& scope, Tx& tx, Id<Form> id, FormBody body,
                                   Id<Account> by) {
    check_body(body, "body");
    const Form form = get(scope, tx, id);
    if (form.archived_at) throw Error(Fault::conflict, "form.archived", {{"name", form.name}});
    return write_version(tx, form, form.number + 1, body, by);
}

void Forms::archive(const Scope& scope, Tx& tx, Id<Form> id) {
    const Form form = get(scope, tx, id);
    if (tx.run(archive_form, {{"id", id}, {"now", tx.now()}}) > 0)
        tell(tx, "form.changed", form.company_id, form.unit.value, id.value);
}

std::optional<Form> Forms::find(const Scope& scope, Tx& tx, Id<Form> id) const {
    const auto row = tx.row(form_by_id, {{"id", id}});
    if (!row || !may_read(scope, row->integer(1))) return std::nullopt;
    return form_of(*row);
}

Form Forms::get(const Scope& scope, Tx& tx, Id<Form> id) const {
    auto form = find(scope, tx, id);
    if (!form) throw Error(Fault::not_found, "not_found");
    return *std::move(form);
}

std::vector<Form> Forms::list(const Scope& scope, Tx& tx, std::optional<Purpose> purpose) const {
    std::vector<Form> forms;
    for (const Row& row : tx.rows(forms_of_company, {{"company_id", scope.company_id()}})) {
        Form form = form_of(row);
        if (!purpose || form.purpose == *purpose) forms.push_back(std::move(form));
    }
    return forms;
}

FormVersion Forms::version(const Scope& scope, Tx& tx, Id<FormVersion> id) const {
    const auto row = tx.row(version_by_id, {{"id", id}});
    if (!row || !may_read(scope, row->integer(5))) throw Error(Fault::not_found, "not_found");
    return version_of(*row);
}

std::vector<FormVersion> Forms::versions(const Scope& scope, Tx& tx, Id<Form> id) const {
    get(scope, tx, id);
    std::vector<FormVersion> versions;
    for (const Row& row : tx.rows(versions_of_form, {{"form_id", id}}))
        versions.push_back(version_of(row));
    return versions;
}

void StarterForm::fields(FieldSink& f) {
    f.text("key", key, {.bytes_max = 60});
    f.text("trade", trade, {.bytes_max = 60}, "the set it belongs to; absent: for everybody");
    f.text("name", name, {.bytes_max = 400});
    f.choice("purpose", purpose);
    f.object("body", body);
}

std::vector<StarterForm> starter_forms(Language language) {
    const std::string ending = "." + std::string(enum_word(language)) + ".json";
    std::vector<StarterForm> forms;
    for (const EmbeddedFile& file : embedded_starters()) {
        if (!file.name.ends_with(ending)) continue;
        auto form = from_json<StarterForm>(file.bytes);
        check_body(form.body, "body");
        forms.push_back(std::move(form));
    }
    return forms;
}

namespace {
constexpr std::string_view draft_verbs[] = {"form.published", "form.draft_dropped"};
constexpr std::string_view form_verbs[] = {
    "form.made",     "form.version",          "form.archived",
    "form.template", "form.template_removed", "form.default"};
constexpr PersonalColumn form_personal[] = {
    {"comment_template", "owner_id", "whose ready comment it is", "delete_row"}};
constexpr Kind kinds[] = {
    {.name = "form",
     .table = "form",
     .path = "/settings/forms/{id}",
     .retention_class = "settings",
     .audit_verbs = form_verbs,
     .personal = form_personal,
     .place = &place_by<form_place>},
    {.name = "fdraft",
     .table = "form_draft",
     .path = "/settings/forms/{id}",
     .retention_class = "settings",
     .audit_verbs = draft_verbs,
     .personal = {},
     .place = &place_by<place_of_draft>},
};
}  // namespace
const std::span<const Kind> form_kinds = kinds;

}  // namespace otklik
