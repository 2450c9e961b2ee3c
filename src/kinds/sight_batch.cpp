#include "kinds/sight_batch.h"

#include <map>
#include <set>
#include <vector>

#include "kinds/kinds_sql.h"
#include "store/store.h"

namespace otklik {

void make_all_visible(Tx& tx, std::string_view kind, std::span<const Sighting> things) {
    if (things.empty()) return;
    // The unit itself counts among its ancestors, whether unit_ancestor says so or not.
    std::map<std::int64_t, std::set<std::int64_t>> seen_from;
    for (const Sighting& each : things) {
        const auto [units, fresh] = seen_from.try_emplace(each.unit);
        if (!fresh) continue;
        units->second.insert(each.unit);
        for (const Row& row : tx.rows(sql::ancestors, {{"unit", each.unit}}))
            units->second.insert(row.integer(0));
    }
    std::vector<Params> rows;
    for (const Sighting& each : things)
        for (const std::int64_t unit : seen_from.at(each.unit))
            rows.push_back({{"kind", kind}, {"at", each.at}, {"id", each.id}, {"unit", unit}});
    tx.insert_many(sql::add_sight, rows);
}

}  // namespace otklik
