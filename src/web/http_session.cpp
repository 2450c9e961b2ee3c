// One connection: reads heads, has handlers run on the pool, writes answers.
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "web/http_answer.h"
#include "web/http_session_inside.h"

namespace otklik {
namespace {

using Token = std::remove_const_t<decltype(as_result)>;
using boost::system::error_code;

/// The start of run_on: an Asio operation that a worker completes.
struct StartJob {
    asio::io_context* io;
    WorkPool* pool;
    std::function<void()> job;

    template <class Handler>
    void operator()(Handler handler) {
        auto held = std::make_shared<Handler>(std::move(handler));
        auto run = [held, io = io, job = std::move(job)]() mutable {
            job();
            job = nullptr;
            finish(*io, std::move(held), true);
        };
        if (!pool->push(std::move(run))) finish(*io, std::move(held), false);
    }
    template <class Handler>
    static void finish(asio::io_context& io, std::shared_ptr<Handler> held, bool taken) {
        asio::post(io, [held = std::move(held), taken]() mutable {
            Handler handler = std::move(*held);
            held.reset();
            handler(taken);
        });
    }
};

}  // namespace

SteadyTime after(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

Task<bool> run_on(SessionHouse* house, WorkPool* pool, Job job) {
    StartJob start{&house->io, pool, std::move(job)};
    auto [taken] =
        co_await asio::async_initiate<const Token, void(bool)>(std::move(start), as_result);
    co_return taken;
}

void Session::enter() {
    house_.sessions.insert(this);
    ++house_.per_address[peer_.name];
    house_.counters.connections.fetch_add(1);
    const std::lock_guard lock(house_.gone_mutex);
    ++house_.live;
}

Session::~Session() {
    if (stream_) stream_->close();
    house_.sessions.erase(this);
    if (--house_.per_address[peer_.name] <= 0) house_.per_address.erase(peer_.name);
    house_.counters.connections.fetch_sub(1);
    const std::lock_guard lock(house_.gone_mutex);
    --house_.live;
    house_.gone.notify_all();
}

void Session::sweep(SteadyTime now) {
    if (now < deadline_) return;
    rest();
    timed_out_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Session::wind_down() {
    if (stream_) stream_->close();
    error_code ignored;
    if (idle_) socket_.cancel(ignored);
}

void Session::abort() {
    if (stream_) stream_->close();
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

Task<void> Session::run(std::shared_ptr<Session> self) {
    self->deadline_ = after(self->head_time());
    const bool open = co_await self->open_wire();
    for (bool first = true; open; first = false) {
        if (!first) self->deadline_ = after(self->idle_time());
        const bool came = co_await self->wait_for_request();
        if (!came) break;
        const After next = co_await self->serve_one();
        if (next == After::linger) co_await self->linger();
        if (next != After::keep) break;
    }
    co_await self->close_wire();
}

Task<bool> Session::read_head() {
    deadline_ = after(head_time());  // for the whole head, however it drips
    for (;;) {
        scan_head(in_, scan_);
        if (scan_.end != 0 || scan_.problem.status != 0) co_return true;
        const bool more = co_await read_more(read_bytes);
        if (more) continue;
        if (timed_out_ && !in_.empty()) scan_.problem = {408, "http.timeout"};
        co_return timed_out_ && !in_.empty();
    }
}

Task<Session::After> Session::serve_one() {
    const bool has_head = co_await read_head();
    if (!has_head) co_return After::close;
    if (scan_.problem.status != 0) co_return co_await refuse(scan_.problem);
    RequestHead info;
    std::string head = in_.substr(0, scan_.end);
    const HeadProblem problem = parse_head(head, info);
    if (problem.status != 0) co_return co_await refuse(problem);
    in_.erase(0, scan_.end);
    rest();
    house_.counters.requests.fetch_add(1, std::memory_order_relaxed);

    auto exchange = std::make_shared<Exchange>();
    Request& request = exchange->request;
    request.method = std::move(info.method);
    request.path = std::move(info.path);
    request.query = std::move(info.query);
    request.headers = std::move(info.headers);
    request.peer = peer_.name;
    request.local_socket = peer_.local_socket;
    request.entry = peer_.entry;
    request.secure = tls_ != nullptr;
    if (!peer_.local_socket && peer_.entry == Entry::main) house_.proxies.apply(request);
    const bool is_head = request.method == "HEAD";
    const Heard heard = co_await have_answered(exchange, std::move(head), &info);
    if (heard == Heard::gone) co_return After::close;
    if (exchange->response.on_stream && !is_head)
        co_return co_await open_stream(std::move(exchange), info.http_1_0);
    const bool whole = heard == Heard::whole;
    const bool keep = info.keep_alive && whole && !house_.stopping;
    const bool sent = co_await send(std::move(exchange->response), is_head, info.http_1_0, keep);
    if (!sent) co_return After::close;
    if (keep) co_return After::keep;
    if (whole) co_return After::close;
    co_return After::linger;
}

/// Fills exchange->response, one way or another, unless the client is gone.
Task<Session::Heard> Session::have_answered(std::shared_ptr<Exchange> exchange, std::string head,
                                            const RequestHead* info) {
    SessionHouse* house = &house_;
    const bool has_body = info->has_body();
    Job job = [house, exchange, has_body] {
        ask_dispatcher(house->dispatcher, *exchange, has_body);
    };
    bool taken = co_await run_on(house, &house->workers, std::move(job));
    bool whole = !has_body;
    if (taken && has_body && !exchange->error) {
        whole = co_await read_body(exchange, std::move(head), info);
        if (!whole) co_await cut_body(exchange);
        if (!whole && !exchange->error) co_return Heard::gone;
        if (whole) {
            job = [house, exchange] { handle_exchange(house->dispatcher, *exchange); };
            WorkPool* pool = exchange->rule.waits ? &house->waiters : &house->workers;
            taken = co_await run_on(house, pool, std::move(job));
        }
    }
    if (!taken) {
        house_.counters.refused.fetch_add(1);
        exchange->response =
            house_.dispatcher.problem(Error(Fault::unavailable, "server.busy"), &exchange->request);
        exchange->response.set("Retry-After", "1");
    }
    co_return whole ? Heard::whole : Heard::part;
}

Task<Session::After> Session::open_stream(std::shared_ptr<Exchange> exchange, bool http_1_0) {
    stream_ = std::make_shared<EventStreamQueue>([io = &house_.io, weak = weak_from_this()] {
        asio::post(*io, [weak] {
            if (const auto self = weak.lock()) self->wake();
        });
    });
    const auto stream = stream_;
    // Replaying missed events may read the database: a worker's task, not ours.
    Job job = [exchange, stream] {
        std::optional<Error> failed;
        keep_error(failed, [&] { exchange->response.on_stream(stream); });
        if (failed) stream->close();
    };
    const bool taken = co_await run_on(&house_, &house_.workers, std::move(job));
    if (!taken) co_return After::close;
    exchange->response.set("Content-Type", "text/event-stream");
    exchange->response.set("Cache-Control", "no-store");
    const bool sent = co_await send(std::move(exchange->response), false, http_1_0, false);
    exchange.reset();  // a stream may be open for days, its request need not
    if (sent) co_await send_stream(stream, !http_1_0);
    co_return After::close;
}

Task<bool> Session::send(Response response, bool is_head, bool http_1_0, bool keep) {
    AnswerHead head{response.status, !keep, http_1_0, response.on_stream != nullptr};
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless && !head.stream)
        head.content_length =
            response.file ? response.file->bytes : static_cast<std::int64_t>(response.body.size());
    std::string bytes = write_answer_head(head, response.headers);
    const bool with_body = !is_head && !bodiless && !head.stream;
    if (with_body && !response.file) bytes += response.body;
    std::string().swap(response.body);
    const bool sent = co_await write(std::move(bytes));
    if (!sent || !with_body || !response.file) co_return sent;
    co_return co_await send_file(std::move(*response.file));
}

Task<bool> Session::send_file(FileBody file) {
    struct Piece {
        FileBody file;
        std::string bytes;
        std::optional<Error> error;
    };
    auto piece = std::make_shared<Piece>();
    piece->file = std::move(file);
    std::int64_t left = piece->file.bytes;
    while (left > 0) {
        piece->bytes.resize(static_cast<std::size_t>(std::min<std::int64_t>(left, spool_bytes)));
        Job job = [piece] {
            keep_error(piece->error, [&] {
                piece->bytes.resize(piece->file.file->read(piece->file.offset, piece->bytes));
            });
        };
        const bool taken = co_await run_on(&house_, &house_.disk, std::move(job));
        // The length is promised: what cannot be kept ends the connection, and the client sees it.
        if (!taken || piece->error || piece->bytes.empty()) co_return false;
        left -= static_cast<std::int64_t>(piece->bytes.size());
        piece->file.offset += static_cast<std::int64_t>(piece->bytes.size());
        const bool sent = co_await write(std::move(piece->bytes));
        piece->bytes.clear();
        if (!sent) co_return false;
    }
    co_return true;
}

Task<void> Session::send_stream(std::shared_ptr<EventStreamQueue> stream, bool chunked) {
    house_.counters.streams.fetch_add(1);
    watch_stream(stream);
    bool sent = true;
    while (sent) {
        const bool was_open = stream->is_open();
        std::string events = stream->take();
        if (events.empty() && !was_open) break;
        if (events.empty()) {
            timer_.expires_after(std::chrono::milliseconds(house_.config.heartbeat_ms));
            auto [error] = co_await timer_.async_wait(as_result);
            if (error) continue;  // woken
            events = ": still here\n\n";
        }
        if (chunked) events = as_chunk(events);
        sent = co_await write(std::move(events));
    }
    std::string last = "0\r\n\r\n";
    if (sent && chunked) co_await write(std::move(last));
    stream->close();
    house_.counters.streams.fetch_sub(1);
}

/// A listener has nothing to say: whatever becomes readable, the end above all, ends the stream.
void Session::watch_stream(std::shared_ptr<EventStreamQueue> stream) {
    socket_.async_wait(asio::socket_base::wait_read,
                       [stream](const error_code&) { stream->close(); });
}

Task<Session::After> Session::refuse(HeadProblem problem) {
    house_.counters.refused.fetch_add(1);
    Response response = protocol_answer(house_.dispatcher, problem);
    const bool sent = co_await send(std::move(response), false, false, false);
    if (!sent) co_return After::close;
    co_return After::linger;
}

void start_session(SessionHouse& house, Socket socket, Peer peer) {
    auto session = std::make_shared<Session>(house, std::move(socket), std::move(peer));
    session->enter();
    asio::co_spawn(house.io, Session::run(std::move(session)), asio::detached);
}

void sweep_sessions(SessionHouse& house) {
    const SteadyTime now = std::chrono::steady_clock::now();
    for (Session* session : house.sessions) session->sweep(now);
}

void wind_down_sessions(SessionHouse& house) {
    house.stopping = true;
    for (Session* session : house.sessions) session->wind_down();
}

void abort_sessions(SessionHouse& house) {
    for (Session* session : house.sessions) session->abort();
}

}  // namespace otklik
