#pragma once
// One connection, as its parts see it: http_wire.cpp (bytes, sealed by TLS or plain),
// http_session.cpp (heads and answers), http_body.cpp (bodies that come in). Thread: network.
//
// Traps of GCC 12 with coroutines, to be minded until a newer compiler is the oldest one allowed:
// - a temporary in a co_await expression may be destroyed twice: name every argument first;
// - a coroutine that is a capturing lambda outlives its captures: coroutines are functions here;
// - a reference parameter may dangle after the first wait: parameters go by value, or as a pointer
//   to what surely lives longer;
// - Asio's frame allocator trips -Wmismatched-new-delete (see CMakeLists.txt).
#include <memory>
#include <string>

#include "web/http_exchange.h"
#include "web/http_inside.h"
#include "web/http_stream.h"

namespace otklik {

using Job = std::function<void()>;
/// Has a pool run the job and goes on on the network thread: true, or false when the pool's queue
/// was full.
Task<bool> run_on(SessionHouse* house, WorkPool* pool, Job job);

SteadyTime after(std::chrono::milliseconds time);

constexpr std::size_t read_bytes = 8 << 10;
constexpr std::size_t spool_bytes = 256 << 10;

struct BodyParser;  // Beast's, known to http_body.cpp alone

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(SessionHouse& house, Socket socket, Peer peer)
        : house_(house), socket_(std::move(socket)), timer_(house.io), peer_(std::move(peer)) {}
    ~Session();
    void enter();
    void sweep(SteadyTime now);
    void wind_down();
    void abort();
    void wake() { timer_.cancel(); }
    static Task<void> run(std::shared_ptr<Session> self);

private:
    enum class After { keep, close, linger };
    // http_wire.cpp
    Task<bool> open_wire();
    Task<bool> shake_hands();
    Task<bool> wait_for_request();
    Task<bool> read_more(std::size_t bytes);
    Task<bool> read_sealed(std::size_t bytes);
    Task<bool> receive_sealed();
    Task<bool> transmit(std::string_view bytes);
    Task<bool> transmit_sealed();
    Task<bool> write(std::string bytes);
    Task<void> linger();
    Task<void> close_wire();

    // http_session.cpp
    Task<bool> read_head();
    Task<After> serve_one();
    enum class Heard { whole, part, gone };  // of the body
    Task<Heard> have_answered(std::shared_ptr<Exchange> exchange, std::string head,
                              const RequestHead* info);
    Task<After> open_stream(std::shared_ptr<Exchange> exchange, bool http_1_0);
    Task<bool> read_body(std::shared_ptr<Exchange> exchange, std::string head,
                         const RequestHead* info);
    Task<void> cut_body(std::shared_ptr<Exchange> exchange);
    Task<bool> fill_body(std::shared_ptr<Exchange> exchange, BodyParser* parser);
    Task<bool> store_body(std::shared_ptr<Exchange> exchange, std::string_view bytes);
    Task<bool> send(Response response, bool is_head, bool http_1_0, bool keep);
    Task<bool> send_file(FileBody file);
    Task<void> send_stream(std::shared_ptr<EventStreamQueue> stream, bool chunked);
    Task<After> refuse(HeadProblem problem);
    void watch_stream(std::shared_ptr<EventStreamQueue> stream);
    void rest() { deadline_ = SteadyTime::max(); }
    std::chrono::milliseconds head_time() const {
        return std::chrono::milliseconds(house_.config.head_ms);
    }
    std::chrono::milliseconds idle_time() const {
        return std::chrono::milliseconds(house_.config.idle_ms);
    }
    std::chrono::milliseconds stall_time() const {
        return std::chrono::milliseconds(house_.config.stall_ms);
    }

    SessionHouse& house_;
    Socket socket_;
    Timer timer_;
    Peer peer_;
    std::unique_ptr<TlsEnd> tls_;  // nothing: plain
    std::string in_;               // bytes received and not yet understood
    HeadScan scan_;
    SteadyTime deadline_ = SteadyTime::max();
    bool idle_ = true;
    bool timed_out_ = false;
    std::shared_ptr<EventStreamQueue> stream_;
};

}  // namespace otklik
