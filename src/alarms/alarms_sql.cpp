#include "alarms/alarms_sql.h"

namespace otklik::alarms_sql {

const Sql insert_alarm{
    "insert into alarm (id, company_id, unit, subject, point_id, recorder_id, cause, local_day,"
    " since_at, raised_at) values (:id, :company, :unit, :subject, :point, :recorder, :cause, :day,"
    " :since, :at)"
    " on conflict do nothing"};
const Sql find_alarm{
    "select id, company_id, unit, point_id, recorder_id, cause, local_day, since_at, raised_at,"
    " good_since, cleared_at, cleared_how, times, told_at, subject from alarm where id = :id"};
const Sql open_alarms{
    "select id, company_id, unit, point_id, recorder_id, cause, local_day, since_at, raised_at,"
    " good_since, cleared_at, cleared_how, times, told_at, subject from alarm where company_id = "
    ":company"
    " and cleared_at is null order by id desc limit 2000"};
const Sql open_of_subject{
    "select id, company_id, unit, point_id, recorder_id, cause, local_day, since_at, raised_at,"
    " good_since, cleared_at, cleared_how, times, told_at, subject from alarm"
    " where subject = :subject and cleared_at is null"};
const Sql newest_cleared{
    "select id, company_id, unit, point_id, recorder_id, cause, local_day, since_at, raised_at,"
    " good_since, cleared_at, cleared_how, times, told_at, subject from alarm"
    " where subject = :subject and cause = :cause and cleared_at is not null"
    " order by cleared_at desc limit 1"};
const Sql note_good{"update alarm set good_since = :good where id = :id and cleared_at is null"};
const Sql reopen_alarm{
    "update alarm set cleared_at = null, cleared_how = null, good_since = null, times = times + 1"
    " where id = :id and cleared_at is not null"};
const Sql clear_alarm{
    "update alarm set cleared_at = :at, cleared_how = :how where id = :id and cleared_at is null"};
const Sql note_told{"update alarm set told_at = :at where id = :id"};
const Sql place_of_alarm{"select company_id, unit from alarm where id = :id"};

const Sql newest_pause{
    "select begin_at, end_at from pause where point_id = :point and begin_at > :from"
    " order by begin_at desc limit 1"};
// A session is at most 24 h long, so the walk of the index begins a little over a day before.
const Sql session_within{
    "select id from recording_session where recorder_id = :recorder and begin_at > :from"
    " and begin_at < :end and end_at > :begin limit 1"};
const Sql first_placement{
    "select min(begin_at) from placement where recorder_id = :recorder and point_id = :point"};
const Sql sound_of_files{
    "select count(*), min(t.silent), max(t.peak_centidb), sum(t.clipped_samples),"
    " sum(s.length_samples) from recording_session s join track t on t.session_id = s.id"
    " where s.recorder_id = :recorder and s.begin_at > :from and s.begin_at < :end"
    " and s.end_at > :begin"};

}  // namespace otklik::alarms_sql
