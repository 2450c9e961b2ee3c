#include "web/http_pack.h"

#define ZLIB_CONST  // what it reads it does not write
#include <zlib.h>

#include <algorithm>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t bytes_min = 1'400;  // less goes in one packet as it is
// Of a page of 100 signals (85 kB) level 1 makes 6.1 kB in 0.5 ms, level 6 4.8 kB in 1.0, level 9
// 4.4 kB in 1.6: a read of the inbox itself takes 0.4 ms.
constexpr int level = 1;
constexpr int window_bits = 15 + 16;  // 16: with gzip's head and sum
constexpr int memory_level = 8;

/// «q=0», «q=0.0», «q=0.000»; RFC 9110, 12.4.2.
bool is_refusal(std::string_view parameter) {
    if (!same_ascii(parameter.substr(0, 2), "q=")) return false;
    const std::string_view value = parameter.substr(2);
    return !value.empty() && value.front() == '0' &&
           std::all_of(value.begin(), value.end(), [](char c) { return c == '0' || c == '.'; });
}

bool is_text(std::string_view type) {
    const std::string_view name = trim(type.substr(0, type.find(';')));
    return name.starts_with("text/") || name == "application/json" || name.ends_with("+json");
}

std::string_view header_of(const Response& response, std::string_view name) {
    for (const Header& each : response.headers)
        if (same_ascii(each.name, name)) return each.value;
    return {};
}

/// Empty when zlib has no memory: the answer then goes as it is.
std::string gzip(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return {};
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int ended = deflate(&stream, Z_FINISH);
    packed.resize(ended == Z_STREAM_END ? stream.total_out : 0);
    deflateEnd(&stream);
    return packed;
}

}  // namespace

bool takes_coding(const Request& request, std::string_view coding) {
    std::string_view left = request.header("Accept-Encoding");
    while (!left.empty()) {
        const auto comma = std::min(left.find(','), left.size());
        const std::string_view one = left.substr(0, comma);
        left.remove_prefix(std::min(comma + 1, left.size()));
        const auto semicolon = std::min(one.find(';'), one.size());
        if (!same_ascii(trim(one.substr(0, semicolon)), coding)) continue;
        return semicolon == one.size() || !is_refusal(trim(one.substr(semicolon + 1)));
    }
    return false;
}

void pack_answer(const Request& request, Response& response) {
    constexpr std::size_t bytes_max = 1U << 30;  // zlib counts in 32 bits
    if (response.file || response.on_stream || response.body.size() < bytes_min ||
        response.body.size() > bytes_max || !is_text(header_of(response, "Content-Type")) ||
        !header_of(response, "Content-Encoding").empty() ||
        !header_of(response, "Content-Range").empty())
        return;
    response.set("Vary", "Accept-Encoding");
    if (!takes_coding(request, "gzip")) return;
    std::string packed = gzip(response.body);
    if (packed.empty() || packed.size() >= response.body.size()) return;
    response.body = std::move(packed);
    response.set("Content-Encoding", "gzip");
}

}  // namespace otklik
