#pragma once
// Working days: a week of five days, and the days that a production calendar makes different
// (holidays, transfers, shortened days). Days are since 1970-01-01, local. What is not said is
// Monday to Friday. Thread: values.
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "base/fields.h"
#include "base/time.h"

namespace otklik {

enum class DayKind { working, shortened, off };
template <>
inline constexpr std::pair<DayKind, std::string_view> enum_words<DayKind>[3] = {
    {DayKind::working, "working"}, {DayKind::shortened, "shortened"}, {DayKind::off, "off"}};

/// When people work on a day, in minutes of the clock on the wall.
struct WorkHours {
    std::int64_t begin = 540;        // 9:00
    std::int64_t length = 480;       // 8 h, of a working day, without the break
    std::int64_t break_begin = 780;  // 13:00
    std::int64_t break_length = 60;  // 0: none
    std::int64_t shorter_by = 60;    // the eve of a holiday, Labour Code art. 95
};

class WorkCalendar {
public:
    explicit WorkCalendar(WorkHours hours = {}) : hours_(hours) {}
    void set(std::int64_t day, DayKind kind) { days_[day] = kind; }
    DayKind kind_of(std::int64_t day) const;
    bool is_working_day(std::int64_t day) const { return kind_of(day) != DayKind::off; }
    /// Minutes of work that the day holds.
    std::int64_t minutes_of(std::int64_t day) const;
    /// Days and minutes from the first to the last day, both included.
    std::int64_t working_days(std::int64_t first, std::int64_t last) const;
    std::int64_t norm_minutes(std::int64_t first, std::int64_t last) const;
    /// Working time between two instants, by the clock on the wall of the zone. Reads at most
    /// `days_max` days.
    Duration working_time(TimeRange range, std::string_view zone) const;
    static constexpr std::int64_t days_max = 4000;

private:
    WorkHours hours_;
    std::map<std::int64_t, DayKind> days_;
};

}  // namespace otklik
