// Heads, targets, ranges, cookies and tags of HTTP: bounded, and what is taken keeps its promises.
#include <cstdlib>

#include "base/text.h"
#include "web/http_parse.h"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void head(std::string_view bytes) {
    using namespace otklik;
    HeadScan whole, dripped;
    scan_head(bytes, whole);
    for (std::size_t n = 1; n <= bytes.size() && n < 500; ++n) {
        scan_head(bytes.substr(0, n), dripped);
        if (dripped.end != 0 || dripped.problem.status != 0) break;
    }
    // Where the pieces of the network end must not change what we understand.
    if (bytes.size() < 500)
        require(whole.end == dripped.end && whole.problem.status == dripped.problem.status);
    if (whole.end == 0) return;
    RequestHead request;
    if (parse_head(bytes.substr(0, whole.end), request).status != 0) return;
    require(!(request.chunked && request.content_length > 0));
    require(request.content_length >= 0 && request.headers.size() <= field_count_max);
    require(request.path.starts_with('/') && request.path.find('\0') == std::string::npos);
    require((request.path + "/").find("/../") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace otklik;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    head(bytes);
    head("GET " + std::string(bytes) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    for (const std::int64_t length : {0, 1, 1000}) {
        const ByteRange range = parse_range(bytes, length);
        const bool inside =
            range.offset >= 0 && range.bytes >= 0 && range.offset + range.bytes <= length;
        require(range.kind == RangeKind::unsatisfiable || inside);
        require(range.kind != RangeKind::part || range.bytes > 0);
    }
    (void)find_cookie(bytes, "session");
    (void)etag_listed(bytes, "\"a\"", true);
    if (const auto plain = percent_decode(bytes))
        require(is_utf8(*plain) && percent_decode(percent_encode(*plain)) == plain);
    if (is_utf8(bytes) && size < 2000) require(fold(fold(bytes)) == fold(bytes));
    if (const auto raw = parse_base64url(bytes)) require(base64url(*raw) == bytes);
    return 0;
}
