// The stream of live events.
#include <charconv>

#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/event_hub.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

/// Of a browser that comes back by itself, or of a page that names what it read by.
std::optional<std::int64_t> last_event(const Call& call) {
    std::string text(call.request.header("Last-Event-ID"));
    if (text.empty()) text = call.request.query_value("after").value_or("");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id < 0)
        return std::nullopt;
    return id;
}

Response open_events(Call& call) {
    EventHub* hub = call.rooms.events;
    if (!hub) throw Error(Fault::unavailable, "events.away");
    EventHub::FindScope find_scope;
    const auto token = call.request.cookie(session_cookie);
    if (token && call.actor.who == Actor::Who::visitor)
        find_scope = [&rooms = call.rooms, pass = *token]() -> std::optional<Scope> {
            return rooms.visitors.knows(pass) ? std::optional(visitor_scope(rooms)) : std::nullopt;
        };
    else if (token && call.actor.signed_in)
        find_scope = [&rooms = call.rooms, token = *token]() -> std::optional<Scope> {
            const auto signed_in = rooms.people.find_session(rooms.store, token);
            return signed_in ? std::optional(signed_in->scope) : std::nullopt;
        };
    Response response;
    response.on_stream = [hub, scope = call.scope, find_scope = std::move(find_scope),
                          after = last_event(call)](std::shared_ptr<EventStream> stream) {
        hub->subscribe(std::move(stream), scope, find_scope, after);
    };
    return response;
}

constexpr Route events_table[] = {
    raw_route<&open_events>(
        "GET", "/events", Right::signed_in,
        "Live hints as server-sent events: fact {id, kind, subject, unit}, resync, bye. With "
        "?after=ID or Last-Event-ID: those since that fact, or resync where they are too many."),
};

}  // namespace

const std::span<const Route> event_routes = events_table;

}  // namespace otklik
