#include "web/api/auth.h"

#include "base/hash.h"
#include "base/text.h"
#include "recording/agents.h"
#include "signals/signals.h"
#include "store/store.h"
#include "web/api/gates.h"

namespace otklik {
namespace {

bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

void require_csrf(const Request& request, const std::string& csrf) {
    if (!is_safe(request.method) && !equal_in_constant_time(request.header("X-CSRF-Token"), csrf))
        throw Error(Fault::forbidden, "csrf.missing");
}

Actor device_actor(Rooms& rooms, const std::string& peer, std::string_view token) {
    Actor actor;
    std::optional<Device> device;
    rooms.gates.token(peer, token, [&] {
        device = rooms.signals.device_of_token(rooms.store, token);
        return device.has_value();
    });
    if (!device) return actor;
    actor.who = Actor::Who::device;
    actor.word = word(device->id);
    actor.device = std::make_shared<const Device>(*device);
    return actor;
}

Actor agent_actor(Rooms& rooms, const std::string& peer, std::string_view token) {
    Actor actor;
    std::optional<Agent> agent;
    rooms.gates.token(peer, token, [&] {
        agent = rooms.store.read([&](Tx& tx) { return agent_of_token(tx, token); });
        return agent.has_value();
    });
    if (!agent) return actor;
    actor.who = Actor::Who::agent;
    actor.word = word(agent->recorder_id);
    actor.agent = std::make_shared<const Agent>(std::move(*agent));
    return actor;
}

}  // namespace

Language language_of(const Request& request) {
    const std::string_view wanted = request.header("Accept-Language");
    const auto ru = wanted.find("ru"), en = wanted.find("en");
    return en != std::string_view::npos && (ru == std::string_view::npos || en < ru) ? Language::en
                                                                                     : Language::ru;
}

Actor find_actor(Rooms& rooms, const Request& request) {
    Actor actor;
    const std::string_view authorization = request.header("Authorization");
    if (authorization.starts_with("Bearer ")) {
        const std::string_view token = trim(authorization.substr(7));
        actor = token.starts_with(agent_token_word) ? agent_actor(rooms, request.peer, token)
                                                    : device_actor(rooms, request.peer, token);
    } else if (const auto token = request.cookie(session_cookie);
               token && Visitors::is_pass(*token)) {
        if (rooms.visitors.knows(*token)) {
            actor.who = Actor::Who::visitor;
            actor.word = "visitor";
        }
    } else if (token) {
        // On the local socket too: who signs in there acts as that person, and an ended session
        // does not fall back to the console's rights.
        if (auto signed_in = rooms.people.find_session(rooms.store, *token)) {
            require_csrf(request, signed_in->session.csrf);
            actor.who = Actor::Who::account;
            actor.word = word(signed_in->account.id);
            actor.language = signed_in->account.language;
            actor.signed_in = std::move(signed_in);
            return actor;
        }
    } else if (request.local_socket) {
        actor.who = Actor::Who::console;
        actor.word = request.peer;
    }
    actor.language = language_of(request);
    return actor;
}

Scope scope_of(Rooms& rooms, const Actor& actor) {
    switch (actor.who) {
        case Actor::Who::account:
            return actor.signed_in->scope;
        case Actor::Who::device:
            // A device sees nothing but its own answers; handlers of presses use actor.device.
            return Scope::of(actor.device->company_id, Role::employee, 0, 0, {}, {});
        case Actor::Who::agent:
            return Scope::of(actor.agent->company_id, Role::employee, 0, 0, {}, {});
        case Actor::Who::console: {
            const auto company = rooms.store.read([&](Tx& tx) { return rooms.people.company(tx); });
            return Scope::console(company ? company->id.value : 0);
        }
        case Actor::Who::visitor:
            return visitor_scope(rooms);
        case Actor::Who::nobody:
            break;
    }
    return Scope::of(0, Role::employee, 0, 0, {}, {});
}

void require_right(const Actor& actor, Right right) {
    if (right == Right::anyone || actor.who == Actor::Who::console) return;
    if (actor.who == Actor::Who::nobody) throw Error(Fault::unauthorized, "session.none");
    if (actor.who == Actor::Who::device || actor.who == Actor::Who::agent) {
        const bool presses = actor.who == Actor::Who::device;
        if (right != (presses ? Right::press : Right::hand_over))
            throw Error(Fault::forbidden, presses ? "right.device" : "right.agent");
        return;
    }
    if (actor.who == Actor::Who::visitor) {
        if (!visitor_has(right)) throw Error(Fault::forbidden, "tour.read_only");
        return;
    }
    if (!role_has(actor.signed_in->account.role, right))
        throw Error(Fault::forbidden, "right.missing");
}

std::string session_cookie_header(std::string_view token, bool secure) {
    std::string line =
        std::string(session_cookie) + "=" + std::string(token) + "; Path=/; HttpOnly; SameSite=Lax";
    line += token.empty() ? "; Max-Age=0" : "; Max-Age=1209600";
    return secure ? line + "; Secure" : line;
}

}  // namespace otklik
