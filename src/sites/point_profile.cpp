#include "sites/point_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/calendar.h"
#include "base/error.h"
#include "sites/question_plan.h"

namespace otklik {
namespace {

constexpr int day_minutes = 24 * 60;

int number_before(std::string_view& text, char end) {
    int value = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return -1;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (!text.empty() && text.front() == end) text.remove_prefix(1);
    return value;
}

}  // namespace

void require_hours(std::vector<OpenHours>& hours) {
    std::sort(hours.begin(), hours.end(),
              [](const OpenHours& a, const OpenHours& b) { return a.weekday < b.weekday; });
    for (std::size_t i = 0; i < hours.size(); ++i) {
        const OpenHours& day = hours[i];
        if (day.weekday < 1 || day.weekday > 7 || (i > 0 && hours[i - 1].weekday == day.weekday))
            throw Error(Fault::invalid, "hours.day").at("hours");
        if (day.opens < 0 || day.closes > day_minutes || day.opens >= day.closes)
            throw Error(Fault::invalid, "hours.times").at("hours");
    }
}

std::string text_of_hours(const std::vector<OpenHours>& hours) {
    std::string text;
    for (const OpenHours& day : hours)
        text +=
            fmt::format("{}{} {}-{}", text.empty() ? "" : ";", day.weekday, day.opens, day.closes);
    return text;
}

std::vector<OpenHours> hours_of_text(std::string_view text) {
    std::vector<OpenHours> hours;
    while (!text.empty()) {
        OpenHours day;
        day.weekday = number_before(text, ' ');
        day.opens = number_before(text, '-');
        day.closes = number_before(text, ';');
        if (day.weekday < 1 || day.opens < 0 || day.closes < 0) break;  // nobody but we wrote it
        hours.push_back(day);
    }
    return hours;
}

std::optional<int> parse_minutes(std::string_view clock) {
    const auto digit = [&](std::size_t at) { return clock[at] >= '0' && clock[at] <= '9'; };
    if (clock.size() != 5 || clock[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
        return std::nullopt;
    const int hour = (clock[0] - '0') * 10 + (clock[1] - '0');
    const int minute = (clock[3] - '0') * 10 + (clock[4] - '0');
    if (minute > 59 || hour * 60 + minute > day_minutes) return std::nullopt;
    return hour * 60 + minute;
}

std::string format_minutes(int minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::optional<bool> open_at(const std::vector<OpenHours>& hours, Instant at,
                            std::string_view zone) {
    if (hours.empty()) return std::nullopt;
    const LocalTime local = local_time(zone, at);
    const int minute = local.hour * 60 + local.minute;
    return std::any_of(hours.begin(), hours.end(), [&](const OpenHours& day) {
        return day.weekday == weekday_of(local.day) + 1 && minute >= day.opens &&
               minute < day.closes;
    });
}

std::optional<TimeRange> open_on(const std::vector<OpenHours>& hours, std::int64_t day,
                                 std::string_view zone) {
    for (const OpenHours& each : hours) {
        if (each.weekday != weekday_of(day) + 1) continue;
        const auto at = [&](int minutes) {
            if (minutes == 24 * 60) return local_midnight(day + 1, zone);
            return local_instant({day, minutes / 60, minutes % 60, 0}, zone);
        };
        const TimeRange open{at(each.opens), at(each.closes)};
        return open.empty() ? std::nullopt : std::optional(open);
    }
    return std::nullopt;
}

}  // namespace otklik
