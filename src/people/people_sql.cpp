#include "people/people_sql.h"

namespace otklik::people_sql {

const Sql find_company{"select id, name from company order by id limit 1"};
const Sql insert_company{"insert into company (id, name, created_at) values (:id, :name, :at)"};
const Sql rename_company{"update company set name = :name where id = :id"};

const Sql insert_unit{
    "insert into unit (id, company_id, parent_id, kind, name, name_fold, created_at)"
    " values (:id, :company, :parent, :kind, :name, :fold, :at)"};
const Sql insert_ancestors{
    "insert into unit_ancestor (unit, ancestor, depth)"
    " select cast(:unit as {int}), ancestor, depth + 1 from unit_ancestor where unit = :parent"
    " union all select cast(:unit as {int}), cast(:unit as {int}), 0"};
const Sql rename_unit{"update unit set name = :name, name_fold = :fold where id = :id"};
const Sql root_unit{
    "select id from unit where company_id = :company and parent_id is null order by id limit 1"};
const Sql units_of_company{
    "select id, company_id, parent_id, kind, name from unit where company_id = :company order by "
    "id"};
const Sql units_below{"select unit from unit_ancestor where ancestor = :ancestor"};

const Sql insert_person{
    "insert into person (id, company_id, unit, name, name_fold, personnel_number, position, "
    "created_at, last_name, first_name, patronymic, phone, email)"
    " values (:id, :company, :unit, :name, :fold, :number, :position, :at, :last, :first,"
    " :patronymic, :phone, :email)"};
const Sql update_person{
    "update person set name = :name, name_fold = :fold, personnel_number = :number,"
    " position = :position, archived_at = :archived, unit = :unit, last_name = :last,"
    " first_name = :first, patronymic = :patronymic, phone = :phone, email = :email"
    " where id = :id"};
const Sql delete_person{"delete from person where id = :id"};
const Sql person_of_number{
    "select id, name from person where company_id = :company and personnel_number = :number"};
const Sql accounts_of_person{"select id from account where person_id = :person"};
const Sql find_person{
    "select id, company_id, unit, name, personnel_number, position, archived_at, last_name,"
    " first_name, patronymic, phone, email from person where id = :id"};
const Sql people_of_company{
    "select id, company_id, unit, name, personnel_number, position, archived_at, last_name,"
    " first_name, patronymic, phone, email from person"
    " where company_id = :company order by name_fold, id"};
const Sql person_name{"select name from person where id = :id"};

const Sql insert_account{
    "insert into account (id, company_id, unit, person_id, login, login_fold, password_hash, role, "
    "language,"
    " must_change_password, created_at)"
    " values (:id, :company, :unit, :person, :login, :fold, :hash, :role, :language, :must_change, "
    ":at)"};
const Sql update_account{
    "update account set role = :role, language = :language, disabled_at = :disabled, unit = :unit,"
    " version = version + 1, rights_version = rights_version + 1 where id = :id and version = "
    ":version"};
const Sql set_password{
    "update account set password_hash = :hash, must_change_password = :must_change where id = :id"};
const Sql find_account{
    "select id, company_id, unit, person_id, login, role, language, must_change_password, version,"
    " disabled_at, password_hash from account where id = :id"};
const Sql account_of_login{
    "select id, company_id, unit, person_id, login, role, language, must_change_password, version,"
    " disabled_at, password_hash from account where login_fold = :fold"};
const Sql accounts_of_company{
    "select id, company_id, unit, person_id, login, role, language, must_change_password, version,"
    " disabled_at, password_hash from account where company_id = :company order by id"};
const Sql grants_of_account{
    "select unit from account_grant where account_id = :account order by unit"};
const Sql clear_grants{"delete from account_grant where account_id = :account"};
const Sql insert_grant{"insert into account_grant (account_id, unit) values (:account, :unit)"};
const Sql delete_unused_account{
    "delete from account where id = :id and version = 1 and must_change_password = 1"
    " and not exists (select 1 from web_session where account_id = :id)"};
const Sql set_language{"update account set language = :language where id = :id"};

const Sql insert_session{
    "insert into web_session (id, account_id, token_hash, csrf, created_at, seen_at, expires_at, "
    "agent)"
    " values (:id, :account, :hash, :csrf, :at, :at, :expires, :agent)"};
const Sql session_of_token{
    "select id, account_id, csrf, seen_at, expires_at from web_session where token_hash = :hash"};
const Sql touch_session{
    "update web_session set seen_at = :at, expires_at = :expires where id = :id"};
const Sql delete_session{"delete from web_session where id = :id"};
const Sql delete_sessions_of{"delete from web_session where account_id = :account and id <> :but"};
const Sql delete_expired_sessions{"delete from web_session where expires_at < :at"};

const Sql find_throttle{
    "select failures, first_at, locked_until from sign_in_throttle where key = :key"};
const Sql put_throttle{
    "insert into sign_in_throttle (key, failures, first_at, locked_until)"
    " values (:key, :failures, :first, :locked)"
    " on conflict (key) do update set failures = excluded.failures, first_at = excluded.first_at,"
    " locked_until = excluded.locked_until"};
const Sql clear_throttle{"delete from sign_in_throttle where key = :key"};

const Sql put_pin{
    "insert into person_pin (person_id, company_id, unit, pin_hash, set_by, set_at)"
    " values (:person, :company, :unit, :hash, :by, :at)"
    " on conflict (person_id) do update set pin_hash = excluded.pin_hash,"
    " set_by = excluded.set_by, set_at = excluded.set_at"};
const Sql drop_pin{"delete from person_pin where person_id = :person"};
const Sql pin_of_person{"select pin_hash from person_pin where person_id = :person"};
const Sql pins_of_company{
    "select person_id from person_pin where company_id = :company order by person_id"};

const Sql place_of_unit{"select company_id, id, 0 from unit where id = :id"};
const Sql place_of_person{"select company_id, unit, id from person where id = :id"};
const Sql place_of_account{"select company_id, unit, person_id from account where id = :id"};

const Sql find_setting{"select value from setting where company_id = :company and name = :name"};
const Sql put_setting{
    "insert into setting (company_id, name, value, changed_at, changed_by)"
    " values (:company, :name, :value, :at, :by)"
    " on conflict (company_id, name) do update set value = excluded.value,"
    " changed_at = excluded.changed_at, changed_by = excluded.changed_by"};

}  // namespace otklik::people_sql
