#pragma once
// Live events: one thread follows the facts and gives each open stream those that its reader may
// see. An event is a hint of kind and id, the page fetches again; so a stream that is behind is
// told `resync` and nothing is lost. Thread: one of its own; subscribe() from any worker.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kinds/rights.h"
#include "web/http.h"

namespace otklik {

class Store;
class Clock;

class EventHub {
public:
    /// What the reader may see now; nothing when the session is over. Asked again every few seconds
    /// and when an account changed: a stream whose reader lost or won rights is closed with
    /// `resync`.
    using FindScope = std::function<std::optional<Scope>()>;

    EventHub(Store& store, const Clock& clock);
    ~EventHub();  // stops and waits
    void start();
    /// Says `bye` to all and closes them.
    void stop();
    /// `after`: Last-Event-ID of a browser that comes back; what it missed is sent, or `resync`
    /// when that is too much.
    void subscribe(std::shared_ptr<EventStream> stream, const Scope& scope, FindScope find_scope,
                   std::optional<std::int64_t> after);
    /// Gives what is there to all streams, in the caller's thread (tests).
    void follow_once();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
