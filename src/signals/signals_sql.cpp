#include "signals/signals_sql.h"

namespace otklik::signals_sql {

const Sql insert_device{
    "insert into device (id, company_id, unit, point_id, name, name_fold, token_hash, created_at)"
    " values (:id, :company, :unit, :point, :name, :fold, :hash, :at)"};
const Sql update_device{
    "update device set name = :name, name_fold = :fold, point_id = :point, unit = :unit,"
    " version = version + 1 where id = :id and version = :version"};
const Sql set_token{
    "update device set token_hash = :hash, revoked_at = null, version = version + 1 where id = "
    ":id"};
const Sql set_revoked{
    "update device set revoked_at = :at, version = version + 1 where id = :id and revoked_at is "
    "null"};
const Sql touch_device{
    "update device set seen_at = :at where id = :id and (seen_at is null or seen_at < :before)"};
const Sql find_device{
    "select id, company_id, unit, point_id, name, version, revoked_at, seen_at from device"
    " where id = :id"};
const Sql device_by_token{
    "select id, company_id, unit, point_id, name, version, revoked_at, seen_at from device"
    " where token_hash = :hash and revoked_at is null"};
const Sql devices_of_company{
    "select id, company_id, unit, point_id, name, version, revoked_at, seen_at from device"
    " where company_id = :company and of_log = 0 order by id"};
const Sql device_of_log{"select id from device where point_id = :point and of_log = 1"};
const Sql mark_log_device{"update device set of_log = 1, revoked_at = :at where id = :id"};

const Sql insert_map{
    "insert into button_map (id, company_id, unit, device_id, number, valid_from, created_by,"
    " created_at) values (:id, :company, :unit, :device, :number, :from, :by, :at)"};
const Sql newest_map_number{
    "select number from button_map where device_id = :device order by number desc limit 1"};
const Sql insert_button{
    "insert into button (id, company_id, unit, map_id, key, label, signal_kind, question_id,"
    " window_before_us, window_after_us, merge, prompts, code, score_pad) values (:id, :company,"
    " :unit, :map, :key, :label, :kind, :question, :before, :after, :merge, :prompts, :code, "
    ":pad)"};
const Sql buttons_of_device{
    "select m.id, m.number, m.valid_from, b.id, b.key, b.label, b.signal_kind, b.question_id,"
    " b.window_before_us, b.window_after_us, b.merge, b.prompts, b.code, b.score_pad"
    " from button_map m"
    " join button b on b.map_id = m.id where m.device_id = :device order by m.number desc, b.id"};
const Sql find_button{
    "select id, key, label, signal_kind, question_id, window_before_us, window_after_us, merge,"
    " prompts, code, score_pad from button where id = :id"};
const Sql buttons_of_company{
    "select b.id, b.key, b.label, b.signal_kind, b.question_id, b.window_before_us,"
    " b.window_after_us, b.merge, b.prompts, b.code, b.score_pad, d.unit from device d join "
    "button_map m on m.device_id = d.id"
    " join button b on b.map_id = m.id where d.company_id = :company and d.revoked_at is null"
    " and not exists (select 1 from button_map n where n.device_id = m.device_id"
    " and n.number > m.number) order by b.key, b.id"};

const Sql insert_signal{
    "insert into signal (id, company_id, unit, point_id, device_id, press_id, key, content_hash,"
    " pressed_at, uncertainty_us, received_at, age_us, button_id, signal_kind, question_id,"
    " person_id, local_day, local_hour, device_at, heard, undone) values (:id, :company, :unit, "
    ":point, "
    ":device, :press, "
    ":key,"
    " :hash, :pressed, :uncertainty, :received, :age, :button, :kind, :question, :person, :day,"
    " :hour, :device_at, :heard, :undone) on conflict (device_id, press_id) do nothing returning "
    "id"};
const Sql mark_imported{
    "update signal set import_id = :import, state = :state, state_at = :at where id = :id"};
const Sql presses_of_log{
    "select press_id, undone from signal where device_id = :device and pressed_at >= :begin"
    " and pressed_at <= :end"};
const Sql logged_press_row{
    "select id, undone from signal where device_id = :device and press_id = :press"
    " order by press_id limit 1"};
// The order says which index to take: on a fresh PostgreSQL without statistics signal_device looks
// as good, and then every press reads all presses of its device.
const Sql same_press{
    "select id, key, content_hash from signal where device_id = :device and press_id = :press"
    " order by press_id limit 1"};
const Sql find_signal{
    "select s.id, s.company_id, s.unit, s.point_id, s.device_id, s.press_id, s.key, s.pressed_at,"
    " s.uncertainty_us, s.received_at, s.deliveries, s.button_id, s.signal_kind, s.question_id,"
    " s.person_id, s.local_day, s.local_hour, s.undone, s.state, s.version, u.undone_at,"
    " s.device_at, s.heard, r.score, c.what, u.test, s.import_id from signal s"
    " left join signal_undo u on u.signal_id = s.id"
    " left join signal_score r on r.signal_id = s.id"
    " left join signal_coding c on c.signal_id = s.id where s.id = :id"};
const Sql signals_of_point{
    "select s.id, s.company_id, s.unit, s.point_id, s.device_id, s.press_id, s.key, s.pressed_at,"
    " s.uncertainty_us, s.received_at, s.deliveries, s.button_id, s.signal_kind, s.question_id,"
    " s.person_id, s.local_day, s.local_hour, s.undone, s.state, s.version, u.undone_at,"
    " s.device_at, s.heard, r.score, c.what, u.test, s.import_id from signal s"
    " left join signal_undo u on u.signal_id = s.id"
    " left join signal_score r on r.signal_id = s.id"
    " left join signal_coding c on c.signal_id = s.id where s.point_id = :point"
    " and s.pressed_at >= :begin and s.pressed_at < :end order by s.pressed_at, s.id limit 10000"};
// The queue: what is done is not read, however much of it there is (index signal_open).
const Sql open_signals{
    "select s.id, s.company_id, s.unit, s.point_id, s.device_id, s.press_id, s.key, s.pressed_at,"
    " s.uncertainty_us, s.received_at, s.deliveries, s.button_id, s.signal_kind, s.question_id,"
    " s.person_id, s.local_day, s.local_hour, s.undone, s.state, s.version, u.undone_at,"
    " s.device_at, s.heard, r.score, c.what, u.test, s.import_id from signal s"
    " left join signal_undo u on u.signal_id = s.id"
    " left join signal_score r on r.signal_id = s.id"
    " left join signal_coding c on c.signal_id = s.id where s.company_id = :company"
    " and s.state = :state and s.state <> 'done' and s.undone = 0"
    " and (s.pressed_at, s.id) < (:before_at, :before_id) and s.pressed_at >= :begin"
    " order by s.pressed_at desc, s.id desc limit :count"};
const Sql oldest_open_of_kind{
    "select s.id, s.company_id, s.unit, s.point_id, s.device_id, s.press_id, s.key, s.pressed_at,"
    " s.uncertainty_us, s.received_at, s.deliveries, s.button_id, s.signal_kind, s.question_id,"
    " s.person_id, s.local_day, s.local_hour, s.undone, s.state, s.version, u.undone_at,"
    " s.device_at, s.heard, r.score, c.what, u.test, s.import_id from signal s"
    " left join signal_undo u on u.signal_id = s.id"
    " left join signal_score r on r.signal_id = s.id"
    " left join signal_coding c on c.signal_id = s.id where s.company_id = :company"
    " and s.state = 'new' and s.state <> 'done' and s.undone = 0 and s.signal_kind = :kind"
    " and (s.pressed_at, s.id) > (:after_at, :after_id)"
    " order by s.pressed_at, s.id limit :count"};
const Sql oldest_open_without_kind{
    "select s.id, s.company_id, s.unit, s.point_id, s.device_id, s.press_id, s.key, s.pressed_at,"
    " s.uncertainty_us, s.received_at, s.deliveries, s.button_id, s.signal_kind, s.question_id,"
    " s.person_id, s.local_day, s.local_hour, s.undone, s.state, s.version, u.undone_at,"
    " s.device_at, s.heard, r.score, c.what, u.test, s.import_id from signal s"
    " left join signal_undo u on u.signal_id = s.id"
    " left join signal_score r on r.signal_id = s.id"
    " left join signal_coding c on c.signal_id = s.id where s.company_id = :company"
    " and s.state = 'new' and s.state <> 'done' and s.undone = 0 and s.signal_kind is null"
    " and (s.pressed_at, s.id) > (:after_at, :after_id)"
    " order by s.pressed_at, s.id limit :count"};
const Sql count_again{"update signal set deliveries = deliveries + :more where id = :id"};
const Sql insert_refusal{
    "insert into press_refusal (id, company_id, unit, device_id, signal_id, press_id, field,"
    " received_at) values (:id, :company, :unit, :device, :signal, :press, :field, :at)"};
const Sql insert_undo{
    "insert into signal_undo (id, company_id, unit, signal_id, undone_by, undone_at, test)"
    " values (:id, :company, :unit, :signal, :by, :at, :test) on conflict (signal_id) do nothing"};
const Sql mark_undone{"update signal set undone = 1, version = version + 1 where id = :id"};
const Sql change_state{
    "update signal set state = :state, state_by = :by, state_at = :at, version = version + 1"
    " where id = :id and version = :version"};
// By unit and person, so that allows() can decide over each sum. 0 and an empty word mean all; the
// column stands first, so that PostgreSQL knows the type.
const Sql count_signals{
    "select unit, person_id, undone, state, count(*) from signal where company_id = :company"
    " and local_day >= :from and local_day <= :to and (point_id = :point or :point = 0)"
    " and (signal_kind = :kind or :kind = '') and (key = :key or :key = '')"
    " group by unit, person_id, undone, state"};

const Sql insert_score{
    "insert into signal_score (id, company_id, unit, signal_id, score, scored_at)"
    " values (:id, :company, :unit, :signal, :score, :at) on conflict (signal_id) do nothing"};
const Sql put_coding{
    "insert into signal_coding (signal_id, company_id, unit, what, coded_by, coded_at)"
    " values (:signal, :company, :unit, :what, :by, :at)"
    " on conflict (signal_id) do update set what = excluded.what, coded_by = excluded.coded_by,"
    " coded_at = excluded.coded_at"};

const Sql drop_coding{"delete from signal_coding where signal_id = :signal and what = :what"};
const Sql forget_words{"delete from signal_word where signal_id = :signal"};
const Sql add_word{
    "insert into signal_word (unit, word, at, signal_id)"
    " select ancestor, :word, :at, :signal from unit_ancestor where unit = :unit"
    " union select :unit, :word, :at, :signal where true"
    " on conflict (unit, word, at, signal_id) do nothing"};
const Sql next_word{
    "select word from signal_word where unit = :unit and word >= :word order by word limit 1"};
const Sql signals_of_word{
    "select at, signal_id from signal_word where unit = :unit and word = :word"
    " order by at desc, signal_id desc limit 200"};
const Sql oldest_without_words{
    "select c.signal_id from signal_coding c"
    " where c.signal_id = (select min(o.signal_id) from signal_coding o)"
    " and not exists (select 1 from signal_word w where w.signal_id = c.signal_id)"};
const Sql signals_without_words{
    "select c.signal_id, s.unit, s.pressed_at, c.what"
    " from signal_coding c join signal s on s.id = c.signal_id where c.signal_id < :before_id"
    " and (select w.word from signal_word w where w.signal_id = c.signal_id limit 1) is null"
    " order by c.signal_id desc limit 200"};
const Sql signals_of_person{
    "select pressed_at, id from signal where point_id = :point and pressed_at >= :begin"
    " and pressed_at < :end and person_id = :person order by pressed_at desc, id desc"
    " limit :count"};

const Sql void_pairings{
    "update device_pairing set expires_at = :at where device_id = :device and used_at is null"
    " and expires_at > :at"};
const Sql insert_pairing{
    "insert into device_pairing (id, company_id, unit, device_id, code_hash, created_by,"
    " created_at, expires_at) values (:id, :company, :unit, :device, :hash, :by, :at, :expires)"};
const Sql use_pairing{
    "update device_pairing set used_at = :at where code_hash = :hash and used_at is null"
    " and expires_at > :at"};
const Sql last_pairing{"select max(used_at) from device_pairing where device_id = :device"};
const Sql pairing_of_code{"select device_id from device_pairing where code_hash = :hash"};

const Sql place_of_device{"select company_id, unit from device where id = :id"};
const Sql place_of_signal{"select company_id, unit, person_id from signal where id = :id"};

}  // namespace otklik::signals_sql
