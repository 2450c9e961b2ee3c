#include "sites/sites_sql.h"

namespace otklik::sites_sql {

const Sql insert_site{
    "insert into site (id, company_id, unit, name, name_fold, zone, address, created_at)"
    " values (:id, :company, :unit, :name, :fold, :zone, :address, :at)"};
const Sql update_site{
    "update site set name = :name, name_fold = :fold, zone = :zone, address = :address,"
    " archived_at = :archived, version = version + 1 where id = :id and version = :version"};
const Sql find_site{
    "select id, company_id, unit, name, zone, address, version, archived_at from site where id = "
    ":id"};
const Sql sites_of_company{
    "select id, company_id, unit, name, zone, address, version, archived_at from site"
    " where company_id = :company order by id"};

const Sql insert_point{
    "insert into point (id, company_id, unit, site_id, name, name_fold, give_up_after_us, "
    "created_at, area, point_type, flow_class, hours)"
    " values (:id, :company, :unit, :site, :name, :fold, :give_up, :at, :area, :type, :flow, "
    ":hours)"};
const Sql update_point{
    "update point set name = :name, name_fold = :fold, give_up_after_us = :give_up,"
    " area = :area, point_type = :type, flow_class = :flow, hours = :hours,"
    " archived_at = :archived, version = version + 1 where id = :id and version = :version"};
const Sql find_point{
    "select p.id, p.company_id, p.unit, p.site_id, p.name, s.zone, p.give_up_after_us, p.version,"
    " p.archived_at, p.area, p.point_type, p.flow_class, p.hours from point p"
    " join site s on s.id = p.site_id where p.id = :id"};
const Sql points_of_company{
    "select p.id, p.company_id, p.unit, p.site_id, p.name, s.zone, p.give_up_after_us, p.version,"
    " p.archived_at, p.area, p.point_type, p.flow_class, p.hours from point p"
    " join site s on s.id = p.site_id where p.company_id = :company order by p.id"};

const Sql insert_basis{
    "insert into basis_card (id, company_id, unit, point_id, ground, notice, signage, consent,"
    " retention_days, clip_days, original_days, confirmed_by, confirmed_at)"
    " values (:id, :company, :unit, :point, :ground, :notice, :signage, :consent, :days,"
    " :clip_days, :original_days, :by, :at)"};
const Sql revoke_basis{
    "update basis_card set revoked_at = :at where point_id = :point and revoked_at is null"};
const Sql basis_of_point{
    "select id, point_id, ground, notice, signage, consent, retention_days, confirmed_by, "
    "confirmed_at,"
    " revoked_at, clip_days, original_days from basis_card where point_id = :point and revoked_at "
    "is null order by id desc "
    "limit 1"};

// The newest card always, the others as long as they hold or held a moment ago.
const Sql days_of_point{
    "select retention_days, clip_days, original_days from basis_card where point_id = :point"
    " and (revoked_at is null or revoked_at > :since"
    " or id = (select max(b.id) from basis_card b where b.point_id = :point))"};

const Sql insert_duty{
    "insert into duty (id, company_id, unit, point_id, person_id, begin_at, end_at, source, "
    "created_at)"
    " values (:id, :company, :unit, :point, :person, :begin, :end, :source, :at)"};
const Sql end_open_duty{
    "update duty set end_at = :end where point_id = :point and end_at is null and begin_at < :end"};
const Sql open_duty{
    "select id, begin_at from duty where point_id = :point and end_at is null order by begin_at "
    "desc limit 1"};
const Sql overlapping_duty{
    "select id from duty where point_id = :point and begin_at < :end and end_at > :begin limit 1"};
const Sql duty_at{
    "select person_id from duty where point_id = :point and begin_at <= :at"
    " and (end_at is null or end_at > :at) order by begin_at desc limit 1"};
const Sql duties_of_point{
    "select id, point_id, person_id, begin_at, end_at, source, company_id, unit from duty"
    " where point_id = :point and begin_at < :end and (end_at is null or end_at > :begin) order by "
    "begin_at"};

const Sql duties_of_person{
    "select id, point_id, person_id, begin_at, end_at, source, company_id, unit from duty"
    " where person_id = :person order by begin_at desc limit 60"};

const Sql insert_question{
    "insert into question (id, company_id, unit, text, prompts, organic, created_at)"
    " values (:id, :company, :unit, :text, :prompts, :organic, :at)"};
const Sql update_question{
    "update question set prompts = :prompts, organic = :organic where id = :id"
    " and company_id = :company"};
const Sql questions_of_company{
    "select id, company_id, text, archived_at, unit, prompts, organic from question where "
    "company_id = :company "
    "order by id"};
const Sql question_text{"select text from question where id = :id"};

const Sql question_of_plan{"select company_id, organic from question where id = :id"};
const Sql insert_plan{
    "insert into question_plan (id, company_id, unit, point_id, question_id, weekdays, day_from,"
    " day_to, created_by, created_at) values (:id, :company, :unit, :point, :question, :weekdays,"
    " :from, :to, :by, :at)"};
const Sql archive_plan{
    "update question_plan set archived_at = :at where id = :id and company_id = :company"
    " and archived_at is null"};
const Sql plan_of_company{
    "select id, point_id, question_id, weekdays, day_from, day_to from question_plan"
    " where company_id = :company and archived_at is null order by id"};

const Sql insert_calendar{
    "insert into work_calendar (id, company_id, unit, year, file_name, created_by, created_at)"
    " values (:id, :company, :unit, :year, :file, :by, :at)"};
const Sql insert_calendar_day{
    "insert into work_calendar_day (calendar_id, day, kind) values (:calendar, :day, :kind)"};
const Sql delete_calendar{"delete from work_calendar where id = :id and company_id = :company"};
const Sql delete_calendar_days{"delete from work_calendar_day where calendar_id = :calendar"};
const Sql calendars_of_company{
    "select id, company_id, unit, year, file_name, created_by, created_at from work_calendar"
    " where company_id = :company order by year desc, id desc"};
const Sql days_of_calendar{
    "select day, kind from work_calendar_day where calendar_id = :calendar order by day"};
const Sql place_of_calendar{"select company_id, unit from work_calendar where id = :id"};
const Sql duty_of_person{"select id from duty where person_id = :person limit 1"};

const Sql place_of_plan{"select company_id, unit from question_plan where id = :id"};
const Sql place_of_site{"select company_id, unit from site where id = :id"};
const Sql place_of_point{"select company_id, unit from point where id = :id"};
const Sql place_of_duty{"select company_id, unit from duty where id = :id"};
const Sql place_of_question{"select company_id, unit from question where id = :id"};
const Sql place_of_basis{"select company_id, unit from basis_card where id = :id"};

}  // namespace otklik::sites_sql
