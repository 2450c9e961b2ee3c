#include "base/phone.h"

#include <array>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t digits_max = 15;  // E.164
constexpr std::size_t digits_min = 8;   // shorter ones are local, or not whole
constexpr std::size_t national = 10;    // digits after +7

/// What people put between digits. No-break spaces and hyphens of all kinds come from documents.
constexpr std::array<std::string_view, 14> between = {
    " ",      "(",      ")",      "-",      ".",      "\t",     "\u00a0",
    "\u2007", "\u2009", "\u202f", "\u2010", "\u2011", "\u2012", "\u2013"};

std::string_view skip_between(std::string_view text) {
    for (bool skipped = true; skipped;) {
        skipped = false;
        for (const std::string_view each : between)
            if (text.starts_with(each)) {
                text.remove_prefix(each.size());
                skipped = true;
            }
    }
    return text;
}

/// Codes of regions and of mobile networks; the plan has no other first digit (Kazakhstan: 6, 7).
bool begins_national(char digit) {
    return digit == '3' || digit == '4' || digit >= '6';
}

}  // namespace

std::optional<std::string> phone_of(std::string_view text) {
    std::string digits;
    text = skip_between(trim(text));
    bool plus = text.starts_with('+');
    if (plus) text.remove_prefix(1);
    for (text = skip_between(text); !text.empty(); text = skip_between(text)) {
        if (text.front() < '0' || text.front() > '9') return std::nullopt;
        digits += text.front();
        text.remove_prefix(1);
        if (digits.size() > digits_max + 4) return std::nullopt;
    }
    // International as it is dialled: 00 abroad, 8 10 from Russia.
    if (!plus && digits.starts_with("810") && digits.size() > national + 1) {
        digits.erase(0, 3);
        plus = true;
    } else if (!plus && digits.starts_with("00")) {
        digits.erase(0, 2);
        plus = true;
    }
    if (!plus) {
        const bool trunk =
            digits.size() == national + 1 && (digits.front() == '8' || digits.front() == '7');
        if (trunk) digits.erase(0, 1);
        if (digits.size() != national || !begins_national(digits.front())) return std::nullopt;
        return "+7" + digits;
    }
    if (digits.size() < digits_min || digits.size() > digits_max || digits.front() == '0')
        return std::nullopt;
    if (digits.front() == '7' && (digits.size() != national + 1 || !begins_national(digits[1])))
        return std::nullopt;
    return "+" + digits;
}

std::string shown_phone(std::string_view phone) {
    if (!phone.starts_with("+7") || phone.size() != national + 2) return std::string(phone);
    // No-break spaces: a number is not torn at the end of a line.
    return "+7\u00a0" + std::string(phone.substr(2, 3)) + "\u00a0" +
           std::string(phone.substr(5, 3)) + "-" + std::string(phone.substr(8, 2)) + "-" +
           std::string(phone.substr(10, 2));
}

}  // namespace otklik
