// Bodies that come in. Heads are ours (http_parse); here Beast counts lengths and chunks, and no
// other file knows it.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "web/http_session_inside.h"
#include "web/http_sink.h"

namespace otklik {

namespace http = boost::beast::http;
using boost::system::error_code;

struct BodyParser : http::request_parser<http::buffer_body> {};

namespace {

constexpr std::int64_t body_rate_min = 1 << 10;  // bytes a second, after head_ms
constexpr std::size_t body_bytes = 64 << 10;

bool has_lone_lf(std::string_view bytes) {
    for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
         at = bytes.find('\n', at + 1))
        if (at == 0 || bytes[at - 1] != '\r') return true;
    return false;
}

}  // namespace

Task<bool> Session::read_body(std::shared_ptr<Exchange> exchange, std::string head,
                              const RequestHead* info) {
    const std::int64_t bytes_max = exchange->rule.bytes_max;
    if (info->content_length > bytes_max) {
        exchange->error =
            Error(Fault::too_large, "http.body_too_large", {{"max", std::to_string(bytes_max)}});
        answer_error(house_.dispatcher, *exchange);
        co_return false;
    }
    BodyParser parser;
    parser.header_limit(head_bytes_max + read_bytes);
    parser.body_limit(static_cast<std::uint64_t>(bytes_max));
    error_code error;
    parser.put(asio::buffer(head), error);
    if (error || !parser.is_header_done()) {
        exchange->error = Error(Fault::invalid, "http.framing").because(error.message());
        answer_error(house_.dispatcher, *exchange);
        co_return false;
    }
    if (exchange->rule.spool && !exchange->request.sink) {
        SessionHouse* house = &house_;
        const std::int64_t length = info->content_length;
        Job job = [house, exchange, length] {
            keep_error(exchange->error, [&] {
                exchange->spool = std::make_unique<SpoolFile>(house->config.draft_folder, length,
                                                              house->config.body_spool_min_free);
            });
        };
        const bool taken = co_await run_on(house, &house->disk, std::move(job));
        if (!taken) exchange->error = Error(Fault::unavailable, "server.busy");
    } else if (!exchange->request.sink) {
        exchange->request.body.reserve(
            std::min(static_cast<std::size_t>(info->content_length), body_bytes));
    }
    if (!exchange->error && info->expects_continue && in_.empty()) {
        std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool sent = co_await write(std::move(go_on));
        if (!sent) co_return false;
    }
    bool whole = false;
    if (!exchange->error) whole = co_await fill_body(exchange, &parser);
    rest();
    if (whole && exchange->spool) exchange->request.spooled = exchange->spool->finish();
    if (exchange->error) answer_error(house_.dispatcher, *exchange);
    co_return whole && !exchange->error;
}

/// What came of a body that will not become whole is the sink's to keep.
Task<void> Session::cut_body(std::shared_ptr<Exchange> exchange) {
    if (!exchange->request.sink) co_return;
    Job job = [exchange] { exchange->request.sink->cut(); };
    co_await run_on(&house_, &house_.disk, std::move(job));
}

/// Beast counts, we store. False with exchange->error set: refused; without: the connection is
/// gone.
Task<bool> Session::fill_body(std::shared_ptr<Exchange> exchange, BodyParser* parser) {
    const bool is_large = exchange->spool || exchange->request.sink;
    const std::size_t chunk = is_large ? spool_bytes : body_bytes;
    std::string out(chunk, '\0');
    const SteadyTime began = std::chrono::steady_clock::now();
    std::int64_t received = 0;
    bool starved = false;  // the parser wants more than in_ holds
    while (!parser->is_done()) {
        if (in_.empty() || starved) {
            // Slower than 1 KiB/s over the whole body, or silent for half a minute: enough.
            const SteadyTime by_rate =
                began + head_time() + std::chrono::seconds(received / body_rate_min);
            deadline_ = std::min(by_rate, after(stall_time()));
            const bool more =
                co_await read_more(std::max(chunk - std::min(chunk, in_.size()), read_bytes));
            rest();
            if (!more) {
                if (timed_out_) exchange->error = Error(Fault::invalid, "http.timeout");
                co_return false;
            }
        }
        parser->get().body().data = out.data();
        parser->get().body().size = out.size();
        parser->get().body().more = true;
        error_code error;
        const std::size_t used = parser->put(asio::buffer(std::as_const(in_)), error);
        const std::size_t made = out.size() - parser->get().body().size;
        in_.erase(0, used);
        received += static_cast<std::int64_t>(used);
        starved = error == http::error::need_more || (!error && used == 0 && made == 0);
        if (error == http::error::body_limit) {
            exchange->error = Error(Fault::too_large, "http.body_too_large",
                                    {{"max", std::to_string(exchange->rule.bytes_max)}});
            co_return false;
        }
        // Beast waits for the CR LF of a chunk's line for ever; a lone LF will not become one.
        const bool lone_lf = starved && has_lone_lf(in_);
        const bool fine =
            !error || error == http::error::need_more || error == http::error::need_buffer;
        if (!fine || lone_lf || (starved && in_.size() >= 2 * read_bytes)) {
            exchange->error = Error(Fault::invalid, "http.framing").because(error.message());
            co_return false;
        }
        const std::string_view body(out.data(), made);
        const bool stored = co_await store_body(exchange, body);
        if (!stored) co_return false;
    }
    co_return true;
}

Task<bool> Session::store_body(std::shared_ptr<Exchange> exchange, std::string_view bytes) {
    if (bytes.empty()) co_return true;
    if (!exchange->spool && !exchange->request.sink) {
        exchange->request.body += bytes;
        co_return true;
    }
    Job job = [exchange, bytes] {
        keep_error(exchange->error, [&] {
            if (exchange->request.sink)
                exchange->request.sink->add(bytes);
            else
                exchange->spool->add(bytes);
        });
    };
    const bool taken = co_await run_on(&house_, &house_.disk, std::move(job));
    if (!taken) exchange->error = Error(Fault::unavailable, "server.busy");
    co_return !exchange->error;
}

}  // namespace otklik
