#pragma once
// One request on its way through the pools, and the calls into the dispatcher. Knows no socket.
// Thread: one at a time, the network thread or a worker; the session hands it to and fro.
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "web/http.h"
#include "web/http_parse.h"
#include "web/http_spool.h"

namespace otklik {

/// Runs `f` and keeps what it throws as our one exception type.
template <class F>
void keep_error(std::optional<Error>& error, F&& f) noexcept {
    try {
        f();
    } catch (const Error& e) {
        error = e;
    } catch (const std::exception& e) {
        error = Error(Fault::internal, "internal").because(e.what());
    }
}

/// What the pool and the session hand to each other about one request.
struct Exchange {
    Request request;
    BodyRule rule;
    Response response;
    std::optional<Error> error;
    std::unique_ptr<SpoolFile> spool;
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();  // removes a spooled body that nobody took
};

/// The error of the exchange becomes its answer.
void answer_error(Dispatcher& dispatcher, Exchange& exchange);
/// On a worker: rules, then, when no body follows, the handler.
void ask_dispatcher(Dispatcher& dispatcher, Exchange& exchange, bool has_body);
/// On a worker: the handler, after the body.
void handle_exchange(Dispatcher& dispatcher, Exchange& exchange);
/// What a head gets that is no request.
Response protocol_answer(Dispatcher& dispatcher, HeadProblem problem);

}  // namespace otklik
