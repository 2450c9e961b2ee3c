#pragma once
// Inside of the HTTP server: what http_server.cpp, http_session.cpp, http_wire.cpp and
// http_body.cpp share.
// Nobody else includes it: Asio lives here. Thread: all but the pools and counters belongs to the
// network thread.
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "tls/tls_end.h"
#include "web/http.h"
#include "web/http_proxy.h"
#include "web/work_pool.h"

namespace otklik {

namespace asio = boost::asio;

// One concrete executor everywhere: the erased one costs memory per wait and compile time.
using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;
// TCP and the local socket are one type to a session.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_result{};

class Session;

struct AtomicCounters {
    std::atomic<std::int64_t> connections{0}, requests{0}, refused{0}, streams{0}, bytes_in{0},
        bytes_out{0};
};

/// What all sessions of a server use.
struct SessionHouse {
    SessionHouse(const ServerConfig& the_config, Dispatcher& the_dispatcher);
    ServerConfig config;
    const TrustedProxies proxies;
    const Networks hook_clients;
    Dispatcher& dispatcher;
    AtomicCounters counters;
    std::set<Session*> sessions;
    std::map<std::string, int> per_address;
    bool stopping = false;
    std::mutex gone_mutex;
    std::condition_variable gone;  // a session ended
    int live = 0;                  // sessions, under gone_mutex
    asio::io_context io{1};
    WorkPool workers;  // handlers
    WorkPool waiters;  // handlers that wait for a commit
    WorkPool disk;     // bodies to and from files: at most one job per connection, so its queue is
                       // bounded by them
};

/// Who is at the other end.
struct Peer {
    std::string name;  // address or "console:<os user>"
    bool local_socket = false;
    Entry entry = Entry::main;
};

/// Runs on the network thread until the connection ends; counts itself in and out of the house.
void start_session(SessionHouse& house, Socket socket, Peer peer);
/// Closes what has been silent for too long. Called twice a second.
void sweep_sessions(SessionHouse& house);
/// Idle connections and streams end now, the others after their answer.
void wind_down_sessions(SessionHouse& house);
/// All connections end now.
void abort_sessions(SessionHouse& house);

}  // namespace otklik
