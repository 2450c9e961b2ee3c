#include "forms/forms_sql.h"

namespace otklik::forms_sql {

const Sql insert_form{R"(
insert into form (id, company_id, unit, name, name_fold, purpose, created_at)
values (:id, :company_id, :unit, :name, :name_fold, :purpose, :now))"};
const Sql insert_version{R"(
insert into form_version (id, company_id, unit, form_id, number, body, created_by, created_at)
values (:id, :company_id, :unit, :form_id, :number, :body, :created_by, :now))"};
const Sql archive_form{R"(
update form set archived_at = :now where id = :id and archived_at is null)"};

// A form with its newest version; versions of one form are few.
const Sql form_by_id{R"(
select f.id, f.company_id, f.unit, f.name, f.purpose, f.archived_at, v.id, v.number
from form f join form_version v on v.form_id = f.id
where f.id = :id and v.number = (select max(n.number) from form_version n where n.form_id =
    f.id))"};
const Sql forms_of_company{R"(
select f.id, f.company_id, f.unit, f.name, f.purpose, f.archived_at, v.id, v.number
from form f join form_version v on v.form_id = f.id
where f.company_id = :company_id and f.archived_at is null
  and v.number = (select max(n.number) from form_version n where n.form_id = f.id)
order by f.id desc)"};
const Sql form_place{R"(select company_id, unit from form where id = :id)"};

const Sql insert_draft{R"(
insert into form_draft (id, company_id, unit, form_id, name, purpose, body, created_by, created_at)
values (:id, :company_id, :unit, :form_id, :name, :purpose, :body, :created_by, :now))"};
const Sql draft_by_id{R"(
select id, company_id, unit, form_id, name, purpose, body, created_by, created_at
from form_draft where id = :id)"};
const Sql drafts_of_company{R"(
select id, company_id, unit, form_id, name, purpose, body, created_by, created_at
from form_draft where company_id = :company_id order by id desc)"};
const Sql delete_draft{R"(delete from form_draft where id = :id)"};
const Sql place_of_draft{R"(select company_id, unit from form_draft where id = :id)"};

const Sql version_by_id{R"(
select v.id, v.form_id, v.number, v.body, v.created_at, v.company_id
from form_version v where v.id = :id)"};
const Sql versions_of_form{R"(
select v.id, v.form_id, v.number, v.body, v.created_at, v.company_id
from form_version v where v.form_id = :form_id order by v.number desc)"};

const Sql insert_template{R"(
insert into comment_template (id, company_id, unit, form_id, item, owner_id, text, created_at)
values (:id, :company_id, :unit, :form_id, :item, :owner_id, :text, :now))"};
const Sql templates_of_form{R"(
select id, company_id, form_id, item, owner_id, text, removed_at from comment_template
where form_id = :form_id and owner_id = :owner_id and removed_at is null order by id)"};
const Sql template_by_id{R"(
select id, company_id, form_id, item, owner_id, text, removed_at from comment_template
where id = :id)"};
const Sql set_template_removed{R"(
update comment_template set removed_at = :removed_at where id = :id)"};

const Sql put_form_default{R"(
insert into form_default (company_id, signal_kind, form_id, changed_by, changed_at)
values (:company_id, :kind, :form_id, :by, :now)
on conflict (company_id, signal_kind) do update
set form_id = excluded.form_id, changed_by = excluded.changed_by,
    changed_at = excluded.changed_at)"};
const Sql drop_form_default{R"(
delete from form_default where company_id = :company_id and signal_kind = :kind)"};
const Sql form_defaults{R"(
select d.signal_kind, d.form_id, f.name
from form_default d join form f on f.id = d.form_id
where d.company_id = :company_id and f.archived_at is null order by d.signal_kind)"};

}  // namespace otklik::forms_sql
