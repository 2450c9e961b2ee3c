#include "notices/letter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/calendar.h"
#include "base/email.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t word_bytes_max = 39;  // 52 letters of base64, 64 with =?UTF-8?B? and ?=
constexpr std::size_t line_bytes = 57;      // 76 letters of base64
constexpr std::size_t subject_bytes_max = 300;

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }) &&
           text.find("=?") == std::string_view::npos && text.size() <= word_bytes_max;
}

/// RFC 5322 date, always in UTC.
std::string mail_date(Instant at) {
    constexpr const char* weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const LocalTime time = local_time("UTC", at);
    const std::string day = format_day(time.day);  // 2026-11-20
    const auto month = static_cast<std::size_t>((day[5] - '0') * 10 + day[6] - '0' - 1);
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", weekdays[(time.day + 3) % 7],
                       day.substr(8, 2), months[month], day.substr(0, 4), time.hour, time.minute,
                       time.second);
}

std::string base64_lines(std::string_view text) {
    std::string out;
    for (; !text.empty(); text.remove_prefix(std::min(line_bytes, text.size())))
        (out += base64(text.substr(0, line_bytes))) += crlf;
    return out;
}

std::string with_crlf(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\r' || c == '\0') continue;
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

/// Of a Message-ID: letters that no server quarrels with.
std::string id_part(std::string_view text) {
    std::string out;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '_' || c == '-' || c == '.' || c == '@')
            out += c;
    return out;
}

}  // namespace

bool is_mail_address(std::string_view text) {
    return is_email(text) &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string encoded_words(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const std::string_view part = cut_bytes(text, word_bytes_max);
        if (part.empty()) break;
        std::string clean(part);
        for (char& c : clean)
            if (static_cast<unsigned char>(c) < 0x20) c = ' ';
        // The first one stands behind the header's name.
        if (!out.empty()) (out += crlf) += ' ';
        out += "=?UTF-8?B?" + base64(clean) + "?=";
        text.remove_prefix(part.size());
    }
    return out;
}

std::string letter_text(const Letter& letter) {
    for (const std::string* each : {&letter.from_address, &letter.to_address})
        if (!is_mail_address(*each)) throw Error(Fault::invalid, "mail.address");
    std::string from = "<" + letter.from_address + ">";
    // As encoded words even in ASCII: a name in quotes has rules of its own.
    if (!letter.from_name.empty()) {
        std::string name = encoded_words(letter.from_name);
        if (!name.starts_with("=?")) name = "=?UTF-8?B?" + base64(letter.from_name) + "?=";
        from = name + std::string(crlf) + " " + from;
    }
    std::string out;
    const auto header = [&](std::string_view name, std::string_view value) {
        ((out += name) += ": ") += value;
        out += crlf;
    };
    header("Date", mail_date(letter.at));
    header("From", from);
    header("To", "<" + letter.to_address + ">");
    header("Message-ID", "<" + id_part(letter.message_id) + ">");
    header("Subject", encoded_words(cut_bytes(letter.subject, subject_bytes_max)));
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "base64");
    header("Auto-Submitted", "auto-generated");  // RFC 3834: nobody answers it by machine
    out += crlf;
    return out + base64_lines(with_crlf(letter.body));
}

}  // namespace otklik
