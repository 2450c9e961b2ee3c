#pragma once
// The head of a request, read strictly: what two parsers could understand in two ways is refused
// (RFC 9112). Pure functions over bytes, so that they can be fuzzed; the limits stand here. Thread:
// any.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/http.h"

namespace otklik {

constexpr std::size_t request_line_bytes_max = 8 << 10;
constexpr std::size_t field_bytes_max = 8 << 10;
constexpr std::size_t head_bytes_max = 64 << 10;
constexpr std::size_t field_count_max = 100;

struct RequestHead {
    std::string method;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    std::vector<Header> headers;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool chunked = false;
    bool expects_continue = false;
    std::int64_t content_length = 0;
    bool has_body() const { return chunked || content_length > 0; }
};

/// Status 0: nothing wrong. Else the answer's status and the message's key; the connection closes
/// after it.
struct HeadProblem {
    int status = 0;
    std::string_view code;
};

/// How far a head was looked at, so that bytes coming one by one are looked at once.
struct HeadScan {
    std::size_t end = 0;  // past the empty line; 0 while the head is not whole
    HeadProblem problem;  // as soon as the bytes cannot become a head: a bare CR or LF, a control
                          // byte, a limit
    std::size_t at = 0;
    std::size_t line_begin = 0;
};
/// `bytes` begins as it did at the last call.
void scan_head(std::string_view bytes, HeadScan& scan);
/// `bytes` is exactly one head as found by scan_head.
HeadProblem parse_head(std::string_view bytes, RequestHead& head);

/// Path and query of a target. False: a broken escape, "." or ".." or empty segments, an escaped
/// slash, controls.
bool parse_target(std::string_view target, std::string& path,
                  std::vector<std::pair<std::string, std::string>>& query);

enum class RangeKind { whole, part, unsatisfiable };
struct ByteRange {
    RangeKind kind = RangeKind::whole;
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
};
/// A Range field for a body of `size` bytes. Several ranges, other units and nonsense: the whole
/// (RFC 9110, 14.2).
ByteRange parse_range(std::string_view field, std::int64_t size);
/// If-None-Match and the like: does the list hold the tag, or "*"? `weak`: W/ does not matter.
bool etag_listed(std::string_view list, std::string_view etag, bool weak);
/// The value of a cookie in one Cookie field.
std::optional<std::string> find_cookie(std::string_view field, std::string_view name);

}  // namespace otklik
