#include "store/store_sql.h"

namespace otklik::sql {

const Sql make_migration{
    "create table if not exists migration ("
    " name text primary key, sha256 {blob} not null, applied_at {int} not null){strict}"};
const Sql migrations{"select name, sha256 from migration order by name"};
const Sql add_migration{
    "insert into migration (name, sha256, applied_at) values (:name, :sha256, :at)"};
const Sql ping{"select count(*) from migration"};
const Sql sqlite_fact_table{"select 1 from sqlite_schema where name = 'fact'"};

const Sql add_fact{
    "insert into fact (id, at, kind, subject, unit, company_id)"
    " values (:id, :at, :kind, :subject, :unit, :company_id)"};
const Sql fact_id_max{"select coalesce(max(id), 0) from fact"};
const Sql facts_sqlite{
    "select id, at, kind, subject, unit, company_id from fact where id > :after order by id limit "
    ":count"};
// A cursor whose fact is gone begins anew: readers may see a fact twice, never miss one.
const Sql facts_postgres{
    "select id, at, kind, subject, unit, company_id from fact"
    " where (xid, id) > (coalesce((select xid from fact where id = :after), 0), :after)"
    " and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    " order by xid, id limit :count"};
// What a reader sees whether or not its order is settled: only for asking what changed.
const Sql facts_seen_sqlite{
    "select kind, subject from fact where id > :after order by id limit :count"};
const Sql facts_seen_postgres{
    "select kind, subject from fact"
    " where (xid, id) > (coalesce((select xid from fact where id = :after), 0), :after)"
    " order by xid, id limit :count"};
const Sql newest_fact_postgres{
    "select id from fact where xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    " order by xid desc, id desc limit 1"};
const Sql fact_cursor{"select fact_id from fact_cursor where reader = :reader"};
const Sql move_fact_cursor{
    "insert into fact_cursor (reader, fact_id) values (:reader, :fact_id)"
    " on conflict (reader) do update set fact_id = excluded.fact_id"};
// The fact a cursor stands on stays: on PostgreSQL its xid tells where to go on. Only the oldest
// are looked at: facts are young in the order of reading, and a walk for `at` would read all of
// them.
const Sql forget_facts_sqlite{
    "delete from fact where id in (select id from"
    " (select id, at from fact order by id limit 5000) as oldest where at < :before"
    " and id < coalesce((select min(fact_id) from fact_cursor), 9223372036854775807))"};
const Sql forget_facts_postgres{
    "delete from fact where id in (select f.id from"
    " (select id, at, xid from fact order by xid, id limit 5000) as f where f.at < :before"
    " and not exists (select 1 from fact_cursor c left join fact s on s.id = c.fact_id"
    " where (f.xid, f.id) >= (coalesce(s.xid, 0), c.fact_id)))"};

// A database restored from another cluster brings transaction numbers that this one has not
// reached: its facts would hide, and new ones would stand before them, for as long as that takes.
// They become the oldest, in the order of their ids, and every reader begins anew: twice is
// allowed, never is not.
const Sql settle_foreign_facts{
    "with from_elsewhere as (select 1 from fact"
    " where xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint order by xid desc limit "
    "1),"
    " settled as (update fact set xid = 0 where exists (select 1 from from_elsewhere))"
    " delete from fact_cursor where exists (select 1 from from_elsewhere)"};

// changed_at of a running job is the mark of who claimed it, so asking again leaves it alone.
const Sql want_job{
    "insert into job (id, stage, subject, state, not_before, created_at, changed_at)"
    " values (:id, :stage, :subject, 'open', :not_before, :now, :now)"
    " on conflict (stage, subject) do update set"
    " not_before = case when job.state = 'open' and excluded.not_before < job.not_before"
    " then excluded.not_before else job.not_before end,"
    " again = case when job.state = 'running' then 1 else job.again end,"
    " again_at = case when job.state = 'running' and"
    " (job.again_at is null or excluded.not_before < job.again_at)"
    " then excluded.not_before else job.again_at end"};
const Sql look_sooner{
    "update job set not_before = :now where state = 'open' and not_before > :after"};
const Sql parked_jobs{
    "select id, stage, subject, changed_at, failures, crashes, reason_code, reason_detail from job"
    " where state = 'parked' and id > :after order by id limit :count"};
const Sql retry_job{
    "update job set state = 'open', not_before = :now, changed_at = :now, failures = 0, crashes = "
    "0,"
    " reason_code = null, reason_detail = null where id = :id and state = 'parked'"};
const Sql job_counts{
    "select stage, state, count(*) from job group by stage, state order by stage, state"};
// From stage to stage by the index, however many jobs are open; an empty word: some lease is over.
const Sql due_stages{
    "with recursive waiting(stage) as (select min(stage) from job where state = 'open'"
    " union all select (select min(j.stage) from job j where j.state = 'open'"
    " and j.stage > waiting.stage) from waiting where waiting.stage is not null)"
    " select stage from waiting where stage is not null and exists (select 1 from job d"
    " where d.state = 'open' and d.stage = waiting.stage and d.not_before <= :now)"
    " union all select '' where exists (select 1 from job where state = 'running'"
    " and lease_until <= :now)"};
const Sql claim_jobs{
    "with due as materialized (select id from job where state = 'open' and stage = :stage"
    " and not_before <= :now order by not_before limit :count {skip locked})"
    " update job set state = 'running', lease_until = :lease_until, changed_at = :now,"
    " worker_id = cast(:worker as {int}), again = 0, again_at = null"
    " where id in (select id from due)"
    " returning id, subject, failures, crashes"};
const Sql crashed_jobs{
    "select id, failures, crashes from job where state = 'running' and lease_until <= :now"
    " order by id limit 100 {skip locked}"};
const Sql renew_lease{
    "update job set lease_until = :lease_until where id = :id and state = 'running'"
    " and changed_at = :claimed_at and coalesce(worker_id, 0) = :worker"};
const Sql running_job{
    "select again, again_at from job where id = :id and state = 'running'"
    " and changed_at = :claimed_at and coalesce(worker_id, 0) = :worker"};
const Sql close_job{"delete from job where id = :id"};
const Sql set_job{
    "update job set state = :state, not_before = :not_before, lease_until = null, again = 0,"
    " again_at = null, failures = :failures, crashes = :crashes, reason_code = :reason_code,"
    " reason_detail = :reason_detail, changed_at = :now, worker_id = cast(:worker as {int})"
    " where id = :id"};
// Who was buried alive left its name on the job.
const Sql forgive_crash{
    "update job set crashes = crashes - 1, state = 'open', reason_code = null,"
    " reason_detail = null, worker_id = null where id = :id and worker_id = :worker"
    " and state <> 'running' and crashes > 0"};

// Jobs of a program that lives elsewhere: nothing died over them.
const Sql reopen_running{
    "update job set state = 'open', lease_until = null, worker_id = null, again = 0,"
    " again_at = null where state = 'running'"};

const Sql tables_sqlite{
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
    " order by name"};
const Sql columns_sqlite{"select name from pragma_table_info(:name) order by cid"};
const Sql fetch_copied_postgres{"fetch 2000 from rows_copied"};
// By id as SQLite reads: the newest fact below all that a reader has not read. Twice is allowed.
const Sql cursors_by_id_postgres{
    "select c.reader, (select max(f.id) from fact f where f.id < coalesce((select min(n.id)"
    " from fact n where (n.xid, n.id) >"
    " (coalesce((select s.xid from fact s where s.id = c.fact_id), 0), c.fact_id)),"
    " 9223372036854775807)) from fact_cursor c"};
const Sql others_postgres{
    "select pid from pg_stat_activity where datname = current_database()"
    " and pid <> pg_backend_pid() and backend_type = 'client backend'"};
const Sql wait_postgres{"select 1 from pg_sleep(0.2)"};
const Sql anything_postgres{
    "select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = current_schema()"
    " and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit "
    "1"};

const Sql beat{"update worker set beats = beats + 1, seen_at = :now where id = :id"};
const Sql first_beat{"insert into worker (id, beats, seen_at) values (:id, 1, :now)"};
const Sql forget_workers{"delete from worker where seen_at < :before"};
const Sql find_worker{"select beats from worker where id = :id"};
const Sql remove_worker{"delete from worker where id = :id"};
const Sql signs_of_life{
    "select j.worker_id, coalesce(max(w.beats), 0), max(j.changed_at) from job j"
    " left join worker w on w.id = j.worker_id"
    " where j.state = 'running' and j.worker_id is not null and j.worker_id <> :own"
    " group by j.worker_id order by j.worker_id"};
const Sql newer_claim{
    "select 1 from job where state = 'running' and worker_id = :worker and changed_at > :claim"
    " limit 1"};
const Sql jobs_of_worker{
    "select id, failures, crashes from job where state = 'running' and worker_id = :worker"
    " order by id limit 100 {skip locked}"};

const Sql add_entry{
    "insert into audit_entry (id, company_id, unit, at, actor, verb, subject, subject_kind, detail,"
    " minute_key) values (:id, :company_id, :unit, :at, :actor, :verb, :subject, :subject_kind,"
    " :detail, :minute_key) on conflict (minute_key) do nothing"};
const Sql company_of_audit{"select company_id from audit_entry order by id desc limit 1"};
const Sql audit_page{
    "select id, company_id, unit, at, actor, verb, subject, subject_kind, detail from audit_entry"
    " where company_id = :company_id and id < :before order by id desc limit :count"};
// :above stands on both sides, else PostgreSQL may read all seals for it.
const Sql unsealed_entries{
    "select e.id, e.company_id, e.unit, e.at, e.actor, e.verb, e.subject, e.subject_kind, e.detail"
    " from audit_entry e where e.id > :above"
    " and not exists (select 1 from audit_seal s where s.entry_id = e.id and s.entry_id > :above)"
    " order by e.id limit :count"};
const Sql unsealed_count{
    "select count(*) from audit_entry e"
    " where not exists (select 1 from audit_seal s where s.entry_id = e.id)"};
const Sql last_seal{"select number, hash from audit_seal order by number desc limit 1"};
const Sql add_seal{
    "insert into audit_seal (number, entry_id, hash) values (:number, :entry_id, :hash)"};
const Sql sealed_entries{
    "select e.id, e.company_id, e.unit, e.at, e.actor, e.verb, e.subject, e.subject_kind, e.detail,"
    " s.number, s.entry_id, s.hash from audit_seal s left join audit_entry e on e.id = s.entry_id"
    " where s.number > :after order by s.number limit :count"};

const Sql add_file{
    "insert into media_file (id, company_id, kind, path, bytes, sha256, created_at)"
    " values (:id, :company_id, :kind, :path, :bytes, :sha256, :now)"};
const Sql grow_file{
    "update media_file set bytes = :bytes, sha256 = :sha256 where id = :id and bytes = :before"};
const Sql find_file{
    "select id, company_id, kind, path, bytes, sha256 from media_file where id = :id"};
const Sql same_file{
    "select id, company_id, kind, path, bytes, sha256 from media_file where sha256 = :sha256"
    " and company_id = :company and kind = :kind order by id limit 1"};
const Sql remove_file{"delete from media_file where id = :id"};
const Sql add_garbage{
    "insert into garbage (id, path, reason, at) values (:id, :path, :reason, :now)"};
const Sql garbage{"select id, path from garbage where id > :after order by id limit :count"};
const Sql remove_garbage{"delete from garbage where id = :id"};
const Sql files_page{
    "select id, company_id, kind, path, bytes, sha256 from media_file where id > :after"
    " order by id limit :count"};

const Sql add_request_key{
    "insert into request_key (hash, request_hash, state, attempt, lease_until, created_at)"
    " values (:hash, :request_hash, 'claimed', :attempt, :lease_until, :now)"
    " on conflict (hash) do nothing"};
const Sql find_request_key{
    "select request_hash, state, lease_until, created_at, answer from request_key"
    " where hash = :hash"};
const Sql take_request_key{
    "update request_key set request_hash = :request_hash, state = 'claimed', attempt = :attempt,"
    " lease_until = :lease_until, answer = null, created_at = :now where hash = :hash"};
const Sql mark_request_made{
    "update request_key set state = 'made'"
    " where hash = :hash and attempt = :attempt and state = 'claimed'"};
const Sql keep_request_answer{
    "update request_key set state = 'answered', answer = :answer"
    " where hash = :hash and attempt = :attempt"};
const Sql release_request_key{
    "delete from request_key where hash = :hash and attempt = :attempt and state = 'claimed'"};
const Sql forget_request_keys{
    "delete from request_key where hash in (select hash from request_key"
    " where created_at < :before order by created_at limit 5000)"};

}  // namespace otklik::sql
