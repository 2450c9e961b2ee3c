#include "base/error.h"
#include "sites/sites.h"
#include "sites/sites_sql.h"
#include "store/store.h"

namespace otklik {

using namespace sites_sql;

Id<Duty> Sites::begin_duty(Tx& tx, const Point& point, const Duty& duty) {
    if (duty.end_at && *duty.end_at <= duty.begin_at)
        throw Error(Fault::invalid, "duty.ends_before").at("end_at");
    if (!people_.find_person(Scope::system(), tx, duty.person_id))
        throw Error(Fault::not_found, "not_found").at("person_id");
    // Whoever comes next relieves the one before: an open duty ends where the new one begins.
    tx.run(end_open_duty, {{"point", point.id}, {"end", duty.begin_at}});
    const Instant end = duty.end_at.value_or(Instant{INT64_MAX});
    if (tx.row(overlapping_duty, {{"point", point.id}, {"begin", duty.begin_at}, {"end", end}}))
        throw Error(Fault::conflict, "duty.overlap", {{"point", point.name}}).at("begin_at");
    const auto open = tx.row(open_duty, {{"point", point.id}});
    if (open && open->instant(1) < end)
        throw Error(Fault::conflict, "duty.overlap", {{"point", point.name}}).at("begin_at");
    const auto id = tx.make_id<Duty>();
    tx.run(insert_duty, {{"id", id},
                         {"company", point.company_id},
                         {"unit", point.unit},
                         {"point", point.id},
                         {"person", duty.person_id},
                         {"begin", duty.begin_at},
                         {"end", duty.end_at},
                         {"source", duty.source},
                         {"at", tx.now()}});
    return id;
}

void Sites::end_duty(Tx& tx, const Point& point, Instant at) {
    if (tx.run(end_open_duty, {{"point", point.id}, {"end", at}}) == 0)
        throw Error(Fault::conflict, "duty.none_open", {{"point", point.name}});
}

Id<Person> Sites::on_duty(Tx& tx, Id<Point> point, Instant at) const {
    const auto row = tx.row(duty_at, {{"point", point}, {"at", at}});
    return row ? row->id<Person>(0) : Id<Person>{};
}

bool Sites::served(Tx& tx, Id<Person> person) const {
    return tx.row(duty_of_person, {{"person", person}}).has_value();
}

std::vector<Duty> Sites::duties(const Scope& scope, Tx& tx, Id<Point> point,
                                TimeRange range) const {
    if (!find_point(scope, tx, point)) return {};
    std::vector<Duty> result;
    for (const Row& row :
         tx.rows(duties_of_point, {{"point", point}, {"begin", range.begin}, {"end", range.end}}))
        result.push_back({row.id<Duty>(0), row.id<Point>(1), row.id<Person>(2), row.instant(3),
                          row.maybe_instant(4), row.text(5)});
    return result;
}

}  // namespace otklik
