#include "recording/recording_sql.h"

namespace otklik::recording_sql {

const Sql insert_recorder{
    "insert into recorder (id, company_id, unit, name, name_fold, model, clock_source, channels,"
    " format, pickup, created_at) values (:id, :company, :unit, :name, :fold, :model, :clock,"
    " :channels, :format, :pickup, :at)"};
const Sql update_recorder{
    "update recorder set name = :name, name_fold = :fold, model = :model, clock_source = :clock,"
    " channels = :channels, format = :format, pickup = :pickup, archived_at = :archived,"
    " version = version + 1 where id = :id and version = :version"};
// Where it stands now: the placement that began last.
const Sql find_recorder{
    "select r.id, r.company_id, r.unit, r.name, r.model, r.clock_source, r.channels, r.format,"
    " r.pickup, r.version, r.archived_at, (select p.point_id from placement p"
    " where p.recorder_id = r.id order by p.begin_at desc limit 1) from recorder r"
    " where r.id = :id"};
const Sql recorders_of_company{
    "select r.id, r.company_id, r.unit, r.name, r.model, r.clock_source, r.channels, r.format,"
    " r.pickup, r.version, r.archived_at, (select p.point_id from placement p"
    " where p.recorder_id = r.id order by p.begin_at desc limit 1) from recorder r"
    " where r.company_id = :company and r.fragments = 0 order by r.id"};
const Sql move_recorder{"update recorder set unit = :unit where id = :id"};
const Sql counts_of_recorder{
    "select count(*), max(end_at) from recording_session where recorder_id = :recorder"};

const Sql insert_placement{
    "insert into placement (id, company_id, unit, recorder_id, point_id, begin_at)"
    " values (:id, :company, :unit, :recorder, :point, :begin)"};
const Sql end_placement{
    "update placement set end_at = :end where recorder_id = :recorder and end_at is null"};
const Sql placement_at{
    "select id, recorder_id, point_id, begin_at, end_at from placement"
    " where recorder_id = :recorder and begin_at <= :at and (end_at is null or end_at > :at)"
    " order by begin_at desc limit 1"};
const Sql later_placement{
    "select id from placement where recorder_id = :recorder and begin_at >= :begin limit 1"};
const Sql point_placement{
    "select p.id from placement p join recorder r on r.id = p.recorder_id"
    " where p.point_id = :point and p.begin_at <= :at and (p.end_at is null or p.end_at > :at)"
    " and r.fragments = 0 limit 1"};
const Sql fragments_of_point{
    "select r.id from placement p join recorder r on r.id = p.recorder_id"
    " where p.point_id = :point and r.fragments = 1 order by p.id limit 1"};
const Sql mark_fragments{"update recorder set fragments = 1 where id = :id"};

const Sql find_session{
    "select id, company_id, unit, recorder_id, point_id, original_id, begin_at, end_at,"
    " uncertainty_us, length_samples, created_at, state, erased_at, fragment"
    " from recording_session where id = :id"};
// A session is at most 24 h long, so the walk of the index begins a little over a day before.
const Sql sessions_meeting{
    "select s.id, s.company_id, s.unit, s.recorder_id, s.point_id, s.original_id, s.begin_at,"
    " s.end_at, s.uncertainty_us, s.length_samples, s.created_at, s.state, s.erased_at, s.fragment,"
    " m.id, m.number, m.points, m.uncertainty_us from recording_session s join clock_map m on "
    "m.session_id = s.id"
    " where s.point_id = :point and s.begin_at > :from and s.begin_at < :end and s.end_at > :begin"
    " and s.fragment = 0 and m.number = (select max(n.number) from clock_map n where n.session_id "
    "= s.id)"
    " order by s.begin_at, s.id"};
const Sql next_sessions{
    "select id, begin_at from recording_session where point_id = :point and begin_at >= :at"
    " and fragment = 0 order by begin_at limit :count"};
const Sql ends_of_sessions{
    "select id, end_at from recording_session where point_id = :point and begin_at > :from"
    " and begin_at < :at and fragment = 0"};
const Sql open_session{
    "select min(s.begin_at) from live_session l join recording_session s on s.id = l.session_id"
    " where l.point_id = :point and l.state = 'open'"};
const Sql newest_session{
    "select max(end_at) from recording_session where point_id = :point and begin_at > :from"
    " and begin_at < :at and fragment = 0"};
const Sql follow_map{
    "update recording_session set begin_at = :begin, end_at = :end, uncertainty_us = :uncertainty"
    " where id = :id"};

const Sql place_session{
    "update recording_session set recorder_id = :recorder, point_id = :point, unit = :unit"
    " where id = :id"};
const Sql place_bookmarks{"update bookmark set unit = :unit where session_id = :session"};
const Sql siblings_of_session{
    "select id from recording_session where original_id = :original and id <> :id order by id"};
const Sql insert_repair{
    "insert into repair (id, company_id, unit, session_id, number, recorder_before, recorder_id,"
    " point_before, point_id, map_before, map_id, undoes, reason, made_by, made_at) values (:id,"
    " :company, :unit, :session, :number, :recorder_before, :recorder, :point_before, :point,"
    " :map_before, :map, :undoes, :reason, :by, :at)"};
const Sql find_repair{
    "select id, session_id, number, recorder_before, recorder_id, point_before, point_id,"
    " map_before, map_id, undoes, reason, made_by, made_at from repair where id = :id"};
const Sql repairs_of_session{
    "select id, session_id, number, recorder_before, recorder_id, point_before, point_id,"
    " map_before, map_id, undoes, reason, made_by, made_at from repair where session_id = :session"
    " order by number desc"};
const Sql newest_repair{
    "select number, made_at from repair where session_id = :session order by number desc limit 1"};
const Sql insert_ask{
    "insert into repair_ask (id, company_id, unit, session_id, text, asked_by, asked_at)"
    " values (:id, :company, :unit, :session, :text, :person, :at)"};
const Sql open_asks{
    "select id, session_id, text, asked_by, asked_at from repair_ask where company_id = :company"
    " and closed_at is null order by id limit 200"};
const Sql open_ask_of_session{
    "select id, session_id, text, asked_by, asked_at from repair_ask where session_id = :session"
    " and closed_at is null order by id limit 1"};
const Sql find_ask{
    "select id, session_id, text, asked_by, asked_at from repair_ask where id = :id"
    " and closed_at is null"};
const Sql close_asks{
    "update repair_ask set closed_at = :at, closed_how = :how where session_id = :session"
    " and closed_at is null"};

const Sql find_original{
    "select id, media_file_id, sha256, started_at, start_source, name, format, sample_rate,"
    " channels, warnings, silent, imported_by, imported_at from original where id = :id"};
const Sql original_of_session{
    "select o.sha256 from recording_session s join original o on o.id = s.original_id"
    " where s.id = :id"};
const Sql same_original{
    "select s.id from original o join recording_session s on s.original_id = o.id"
    " where o.recorder_id = :recorder and o.sha256 = :sha256 and o.started_at = :started"
    " order by s.id limit 1"};
// The same file once put right: its original row still says what it came as.
const Sql same_repaired{
    "select s.id from recording_session s join original o on o.id = s.original_id"
    " where s.recorder_id = :recorder and s.begin_at = :started and o.sha256 = :sha256"
    " order by s.id limit 1"};
const Sql same_content{
    "select o.started_at, (select min(s.id) from recording_session s where s.original_id = o.id)"
    " from original o where o.recorder_id = :recorder and o.sha256 = :sha256"
    " order by started_at limit 1"};
const Sql insert_original{
    "insert into original (id, company_id, unit, recorder_id, media_file_id, sha256, started_at,"
    " start_source, start_uncertainty_us, name, format, sample_rate, channels, length_samples,"
    " warnings, silent, imported_by, imported_at) values (:id, :company, :unit, :recorder, :file,"
    " :sha256, :started, :source, :uncertainty, :name, :format, :rate, :channels, :length,"
    " :warnings, :silent, :by, :at)"};
const Sql insert_session{
    "insert into recording_session (id, company_id, unit, recorder_id, point_id, original_id,"
    " begin_at, end_at, uncertainty_us, length_samples, state, created_at, fragment) values (:id,"
    " :company, :unit, :recorder, :point, :original, :begin, :end, :uncertainty, :length, :state,"
    " :at, coalesce((select r.fragments from recorder r where r.id = :recorder), 0))"};
const Sql insert_track{
    "insert into track (id, company_id, unit, session_id, channel, role, pre_skip, peaks_file_id,"
    " rms_centidb, peak_centidb, clipped_samples, silent) values (:id, :company, :unit, :session,"
    " :channel, :role, :pre_skip, :peaks, :rms, :peak, :clipped, :silent)"};
const Sql insert_segment{
    "insert into segment (id, company_id, unit, track_id, media_file_id, byte_begin, byte_count,"
    " first_packet, packet_count, first_sample, sample_count, sha256, page_index) values (:id,"
    " :company, :unit, :track, :file, :byte_begin, :byte_count, :first_packet, :packet_count,"
    " :first_sample, :sample_count, :sha256, :page_index)"};

const Sql tracks_of_session{
    "select id, channel, role, pre_skip, peaks_file_id, silent from track"
    " where session_id = :session order by channel"};
// The samples only narrow the walk of the index; a segment is at most a minute.
const Sql segments_of_track{
    "select media_file_id, byte_begin, byte_count, first_packet, packet_count, page_index,"
    " first_sample, sample_count from segment where track_id = :track"
    " and first_sample > :from_sample and first_sample < :to_sample and first_packet < :last"
    " and first_packet + packet_count > :first order by first_sample"};

const Sql newest_map{
    "select id, number, points, uncertainty_us from clock_map where session_id = :session"
    " order by number desc limit 1"};
const Sql insert_map{
    "insert into clock_map (id, company_id, unit, session_id, number, points, anchors,"
    " uncertainty_us, created_at) values (:id, :company, :unit, :session, :number, :points,"
    " :anchors, :uncertainty, :at)"};
const Sql find_map{
    "select id, number, points, uncertainty_us, anchors from clock_map where id = :id"};
const Sql insert_anchor{
    "insert into clock_anchor (id, company_id, unit, session_id, media_sample, at, uncertainty_us,"
    " source, made_by, created_at) values (:id, :company, :unit, :session, :sample, :begin,"
    " :uncertainty, :source, :by, :at)"};
const Sql anchors_of_session{
    "select id, media_sample, at, uncertainty_us, source, refused, made_by, created_at"
    " from clock_anchor where session_id = :session order by id"};
const Sql judge_anchor{"update clock_anchor set refused = :refused where id = :id"};

const Sql insert_gap{
    "insert into gap (id, company_id, unit, point_id, recorder_id, begin_at, end_at, cause,"
    " created_at) values (:id, :company, :unit, :point, :recorder, :begin, :end, :cause, :at)"};
const Sql find_gap{"select point_id, begin_at, end_at, cause from gap where id = :id"};
const Sql gaps_meeting{
    "select id, begin_at, end_at, cause, recorder_id, created_at from gap where point_id = :point"
    " and begin_at < :end and end_at > :begin order by begin_at, id"};

const Sql insert_pause{
    "insert into pause (id, company_id, unit, point_id, device_id, pause_id, reason, begin_at,"
    " uncertainty_us, created_at) values (:id, :company, :unit, :point, :device, :pause, :reason,"
    " :begin, :uncertainty, :at) on conflict (device_id, pause_id) do nothing"};
const Sql find_pause{
    "select id, begin_at, end_at, uncertainty_us from pause where device_id = :device"
    " and pause_id = :pause"};
const Sql end_pause{"update pause set end_at = :end where id = :id and end_at is null"};
const Sql open_pause{
    "select pause_id, begin_at, reason from pause where point_id = :point and end_at is null"
    " order by begin_at desc limit 1"};

const Sql insert_pin{
    "insert into pin (id, company_id, unit, point_id, begin_at, end_at, reason, subject_kind,"
    " subject, until_at, created_at) values (:id, :company, :unit, :point, :begin, :end, :reason,"
    " :kind, :subject, :until, :at)"};
const Sql delete_pins{"delete from pin where subject_kind = :kind and subject = :subject"};
const Sql pin_meeting{
    "select id from pin where point_id = :point and begin_at < :end and end_at > :begin"
    " and (until_at is null or until_at > :now) limit 1"};

const Sql insert_bookmark{
    "insert into bookmark (id, company_id, unit, session_id, channel, media_sample, text,"
    " person_id, created_at) values (:id, :company, :unit, :session, :channel, :sample, :text,"
    " :person, :at)"};
const Sql remove_bookmark{
    "update bookmark set removed_at = :at where id = :id and removed_at is null"};
const Sql find_bookmark{
    "select company_id, unit from bookmark where id = :id and removed_at is null"};
const Sql bookmarks_of_session{
    "select id, session_id, channel, media_sample, text, person_id, created_at from bookmark"
    " where session_id = :session and removed_at is null order by media_sample, id"};

const Sql place_of_recorder{"select company_id, unit from recorder where id = :id"};
const Sql place_of_session{"select company_id, unit from recording_session where id = :id"};
const Sql place_of_repair{
    "select s.company_id, s.unit from repair r join recording_session s on s.id = r.session_id"
    " where r.id = :id"};
const Sql place_of_bookmark{"select company_id, unit from bookmark where id = :id"};
const Sql place_of_hold{"select company_id, unit from hold where id = :id"};

}  // namespace otklik::recording_sql
