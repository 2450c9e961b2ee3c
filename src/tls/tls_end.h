#pragma once
// One end of a TLS connection as a machine of bytes: what came from the socket goes into `in`, what
// must go there lies in `out`; it knows no socket, so one kind of session serves plain and TLS
// streams. TLS 1.2 and 1.3, forward secrecy only, ALPN http/1.1. Nothing is kept between reads but
// what TLS itself holds. Thread: TlsContext any, constant; a TlsEnd belongs to one thread.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tls/certificates.h"

namespace otklik {

/// Certificate, key and rules of a server.
class TlsContext {
public:
    /// Throws Error{invalid, "tls.…"} for what is no certificate or not its key.
    explicit TlsContext(const KeyAndChain& files);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

private:
    friend class TlsEnd;
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// Who has the context that holds now; a renewed certificate is a new one.
class TlsSource {
public:
    virtual ~TlsSource() = default;
    virtual std::shared_ptr<const TlsContext> current() const = 0;
};

enum class TlsStep {
    done,    // something was made or read
    wants,   // more bytes must come in
    ended,   // the other side said goodbye
    failed,  // no more words but the alert that may lie in `out`
};

class TlsEnd {
public:
    explicit TlsEnd(std::shared_ptr<const TlsContext> context);
    ~TlsEnd();
    TlsEnd(const TlsEnd&) = delete;
    TlsEnd& operator=(const TlsEnd&) = delete;

    /// Goes on with the handshake.
    TlsStep shake();
    /// Appends up to `bytes` to `to`.
    TlsStep read(std::string& to, std::size_t bytes);
    /// All of it into `out`; false when the connection cannot take it any more.
    bool write(std::string_view bytes);
    /// The goodbye, once; nothing after a failure.
    void say_end();
    /// Bytes that read() may find without another look at the socket.
    bool holds_unread() const;

    /// Room for `bytes` from the socket; what was not filled is given back by `received`.
    char* room(std::size_t bytes);
    void received(std::size_t bytes, std::size_t of_room);
    void feed(std::string_view bytes);
    /// What must be sent; it is the caller's then.
    std::string take_out();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// Does a connection that begins with this byte speak TLS (a handshake record)?
inline bool begins_tls(char first) {
    return first == 0x16;
}

}  // namespace otklik
