#pragma once
// The audit journal: who did or heard what. Rows are written in the caller's transaction; one
// sealer chains committed rows every second and writes the signed head to keys/audit-heads every
// minute, so that a changed, removed or truncated row is found by `otklik audit verify`. Owns:
// audit_entry, audit_seal; files keys/audit.key, keys/audit-heads. Thread: any.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace otklik {

class Tx;
class Store;

struct AuditEntry {
    std::int64_t id = 0;
    std::int64_t company_id = 0;
    std::int64_t unit = 0;
    Instant at;
    std::string actor;  // "account_…", "device_…", "console:root", "stage:clips.cut"
    std::string verb;   // "clip.listen", "check.done"; verbs are registered by Kind
    std::int64_t subject = 0;
    std::string subject_kind;  // "clip"
    std::string detail;        // JSON, no personal data but what the verb is about
};

void audit(Tx& tx, const AuditEntry& entry);  // id and at are filled in
/// Listening: one entry per session of listening and minute; a second call within the minute adds
/// nothing.
void audit_listening(Tx& tx, const AuditEntry& entry);
std::vector<AuditEntry> audit_page(Tx& tx, std::int64_t company_id,
                                   std::optional<std::int64_t> before, int count_max);

/// A backup was restored: the entries after `head` up to `lost_to` are known to be lost.
struct AuditRestore {
    Instant restored_at, backup_at;
    std::int64_t head = 0;
    std::int64_t lost_to = 0;  // seal number of the newest head before; `head` when none is lost
};

struct AuditVerdict {
    std::int64_t sealed = 0;
    std::int64_t unsealed = 0;
    std::optional<std::int64_t> first_bad;  // seal number
    std::string reason;                     // empty when all is well
    std::vector<AuditRestore> restores;     // oldest first
};

/// Writes down in a database just restored, and signed beside it in the keys folder, that its
/// journal ends where the backup of `backup_at` ended. Before anybody else opens the database.
void note_restore(Store& store, const Clock& clock, const std::string& keys_folder,
                  Instant backup_at, std::string_view actor);

class AuditSealer {
public:
    AuditSealer(Store& store, const Clock& clock, std::string keys_folder);
    ~AuditSealer();
    void start();
    void stop();
    void seal_now();
    AuditVerdict verify();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
