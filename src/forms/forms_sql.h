#pragma once
// Every statement of the room forms; private to it.
#include "store/store.h"

namespace otklik::forms_sql {
extern const Sql insert_form, insert_version, archive_form;
extern const Sql form_by_id, forms_of_company, form_place;
extern const Sql insert_draft, draft_by_id, drafts_of_company, delete_draft, place_of_draft;
extern const Sql version_by_id, versions_of_form;
extern const Sql insert_template, templates_of_form, template_by_id, set_template_removed;
extern const Sql put_form_default, drop_form_default, form_defaults;
}  // namespace otklik::forms_sql
