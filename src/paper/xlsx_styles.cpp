#include "paper/xlsx_styles.h"

#include <fmt/format.h>

#include <cmath>

#include "base/fields.h"
#include "base/json_text.h"
#include "base/text.h"
#include "paper/sheet.h"

namespace otklik {
namespace {

constexpr double whole_max = 1e15;  // beyond it a double does not hold every whole number
constexpr double days_1904 = 1462;  // from the calendar of 1900 to that of 1904
constexpr std::int64_t day_seconds = 86'400;

/// Formats without a code of their own.
NumberLook::Kind builtin(int id) {
    using enum NumberLook::Kind;
    if (id == 9 || id == 10) return percent;
    if (id == 22) return date_time;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || id == 32 || id == 33) return time;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return date;
    return plain;
}

/// The first section of a code without quoted words, escaped letters and [colours].
std::string bare(std::string_view code) {
    std::string out;
    for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
        const char c = code[i];
        if (c == '"') {
            while (++i < code.size() && code[i] != '"') {
            }
        } else if (c == '[') {
            const std::size_t from = i + 1;
            while (i < code.size() && code[i] != ']') ++i;
            const std::string inner = lower_ascii(code.substr(from, i - from));
            if (inner == "h" || inner == "hh" || inner == "m" || inner == "mm" || inner == "s")
                return "";  // a length of time is a number, not a moment
        } else if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else {
            out += c;
        }
    }
    return lower_ascii(out);
}

std::string plain_number(double value) {
    if (std::floor(value) == value && std::fabs(value) < whole_max)
        return fmt::format("{}", static_cast<std::int64_t>(value));
    std::string text;
    append_json_number(text, value);
    return text == "null" ? "" : text;
}

std::string clock_text(std::int64_t seconds) {
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

NumberLook look_of_format(int id, std::string_view code) {
    if (code.empty()) return {builtin(id), 0};
    const std::string text = bare(code);
    if (text.empty() || text.find("general") != std::string::npos) return {};
    if (text.find('%') != std::string::npos) return {NumberLook::Kind::percent, 0};
    if (text.find_first_not_of('0') == std::string::npos)
        return {NumberLook::Kind::plain, text.size()};
    // 'e' is the year of some calendars and the exponent of numbers: taken for neither.
    const bool clock = text.find_first_of("hs") != std::string::npos;
    const bool date = text.find_first_of("yd") != std::string::npos ||
                      (!clock && text.find('m') != std::string::npos);
    if (date) return {clock ? NumberLook::Kind::date_time : NumberLook::Kind::date, 0};
    return {clock ? NumberLook::Kind::time : NumberLook::Kind::plain, 0};
}

std::string shown_number(double value, const NumberLook& look, bool from_1904) {
    using enum NumberLook::Kind;
    if (look.kind == percent) return plain_number(std::round(value * 1e10) / 1e8) + "%";
    if (look.kind == plain) {
        std::string text = plain_number(value);
        if (value >= 0 && text.size() < look.digits_min)
            text.insert(0, look.digits_min - text.size(), '0');
        return text;
    }
    const double serial = from_1904 && value >= 1 ? value + days_1904 : value;
    auto seconds = std::llround((serial - std::floor(serial)) * static_cast<double>(day_seconds));
    // A second short of midnight may round up to it.
    const auto day = day_of_serial(seconds == day_seconds ? serial + 0.5 : serial);
    seconds %= day_seconds;
    if (look.kind == time && serial >= 0 && serial < 1) return clock_text(seconds);
    if (!day) return plain_number(value);
    if (seconds == 0) return format_day(*day);
    return format_day(*day) + "T" + clock_text(seconds);
}

}  // namespace otklik
