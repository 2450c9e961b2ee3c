#include "web/http_parse.h"

#include <algorithm>

#include "base/text.h"

namespace otklik {
namespace {

constexpr HeadProblem bad(std::string_view code) {
    return {400, code};
}

bool is_token_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}
bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view trim_blanks(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Digits only, at most 18 of them, so that it cannot overflow.
std::optional<std::int64_t> parse_digits(std::string_view text) noexcept {
    if (text.empty() || text.size() > 18) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// host[:port] of printable characters that mean nothing else in a URI.
bool is_host(std::string_view text) noexcept {
    if (text.empty() || text.size() > 300) return false;
    if (text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        const std::string_view inside = text.substr(1, end - 1);
        if (inside.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
            return false;
        text = text.substr(end + 1);
        return text.empty() ||
               (text.front() == ':' && parse_digits(text.substr(1)).value_or(99999) <= 65535);
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
        if (parse_digits(text.substr(colon + 1)).value_or(99999) > 65535) return false;
        text = text.substr(0, colon);
    }
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
    });
}

/// Takes the text up to `mark` off the front; false when there is no mark.
bool take_until(std::string_view& rest, std::string_view mark, std::string_view& taken) {
    const auto at = rest.find(mark);
    if (at == std::string_view::npos) return false;
    taken = rest.substr(0, at);
    rest.remove_prefix(at + mark.size());
    return true;
}

HeadProblem parse_request_line(std::string_view line, RequestHead& head,
                               std::string_view& authority) {
    std::string_view method, target;
    if (!take_until(line, " ", method) || !take_until(line, " ", target))
        return bad("http.request_line");
    if (!is_token(method) || method.size() > 32) return bad("http.method");
    if (line.size() != 8 || !line.starts_with("HTTP/") || line[6] != '.')
        return bad("http.request_line");
    if (line != "HTTP/1.1" && line != "HTTP/1.0") return {505, "http.version"};
    head.method = method;
    head.http_1_0 = line == "HTTP/1.0";
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!same_ascii(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto slash = target.find('/');
        authority = target.substr(0, slash);
        if (!is_host(authority)) return bad("http.target");
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    if (target == "*" && method == "OPTIONS") target = "/";
    if (!parse_target(target, head.path, head.query)) return bad("http.target");
    return {};
}

HeadProblem parse_field(std::string_view line, RequestHead& head) {
    if (line.size() > field_bytes_max) return {431, "http.head_too_large"};
    if (line.front() == ' ' || line.front() == '\t') return bad("http.folded_field");
    std::string_view name;
    if (!take_until(line, ":", name) || !is_token(name)) return bad("http.field");
    if (head.headers.size() == field_count_max) return {431, "http.head_too_large"};
    head.headers.push_back({std::string(name), std::string(trim_blanks(line))});
    return {};
}

HeadProblem read_length(const RequestHead& request, std::string_view value, bool& seen,
                        std::int64_t& length) {
    const auto digits = parse_digits(value);
    if (seen || !digits) return bad("http.content_length");
    if (request.chunked) return bad("http.framing");
    seen = true;
    length = *digits;
    return {};
}

HeadProblem read_coding(RequestHead& head, std::string_view value, bool length_seen) {
    // HTTP/1.0 knows no chunks: what stands between us would take the body for the next request.
    if (head.chunked || length_seen || head.http_1_0) return bad("http.framing");
    if (!same_ascii(value, "chunked")) return {501, "http.transfer_encoding"};
    head.chunked = true;
    return {};
}

void read_connection(RequestHead& head, std::string_view value) {
    while (!value.empty()) {
        std::string_view word;
        if (!take_until(value, ",", word)) {
            word = value;
            value = {};
        }
        word = trim_blanks(word);
        if (same_ascii(word, "close")) head.keep_alive = false;
        if (head.http_1_0 && same_ascii(word, "keep-alive")) head.keep_alive = true;
    }
}

/// Framing, Host, Connection and Expect: the fields that the connection itself obeys.
HeadProblem read_control_fields(RequestHead& head, std::string_view authority) {
    bool length_seen = false;
    int hosts = 0;
    head.keep_alive = !head.http_1_0;
    HeadProblem problem;
    for (const Header& field : head.headers) {
        if (same_ascii(field.name, "content-length"))
            problem = read_length(head, field.value, length_seen, head.content_length);
        else if (same_ascii(field.name, "transfer-encoding"))
            problem = read_coding(head, field.value, length_seen);
        else if (same_ascii(field.name, "connection"))
            read_connection(head, field.value);
        else if (same_ascii(field.name, "host")) {
            ++hosts;
            if (!is_host(field.value)) return bad("http.host");
            if (!authority.empty() && !same_ascii(authority, field.value)) return bad("http.host");
        } else if (same_ascii(field.name, "expect")) {
            if (!same_ascii(field.value, "100-continue")) return {417, "http.expect"};
            head.expects_continue = !head.http_1_0;
        }
        if (problem.status != 0) return problem;
    }
    if (hosts > 1 || (hosts == 0 && !head.http_1_0)) return bad("http.host");
    return {};
}

}  // namespace

void scan_head(std::string_view bytes, HeadScan& scan) {
    // One empty line before the request line is forgiven (RFC 9112, 2.2).
    if (scan.at == 0 && bytes.starts_with("\r\n")) scan.at = scan.line_begin = 2;
    const std::size_t stop = std::min(bytes.size(), head_bytes_max);
    for (; scan.at < stop; ++scan.at) {
        const auto c = static_cast<unsigned char>(bytes[scan.at]);
        if (c == '\r' && scan.at + 1 == bytes.size()) return;  // its LF may still come
        if (c == '\r' && bytes[scan.at + 1] == '\n') {
            if (scan.at == scan.line_begin && scan.line_begin > 2) {
                scan.end = scan.at + 2;
                return;
            }
            scan.line_begin = ++scan.at + 1;
        } else if ((c < 0x20 && c != '\t') || c == 0x7F) {
            scan.problem = bad("http.control_byte");
            return;
        } else if (scan.at - scan.line_begin >= request_line_bytes_max) {
            scan.problem = scan.line_begin <= 2 ? HeadProblem{414, "http.line_too_long"}
                                                : HeadProblem{431, "http.head_too_large"};
            return;
        }
    }
    if (bytes.size() >= head_bytes_max) scan.problem = {431, "http.head_too_large"};
}

HeadProblem parse_head(std::string_view bytes, RequestHead& head) {
    if (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
    std::string_view line, authority;
    if (!take_until(bytes, "\r\n", line)) return bad("http.request_line");
    if (const auto problem = parse_request_line(line, head, authority); problem.status != 0)
        return problem;
    while (take_until(bytes, "\r\n", line)) {
        if (line.empty()) return read_control_fields(head, authority);
        if (const auto problem = parse_field(line, head); problem.status != 0) return problem;
    }
    return bad("http.field");
}

bool parse_target(std::string_view target, std::string& path,
                  std::vector<std::pair<std::string, std::string>>& query) {
    constexpr std::size_t query_count_max = 200;
    const auto printable = [](char c) { return c > ' ' && c < 0x7F; };
    if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos ||
        !std::all_of(target.begin(), target.end(), printable))
        return false;
    const auto mark = target.find('?');
    std::string_view rest = target.substr(1, mark == std::string_view::npos ? mark : mark - 1);
    path.clear();
    for (bool more = true; more;) {
        std::string_view segment;
        more = take_until(rest, "/", segment);
        if (!more) segment = rest;
        const auto plain = percent_decode(segment);
        // A trailing slash is an empty last segment; it is kept, so that "/a" and "/a/" stay two
        // paths.
        if (!plain || *plain == "." || *plain == ".." || (plain->empty() && more)) return false;
        for (const char c : *plain)
            if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                return false;
        path += '/' + *plain;
    }
    query.clear();
    rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (!rest.empty()) {
        std::string_view pair;
        if (!take_until(rest, "&", pair)) {
            pair = rest;
            rest = {};
        }
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto name = percent_decode(pair.substr(0, equals), true);
        const auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!name || !value || query.size() == query_count_max) return false;
        query.emplace_back(*name, *value);
    }
    return true;
}

ByteRange parse_range(std::string_view field, std::int64_t size) {
    const ByteRange whole{RangeKind::whole, 0, size};
    constexpr std::string_view unit = "bytes=";
    if (!same_ascii(field.substr(0, unit.size()), unit)) return whole;
    const std::string_view spec = trim_blanks(field.substr(unit.size()));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return whole;
    const auto first = parse_digits(spec.substr(0, dash));
    const auto last = parse_digits(spec.substr(dash + 1));
    if (!first) {
        if (dash != 0 || !last) return whole;
        if (*last == 0 || size == 0) return {RangeKind::unsatisfiable, 0, 0};
        const std::int64_t bytes = std::min(*last, size);
        return {RangeKind::part, size - bytes, bytes};
    }
    if ((!last && dash + 1 != spec.size()) || (last && *last < *first)) return whole;
    if (*first >= size) return {RangeKind::unsatisfiable, 0, 0};
    const std::int64_t end = last ? std::min(*last + 1, size) : size;
    return {RangeKind::part, *first, end - *first};
}

bool etag_listed(std::string_view list, std::string_view etag, bool weak) {
    const auto strip = [&](std::string_view tag) {
        return weak && tag.starts_with("W/") ? tag.substr(2) : tag;
    };
    list = trim_blanks(list);
    if (list == "*") return true;
    if (!weak && etag.starts_with("W/")) return false;
    while (!list.empty()) {
        // A tag may hold a comma, so it ends at its second quote.
        const auto open = list.find('"');
        if (open == std::string_view::npos) return false;
        const auto close = list.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        if (strip(trim_blanks(list.substr(0, close + 1))) == strip(etag)) return true;
        const auto comma = list.find(',', close);
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return false;
}

std::optional<std::string> find_cookie(std::string_view field, std::string_view name) {
    while (!field.empty()) {
        std::string_view pair;
        if (!take_until(field, ";", pair)) {
            pair = field;
            field = {};
        }
        pair = trim_blanks(pair);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        std::string_view value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return std::nullopt;
}

}  // namespace otklik
