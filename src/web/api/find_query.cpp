#include "web/api/find_query.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/calendar.h"
#include "base/text.h"
#include "base/words.h"

namespace otklik {
namespace {

/// All of `text` as a number of at most `digits_max` digits.
std::optional<int> number_of(std::string_view text, std::size_t digits_max) {
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, std::string_view marks) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(marks, from), text.size());
        parts.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return parts;
}

/// "9:05", "12:04", "12:04:30".
std::optional<int> minute_of(std::string_view token) {
    const auto parts = split(token, ":");
    if (parts.size() < 2 || parts.size() > 3 || parts[1].size() != 2) return std::nullopt;
    const auto hour = number_of(parts[0], 2), minute = number_of(parts[1], 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    if (parts.size() == 3 && !number_of(parts[2], 2)) return std::nullopt;
    return *hour * 60 + *minute;
}

std::optional<std::int64_t> date(int year, int month, int day) {
    const std::chrono::year_month_day given{std::chrono::year{year},
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day))};
    if (!given.ok() || year < 2000 || year > 2100) return std::nullopt;
    return std::chrono::sys_days{given}.time_since_epoch().count();
}

/// "20.11", "20.11.2026", "20.11.26"; without a year the newest such day that is not ahead.
std::optional<std::int64_t> dotted_day(std::string_view token, std::int64_t today) {
    auto parts = split(token, ".");
    if (parts.size() == 3 && parts[2].empty()) parts.pop_back();
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    const auto day = number_of(parts[0], 2), month = number_of(parts[1], 2);
    if (!day || !month) return std::nullopt;
    if (parts.size() == 3) {
        const auto year = number_of(parts[2], 4);
        if (!year) return std::nullopt;
        return date(*year < 100 ? 2000 + *year : *year, *month, *day);
    }
    const std::chrono::year_month_day now{std::chrono::sys_days{std::chrono::days{today}}};
    const int year = static_cast<int>(now.year());
    const auto same = date(year, *month, *day);
    return same && *same <= today ? same : date(year - 1, *month, *day);
}

std::optional<std::int64_t> day_of(std::string_view token, std::int64_t today) {
    const std::string word = fold(token);
    if (word == "\u0441\u0435\u0433\u043e\u0434\u043d\u044f" || word == "today") return today;
    if (word == "\u0432\u0447\u0435\u0440\u0430" || word == "yesterday") return today - 1;
    if (const auto day = parse_day(token)) return day;
    return dotted_day(token, today);
}

}  // namespace

FindQuery parse_find(std::string_view text, std::int64_t today) {
    FindQuery query;
    if (!is_utf8(text)) return query;
    for (const std::string_view token : split(text, " \t\r\n,;")) {
        if (token.empty()) continue;
        if (const auto minute = minute_of(token); minute && !query.minute) {
            query.minute = minute;
        } else if (const auto day = day_of(token, today); day && !query.day) {
            query.day = day;
        } else {
            for (std::string& word : fold_words(token))
                if (query.words.size() < find_words_max) query.words.push_back(std::move(word));
        }
    }
    return query;
}

bool find_fits(const FindQuery& query, std::string_view text) {
    const auto words = fold_words(text);
    return std::all_of(query.words.begin(), query.words.end(), [&](const std::string& asked) {
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& word) { return word.starts_with(asked); });
    });
}

}  // namespace otklik
