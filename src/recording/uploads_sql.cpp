#include "recording/uploads_sql.h"

namespace otklik::uploads_sql {

const Sql insert_upload{
    "insert into upload (id, company_id, unit, recorder_id, owner, state, name, bytes_total,"
    " bytes_done, metadata, starts_at, uncertainty_us, sure, modified_at, sha256, path, mark,"
    " created_at, changed_at, expires_at) values (:id, :company, :unit, :recorder, :owner, :state,"
    " :name, :total, :done, :metadata, :starts, :uncertainty, :sure, :modified, :sha256, :path,"
    " :mark, :at, :at, :expires)"};
const Sql find_upload{
    "select id, company_id, unit, recorder_id, owner, state, name, bytes_total, bytes_done,"
    " metadata, starts_at, uncertainty_us, sure, modified_at, sha256, length_us, tag, reason,"
    " reason_params, session_id, already_there, warnings, path, mark, created_at, changed_at,"
    " expires_at from upload where id = :id"};
const Sql uploads_in_state{
    "select id from upload where company_id = :company and owner = :owner and state = :state"
    " and id > :after order by id limit :count"};
const Sql newest_settled{
    "select id from upload where company_id = :company and owner = :owner and state = :state"
    " and id < :before_id order by id desc limit :count"};
const Sql upload_of_path{
    "select id from upload where recorder_id = :recorder and path = :path order by id desc"
    " limit 1"};
const Sql open_of_owner{
    "select count(*) from upload where company_id = :company and owner = :owner"
    " and state = 'open'"};
// An agent's folder; path is never empty there, so that the index of paths is walked.
const Sql open_of_folder{
    "select count(*) from upload where recorder_id = :recorder and path > '' and state = 'open'"};
const Sql bytes_to_come{
    "select coalesce(sum(bytes_total - bytes_done), 0) from upload where state = 'open'"};
const Sql any_upload{"select state from upload where id = :id"};

const Sql keep_upload_bytes{
    "update upload set bytes_done = :done, state = :state, changed_at = :at, expires_at = :expires"
    " where id = :id and state = 'open'"};
const Sql look_into_upload{
    "update upload set sha256 = :sha256, length_us = :length, tag = :tag where id = :id"
    " and state = 'whole'"};
const Sql ask_upload{
    "update upload set state = 'asking', reason = :reason, reason_params = :params,"
    " changed_at = :at where id = :id and state = 'whole'"};
const Sql settle_upload{
    "update upload set state = :state, reason = :reason, reason_params = :params,"
    " session_id = :session, already_there = :already, warnings = :warnings, changed_at = :at"
    " where id = :id and state = 'whole'"};
const Sql answer_upload{
    "update upload set state = 'whole', starts_at = :starts, uncertainty_us = :uncertainty,"
    " sure = :sure, reason = '', changed_at = :at where id = :id and state = 'asking'"};
const Sql end_upload{
    "update upload set state = 'gone', reason = :reason, changed_at = :at where id = :id"
    " and state in ('open', 'asking')"};
const Sql forget_upload{"delete from upload where id = :id and state = :state"};

const Sql place_of_upload{"select company_id, unit from upload where id = :id"};

}  // namespace otklik::uploads_sql
