// Bytes of one connection: from and to the socket, through TLS where the port speaks it. Nobody
// above knows the difference.
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "web/http_session_inside.h"

namespace otklik {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

constexpr auto linger_time = 2s;
constexpr std::size_t write_bytes = 64 << 10;
constexpr std::size_t sealed_bytes = 17 << 10;  // a whole record of TLS
constexpr std::size_t unread_max = 1 << 20;  // discarded before a close, so that the answer arrives

}  // namespace

/// The first byte tells TLS from a plain request at the same port, which gets words, not noise.
Task<bool> Session::open_wire() {
    if (!house_.config.tls || peer_.local_socket || peer_.entry != Entry::main) co_return true;
    const bool came = co_await read_more(read_bytes);  // idle_ still: stopping cuts it off
    if (!came) co_return false;
    if (!begins_tls(in_.front())) {
        peer_.entry = Entry::mixed;
        co_return true;
    }
    const std::string first = std::exchange(in_, {});
    tls_ = std::make_unique<TlsEnd>(house_.config.tls->current());
    tls_->feed(first);
    co_return co_await shake_hands();
}

/// Within the time of the first head, however it drips.
Task<bool> Session::shake_hands() {
    for (;;) {
        const TlsStep step = tls_->shake();
        const bool sent = co_await transmit_sealed();  // of a failure: the alert that says why
        if (!sent || step == TlsStep::failed || step == TlsStep::ended) co_return false;
        if (step == TlsStep::done) co_return true;
        const bool came = co_await receive_sealed();
        if (!came) co_return false;
    }
}

/// False when nothing will come. An idle connection holds no buffer.
Task<bool> Session::wait_for_request() {
    scan_ = {};
    if (!in_.empty() || (tls_ && tls_->holds_unread())) co_return true;
    std::string().swap(in_);
    if (house_.stopping) co_return false;
    idle_ = true;
    auto [error] = co_await socket_.async_wait(asio::socket_base::wait_read, as_result);
    idle_ = false;
    co_return !error;
}

Task<bool> Session::read_more(std::size_t bytes) {
    if (tls_) co_return co_await read_sealed(bytes);
    const std::size_t before = in_.size();
    in_.resize(before + bytes);
    auto [error, n] =
        co_await socket_.async_read_some(asio::buffer(in_.data() + before, bytes), as_result);
    in_.resize(before + (error ? 0 : n));
    house_.counters.bytes_in.fetch_add(static_cast<std::int64_t>(n), std::memory_order_relaxed);
    co_return !error && n > 0;
}

Task<bool> Session::read_sealed(std::size_t bytes) {
    for (;;) {
        const TlsStep step = tls_->read(in_, bytes);
        const bool sent = co_await transmit_sealed();  // what TLS says for itself
        if (step == TlsStep::done) co_return true;
        if (!sent || step != TlsStep::wants) co_return false;
        const bool came = co_await receive_sealed();
        if (!came) co_return false;
    }
}

Task<bool> Session::receive_sealed() {
    char* room = tls_->room(sealed_bytes);
    auto [error, n] = co_await socket_.async_read_some(asio::buffer(room, sealed_bytes), as_result);
    tls_->received(error ? 0 : n, sealed_bytes);
    house_.counters.bytes_in.fetch_add(static_cast<std::int64_t>(n), std::memory_order_relaxed);
    co_return !error && n > 0;
}

/// Under the deadline that holds already; the bytes are the caller's.
Task<bool> Session::transmit(std::string_view bytes) {
    auto [error, n] = co_await asio::async_write(socket_, asio::buffer(bytes), as_result);
    house_.counters.bytes_out.fetch_add(static_cast<std::int64_t>(n), std::memory_order_relaxed);
    co_return !error;
}

Task<bool> Session::transmit_sealed() {
    const std::string bytes = tls_->take_out();
    if (bytes.empty()) co_return true;
    co_return co_await transmit(bytes);
}

Task<bool> Session::write(std::string bytes) {
    std::string_view rest_of = bytes;
    while (!rest_of.empty()) {
        const std::string_view piece = rest_of.substr(0, write_bytes);
        std::string sealed;
        if (tls_) {
            if (!tls_->write(piece)) co_return false;
            sealed = tls_->take_out();
        }
        const std::string_view out = tls_ ? std::string_view(sealed) : piece;
        deadline_ = after(stall_time());
        const bool sent = co_await transmit(out);
        rest();
        if (!sent) co_return false;
        rest_of.remove_prefix(piece.size());
    }
    co_return true;
}

/// Closing with unread bytes makes the kernel send a reset, which can overtake the answer (RFC
/// 9112, 9.6).
Task<void> Session::linger() {
    deadline_ = after(linger_time);
    if (tls_) {
        tls_->say_end();
        co_await transmit_sealed();
    }
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    std::size_t discarded = 0;
    while (discarded < unread_max) {
        in_.resize(write_bytes);
        auto [error, n] = co_await socket_.async_read_some(asio::buffer(in_), as_result);
        if (error || n == 0) break;
        discarded += n;
    }
}

Task<void> Session::close_wire() {
    if (tls_) {
        deadline_ = after(linger_time);
        tls_->say_end();  // without it the client cannot tell the end from a cut
        co_await transmit_sealed();
    }
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace otklik
