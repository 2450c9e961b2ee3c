#pragma once
// Who calls: a browser by cookie and CSRF token, a device by bearer token, the console by the local
// socket. Thread: any worker.
#include "web/api/rooms.h"
#include "web/api/route.h"
#include "web/http.h"

namespace otklik {

inline constexpr std::string_view session_cookie = "otklik_session";

/// Never throws for a stranger: that is Who::nobody. Error{forbidden, "csrf.missing"} for a
/// browser's write without its token; Error{busy, "token.throttled"} for an address that sends too
/// many unknown tokens. Asks the database.
Actor find_actor(Rooms& rooms, const Request& request);
Scope scope_of(Rooms& rooms, const Actor& actor);
/// Error{unauthorized} when nobody calls, Error{forbidden} when the caller's role lacks the right.
void require_right(const Actor& actor, Right right);
/// Of the account, else of Accept-Language, else Russian.
Language language_of(const Request& request);
/// The Set-Cookie value; an empty token removes it.
std::string session_cookie_header(std::string_view token, bool secure);

}  // namespace otklik
