// Requests and answers as plain values; ranges of files.
#include "base/text.h"
#include "web/http.h"
#include "web/http_parse.h"

namespace otklik {

std::string_view Request::header(std::string_view name) const {
    for (const Header& each : headers)
        if (same_ascii(each.name, name)) return each.value;
    return {};
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (const auto& [each, value] : query)
        if (each == name) return value;
    return std::nullopt;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    for (const Header& each : headers) {
        if (!same_ascii(each.name, "cookie")) continue;
        if (auto value = find_cookie(each.value, name)) return value;
    }
    return std::nullopt;
}

void Response::set(std::string_view name, std::string_view value) {
    for (Header& each : headers) {
        if (!same_ascii(each.name, name)) continue;
        each.value = value;
        return;
    }
    headers.push_back({std::string(name), std::string(value)});
}

Response Response::json(int status, std::string body) {
    return text(status, std::move(body), "application/json");
}

Response Response::text(int status, std::string body, std::string_view type) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.set("Content-Type", type);
    return response;
}

Response Response::empty(int status) {
    Response response;
    response.status = status;
    return response;
}

Response serve_range(const Request& request, std::shared_ptr<MediaFile> file,
                     std::string_view content_type, std::string_view etag) {
    const std::int64_t size =
        file->size();  // asked once: a growing file answers for the length of this moment
    Response response;
    response.set("Accept-Ranges", "bytes");
    if (!etag.empty()) response.set("ETag", etag);
    const std::string_view if_match = request.header("if-match");
    if (!if_match.empty() && !etag_listed(if_match, etag, false)) {
        response.status = 412;
        return response;
    }
    const std::string_view if_none_match = request.header("if-none-match");
    if (!if_none_match.empty() && etag_listed(if_none_match, etag, true)) {
        response.status = 304;
        return response;
    }
    // If-Range asks for a strong match. A date never matches: we send no Last-Modified it could
    // come from.
    const std::string_view if_range = request.header("if-range");
    const bool same = if_range.empty() || (!etag.starts_with("W/") && if_range == etag);
    ByteRange range{RangeKind::whole, 0, size};
    if (request.method == "GET" && same) range = parse_range(request.header("range"), size);
    const std::string total = "/" + std::to_string(size);
    if (range.kind == RangeKind::unsatisfiable) {
        response.status = 416;
        response.set("Content-Range", "bytes *" + total);
        return response;
    }
    response.set("Content-Type", content_type);
    if (range.kind == RangeKind::part) {
        response.status = 206;
        response.set("Content-Range", "bytes " + std::to_string(range.offset) + "-" +
                                          std::to_string(range.offset + range.bytes - 1) + total);
    }
    response.file = FileBody{std::move(file), range.offset, range.bytes};
    return response;
}

}  // namespace otklik
