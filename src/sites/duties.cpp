#include "sites/duties.h"

#include "sites/sites_sql.h"

namespace otklik {

std::vector<Duty> duties_of_person(const Scope& scope, Tx& tx, Id<Person> person) {
    std::vector<Duty> result;
    for (const Row& row : tx.rows(sites_sql::duties_of_person, {{"person", person}}))
        if (allows(scope, {row.integer(6), row.integer(7), 0}))
            result.push_back({row.id<Duty>(0), row.id<Point>(1), row.id<Person>(2), row.instant(3),
                              row.maybe_instant(4), row.text(5)});
    return result;
}

}  // namespace otklik
