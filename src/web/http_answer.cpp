#include "web/http_answer.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "base/clock.h"
#include "base/text.h"

namespace otklik {
namespace {

struct Reason {
    int status;
    std::string_view phrase;
};
constexpr Reason reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const std::string& date_now() {
    thread_local std::int64_t made_for = 0;
    thread_local std::string text;
    if (const std::int64_t now = SystemClock().now().us / 1'000'000; now != made_for) {
        made_for = now;
        text = http_date(now);
    }
    return text;
}

bool is_ours(std::string_view name) {
    for (const std::string_view ours :
         {"content-length", "transfer-encoding", "connection", "date"})
        if (same_ascii(name, ours)) return true;
    return false;
}

void append_clean(std::string& out, std::string_view text) {
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
    for (const Reason& each : reasons)
        if (each.status == status) return each.phrase;
    return "Unknown";
}

std::string http_date(std::int64_t unix_seconds) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t at = unix_seconds;
    std::tm tm{};
    ::gmtime_r(&at, &tm);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::size_t(tm.tm_wday)],
                       tm.tm_mday, months[std::size_t(tm.tm_mon)], tm.tm_year + 1900, tm.tm_hour,
                       tm.tm_min, tm.tm_sec);
}

std::string write_answer_head(const AnswerHead& head, const std::vector<Header>& headers) {
    std::string out = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", head.status,
                                  reason_phrase(head.status), date_now());
    for (const Header& field : headers) {
        if (is_ours(field.name)) continue;
        append_clean(out, field.name);
        out += ": ";
        append_clean(out, field.value);
        out += "\r\n";
    }
    if (head.content_length) out += fmt::format("Content-Length: {}\r\n", *head.content_length);
    if (head.stream && !head.http_1_0) out += "Transfer-Encoding: chunked\r\n";
    if (head.close)
        out += "Connection: close\r\n";
    else if (head.http_1_0)
        out += "Connection: keep-alive\r\n";
    return out + "\r\n";
}

std::string as_chunk(std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

}  // namespace otklik
