#pragma once
// Every statement of the room sites; private to it.
#include "store/store.h"

namespace otklik::sites_sql {

extern const Sql insert_site, update_site, find_site, sites_of_company;
extern const Sql insert_point, update_point, find_point, points_of_company;
extern const Sql insert_basis, revoke_basis, basis_of_point, days_of_point;
extern const Sql insert_duty, end_open_duty, open_duty, overlapping_duty, duty_at, duties_of_point;
extern const Sql duties_of_person;
extern const Sql insert_question, questions_of_company, question_text, update_question;
extern const Sql question_of_plan, insert_plan, archive_plan, plan_of_company, place_of_plan;
extern const Sql insert_calendar, insert_calendar_day, delete_calendar, delete_calendar_days,
    calendars_of_company, days_of_calendar, place_of_calendar, duty_of_person;
extern const Sql place_of_site, place_of_point, place_of_duty, place_of_question, place_of_basis;

}  // namespace otklik::sites_sql
