#pragma once
// Calendar: instants and the clocks on the wall, by IANA zones (ICU's table). A day is days since
// 1970-01-01 of the local date. Zones are loaded once and kept. Thread: any. An unknown zone is
// Error{invalid, "zone.unknown"}; ask zone_is_known before storing one.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

struct LocalTime {
    std::int64_t day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// A name of the IANA table ("Europe/Moscow", "UTC"); "GMT+3" and abbreviations ICU makes up are
/// not.
bool zone_is_known(std::string_view zone);
/// Zones to choose from: one name per region and rule, sorted.
std::vector<std::string> known_zones();
/// Local minus UTC at the instant.
Duration zone_offset(Instant at, std::string_view zone);
LocalTime local_time(std::string_view zone, Instant at);
std::int64_t local_day(Instant at, std::string_view zone);
int local_hour(Instant at, std::string_view zone);
/// The first instant of the day, also where a change of clocks skips or repeats midnight.
Instant local_midnight(std::int64_t day, std::string_view zone);
/// What a clock in the zone shows, as an instant. A time that is skipped counts on from before the
/// change (02:30 becomes 03:30); one that comes twice is the first, or the second if asked so.
enum class Twice { first, second };
Instant local_instant(const LocalTime& local, std::string_view zone, Twice twice = Twice::first);
/// "2026-11-20 12:04", "2026-11-20T12:04:03"; nothing when it is not one or outside 2000..2100.
std::optional<Instant> parse_local(std::string_view text, std::string_view zone,
                                   Twice twice = Twice::first);
/// "2026-11-20", 2000..2100; format_day is in fields.h.
std::optional<std::int64_t> parse_day(std::string_view text);
/// "2026-11-20 12:04:03 +03:00".
std::string format_local(Instant at, std::string_view zone);

}  // namespace otklik
