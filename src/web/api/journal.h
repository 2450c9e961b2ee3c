#pragma once
// A row of the audit journal for what a caller did, in the transaction that does it.
#include <string_view>

#include "store/audit.h"
#include "web/api/route.h"

namespace otklik {

class Tx;

inline void journal(const Call& call, Tx& tx, std::string_view verb, std::string_view kind,
                    std::int64_t subject, std::int64_t unit, std::string_view detail = "{}") {
    AuditEntry entry;
    entry.company_id = call.company_id();
    entry.unit = unit;
    entry.actor = call.actor.word;
    entry.verb = verb;
    entry.subject = subject;
    entry.subject_kind = kind;
    entry.detail = detail;
    audit(tx, entry);
}

}  // namespace otklik
