// The machine room: parked jobs, the audit journal, the API's own description.
#include "store/audit.h"
#include "store/blobs.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/router.h"
#include "web/api/tables.h"

namespace otklik {

struct JobTag {};  // ids of jobs in JSON
template <>
inline constexpr std::string_view id_prefix<JobTag> = "job";
struct EntryTag {};  // ids of audit entries in JSON
template <>
inline constexpr std::string_view id_prefix<EntryTag> = "entry";

namespace {

struct ParkedJobView {
    Id<JobTag> id;
    std::string stage, reason_code, reason_detail;
    Instant parked_at;
    std::int64_t failures = 0, crashes = 0;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("stage", stage);
        f.text("reason_code", reason_code);
        f.text("reason_detail", reason_detail);
        f.instant("parked_at", parked_at);
        f.integer("failures", failures);
        f.integer("crashes", crashes);
    }
};
struct ParkedJobList {
    std::vector<ParkedJobView> items;
    void fields(FieldSink& f) { f.list("items", items); }
};
struct AuditEntryView {
    Id<EntryTag> id;
    Instant at;
    std::string actor, verb, subject_kind, subject, detail;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.instant("at", at);
        f.text("actor", actor);
        f.text("verb", verb);
        f.text("subject_kind", subject_kind);
        f.text("subject", subject);
        f.json("detail", detail);
    }
};
struct AuditEntryList {
    std::vector<AuditEntryView> items;
    std::optional<Id<EntryTag>> next;
    void fields(FieldSink& f) {
        f.list("items", items);
        f.id("next", next, "?before= of the next page");
    }
};

struct FindingView {
    std::string what, path;
    void fields(FieldSink& f) {
        f.text("what", what, {}, "missing, foreign, changed, size");
        f.text("path", path);
    }
};
struct FindingList {
    std::vector<FindingView> items;
    void fields(FieldSink& f) { f.list("items", items, 1'000'000); }
};
struct RestoreView {
    Instant restored_at, backup_at;
    std::int64_t head = 0, lost_to = 0;
    void fields(FieldSink& f) {
        f.instant("restored_at", restored_at);
        f.instant("backup_at", backup_at, "what the backup was of");
        f.integer("head", head, {}, "number of the last seal that the backup had");
        f.integer("lost_to", lost_to, {}, "seals after head up to this one are known to be lost");
    }
};
struct VerdictView {
    std::int64_t sealed = 0, unsealed = 0;
    std::optional<std::int64_t> first_bad;
    std::string reason;
    std::vector<RestoreView> restores;
    void fields(FieldSink& f) {
        f.integer("sealed", sealed);
        f.integer("unsealed", unsealed);
        f.integer("first_bad", first_bad, {}, "number of the first seal that does not fit");
        f.text("reason", reason, {}, "empty when the journal is whole");
        f.list("restores", restores, 1'000);
    }
};

constexpr int page_rows = 100;

ParkedJobList list_parked(Call& call) {
    ParkedJobList list;
    for (const ParkedJob& job :
         call.rooms.store.read([&](Tx& tx) { return parked_jobs(tx, 0, page_rows); }))
        list.items.push_back({{job.id},
                              job.stage,
                              job.reason_code,
                              job.reason_detail,
                              job.parked_at,
                              job.failures,
                              job.crashes});
    return list;
}

Nothing retry_parked(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const auto id = call.id<JobTag>();
        retry_job(tx, id.value);
        journal(call, tx, "job.retried", "job", id.value,
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
    return {};
}

AuditEntryList list_audit(Call& call) {
    const auto before = call.query_id<EntryTag>("before");
    AuditEntryList list;
    const auto entries = call.rooms.store.read([&](Tx& tx) {
        return audit_page(tx, call.company_id(),
                          before ? std::optional(before->value) : std::nullopt, page_rows);
    });
    for (const AuditEntry& entry : entries)
        list.items.push_back({{entry.id},
                              entry.at,
                              entry.actor,
                              entry.verb,
                              entry.subject_kind,
                              id_word(entry.subject_kind, entry.subject),
                              entry.detail});
    if (entries.size() == page_rows) list.next = Id<EntryTag>{entries.back().id};
    return list;
}

FindingList check_files(Call& call) {
    FindingList list;
    const auto level = call.query_integer("level", 1, 3).value_or(1);
    for (const FsckFinding& finding :
         fsck_files(call.rooms.store, call.rooms.blobs, static_cast<int>(level)))
        list.items.push_back({finding.what, finding.path});
    return list;
}

VerdictView verify_audit(Call& call) {
    const AuditVerdict verdict = call.rooms.sealer.verify();
    VerdictView view{verdict.sealed, verdict.unsealed, verdict.first_bad, verdict.reason, {}};
    for (const AuditRestore& each : verdict.restores)
        view.restores.push_back({each.restored_at, each.backup_at, each.head, each.lost_to});
    return view;
}

Response show_openapi(Call& call) {
    return Response::json(200, openapi_json(all_routes(), call.rooms.version));
}

constexpr Route machine_table[] = {
    route<&list_parked>("GET", "/jobs/parked", Right::operate,
                        "Jobs that wait for a person, with the reason."),
    route<&retry_parked>("POST", "/jobs/{id}/retry", Right::operate, "Opens a parked job again."),
    route<&list_audit>("GET", "/audit", Right::operate, "The audit journal, newest first."),
    route<&verify_audit>("GET", "/audit/verify", Right::operate,
                         "Checks the chain and its signed heads."),
    route<&check_files>("GET", "/fsck", Right::operate,
                        "Holds files and rows together (?level=1..3)."),
    raw_route<&show_openapi>("GET", "/openapi.json", Right::anyone, "This document."),
};

}  // namespace

const std::span<const Route> machine_routes{machine_table};

}  // namespace otklik
