#include "store/fact_batch.h"

#include <vector>

#include "store/bell.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {

void tell_all(Tx& tx, std::string_view kind, std::span<const FactSubject> subjects) {
    if (subjects.empty()) return;
    std::vector<Params> rows;
    rows.reserve(subjects.size());
    for (const FactSubject& each : subjects)
        rows.push_back({{"id", tx.next_id()},
                        {"at", tx.now()},
                        {"kind", kind},
                        {"subject", each.subject},
                        {"unit", each.unit},
                        {"company_id", each.company_id}});
    tx.insert_many(sql::add_fact, rows);
    tx.after_commit([] { fact_bell().ring(); });
}

}  // namespace otklik
