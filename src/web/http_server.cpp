// Listeners, the network thread, and the order of stopping.
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/thread.h"
#include "web/http_inside.h"

namespace otklik {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
template <class Protocol>
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;

constexpr int backlog = 4096;
constexpr auto sweep_time = 500ms;
constexpr auto accept_pause = 50ms;  // after EMFILE and the like
constexpr auto abort_time = 2s;      // from cutting the connections to joining

bool is_loopback(const asio::ip::address& address) {
    return address.is_loopback() ||
           (address.is_v6() && address.to_v6().is_v4_mapped() &&
            asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback());
}

std::optional<Peer> peer_of(SessionHouse& house, Entry entry,
                            const asio::basic_stream_socket<Tcp, Executor>& socket) {
    error_code error;
    const auto end = socket.remote_endpoint(error);
    if (error) return std::nullopt;
    const ServerConfig& config = house.config;
    Peer peer{end.address().to_string(), false, entry};
    const bool is_proxy = entry == Entry::main && house.proxies.hold(peer.name);
    if (is_proxy) return peer;  // it speaks for many: only the whole is bounded
    if (entry == Entry::hook && !house.hook_clients.hold(peer.name)) return std::nullopt;
    if (entry == Entry::main && config.proxies_only && !is_loopback(end.address()))
        peer.entry = Entry::stranger;
    const int most = entry == Entry::hook ? config.hook_connections_per_address_max
                                          : config.connections_per_address_max;
    const auto at = house.per_address.find(peer.name);
    if (at != house.per_address.end() && at->second >= most) return std::nullopt;
    return peer;
}

/// Only our own user and root may use the console.
std::optional<Peer> peer_of(SessionHouse&, Entry,
                            const asio::basic_stream_socket<Local, Executor>& socket) {
    ucred who{};
    socklen_t length = sizeof who;
    auto& handle = const_cast<asio::basic_stream_socket<Local, Executor>&>(socket);
    if (::getsockopt(handle.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &length) != 0)
        return std::nullopt;
    if (who.uid != 0 && who.uid != ::geteuid()) return std::nullopt;
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(who.uid, &entry, space.data(), space.size(), &found);
    const std::string name = found ? std::string(found->pw_name) : std::to_string(who.uid);
    return Peer{"console:" + name, true};
}

template <class Protocol>
Task<void> accept_all(SessionHouse* house, Acceptor<Protocol>* acceptor, Entry entry) {
    Timer pause(house->io);
    for (;;) {
        auto [error, socket] = co_await acceptor->async_accept(as_result);
        if (!acceptor->is_open()) co_return;
        if (error) {  // out of descriptors, or the client went away: neither ends the server
            house->counters.refused.fetch_add(1);
            pause.expires_after(accept_pause);
            co_await pause.async_wait(as_result);
            continue;
        }
        const bool full =
            house->sessions.size() >= static_cast<std::size_t>(house->config.connections_max);
        std::optional<Peer> peer;
        if (!full && !house->stopping) peer = peer_of(*house, entry, socket);
        if (!peer) {
            house->counters.refused.fetch_add(1);
            continue;  // closed by its destructor
        }
        start_session(*house, Socket(std::move(socket)), std::move(*peer));
    }
}

Task<void> sweep_all(SessionHouse* house, Timer* timer) {
    for (;;) {
        timer->expires_after(sweep_time);
        auto [error] = co_await timer->async_wait(as_result);
        if (error) co_return;
        sweep_sessions(*house);
    }
}

[[noreturn]] void refuse_port(const ListenAt& at, const error_code& error) {
    throw Error(Fault::unavailable, "port.taken",
                {{"address", at.address}, {"port", std::to_string(at.port)}})
        .because(error.message());
}

}  // namespace

SessionHouse::SessionHouse(const ServerConfig& the_config, Dispatcher& the_dispatcher)
    : config(the_config),
      proxies(the_config.trusted_proxy),
      hook_clients(the_config.hook_allow, "hook.address"),
      dispatcher(the_dispatcher),
      workers("http-work", the_config.workers, static_cast<std::size_t>(the_config.queue_max)),
      waiters("http-wait", the_config.waiters, static_cast<std::size_t>(the_config.queue_max)),
      disk("http-disk", 2, static_cast<std::size_t>(the_config.connections_max) + 1) {}

struct Server::Inside {
    Inside(const ServerConfig& config, Dispatcher& dispatcher)
        : house(config, dispatcher),
          tcp(house.io),
          plain(house.io),
          hook(house.io),
          local(house.io),
          sweep(house.io),
          work(house.io.get_executor()) {}
    void listen_tcp(Acceptor<Tcp>& acceptor, const ListenAt& at, int& port);
    void listen_local();
    template <class Protocol>
    void accept(Acceptor<Protocol>& acceptor, Entry entry) {
        if (acceptor.is_open())
            asio::co_spawn(house.io, accept_all<Protocol>(&house, &acceptor, entry),
                           asio::detached);
    }
    void on_network(std::function<void()> call);
    bool wait_gone(std::chrono::milliseconds time);
    void stop(int ms);

    SessionHouse house;
    Acceptor<Tcp> tcp, plain, hook;
    Acceptor<Local> local;
    Timer sweep;
    asio::executor_work_guard<Executor> work;
    int port = 0, plain_port = 0, hook_port = 0;
    std::jthread network;  // joined in stop(): io.run() ends by the work guard, not by a token
};

void Server::Inside::listen_tcp(Acceptor<Tcp>& acceptor, const ListenAt& at, int& port_taken) {
    if (at.address.empty()) return;
    error_code error;
    const auto address = asio::ip::make_address(at.address, error);
    if (error) refuse_port(at, error);
    const Tcp::endpoint end(address, static_cast<unsigned short>(at.port));
    acceptor.open(end.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(end, error);
    if (!error) acceptor.listen(backlog, error);
    if (error) refuse_port(at, error);
    port_taken = acceptor.local_endpoint().port();
}

void Server::Inside::listen_local() {
    const std::string& path = house.config.local_socket;
    if (path.empty()) return;
    constexpr std::size_t path_bytes_max = 107;  // sockaddr_un
    if (path.size() > path_bytes_max)
        throw Error(Fault::invalid, "socket.path_too_long", {{"path", path}});
    ::unlink(
        path.c_str());  // of a server that died; the lock of the data folder says that it is dead
    error_code error;
    local.open(Local(), error);
    if (!error) local.bind(Local::endpoint(path), error);
    if (!error && ::chmod(path.c_str(), 0600) != 0)
        error = error_code(errno, boost::system::system_category());
    if (!error) local.listen(backlog, error);
    if (error)
        throw Error(Fault::unavailable, "socket.failed", {{"path", path}}).because(error.message());
}

/// Runs on the network thread and waits for it.
void Server::Inside::on_network(std::function<void()> call) {
    std::promise<void> done;
    asio::post(house.io, [&] {
        call();
        done.set_value();
    });
    done.get_future().wait();
}

bool Server::Inside::wait_gone(std::chrono::milliseconds time) {
    std::unique_lock lock(house.gone_mutex);
    return house.gone.wait_for(lock, time, [&] { return house.live == 0; });
}

void Server::Inside::stop(int ms) {
    if (!network.joinable()) return;
    on_network([&] {
        error_code ignored;
        for (auto* each : {&tcp, &plain, &hook}) each->close(ignored);
        local.close(ignored);
        sweep.cancel();
        wind_down_sessions(house);
    });
    if (!wait_gone(std::chrono::milliseconds(ms))) {
        on_network([&] { abort_sessions(house); });
        wait_gone(abort_time);
    }
    // A handler that still runs is waited for: it holds references into the rooms.
    house.workers.finish();
    house.waiters.finish();
    house.disk.finish();
    work.reset();
    house.io.stop();
    network.join();
    if (!house.config.local_socket.empty()) ::unlink(house.config.local_socket.c_str());
}

Server::Server(const ServerConfig& config, Dispatcher& dispatcher)
    : inside_(std::make_unique<Inside>(config, dispatcher)) {}

Server::~Server() {
    inside_->stop(0);
}

void Server::start() {
    const ServerConfig& config = inside_->house.config;
    inside_->listen_tcp(inside_->tcp, {config.address, config.port}, inside_->port);
    inside_->listen_tcp(inside_->plain, config.plain, inside_->plain_port);
    inside_->listen_tcp(inside_->hook, config.hook, inside_->hook_port);
    inside_->listen_local();
    inside_->accept(inside_->tcp, Entry::main);
    inside_->accept(inside_->plain, Entry::plain);
    inside_->accept(inside_->hook, Entry::hook);
    inside_->accept(inside_->local, Entry::main);
    asio::co_spawn(inside_->house.io, sweep_all(&inside_->house, &inside_->sweep), asio::detached);
    inside_->network = std::jthread([inside = inside_.get()] {
        name_thread("network");
        inside->house.io.run();
    });
}

int Server::port() const {
    return inside_->port;
}
int Server::plain_port() const {
    return inside_->plain_port;
}
int Server::hook_port() const {
    return inside_->hook_port;
}
void Server::stop(int ms) {
    inside_->stop(ms);
}

Server::Counters Server::counters() const {
    const AtomicCounters& from = inside_->house.counters;
    return {from.connections, from.requests, from.refused,
            from.streams,     from.bytes_in, from.bytes_out};
}

}  // namespace otklik
