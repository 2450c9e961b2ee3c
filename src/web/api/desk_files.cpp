#include "web/api/desk_files.h"

#include <filesystem>

#include "align/marker.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "web/http_pack.h"

namespace otklik {
namespace {

constexpr std::size_t asset_bytes_max = 16 << 20;
constexpr std::string_view panel_html = "/panel.html", panel_worker = "/panel-sw.js";
constexpr std::string_view listen_html = "/listen.html";
constexpr std::string_view marker_sound = "/panel/marker.wav";
// No inline script or style at all: what the panel needs lies in its own files.
constexpr std::string_view panel_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'";
// The same for the page of a link, which plays what it fetched.
constexpr std::string_view listen_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'";
// A service worker fetches under the policy of its own answer.
constexpr std::string_view worker_policy = "default-src 'none'; connect-src 'self'";
constexpr std::string_view nonce_mark = "__CSP_NONCE__";

struct TypeRow {
    std::string_view ending, type;
};
constexpr TypeRow types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".wav", "audio/wav"},
};

std::string_view type_of(std::string_view name) {
    for (const TypeRow& row : types)
        if (name.ends_with(row.ending)) return row.type;
    return "application/octet-stream";
}

}  // namespace

struct DeskFiles::Asset {
    std::string plain, brotli, gzip;
    std::string etag;
    bool hashed = false;  // its name changes with its content
};

DeskFiles::DeskFiles(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code none;
    if (folder.empty() || !fs::is_directory(folder, none)) return;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const std::string name = "/" + fs::relative(entry.path(), folder).generic_string();
        if (name.ends_with(".br") || name.ends_with(".gz") || name.ends_with(".map")) continue;
        const std::string path = entry.path().string();
        Asset asset;
        asset.plain = read_file(path, asset_bytes_max);
        if (fs::exists(path + ".br")) asset.brotli = read_file(path + ".br", asset_bytes_max);
        if (fs::exists(path + ".gz")) asset.gzip = read_file(path + ".gz", asset_bytes_max);
        asset.etag = "\"" + hex(sha256(asset.plain)).substr(0, 20) + "\"";
        asset.hashed = name.starts_with("/assets/");
        if (name == "/index.html")
            index_html_ = asset.plain;
        else
            assets_.emplace(name, std::move(asset));
    }
    // The mark that panels play is made from the definition by which it is found.
    Asset& mark = assets_[std::string(marker_sound)];
    mark.plain = align::marker_wav();
    mark.etag = "\"" + hex(sha256(mark.plain)).substr(0, 20) + "\"";
}

DeskFiles::~DeskFiles() = default;

Response DeskFiles::serve(const Request& request) const {
    // The panel has one address; its page, unlike the desk's, is the same file for everybody.
    const bool is_panel = request.path == "/panel" ||
                          (request.path.starts_with("/panel/") && request.path != marker_sound);
    const bool is_listen = request.path == "/listen";
    const auto found = assets_.find(is_panel    ? panel_html
                                    : is_listen ? listen_html
                                                : std::string_view(request.path));
    if (found == assets_.end()) {
        if (is_panel || is_listen) throw Error(Fault::unavailable, "desk.not_built");
        if (request.path.starts_with("/assets/")) throw Error(Fault::not_found, "route.unknown");
        return index(request);
    }
    const Asset& asset = found->second;
    const std::string_view policy = is_panel                       ? panel_policy
                                    : is_listen                    ? listen_policy
                                    : request.path == panel_worker ? worker_policy
                                                                   : std::string_view();
    if (request.header("If-None-Match") == asset.etag) {
        // Its fields replace those of the page that the browser kept: the policy too.
        Response same = Response::empty(304);
        if (!policy.empty()) same.set("Content-Security-Policy", policy);
        return same;
    }
    Response response = Response::text(200, asset.plain, type_of(found->first));
    if (!asset.brotli.empty() && takes_coding(request, "br")) {
        response.body = asset.brotli;
        response.set("Content-Encoding", "br");
    } else if (!asset.gzip.empty() && takes_coding(request, "gzip")) {
        response.body = asset.gzip;
        response.set("Content-Encoding", "gzip");
    }
    if (!policy.empty()) response.set("Content-Security-Policy", policy);
    response.set("Vary", "Accept-Encoding");
    response.set("ETag", asset.etag);
    response.set("Cache-Control",
                 asset.hashed ? "public, max-age=31536000, immutable" : "no-cache");
    return response;
}

Response DeskFiles::index(const Request&) const {
    if (index_html_.empty()) throw Error(Fault::unavailable, "desk.not_built");
    const std::string nonce = base64url(random_bytes(16));
    std::string html = index_html_;
    for (std::size_t at = html.find(nonce_mark); at != std::string::npos;
         at = html.find(nonce_mark, at))
        html.replace(at, nonce_mark.size(), nonce);
    Response response = Response::text(200, std::move(html), "text/html; charset=utf-8");
    response.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self' 'nonce-" +
            nonce +
            "'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
            " media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
            " base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    response.set("Cache-Control", "no-store");
    return response;
}

}  // namespace otklik
