#include "kinds/sight_batch.h"

#include <vector>

#include "kinds/kinds_sql.h"
#include "store/store.h"

namespace otklik {

void make_all_visible(Tx& tx, std::string_view kind, std::span<const Sighting> things) {
    if (things.empty()) return;
    std::vector<Params> rows;
    rows.reserve(things.size());
    for (const Sighting& each : things)
        rows.push_back({{"kind", kind}, {"at", each.at}, {"id", each.id}, {"unit", each.unit}});
    tx.run_many(sql::make_visible, rows);
}

}  // namespace otklik
