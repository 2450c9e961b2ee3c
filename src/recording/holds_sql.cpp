#include "recording/holds_sql.h"

namespace otklik::holds_sql {

const Sql insert_hold{
    "insert into hold (id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind,"
    " subject, made_by, made_at) values (:id, :company, :unit, :point, :begin, :end, :reason,"
    " :kind, :subject, :by, :at)"};
const Sql find_hold{
    "select id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind, subject,"
    " made_by, made_at, released_by, released_at, release_reason, kept_until from hold"
    " where id = :id"};
// Made by hand, so few that all are read.
const Sql holds_of_company{
    "select id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind, subject,"
    " made_by, made_at, released_by, released_at, release_reason, kept_until from hold"
    " where company_id = :company"};
// By what their pins keep, which may lie elsewhere than where it was asked.
const Sql holds_meeting{
    "select subject from pin where point_id = :point and begin_at < :end"
    " and end_at > :begin and reason = 'hold' and (until_at is null or until_at > :now)"};
const Sql release_hold{
    "update hold set released_by = :by, released_at = :at, release_reason = :reason,"
    " kept_until = :until where id = :id and released_at is null"};
const Sql restore_hold{
    "update hold set released_by = null, released_at = null, release_reason = '',"
    " kept_until = null where id = :id and kept_until > :now"};
const Sql limit_pins{
    "update pin set until_at = :until where subject_kind = 'hold' and subject = :hold"};
const Sql held_pin{
    "select id from pin where point_id = :point and begin_at < :end and end_at > :begin"
    " and reason = 'hold' and (until_at is null or until_at > :now) limit 1"};
const Sql cut_pin{
    "select id from pin where point_id = :point and begin_at < :end and end_at > :begin"
    " and (reason in ('hold', 'check') or (subject_kind = 'clip' and subject = :clip))"
    " and (until_at is null or until_at > :now) limit 1"};
const Sql held_pins{
    "select begin_at, end_at, subject, until_at from pin where point_id = :point"
    " and begin_at < :end and end_at > :begin and reason = 'hold'"
    " and (until_at is null or until_at > :now)"};

}  // namespace otklik::holds_sql
