#pragma once
// Production calendars as the company gives them: the days of a year, for the company or for one of
// its sites. The newest of a unit and a year is in force;
// taking it back brings the one before. Nothing about holidays is known to the program itself.
// Owns: work_calendar, work_calendar_day. Thread: any; the transaction is the lock.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "base/work_days.h"
#include "people/people.h"

namespace otklik {

class Tx;

struct YearCalendar {
    Id<YearCalendar> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // the company's root, or that of a site
    std::int64_t year = 0;
    std::string file_name;
    std::string created_by;  // actor
    Instant created_at;
    std::map<std::int64_t, DayKind> days;  // those the file speaks of; empty in lists
};
template <>
inline constexpr std::string_view id_prefix<YearCalendar> = "calendar";

Id<YearCalendar> keep_calendar(Tx& tx, const YearCalendar& calendar);
/// False when it is gone already.
bool drop_calendar(Tx& tx, std::int64_t company_id, Id<YearCalendar> id);
/// All of the company that the scope sees, newest first, without their days.
std::vector<YearCalendar> calendars(const Scope& scope, Tx& tx);
/// The days of one; nothing when there is none.
std::map<std::int64_t, DayKind> calendar_days(Tx& tx, Id<YearCalendar> id);
/// What is in force in a unit: the company's days, and over them those of the unit's own calendar.
/// What neither says is Monday to Friday.
WorkCalendar work_calendar_of(Tx& tx, std::int64_t company_id, Id<Unit> unit, Id<Unit> root,
                              WorkHours hours = {});

}  // namespace otklik
