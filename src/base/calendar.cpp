#include "base/calendar.h"

#include <fmt/format.h>
#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "base/error.h"
#include "base/fields.h"

namespace otklik {
namespace {

constexpr std::int64_t us_per_day = 86'400'000'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

std::unique_ptr<icu::BasicTimeZone> load_zone(std::string_view name) {
    constexpr std::size_t name_bytes_max = 60;
    if (name.empty() || name.size() > name_bytes_max) return nullptr;
    const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), int(name.size())));
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = false;
    icu::UnicodeString canonical;
    icu::TimeZone::getCanonicalID(id, canonical, is_system, status);
    const bool legacy = name.find('/') == std::string_view::npos && name != "UTC";
    if (U_FAILURE(status) || !is_system || legacy || name == "Etc/Unknown") return nullptr;
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    if (basic) (void)zone.release();
    return std::unique_ptr<icu::BasicTimeZone>(basic);
}

/// The zone, or nullptr. Zones are never dropped: there are a few hundred at most, since unknown
/// ones are not kept.
const icu::BasicTimeZone* find_zone(std::string_view name) {
    static std::shared_mutex mutex;
    static std::map<std::string, std::unique_ptr<icu::BasicTimeZone>, std::less<>> zones;
    {
        const std::shared_lock lock(mutex);
        if (const auto at = zones.find(name); at != zones.end()) return at->second.get();
    }
    auto zone = load_zone(name);
    if (!zone) return nullptr;
    const std::unique_lock lock(mutex);
    return zones.try_emplace(std::string(name), std::move(zone)).first->second.get();
}

const icu::BasicTimeZone& get_zone(std::string_view name) {
    const auto* zone = find_zone(name);
    if (!zone) throw Error(Fault::invalid, "zone.unknown", {{"zone", std::string(name)}});
    return *zone;
}

std::optional<int> two_digits(std::string_view text, std::size_t at) {
    if (at + 2 > text.size() || text[at] < '0' || text[at] > '9' || text[at + 1] < '0' ||
        text[at + 1] > '9')
        return std::nullopt;
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

}  // namespace

bool zone_is_known(std::string_view zone) {
    return find_zone(zone) != nullptr;
}

std::vector<std::string> known_zones() {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> ids(icu::TimeZone::createTimeZoneIDEnumeration(
        UCAL_ZONE_TYPE_CANONICAL_LOCATION, nullptr, nullptr, status));
    std::set<std::string> names{"UTC"};
    while (U_SUCCESS(status) && ids) {
        const char* name = ids->next(nullptr, status);
        if (!name) break;
        if (zone_is_known(name)) names.insert(name);
    }
    return {names.begin(), names.end()};
}

Duration zone_offset(Instant at, std::string_view zone) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t raw = 0, dst = 0;
    get_zone(zone).getOffset(static_cast<UDate>(floor_div(at.us, 1'000)), false, raw, dst, status);
    if (U_FAILURE(status)) throw Error(Fault::internal, "internal").because("ICU zone offset");
    return Duration::ms(raw + dst);
}

LocalTime local_time(std::string_view zone, Instant at) {
    const std::int64_t local = at.us + zone_offset(at, zone).us;
    const std::int64_t day = floor_div(local, us_per_day);
    const auto second = static_cast<int>((local - day * us_per_day) / 1'000'000);
    return {day, second / 3600, second / 60 % 60, second % 60};
}

std::int64_t local_day(Instant at, std::string_view zone) {
    return local_time(zone, at).day;
}
int local_hour(Instant at, std::string_view zone) {
    return local_time(zone, at).hour;
}

Instant local_instant(const LocalTime& local, std::string_view zone, Twice twice) {
    const std::int64_t second = (local.hour * 60 + local.minute) * 60 + local.second;
    const std::int64_t local_us = local.day * us_per_day + second * 1'000'000;
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t raw = 0, dst = 0;
    const auto choice = twice == Twice::first ? UCAL_TZ_LOCAL_FORMER : UCAL_TZ_LOCAL_LATTER;
    const std::int64_t local_ms = local_us / 1'000;
    get_zone(zone).getOffsetFromLocal(static_cast<UDate>(local_ms), UCAL_TZ_LOCAL_FORMER, choice,
                                      raw, dst, status);
    if (U_FAILURE(status)) throw Error(Fault::internal, "internal").because("ICU local offset");
    return Instant{local_us} - Duration::ms(raw + dst);
}

Instant local_midnight(std::int64_t day, std::string_view zone) {
    return local_instant({day, 0, 0, 0}, zone);
}

std::optional<Instant> parse_local(std::string_view text, std::string_view zone, Twice twice) {
    if (text.size() != 16 && text.size() != 19) return std::nullopt;
    const auto day = parse_day(text.substr(0, 10));
    const auto hour = two_digits(text, 11), minute = two_digits(text, 14);
    if (!day || (text[10] != ' ' && text[10] != 'T') || !hour || text[13] != ':' || !minute)
        return std::nullopt;
    std::optional<int> second = 0;
    if (text.size() == 19) second = text[16] == ':' ? two_digits(text, 17) : std::nullopt;
    if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return local_instant({*day, *hour, *minute, *second}, zone, twice);
}

std::optional<std::int64_t> parse_day(std::string_view text) {
    // Midnight UTC of the day has the same calendar. No clock that was never set says a day.
    if (text.size() != 10 || text < "2000") return std::nullopt;
    const auto at = parse_instant(std::string(text) + "T00:00:00Z");
    if (!at) return std::nullopt;
    return at->us / us_per_day;
}

std::string format_local(Instant at, std::string_view zone) {
    const LocalTime local = local_time(zone, at);
    const std::int64_t minutes = zone_offset(at, zone).us / 60'000'000;
    const std::int64_t size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{} {:02}:{:02}:{:02} {}{:02}:{:02}", format_day(local.day), local.hour,
                       local.minute, local.second, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace otklik
