#include "notices/notices_sql.h"

namespace otklik::notices_sql {

const Sql find_server{
    "select company_id, host, port, tls, login, password_sealed, authority, from_address,"
    " from_name, desk_url, quiet_begin_min, quiet_end_min, sends, version, sent_at, trouble_code,"
    " trouble_words, trouble_since from mail_server where company_id = :company"};
const Sql insert_server{
    "insert into mail_server (company_id, unit, host, port, tls, login, password_sealed, authority,"
    " from_address, from_name, desk_url, quiet_begin_min, quiet_end_min, sends, changed_at,"
    " changed_by) values (:company, :unit, :host, :port, :tls, :login, :password, :authority,"
    " :from, :from_name, :url, :quiet_begin, :quiet_end, :sends, :at, :by)"
    " on conflict (company_id) do nothing"};
// A server that was set anew has no trouble yet.
const Sql update_server{
    "update mail_server set host = :host, port = :port, tls = :tls, login = :login,"
    " password_sealed = :password, authority = :authority, from_address = :from,"
    " from_name = :from_name, desk_url = :url, quiet_begin_min = :quiet_begin,"
    " quiet_end_min = :quiet_end, sends = :sends, changed_at = :at, changed_by = :by,"
    " trouble_code = null, trouble_words = null, trouble_since = null, version = version + 1"
    " where company_id = :company and version = :version"};
const Sql note_sent{
    "update mail_server set sent_at = :at, trouble_code = null, trouble_words = null,"
    " trouble_since = null where company_id = :company"};
const Sql note_trouble{
    "update mail_server set trouble_code = :code, trouble_words = :words,"
    " trouble_since = coalesce(trouble_since, :at) where company_id = :company"};

const Sql choices_of_account{
    "select topic, at_night from notice_choice where account_id = :account"};
const Sql choices_of_topic{
    "select account_id, at_night from notice_choice where company_id = :company"
    " and topic = :topic"};
const Sql delete_choices{"delete from notice_choice where account_id = :account"};
const Sql insert_choice{
    "insert into notice_choice (account_id, topic, company_id, at_night, changed_at)"
    " values (:account, :topic, :company, :at_night, :at)"};

const Sql insert_notice{
    "insert into notice (id, company_id, unit, account_id, topic, subject_kind, subject, line,"
    " made_at, not_before, expires_at, state) values (:id, :company, :unit, :account, :topic,"
    " :kind, :subject, :line, :at, :not_before, :expires, 'waiting')"};
const Sql count_waiting{
    "select count(*) from notice where company_id = :company and state = 'waiting' and settled_at "
    "is null"};
const Sql drop_notices{
    "update notice set state = 'dropped', reason = 'over', settled_at = :at"
    " where subject = :subject and subject_kind = :kind and state = 'waiting'"};
const Sql newest_notices{
    "select id, company_id, unit, account_id, topic, line, made_at, not_before, expires_at, state,"
    " letter_id, attempts, settled_at, reason, reason_words from notice"
    " where company_id = :company and id < :below order by id desc limit :count"};
const Sql place_of_notice{"select company_id, unit from notice where id = :id"};

const Sql end_leases{
    "update notice set lease_until = :at where company_id = :company and state = 'sending' and "
    "settled_at is null"
    " and lease_until > :at"};
// A letter that was being sent when the program died, or whose server never answered.
const Sql lost_letter{
    "select letter_id from notice where company_id = :company and state = 'sending' and settled_at "
    "is null"
    " and lease_until <= :at limit 1"};
const Sql due_notice{
    "select account_id from notice where company_id = :company and state = 'waiting' and "
    "settled_at is null"
    " and not_before <= :at order by not_before, id limit 1"};
const Sql due_of_account{
    "select id from notice where account_id = :account and state = 'waiting' and settled_at is null"
    " and not_before <= :at order by not_before, id limit 50"};
const Sql take_notice{
    "update notice set state = 'sending', letter_id = :letter, attempts = attempts + 1,"
    " lease_until = :lease_until where id = :id and state = 'waiting'"};
const Sql lines_of_letter{
    "select id, company_id, unit, account_id, topic, line, made_at, not_before, expires_at, state,"
    " letter_id, attempts, settled_at, reason, reason_words from notice"
    " where letter_id = :letter and state = 'sending'"};
const Sql take_letter_again{
    "update notice set attempts = attempts + 1, lease_until = :lease_until"
    " where letter_id = :letter and state = 'sending' and lease_until <= :at"};
const Sql settle_letter{
    "update notice set state = :state, settled_at = :at, lease_until = null, reason = :reason,"
    " reason_words = :words where letter_id = :letter and state = 'sending'"};
// A refusal that was heard: the lines may go with others next time.
const Sql put_off_letter{
    "update notice set state = 'waiting', letter_id = null, lease_until = null,"
    " not_before = :not_before, reason = :reason, reason_words = :words"
    " where letter_id = :letter and state = 'sending'"};
const Sql leave_letter{
    "update notice set lease_until = :lease_until, reason = :reason, reason_words = :words"
    " where letter_id = :letter and state = 'sending'"};
const Sql old_notices{
    "select id from notice where settled_at < :before order by settled_at limit 500"};
const Sql delete_notice{"delete from notice where id = :id"};

}  // namespace otklik::notices_sql
