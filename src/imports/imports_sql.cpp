#include "imports/imports_sql.h"

namespace otklik::imports_sql {

const Sql insert_import{R"(
insert into sheet_import (id, company_id, unit, import_kind, state, file_name, sha256, settings,
    rows_total, created_by, account_id, created_at)
values (:id, :company, :unit, :kind, 'draft', :name, :sha256, :settings, :total, :by, :account,
    :at))"};
const Sql find_import{R"(
select id, company_id, unit, import_kind, state, file_name, sha256, settings, rows_total,
    rows_done, made, changed, same, bad, undone, kept, result_id, reason, created_by, account_id,
    created_at, ended_at, version
from sheet_import where id = :id)"};
const Sql same_file{R"(
select id from sheet_import
where company_id = :company and sha256 = :sha256 and import_kind = :kind and id < :id
  and state in ('done', 'running', 'waiting') order by id desc limit 1)"};
const Sql change_settings{R"(
update sheet_import set settings = :settings, rows_total = :total, version = version + 1
where id = :id and version = :version and state = 'draft')"};
const Sql start_import{R"(
update sheet_import set state = :state, version = version + 1 where id = :id and state = :from)"};
const Sql end_import{R"(
update sheet_import set state = :state, reason = :reason, result_id = coalesce(:result, result_id),
    ended_at = :at, version = version + 1
where id = :id)"};
const Sql count_rows{R"(
update sheet_import set state = 'running', rows_done = rows_done + :done, made = made + :made,
    changed = changed + :changed, same = same + :same, bad = bad + :bad, version = version + 1
where id = :id)"};
const Sql count_back{R"(
update sheet_import set undone = undone + :undone, kept = kept + :kept, version = version + 1
where id = :id)"};
const Sql place_of_import{"select company_id, unit from sheet_import where id = :id"};

const Sql insert_file{"insert into sheet_import_file (import_id, bytes) values (:id, :bytes)"};
const Sql file_of_import{"select bytes from sheet_import_file where import_id = :id"};
const Sql delete_file{"delete from sheet_import_file where import_id = :id"};

const Sql insert_row{R"(
insert into sheet_import_row (import_id, row, action, title, subject_id, before, after, faults)
values (:id, :row, :action, :title, :subject, :before, :after, :faults))"};
const Sql rows_of_import{R"(
select row, action, title, faults, undo, subject_id from sheet_import_row
where import_id = :id and row > :after order by row limit :count)"};
const Sql rows_to_undo{R"(
select row, subject_id, before, after from sheet_import_row
where import_id = :id and row < :below and action <> 'bad' and undo = ''
order by row desc limit :count)"};
const Sql mark_row{"update sheet_import_row set undo = :undo where import_id = :id and row = :row"};
const Sql has_rows{R"(
select row from sheet_import_row where import_id = :id and action <> 'bad' limit 1)"};

const Sql insert_past_score{R"(
insert into past_score (id, company_id, unit, import_id, person_id, local_day, at, form_name,
    score_num, score_den, comment, key)
values (:id, :company, :unit, :import, :person, :day, :at, :form, :num, :den, :comment, :key)
on conflict (company_id, key) do nothing)"};
const Sql past_score_keys{R"(
select key from past_score
where company_id = :company and local_day between :day_from and :day_to)"};
const Sql insert_contact{R"(
insert into contact (id, company_id, unit, point_id, person_id, import_id, first_id, source, at,
    begin_at, end_at, local_day, number, key)
values (:id, :company, :unit, :point, :person, :import, :first, :source, :at, :begin, :end, :day,
    :number, :key)
on conflict (company_id, key) do nothing)"};
const Sql contact_keys{R"(
select key from contact
where company_id = :company and local_day between :day_from and :day_to)"};
const Sql delete_contacts{"delete from contact where first_id = :first"};
const Sql place_of_contact{"select company_id, unit, person_id from contact where id = :id"};
const Sql insert_logged_press{R"(
insert into logged_press (signal_id, company_id, unit, import_id, point_id, pressed_at,
    uncertainty_us, file_named, file_fold, named_by)
values (:signal, :company, :unit, :import, :point, :pressed, :uncertainty, :file, :fold, :by))"};
const Sql find_logged_press{"select session_id from logged_press where signal_id = :signal"};
const Sql delete_logged_press{"delete from logged_press where signal_id = :signal"};
const Sql count_logged_presses{R"(
select count(*), count(session_id) from logged_press where import_id = :import)"};
const Sql presses_of_file{R"(
select signal_id, point_id, pressed_at, uncertainty_us, file_named, file_fold, named_by,
    fragment_begin_at, session_id
from logged_press where import_id = :import and file_fold = :fold limit :count)"};
const Sql presses_near{R"(
select signal_id, point_id, pressed_at, uncertainty_us, file_named, file_fold, named_by,
    fragment_begin_at, session_id
from logged_press
where import_id = :import and session_id is null and pressed_at between :begin and :end
limit :count)"};
const Sql presses_without_fragment{R"(
select signal_id, point_id, pressed_at, uncertainty_us, file_named, file_fold, named_by,
    fragment_begin_at, session_id
from logged_press
where import_id = :import and session_id is null
  and (pressed_at, signal_id) > (:after_at, :after_id)
order by pressed_at, signal_id limit :count)"};
const Sql presses_expecting{R"(
select signal_id, pressed_at, uncertainty_us from logged_press
where point_id = :point and file_fold = :fold and fragment_begin_at = :begin
  and session_id is null order by signal_id)"};
const Sql expect_fragment{R"(
update logged_press set file_fold = :fold, named_by = :by, fragment_begin_at = :begin
where signal_id = :signal and session_id is null)"};
const Sql fragment_came{R"(
update logged_press set session_id = :session where signal_id = :signal)"};
const Sql delete_past_score{"delete from past_score where id = :id"};
const Sql find_past_score{R"(
select id, company_id, unit, import_id, person_id, local_day, form_name, comment, score_num,
    score_den
from past_score where id = :id)"};
const Sql place_of_past_score{"select company_id, unit, person_id from past_score where id = :id"};

}  // namespace otklik::imports_sql
