#include "web/api/tus.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::string_view uploads_path = "/api/v1/uploads";
constexpr std::size_t keys_max = 50;

struct TusStatus {
    std::string_view code;
    int status;
};
constexpr TusStatus statuses[] = {
    {"upload.gone", 410}, {"upload.content_type", 415}, {"upload.checksum", 460}};

bool is_upload_path(const Request& request) {
    return request.path.starts_with(uploads_path) &&
           (request.path.size() == uploads_path.size() || request.path[uploads_path.size()] == '/');
}

Error bad_metadata(std::string_view key) {
    return Error(Fault::invalid, "upload.metadata", {{"key", std::string(key)}})
        .at("Upload-Metadata");
}

/// RFC 4648 section 4 with its padding.
std::optional<std::string> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    std::string url;
    for (const char c : text) {
        if (c == '-' || c == '_') return std::nullopt;
        url += c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return parse_base64url(url);
}

}  // namespace

TusMetadata parse_tus_metadata(std::string_view text) {
    TusMetadata all;
    while (!trim(text).empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view pair = trim(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        const std::size_t space = std::min(pair.find(' '), pair.size());
        const std::string key(pair.substr(0, space));
        const auto value = parse_base64(trim(pair.substr(space)));
        const bool visible =
            std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
        if (key.empty() || !visible || !value || !is_utf8(*value) || tus_value(all, key) ||
            value->find('\0') != std::string::npos || all.size() >= keys_max)
            throw bad_metadata(visible ? key : "");
        all.emplace_back(key, *value);
    }
    return all;
}

std::optional<std::string> tus_value(const TusMetadata& metadata, std::string_view key) {
    for (const auto& [name, value] : metadata)
        if (name == key) return value;
    return std::nullopt;
}

UploadChecksum parse_tus_checksum(std::string_view text) {
    if (text.empty()) return {};
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view kind = text.substr(0, space);
    const auto digest = parse_base64(trim(text.substr(space)));
    if (kind == "sha1" && digest && digest->size() == 20) return {ChecksumKind::sha1, *digest};
    if (kind == "sha256" && digest && digest->size() == 32) return {ChecksumKind::sha256, *digest};
    throw Error(Fault::invalid, "upload.algorithm").at("Upload-Checksum");
}

std::int64_t parse_tus_number(const Request& request, std::string_view field) {
    const std::string_view text = request.header(field);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0 ||
        text[0] == '-')
        throw Error(Fault::invalid, "upload.number", {{"field", std::string(field)}}).at(field);
    return value;
}

std::string tus_method(const Request& request) {
    const std::string_view meant = request.header("X-HTTP-Method-Override");
    if (request.method != "POST" || meant.empty()) return request.method;
    return std::string(meant);
}

void require_tus(const Request& request) {
    if (request.header("Tus-Resumable") != tus_version)
        throw Error(Fault::precondition, "upload.version", {{"version", std::string(tus_version)}});
}

int tus_status(const Request& request, const Error& error) {
    if (!is_upload_path(request)) return 0;
    for (const TusStatus& each : statuses)
        if (each.code == error.code()) return each.status;
    return 0;
}

void add_tus_headers(const Request& request, Response& response) {
    if (!is_upload_path(request)) return;
    response.set("Tus-Resumable", tus_version);
    if (response.status != 412 && request.method != "OPTIONS") return;
    response.set("Tus-Version", tus_version);
    if (request.method != "OPTIONS") return;
    response.set("Tus-Extension", "creation,creation-with-upload,termination,expiration,checksum");
    response.set("Tus-Checksum-Algorithm", "sha1,sha256");
    response.set("Tus-Max-Size", std::to_string(upload_bytes_max));
}

}  // namespace otklik
