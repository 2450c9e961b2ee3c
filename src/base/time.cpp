#include "base/time.h"

#include <array>
#include <cstdio>

#include "base/clock.h"

namespace otklik {
namespace {

constexpr Instant instant_min{};  // 1970: what a clock that was never set shows
constexpr Instant instant_max{4'102'444'800'000'000};  // 2100-01-01

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// Offset in seconds at `at`; "Z", "z" or "+hh:mm" to the end of the text.
std::optional<int> parse_offset(std::string_view text, std::size_t at) {
    if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return 0;
    if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
        return std::nullopt;
    const auto hours = digits(text, at + 1, 2);
    const auto minutes = digits(text, at + 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const int seconds = *hours * 3600 + *minutes * 60;
    return text[at] == '-' ? -seconds : seconds;
}

}  // namespace

Instant SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::string format_instant(Instant at) {
    std::int64_t seconds = at.us / 1'000'000;
    std::int64_t micros = at.us % 1'000'000;
    if (micros < 0) {
        micros += 1'000'000;
        --seconds;
    }
    const std::chrono::sys_seconds when{std::chrono::seconds{seconds}};
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{when - day};
    std::array<char, 64> line{};
    std::snprintf(line.data(), line.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06d", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()), int(micros));
    std::string text = line.data();
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + "Z";
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2),
               second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
        text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month(unsigned(*month)),
                                           std::chrono::day(unsigned(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    std::size_t at = 19;
    std::int64_t micros = 0;
    if (at < text.size() && text[at] == '.') {
        ++at;
        int count = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count)
            if (count < 6) micros = micros * 10 + (text[at] - '0');
        if (count == 0 || count > 9) return std::nullopt;
        for (; count < 6; ++count) micros *= 10;
    }
    const auto offset = parse_offset(text, at);
    if (!offset) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    const std::int64_t minutes = days * 1'440 + *hour * 60LL + *minute;
    const std::int64_t seconds = minutes * 60 + *second - *offset;
    const Instant result{seconds * 1'000'000 + micros};
    if (result < instant_min || result >= instant_max) return std::nullopt;
    return result;
}

}  // namespace otklik
