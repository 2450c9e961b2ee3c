#pragma once
// The sender: hands over what the ring holds, the oldest first, and frees only what the server says
// it has. A server that is away is asked again, less and less often up to half a minute. Thread:
// its own; step() belongs to whoever calls it.
#include <atomic>
#include <functional>
#include <stop_token>
#include <string>

#include "agent/ring.h"
#include "base/clock.h"
#include "web/http.h"

namespace otklik {

/// How a request gets to the server.
using SendRequest =
    std::function<ClientResponse(std::string_view method, std::string_view target,
                                 const std::vector<Header>& headers, std::string_view body)>;

class Sender {
public:
    Sender(Ring& ring, SendRequest send, std::string token, const Clock& clock)
        : ring_(ring), send_(std::move(send)), token_(std::move(token)), clock_(clock) {}

    enum class Step { sent, idle, away };
    /// One batch.
    Step step();
    /// Until stopped.
    void run(std::stop_token stop);
    /// The server wants a new incarnation; said once.
    bool take_begin_anew() { return begin_anew_.exchange(false); }
    std::int64_t refused() const { return refused_; }

private:
    Step read_answer(const ClientResponse& answer, const Ring::Held& held);
    void give_up(const Ring::Held& held, std::string_view why);

    Ring& ring_;
    SendRequest send_;
    std::string token_;
    const Clock& clock_;
    std::size_t at_once_ = 60;
    std::atomic<bool> begin_anew_ = false;
    std::atomic<std::int64_t> refused_ = 0;
};

}  // namespace otklik
