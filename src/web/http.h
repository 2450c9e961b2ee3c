#pragma once
// HTTP: the facade above Boost.Beast. No boost name here or above. One network thread (coroutines,
// never blocked), a pool of workers with a bounded queue runs handlers; event streams and file
// bodies never hold a worker. Limits before allocation: request line 8 KiB, head 64 KiB and 100
// fields, body per route, 10 s for the head, 1 KiB/s for the body, idle 75 s, connections per
// address. Ambiguous framing (RFC 9112) is 400 and close. Thread: Server main; handlers: workers.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/media_file.h"

namespace otklik {

class TlsSource;  // tls/tls_end.h
class BodySink;   // web/http_sink.h

struct Header {
    std::string name;  // as received; compare without case
    std::string value;
};

/// A body too large for memory, written to a file while it came in.
struct SpooledBody {
    std::string path;  // removed with the request unless taken (path emptied)
    std::int64_t bytes = 0;
    std::string sha256;  // 32 raw bytes, computed while it came in
};

/// Where a request came in; the dispatcher decides what is served there.
enum class Entry {
    main,      // everything
    mixed,     // plain http at the port that speaks TLS
    plain,     // the listener that only points to the secure address
    stranger,  // plain http past the proxy that ought to stand before us
    hook,      // the listener of buttons that cannot do TLS
};

struct Request {
    std::string method;
    std::string path;  // percent-decoded, normalised, no query, begins with '/'
    std::vector<std::pair<std::string, std::string>> query;  // percent-decoded
    std::vector<Header> headers;
    std::string body;
    std::optional<SpooledBody> spooled;
    std::shared_ptr<BodySink> sink;  // left by before_body: it takes the body, in place of both
    std::string peer;                // address, or "console:<os user>" on the local socket
    bool local_socket = false;
    Entry entry = Entry::main;
    bool secure = false;                                     // TLS, or a trusted proxy said so
    std::map<std::string, std::string, std::less<>> params;  // from the route's {names}
    std::shared_ptr<void> attached;  // what before_body leaves for handle: the route and who calls

    std::string_view header(std::string_view name) const;  // first, empty when absent
    std::optional<std::string> query_value(std::string_view name) const;
    std::optional<std::string> cookie(std::string_view name) const;
};

/// A range of a file sent by the network thread.
struct FileBody {
    std::shared_ptr<MediaFile> file;
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
};

/// An open event stream: the network thread writes what `push` gives.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// Queues one event; over 256 waiting ones the stream is closed with `resync`. False when it is
    /// closed.
    virtual bool push(std::string_view event, std::string_view data, std::string_view id) = 0;
    virtual void close() = 0;
    virtual bool is_open() const = 0;
};

struct Response {
    int status = 200;
    std::vector<Header> headers;
    std::string body;
    std::optional<FileBody> file;
    /// Set: the answer is text/event-stream and stays open; called once with the stream.
    std::function<void(std::shared_ptr<EventStream>)> on_stream;

    void set(std::string_view name, std::string_view value);
    static Response json(int status, std::string body);
    static Response text(int status, std::string body,
                         std::string_view type = "text/plain; charset=utf-8");
    static Response empty(int status = 204);
};

/// A file or memory body by Range, ETag and If-Range (RFC 9110): 200, 206, 304, 416. Always
/// Accept-Ranges.
Response serve_range(const Request& request, std::shared_ptr<MediaFile> file,
                     std::string_view content_type, std::string_view etag);

/// What the server must know before the body arrives.
struct BodyRule {
    std::int64_t bytes_max = 1 << 20;
    bool spool = false;  // to a file
    /// The handler does little but wait for a commit: it goes to the pool of those who wait, so
    /// that many can share one commit and none holds a worker.
    bool waits = false;
};

/// Routes and handles; implemented by web/router.
class Dispatcher {
public:
    virtual ~Dispatcher() = default;
    /// Head only; on a worker, since it may ask the database who calls. May throw Error (unknown
    /// route: not_found; no right: unauthorized/forbidden): answered and, when a body would follow,
    /// closed without reading it.
    virtual BodyRule before_body(Request& head) = 0;
    /// Never throws: errors become problem+json inside.
    virtual Response handle(Request& request) = 0;
    /// Any error as an answer (RFC 9457), also for errors of the protocol itself: these have a
    /// `status` of their own (408, 431, 505), else it is 0 and the fault's stands.
    virtual Response problem(const class Error& error, const Request* request, int status = 0) = 0;
};

struct ListenAt {
    std::string address;  // empty: does not listen
    int port = 0;         // 0: any free one
};

struct ServerConfig {
    std::string address = "127.0.0.1";
    int port = 8080;                       // 0: any free one
    std::shared_ptr<const TlsSource> tls;  // set: this port speaks TLS
    ListenAt plain;                        // Entry::plain
    ListenAt hook;                         // Entry::hook
    std::vector<std::string> hook_allow;   // addresses and networks; all others are cut off there
    /// Who is neither a trusted proxy nor this computer is a stranger.
    bool proxies_only = false;
    int hook_connections_per_address_max = 16;
    std::string local_socket;  // path; empty: none
    std::string draft_folder;  // for spooled bodies
    /// Addresses or networks ("10.0.0.2", "172.16.0.0/12") whose X-Forwarded-For and
    /// X-Forwarded-Proto are believed; such a proxy must append to the one and set the other.
    std::vector<std::string> trusted_proxy;
    int workers = 8;
    int waiters = 64;     // threads for handlers that wait for a commit
    int queue_max = 512;  // over it: 503 with Retry-After
    int connections_max = 8192;
    int connections_per_address_max = 6000;
    // Times, shortened by tests: for the whole head, before it for the whole handshake of TLS;
    // between requests; without progress of a body or an answer (a body also needs 1 KiB/s after
    // `head_ms`); between comments of a silent event stream.
    int head_ms = 10'000;
    int idle_ms = 75'000;
    int stall_ms = 30'000;
    int heartbeat_ms = 15'000;
    std::int64_t body_spool_min_free = 64 << 20;  // less free: a spooled body is refused with 507
};

class Server {
public:
    /// Throws Error{invalid, "proxy.address" | "hook.address"}.
    Server(const ServerConfig& config, Dispatcher& dispatcher);
    ~Server();
    /// Listens and returns; Error{unavailable, "port.taken"} when the port is taken.
    void start();
    int port() const;
    int plain_port() const;  // 0: does not listen
    int hook_port() const;
    /// Stops accepting, closes idle ones and streams, lets running requests finish at most `ms`.
    void stop(int ms);
    struct Counters {
        std::int64_t connections = 0, requests = 0, refused = 0, streams = 0, bytes_in = 0,
                     bytes_out = 0;
    };
    Counters counters() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// A small blocking client for the local socket, used by verbs and tests (HTTP/1.1, one request a
/// connection).
struct ClientResponse {
    int status = 0;
    std::vector<Header> headers;
    std::string body;
};
ClientResponse request_local(const std::string& socket_path, std::string_view method,
                             std::string_view target, const std::vector<Header>& headers,
                             std::string_view body);
/// The same with a body streamed from a file; `progress` gets bytes sent.
ClientResponse send_file_local(const std::string& socket_path, std::string_view target,
                               const std::vector<Header>& headers, const std::string& file_path,
                               const std::function<void(std::int64_t)>& progress);

}  // namespace otklik
