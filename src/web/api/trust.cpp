// The page that teaches a device to trust this server: the authority's certificate, how to install
// it on Android, iOS and Windows, and its fingerprint to compare. Works without a script, over
// plain http too; nothing of the firm stands on it.
#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/messages.h"
#include "base/qr.h"
#include "base/text.h"
#include "tls/fingerprint.h"
#include "tls/keeper.h"
#include "web/api/auth.h"
#include "web/api/front.h"

namespace otklik {
namespace {

constexpr std::string_view page_path = "/trust", certificate_path = "/trust/otklik-ca.crt",
                           profile_path = "/trust/otklik.mobileconfig";
constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:16px;max-width:720px;"
    "color:#1b1f24;background:#fff;overflow-wrap:anywhere}"
    "h1{font-size:24px;line-height:1.25}h2{font-size:18px;margin:24px 0 8px}"
    "svg{max-width:100%;height:auto}summary{font-weight:600;padding:12px 0;cursor:pointer}"
    "a.get{display:inline-block;padding:12px 16px;margin:8px 8px 8px 0;border-radius:8px;"
    "background:#1456b8;color:#fff;text-decoration:none}"
    "p.words{font-size:20px;font-weight:600}code{font-size:13px}"
    "details{border-top:1px solid #c8ced6}li{margin:4px 0}";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Words of the catalogue in the language of the page, ready for it.
struct Words {
    const Messages& messages;
    Language language;
    std::string raw(std::string_view key, const ErrorParams& params = {}) const {
        return messages.message(enum_word(language), "trust." + std::string(key), params);
    }
    std::string operator()(std::string_view key, const ErrorParams& params = {}) const {
        return escaped(raw(key, params));
    }
};

Language page_language(const Request& request) {
    const auto asked = request.query_value("lang");
    if (asked == "en") return Language::en;
    if (asked == "ru") return Language::ru;
    return language_of(request);
}

/// A line of the catalogue's text is a step.
std::string steps(const Words& words, std::string_view system, bool is_open) {
    std::string text = words.raw(std::string(system) + "_steps"), items;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        items += "<li>" + escaped(rest.substr(0, end)) + "</li>";
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return fmt::format("<details{}><summary>{}</summary><ol>{}</ol></details>",
                       is_open ? " open" : "", words(system), items);
}

std::string systems(const Words& words, std::string_view agent) {
    const auto is = [&](std::string_view word) { return agent.find(word) != agent.npos; };
    const bool ios = is("iPhone") || is("iPad") || is("Macintosh"), android = is("Android");
    return steps(words, "android", android) + steps(words, "ios", ios) +
           steps(words, "windows", !ios && !android);
}

std::string of_authority(const FrontDoor& front, const Words& words, const Request& request) {
    const CertificateFacts& facts = front.tls->authority();
    const std::string own = fingerprint_in_words(facts.sha256, words.raw("letters"));
    const std::string latin = fingerprint_in_words(facts.sha256);
    const std::string here = trust_address(front, &request);
    std::string page = fmt::format(
        "<p>{}</p><p><a class=\"get\" href=\"{}\">{}</a><a class=\"get\" href=\"{}\">{}"
        "</a></p><h2>{}</h2><p>{}</p><p class=\"words\">{}</p>",
        words("why"), certificate_path, words("get"), profile_path, words("get_ios"),
        words("compare"), words("compare_how"), escaped(own));
    if (own != latin) page += "<p>" + latin + "</p>";
    page += fmt::format("<p>{}<br><code>SHA-256 {}</code></p><h2>{}</h2>{}", escaped(facts.subject),
                        fingerprint_hex(facts.sha256), words("install"),
                        systems(words, request.header("User-Agent")));
    page += fmt::format("<h2>{}</h2><p>{}</p>{}<p><a href=\"{}\">{}</a></p>", words("other"),
                        words("other_how"), qr_svg(here), escaped(here), escaped(here));
    return page;
}

Response show_page(const FrontDoor& front, const Messages& messages, const Request& request) {
    const Words words{messages, page_language(request)};
    const TlsKeeper* tls = front.tls;
    std::string body;
    if (tls && tls->is_auto())
        body = of_authority(front, words, request);
    else if (tls)
        body = "<p>" + words("own") + "</p>";
    else
        body = "<p>" + words("none") + "</p>";
    const bool english = words.language == Language::en;
    const std::string nonce = base64url(random_bytes(16));
    std::string html = fmt::format(
        "<!doctype html><html lang=\"{0}\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>{1}</title><style nonce=\"{2}\">{3}"
        "</style><main><h1>{1}</h1>{4}<p><a href=\"/trust?lang={5}\" lang=\"{5}\">{6}</a></p>"
        "</main></html>",
        enum_word(words.language), words("title"), nonce, style, body, english ? "ru" : "en",
        words("other_language"));
    Response response = Response::text(200, std::move(html), "text/html; charset=utf-8");
    response.set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-" + nonce +
                                                "'; base-uri 'none'; form-action 'none';"
                                                " frame-ancestors 'none'");
    return response;
}

/// The same certificate has the same identity, so that a second installation replaces the first.
std::string uuid_of(std::string_view hash) {
    const std::string digits = hex(hash);
    return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" +
           digits.substr(16, 4) + "-" + digits.substr(20, 12);
}

/// A profile of iOS with one payload, the certificate.
std::string profile(const CertificateFacts& facts) {
    const std::string title = escaped(facts.subject);
    const auto text = [](std::string_view key, std::string_view value) {
        return fmt::format("<key>{}</key><string>{}</string>", key, value);
    };
    const auto head = [&](std::string_view type, const std::string& uuid) {
        return text("PayloadType", type) + text("PayloadUUID", uuid) +
               text("PayloadIdentifier", "otklik." + uuid) + text("PayloadDisplayName", title) +
               "<key>PayloadVersion</key><integer>1</integer>";
    };
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE plist PUBLIC "
           "\"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"
           "<plist version=\"1.0\"><dict>" +
           head("Configuration", uuid_of(sha256("profile" + facts.sha256))) +
           "<key>PayloadContent</key><array><dict>" +
           head("com.apple.security.root", uuid_of(facts.sha256)) +
           text("PayloadCertificateFileName", "otklik-ca.crt") + "<key>PayloadContent</key><data>" +
           base64(facts.der) + "</data></dict></array></dict></plist>\n";
}

Response as_file(std::string bytes, std::string_view type, std::string_view name) {
    Response response = Response::text(200, std::move(bytes), type);
    response.set("Content-Disposition", "attachment; filename=\"" + std::string(name) + "\"");
    return response;
}

}  // namespace

bool is_trust_path(std::string_view path) {
    return path == page_path || path == "/trust/" || path.starts_with("/trust/");
}

Response serve_trust(const FrontDoor& front, const Messages& messages, const Request& request) {
    if (request.path == page_path || request.path == "/trust/")
        return show_page(front, messages, request);
    const TlsKeeper* tls = front.tls;
    if (!tls || !tls->is_auto()) throw Error(Fault::not_found, "route.unknown");
    if (request.path == certificate_path)
        return as_file(tls->authority().der, "application/x-x509-ca-cert", "otklik-ca.crt");
    if (request.path == profile_path)
        return as_file(profile(tls->authority()), "application/x-apple-aspen-config",
                       "otklik.mobileconfig");
    throw Error(Fault::not_found, "route.unknown");
}

}  // namespace otklik
