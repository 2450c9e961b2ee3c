#include "sites/work_calendars.h"

#include "sites/sites_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace sites_sql;

YearCalendar year_calendar_of(const Row& row) {
    YearCalendar calendar;
    calendar.id = row.id<YearCalendar>(0);
    calendar.company_id = row.integer(1);
    calendar.unit = row.id<Unit>(2);
    calendar.year = row.integer(3);
    calendar.file_name = row.text(4);
    calendar.created_by = row.text(5);
    calendar.created_at = row.instant(6);
    return calendar;
}

}  // namespace

Id<YearCalendar> keep_calendar(Tx& tx, const YearCalendar& calendar) {
    const auto id = tx.make_id<YearCalendar>();
    tx.run(insert_calendar, {{"id", id},
                             {"company", calendar.company_id},
                             {"unit", calendar.unit},
                             {"year", calendar.year},
                             {"file", calendar.file_name},
                             {"by", calendar.created_by},
                             {"at", tx.now()}});
    std::vector<Params> rows;
    for (const auto& [day, kind] : calendar.days)
        rows.push_back({{"calendar", id}, {"day", day}, {"kind", enum_word(kind)}});
    if (!rows.empty()) tx.run_many(insert_calendar_day, rows);
    return id;
}

bool drop_calendar(Tx& tx, std::int64_t company_id, Id<YearCalendar> id) {
    if (tx.run(delete_calendar, {{"id", id}, {"company", company_id}}) == 0) return false;
    tx.run(delete_calendar_days, {{"calendar", id}});
    return true;
}

std::vector<YearCalendar> calendars(const Scope& scope, Tx& tx) {
    std::vector<YearCalendar> result;
    for (const Row& row : tx.rows(calendars_of_company, {{"company", scope.company_id()}})) {
        YearCalendar calendar = year_calendar_of(row);
        if (allows(scope, {calendar.company_id, calendar.unit.value, 0}))
            result.push_back(std::move(calendar));
    }
    return result;
}

std::map<std::int64_t, DayKind> calendar_days(Tx& tx, Id<YearCalendar> id) {
    std::map<std::int64_t, DayKind> days;
    for (const Row& row : tx.rows(days_of_calendar, {{"calendar", id}}))
        days[row.integer(0)] = parse_enum<DayKind>(row.text(1)).value_or(DayKind::working);
    return days;
}

WorkCalendar work_calendar_of(Tx& tx, std::int64_t company_id, Id<Unit> unit, Id<Unit> root,
                              WorkHours hours) {
    // The newest of each year: rows come newest first.
    std::map<std::int64_t, Id<YearCalendar>> company_years, own_years;
    for (const Row& row : tx.rows(calendars_of_company, {{"company", company_id}})) {
        const YearCalendar each = year_calendar_of(row);
        if (each.unit == root) company_years.emplace(each.year, each.id);
        if (each.unit == unit) own_years.emplace(each.year, each.id);
    }
    WorkCalendar calendar(hours);
    for (const auto* years : {&company_years, &own_years})
        for (const auto& [year, id] : *years)
            for (const auto& [day, kind] : calendar_days(tx, id)) calendar.set(day, kind);
    return calendar;
}

}  // namespace otklik
