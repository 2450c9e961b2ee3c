// The way from plain http to the secure address.
#include "web/api/front.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "tls/keeper.h"

namespace otklik {
namespace {

constexpr int https_port = 443, http_port = 80;

struct HostPort {
    std::string host;  // as in an address: "[::1]" has its brackets
    int port = 0;      // 0: none was said
};

/// Of the Host field; nothing when it is no name.
std::optional<HostPort> host_of(const Request& request) {
    std::string_view text = request.header("Host");
    HostPort place;
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
        const std::string_view digits = text.substr(colon + 1);
        if (digits.empty() || digits.size() > 5 ||
            !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return std::nullopt;
        for (const char c : digits) place.port = place.port * 10 + (c - '0');
        text = text.substr(0, colon);
    }
    const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    if (!is_certificate_name(bracketed ? text.substr(1, text.size() - 2) : text))
        return std::nullopt;
    place.host = text;
    return place;
}

bool is_this_computer(std::string_view host) {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::string bracketed(const std::string& name) {
    return name.find(':') == std::string::npos ? name : "[" + name + "]";
}

/// Host and port under which the main listener is reached from where the request came.
HostPort main_host(const FrontDoor& front, const Request* request) {
    HostPort place{"", front.port};
    const std::optional<HostPort> asked = request ? host_of(*request) : std::nullopt;
    if (asked) place.host = asked->host;
    // A port forwarded before us is known to the client alone.
    if (asked && request->entry == Entry::mixed) place.port = asked->port ? asked->port : http_port;
    if (asked && request->entry == Entry::main)
        place.port = asked->port ? asked->port : (request->secure ? https_port : http_port);
    if (place.host.empty())
        place.host = front.tls ? bracketed(front.tls->best_name()) : "localhost";
    return place;
}

std::string address(std::string_view scheme, const HostPort& place, int usual_port) {
    std::string text = std::string(scheme) + "://" + place.host;
    if (place.port != usual_port) text += ":" + std::to_string(place.port);
    return text;
}

std::string target_of(const Request& request) {
    std::string target;
    std::string_view path = request.path;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto slash = path.find('/');
        target += "/" + percent_encode(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    }
    char before = '?';
    for (const auto& [name, value] : request.query) {
        target += before + percent_encode(name) + "=" + percent_encode(value);
        before = '&';
    }
    return target;
}

}  // namespace

std::string trust_address(const FrontDoor& front, const Request* request) {
    HostPort place = main_host(front, request);
    // For this computer itself nobody needs a camera: a tablet must find it by the network.
    if (is_this_computer(place.host)) place.host = bracketed(front.tls->best_name());
    return address("http", place, http_port) + "/trust";
}

Response point_to_secure(const FrontDoor& front, const Request& request) {
    if (!front.tls || request.entry == Entry::stranger)
        throw Error(Fault::forbidden, "plain.refused");
    const std::string base = address("https", main_host(front, &request), https_port);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads || is_hook_path(request.path))
        throw Error(Fault::forbidden, "tls.needed", {{"address", base}});
    const std::string to = base + target_of(request);
    Response response = Response::text(308, to + "\n");
    response.set("Location", to);
    return response;
}

}  // namespace otklik
