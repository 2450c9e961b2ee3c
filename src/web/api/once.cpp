#include "web/api/once.h"

#include "store/request_keys.h"
#include "store/store.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;

struct KeptHeader {
    std::string name, value;
    void fields(FieldSink& f) {
        f.text("name", name);
        f.text("value", value, {.bytes_max = 8192});
    }
};
/// An answer as it is kept.
struct KeptAnswer {
    std::int64_t status = 200;
    std::vector<KeptHeader> headers;
    std::string body;
    void fields(FieldSink& f) {
        f.integer("status", status);
        f.list("headers", headers, 100);
        f.text("body", body, {.bytes_max = answer_bytes_max});
    }
};

std::string pack(const Response& response) {
    KeptAnswer kept{response.status, {}, response.body};
    for (const Header& each : response.headers) kept.headers.push_back({each.name, each.value});
    return to_json(kept);
}

Response unpack(const std::string& bytes) {
    KeptAnswer kept = from_json<KeptAnswer>(bytes);
    Response response;
    response.status = static_cast<int>(kept.status);
    response.body = std::move(kept.body);
    for (KeptHeader& each : kept.headers)
        response.headers.push_back({std::move(each.name), std::move(each.value)});
    response.set("Idempotency-Replayed", "true");
    return response;
}

/// All that makes two requests the same; headers are not of it.
KeyedRequest keyed(const Call& call, std::string_view key) {
    const Request& from = call.request;
    KeyedRequest request{call.actor.word, std::string(key), from.method + "\n" + from.path};
    for (const auto& [name, value] : from.query) request.bytes += "\n" + name + "=" + value;
    request.bytes += "\n\n" + from.body;
    return request;
}

[[noreturn]] void refuse(const KeyClaim& claim) {
    if (claim.state == KeyState::differs)
        throw Error(Fault::conflict, "idempotency.differs").at("Idempotency-Key");
    if (claim.state == KeyState::made) throw Error(Fault::conflict, "idempotency.made");
    // Most runs end within a second: the lease is only for those that died.
    throw Error(Fault::conflict, "idempotency.busy", {{"retry_after", "1"}});
}

}  // namespace

Response run_once(Call& call, const Route& route) {
    const std::string_view key = call.request.header("Idempotency-Key");
    if (key.empty() || !takes_request_key(route)) return route.run(call);
    check_request_key(key);
    Store& store = call.rooms.store;
    const KeyedRequest request = keyed(call, key);
    const KeyClaim claim = store.write([&](Tx& tx) { return claim_request(tx, request); });
    if (claim.state == KeyState::answered) return unpack(claim.answer);
    if (claim.state != KeyState::ours) refuse(claim);
    Response response;
    try {
        const WriteCompanion with([&](Tx& tx) { mark_made(tx, request, claim.attempt); });
        response = route.run(call);
    } catch (...) {
        // Frees the key only when nothing was written.
        store.write([&](Tx& tx) { release_request(tx, request, claim.attempt); });
        throw;
    }
    store.write([&](Tx& tx) { keep_answer(tx, request, claim.attempt, pack(response)); });
    return response;
}

}  // namespace otklik
