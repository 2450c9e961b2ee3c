#pragma once
// tus 1.0: the heads of resumable uploads (tus.io/protocols/resumable-upload). Pure functions over
// foreign text, so that they can be fuzzed. Thread: any.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "recording/uploads.h"
#include "web/http.h"

namespace otklik {

inline constexpr std::string_view tus_version = "1.0.0";
inline constexpr std::string_view tus_content_type = "application/offset+octet-stream";

using TusMetadata = std::vector<std::pair<std::string, std::string>>;
/// "filename YS53YXY=,is_private". Error{invalid, "upload.metadata"}: a key twice or not of visible
/// ASCII, bad base64, a value that is not UTF-8, over 50 keys.
TusMetadata parse_tus_metadata(std::string_view text);
std::optional<std::string> tus_value(const TusMetadata& metadata, std::string_view key);
/// "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="; empty text: none. Error{invalid, "upload.algorithm"}.
UploadChecksum parse_tus_checksum(std::string_view text);
/// Upload-Length, Upload-Offset. Error{invalid, "upload.number"} {field}.
std::int64_t parse_tus_number(const Request& request, std::string_view field);
/// The method that is meant: old proxies let only POST through.
std::string tus_method(const Request& request);
/// Error{precondition, "upload.version"} unless the request speaks our version.
void require_tus(const Request& request);

/// The status this protocol wants in place of the fault's own; 0: none.
int tus_status(const Request& request, const Error& error);
/// On every answer below /uploads, refusals included.
void add_tus_headers(const Request& request, Response& response);

}  // namespace otklik
