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

}  // namespace otklik::forms_sql
