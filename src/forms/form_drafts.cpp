#include "forms/form_drafts.h"

#include "base/error.h"
#include "forms/forms_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

FormDraft form_draft_of(const Row& row) {
    FormDraft draft;
    draft.id = row.id<FormDraft>(0);
    draft.company_id = row.integer(1);
    draft.unit = row.id<Unit>(2);
    draft.form_id = row.id<Form>(3);
    draft.name = row.text(4);
    draft.purpose = parse_enum<Purpose>(row.text(5)).value_or(Purpose::standard);
    draft.body = parse_body(row.text(6));
    draft.created_by = row.text(7);
    draft.created_at = row.instant(8);
    return draft;
}

}  // namespace

Id<FormDraft> keep_form_draft(Tx& tx, const FormDraft& draft) {
    FormBody body = draft.body;
    check_body(body, "body");
    const auto id = tx.make_id<FormDraft>();
    tx.run(forms_sql::insert_draft, {{"id", id},
                                     {"company_id", draft.company_id},
                                     {"unit", draft.unit},
                                     {"form_id", draft.form_id},
                                     {"name", draft.name},
                                     {"purpose", enum_word(draft.purpose)},
                                     {"body", to_json(body)},
                                     {"created_by", draft.created_by},
                                     {"now", tx.now()}});
    return id;
}

std::optional<FormDraft> find_form_draft(const Scope& scope, Tx& tx, Id<FormDraft> id) {
    const auto row = tx.row(forms_sql::draft_by_id, {{"id", id}});
    // As forms themselves: settings of the whole company.
    if (!row || (!scope.is_system() && row->integer(1) != scope.company_id())) return std::nullopt;
    return form_draft_of(*row);
}

std::vector<FormDraft> form_drafts(const Scope& scope, Tx& tx) {
    std::vector<FormDraft> drafts;
    for (const Row& row :
         tx.rows(forms_sql::drafts_of_company, {{"company_id", scope.company_id()}}))
        drafts.push_back(form_draft_of(row));
    return drafts;
}

bool drop_form_draft(Tx& tx, Id<FormDraft> id) {
    return tx.run(forms_sql::delete_draft, {{"id", id}}) > 0;
}

}  // namespace otklik
