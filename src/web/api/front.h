#pragma once
// The front door: what a stranger meets before any sign-in: the page that teaches a device to trust
// this server, the way from plain http to the secure address, and the hook of simple buttons. No
// rights but those of a device's token in a hook's path. Thread: any worker.
#include <atomic>
#include <string>

#include "web/api/rooms.h"
#include "web/http.h"

namespace otklik {

class TlsKeeper;

/// How the program listens; made by app before the server and outlives it.
struct FrontDoor {
    const TlsKeeper* tls = nullptr;  // nothing: plain http
    std::atomic<int> port{0};        // of the main listener, known once it listens
    std::int64_t hsts_days = 0;
};

/// GET /trust, /trust/otklik-ca.crt, /trust/otklik.mobileconfig; Error{not_found} for other names.
bool is_trust_path(std::string_view path);
Response serve_trust(const FrontDoor& front, const Messages& messages, const Request& request);
/// What a camera should read to open /trust here: always plain http, since the device does not
/// trust us yet.
std::string trust_address(const FrontDoor& front, const Request* request);

/// An answer at an entry that serves nothing itself: 308 to the same path of the secure address.
/// What would change something is refused, Error{forbidden, "tls.needed" | "plain.refused"}: its
/// body, a password or a token, has crossed the network already and must not be sent twice.
Response point_to_secure(const FrontDoor& front, const Request& request);

/// GET or POST /hook/button/<token>?b=1&g=single&n=37, or JSON. An ordinary press of the token's
/// device: b is the key (with the gesture: "1:long"), n a counter of the device.
bool is_hook_path(std::string_view path);
inline constexpr std::int64_t hook_bytes_max = 1024;
/// 200 after the commit. Error{not_found} for an unknown token, {busy} over 10 a second.
Response press_by_hook(Rooms& rooms, Request& request);

}  // namespace otklik
