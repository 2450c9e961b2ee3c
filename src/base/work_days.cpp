#include "base/work_days.h"

#include <algorithm>

#include "base/calendar.h"

namespace otklik {
namespace {

/// Monday is 0; 1970-01-01 was a Thursday.
std::int64_t weekday(std::int64_t day) {
    return ((day + 3) % 7 + 7) % 7;
}

Instant at_minute(std::int64_t day, std::int64_t minute, std::string_view zone) {
    constexpr std::int64_t day_min = 1'440;
    const std::int64_t whole = day + minute / day_min;
    const std::int64_t rest = minute % day_min;
    return local_instant({whole, static_cast<int>(rest / 60), static_cast<int>(rest % 60), 0},
                         zone);
}

}  // namespace

DayKind WorkCalendar::kind_of(std::int64_t day) const {
    if (const auto found = days_.find(day); found != days_.end()) return found->second;
    return weekday(day) < 5 ? DayKind::working : DayKind::off;
}

std::int64_t WorkCalendar::minutes_of(std::int64_t day) const {
    const DayKind kind = kind_of(day);
    if (kind == DayKind::off) return 0;
    const std::int64_t less = kind == DayKind::shortened ? hours_.shorter_by : 0;
    return std::max<std::int64_t>(hours_.length - less, 0);
}

std::int64_t WorkCalendar::working_days(std::int64_t first, std::int64_t last) const {
    std::int64_t count = 0;
    for (std::int64_t day = first; day <= last; ++day) count += is_working_day(day) ? 1 : 0;
    return count;
}

std::int64_t WorkCalendar::norm_minutes(std::int64_t first, std::int64_t last) const {
    std::int64_t minutes = 0;
    for (std::int64_t day = first; day <= last; ++day) minutes += minutes_of(day);
    return minutes;
}

Duration WorkCalendar::working_time(TimeRange range, std::string_view zone) const {
    Duration total;
    if (range.empty()) return total;
    // The day before may work past midnight.
    const std::int64_t first = local_day(range.begin, zone) - 1;
    const std::int64_t last = std::min(local_day(range.end, zone), first + days_max);
    for (std::int64_t day = first; day <= last; ++day) {
        const std::int64_t minutes = minutes_of(day);
        if (minutes == 0) continue;
        const bool has_break = hours_.break_length > 0 && hours_.break_begin > hours_.begin;
        const std::int64_t before =
            has_break ? std::min(minutes, hours_.break_begin - hours_.begin) : minutes;
        const auto add = [&](std::int64_t from, std::int64_t to) {
            const TimeRange worked{at_minute(day, from, zone), at_minute(day, to, zone)};
            if (worked.overlaps(range)) total = total + worked.meet(range).length();
        };
        add(hours_.begin, hours_.begin + before);
        const std::int64_t again = hours_.break_begin + hours_.break_length;
        if (before < minutes) add(again, again + minutes - before);
    }
    return total;
}

}  // namespace otklik
