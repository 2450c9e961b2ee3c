#include "web/api/router.h"

#include <algorithm>
#include <chrono>

#include "base/json_text.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/text.h"
#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/desk_files.h"
#include "web/api/front.h"
#include "web/api/once.h"
#include "web/api/tus.h"
#include "web/http_pack.h"
#include "web/http_sink.h"

namespace otklik {
namespace {

constexpr std::string_view api_prefix = "/api/v1";
/// Codes whose sentence in the catalogue is missing fall back to the sentence of their fault.
constexpr std::string_view catalogue_prefix = "error.";

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    }
    return parts;
}

bool is_parameter(std::string_view part) {
    return part.starts_with("{");
}

/// Adds to a list of methods as Allow wants it; whoever may GET may HEAD.
void allow(std::string& list, std::string_view method) {
    if (list.find(method) != std::string::npos) return;
    if (!list.empty()) list += ", ";
    list += method;
    if (method == "GET") list += ", HEAD";
}

Error wrong_method(const std::string& method, const std::string& allowed) {
    return Error(Fault::method, "method.wrong", {{"method", method}, {"allowed", allowed}});
}

std::string param_of(const Error& error, std::string_view name) {
    for (const auto& [each, value] : error.params())
        if (each == name) return value;
    return {};
}

/// Headers that a fault wants beside its words.
void add_fault_headers(Response& response, const Error& error) {
    if (error.fault() == Fault::method) response.set("Allow", param_of(error, "allowed"));
    if (std::string seconds = param_of(error, "retry_after"); !seconds.empty())
        response.set("Retry-After", std::move(seconds));
    else if (error.fault() == Fault::busy || error.fault() == Fault::unavailable)
        response.set("Retry-After", "2");
}

/// In process, without a listener.
const FrontDoor& no_front() {
    static const FrontDoor none;
    return none;
}

/// A hook's path holds the token of its device.
std::string path_for_log(const Request* request) {
    if (!request) return {};
    return is_hook_path(request->path) ? "/hook/button" : request->path;
}

void harden(Response& response) {
    // The desk's own policy with its nonce is set by DeskFiles; all else may load nothing at all.
    const auto has = [&](std::string_view name) {
        return std::any_of(response.headers.begin(), response.headers.end(),
                           [&](const Header& h) { return same_ascii(h.name, name); });
    };
    if (!has("Content-Security-Policy"))
        response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (!has("Cache-Control")) response.set("Cache-Control", "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

/// A route with its path in parts.
struct Router::Pattern {
    const Route* route = nullptr;
    std::vector<std::string_view> parts;
};

/// What before_body leaves for handle.
struct Router::Found {
    const Route* route = nullptr;
    Actor actor;
    Scope scope = Scope::of(0, Role::employee, 0, 0, {}, {});
};

Router::Router(Rooms& rooms, std::span<const std::span<const Route>> tables)
    : rooms_(rooms), front_(&no_front()), desk_(std::make_unique<DeskFiles>(rooms.web_folder)) {
    for (const auto& table : tables)
        for (const Route& route : table) patterns_.push_back({&route, split_path(route.path)});
}

Router::~Router() = default;

Router::Found Router::match(Request& head) const {
    const auto parts = split_path(std::string_view(head.path).substr(api_prefix.size()));
    const bool is_head = head.method == "HEAD";
    std::string allowed;  // methods of this path, for 405
    const Pattern* best = nullptr;
    for (const Pattern& pattern : patterns_) {
        if (pattern.parts.size() != parts.size()) continue;
        const auto fits = [&](std::size_t i) {
            return is_parameter(pattern.parts[i]) ? !parts[i].empty()
                                                  : pattern.parts[i] == parts[i];
        };
        bool all = true;
        for (std::size_t i = 0; i < parts.size() && all; ++i) all = fits(i);
        if (!all) continue;
        const bool as_get = is_head && pattern.route->method == "GET";
        if (pattern.route->method != head.method && !as_get) {
            allow(allowed, pattern.route->method);
            continue;
        }
        // A route of its own answers HEAD before the one of GET; "/signals/counts" goes before
        // "/signals/{id}": the one with fewer parameters.
        if (best && as_get && best->route->method == "HEAD") continue;
        const auto parameters = [](const Pattern& p) {
            return std::count_if(p.parts.begin(), p.parts.end(), is_parameter);
        };
        const bool is_own = best && is_head && !as_get && best->route->method == "GET";
        if (!best || is_own || parameters(pattern) < parameters(*best)) best = &pattern;
    }
    if (!best && !allowed.empty()) throw wrong_method(head.method, allowed);
    if (!best) throw Error(Fault::not_found, "route.unknown");
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (is_parameter(best->parts[i])) {
            const auto name = best->parts[i].substr(1, best->parts[i].size() - 2);
            head.params.emplace(std::string(name), std::string(parts[i]));
        }
    Found found;
    found.route = best->route;
    return found;
}

/// Deny by default: what comes in by a side entry reaches nothing that is not named here.
BodyRule Router::side_body(const Request& head) {
    if (is_hook_path(head.path)) return {hook_bytes_max, false, true};
    if (head.entry == Entry::hook) throw Error(Fault::not_found, "route.unknown");
    if (!is_trust_path(head.path))
        point_to_secure(*front_, head);  // refuses what changes something
    return {.bytes_max = 0, .spool = false};
}

Response Router::side_entry(Request& request) {
    if (request.entry == Entry::hook) {
        if (!is_hook_path(request.path)) throw Error(Fault::not_found, "route.unknown");
        return press_by_hook(rooms_, request);
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && request.entry != Entry::stranger && is_trust_path(request.path))
        return serve_trust(*front_, rooms_.messages, request);
    return point_to_secure(*front_, request);
}

BodyRule Router::before_body(Request& head) {
    if (head.entry != Entry::main || is_hook_path(head.path)) return side_body(head);
    if (!head.path.starts_with("/api/v1/")) return {.bytes_max = 0, .spool = false};
    auto found = std::make_shared<Found>(match(head));
    found->actor = find_actor(rooms_, head);
    if (found->actor.who == Actor::Who::visitor) require_visitor_may(*found->route);
    require_right(found->actor, found->route->right);
    found->scope = scope_of(rooms_, found->actor);
    head.attached = found;
    if (found->route->before_body) {
        Call call(head, found->scope, found->actor, rooms_);
        found->route->before_body(call);
    }
    BodyRule rule = found->route->body;
    if (head.sink) rule.bytes_max = head.sink->bytes_max();
    rule.waits = found->route->right == Right::press || found->route->right == Right::hand_over;
    return rule;
}

Response Router::handle(Request& request) {
    Response response;
    try {
        if (request.entry != Entry::main) {
            response = side_entry(request);
        } else if (request.path.starts_with("/api/v1/")) {
            if (!request.attached) before_body(request);  // in process: the body is here already
            if (request.sink && !request.body.empty()) request.sink->add(request.body);
            response = run(request, *std::static_pointer_cast<Found>(request.attached));
        } else {
            response = outside_api(request);
        }
    } catch (const Error& error) {
        response = problem(error, &request);
    } catch (const std::exception& error) {
        response = problem(Error(Fault::internal, "internal").because(error.what()), &request);
    }
    harden(response);
    pack_answer(request, response);
    add_tus_headers(request, response);
    if (request.secure && front_->hsts_days > 0)
        response.set("Strict-Transport-Security",
                     "max-age=" + std::to_string(front_->hsts_days * 86'400));
    return response;
}

Response Router::run(Request& request, Found& found) {
    if (found.route->input && !request.body.empty()) {
        const std::string type = lower_ascii(request.header("Content-Type"));
        if (!type.starts_with("application/json"))
            throw Error(Fault::invalid, "body.not_json", {{"type", type}});
    }
    Call call(request, found.scope, found.actor, rooms_);
    const auto format = wanted_file(request, *found.route);
    Response response =
        format ? list_as_file(call, *found.route, *format) : run_once(call, *found.route);
    if (response.status == 200 && call.status != 200) response.status = call.status;
    return response;
}

Response Router::outside_api(Request& request) {
    if (is_hook_path(request.path)) return press_by_hook(rooms_, request);
    if (request.method != "GET" && request.method != "HEAD")
        throw wrong_method(request.method, "GET, HEAD");
    if (request.path == "/healthz") {
        rooms_.store.ping();
        return Response::text(200, "ok\n");
    }
    if (request.path == "/metrics") {
        const Actor actor = find_actor(rooms_, request);
        // A proxy on this host that nobody listed makes everybody look local: its header gives it
        // away.
        const bool local = (request.peer == "127.0.0.1" || request.peer == "::1") &&
                           request.header("X-Forwarded-For").empty();
        if (!local) require_right(actor, Right::operate);
        return Response::text(200, metrics_text(rooms_),
                              "text/plain; version=0.0.4; charset=utf-8");
    }
    if (is_trust_path(request.path)) return serve_trust(*front_, rooms_.messages, request);
    return desk_->serve(request);
}

Response Router::problem(const Error& error, const Request* request, int status) {
    if (status == 0 && request) status = tus_status(*request, error);
    if (status == 0) status = http_status(error.fault());
    if (error.fault() == Fault::internal)
        log_error("request.failed", {{"path", path_for_log(request)}, {"detail", error.what()}});
    Language language = Language::ru;
    if (request) {
        language = language_of(*request);
        if (const auto found = std::static_pointer_cast<Found>(request->attached))
            language = found->actor.language;
    }
    const std::string_view words = enum_word(language);
    std::string key = std::string(catalogue_prefix) + error.code();
    if (!rooms_.messages.has(words, key))
        key = std::string(catalogue_prefix) + "fault." + std::string(fault_name(error.fault()));
    std::string body =
        R"({"type":"about:blank","status":)" + std::to_string(status) + R"(,"code":)";
    append_json_text(body, error.code());
    body += R"(,"title":)";
    append_json_text(body, rooms_.messages.message(words, key, error.params()));
    body += R"(,"field":)";
    if (error.field().empty())
        body += "null";
    else
        append_json_text(body, error.field());
    body += R"(,"params":{)";
    for (std::size_t i = 0; i < error.params().size(); ++i) {
        if (i > 0) body += ',';
        append_json_text(body, error.params()[i].first);
        body += ':';
        append_json_text(body, error.params()[i].second);
    }
    body += "}}";
    Response response = Response::json(status, std::move(body));
    response.set("Content-Type", "application/problem+json");
    add_fault_headers(response, error);
    if (request) add_tus_headers(*request, response);
    harden(response);
    return response;
}

}  // namespace otklik
