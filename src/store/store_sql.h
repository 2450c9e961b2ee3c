#pragma once
// Every statement of the room store, private to it.
#include "store/store.h"

namespace otklik::sql {

inline constexpr int page_rows = 1'000;  // of a walk over a whole table

// migrations and health
extern const Sql make_migration, migrations, add_migration, ping, sqlite_fact_table;
// facts; the order on PostgreSQL is (xid, id), since ids are not born in the order of commits there
extern const Sql add_fact, fact_id_max, facts_sqlite, facts_postgres, newest_fact_postgres;
extern const Sql facts_seen_sqlite, facts_seen_postgres;
extern const Sql fact_cursor, move_fact_cursor, forget_facts_sqlite, forget_facts_postgres;
extern const Sql settle_foreign_facts;
// jobs
extern const Sql want_job, look_sooner, parked_jobs, retry_job, job_counts, due_stages, claim_jobs;
extern const Sql crashed_jobs, renew_lease, running_job, close_job, set_job, forgive_crash;
// a whole database to or from PostgreSQL
extern const Sql tables_sqlite, columns_sqlite, fetch_copied_postgres, cursors_by_id_postgres,
    others_postgres, wait_postgres, anything_postgres, reopen_running;
// programs at work
extern const Sql beat, first_beat, forget_workers, remove_worker, signs_of_life, find_worker,
    jobs_of_worker, newer_claim;
// audit
extern const Sql add_entry, company_of_audit, audit_page, unsealed_entries, unsealed_count,
    last_seal, add_seal;
extern const Sql sealed_entries;
// blobs
extern const Sql add_file, grow_file, find_file, remove_file, same_file, add_garbage, garbage,
    remove_garbage, files_page;
extern const Sql add_request_key, find_request_key, take_request_key, mark_request_made,
    keep_request_answer, release_request_key, forget_request_keys;

}  // namespace otklik::sql
