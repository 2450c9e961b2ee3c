#include "agent/line.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "web/http_client.h"

namespace otklik {
namespace {

constexpr int line_wait_s = 20;  // for each read and write
constexpr std::size_t answer_bytes_max = 4 << 20;

[[noreturn]] void away(std::string_view why) {
    throw Error(Fault::unavailable, "server.away", {{"path", std::string(why)}}).because(why);
}

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
    void operator()(SSL* session) const { SSL_free(session); }
};

Fd connect_to(const std::string& host, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int result = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (result != 0) away(::gai_strerror(result));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
    std::string why = "no address";
    for (const addrinfo* each = found; each; each = each->ai_next) {
        Fd fd(::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval wait{line_wait_s, 0};
        if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
            ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0)
            throw_errno("socket");
        if (::connect(fd.get(), each->ai_addr, each->ai_addrlen) == 0) return fd;
        why = std::strerror(errno);
    }
    away(why);
}

}  // namespace

struct Line::Inside {
    std::string host, port;
    std::unique_ptr<SSL_CTX, FreeContext> context;  // none: plain http
};

Line::Line(std::string_view server, const std::string& authority_file)
    : inside_(std::make_unique<Inside>()) {
    const auto refuse = [&] {
        return Error(Fault::invalid, "record.server", {{"server", std::string(server)}})
            .at("server");
    };
    const bool secure = server.starts_with("https://");
    if (!secure && !server.starts_with("http://")) throw refuse();
    std::string_view rest = server.substr(secure ? 8 : 7);
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.rfind(':');
    const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == rest.npos;
    inside_->host = rest.substr(0, has_port ? colon : rest.size());
    inside_->port = has_port ? std::string(rest.substr(colon + 1)) : secure ? "443" : "80";
    if (inside_->host.starts_with('[') && inside_->host.ends_with(']'))
        inside_->host = inside_->host.substr(1, inside_->host.size() - 2);
    if (inside_->host.empty() || rest.find_first_of("/?# \r\n") != rest.npos) throw refuse();
    if (!secure) return;
    inside_->context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = inside_->context.get();
    const bool trusts =
        context && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        (authority_file.empty()
             ? SSL_CTX_set_default_verify_paths(context) == 1
             : SSL_CTX_load_verify_locations(context, authority_file.c_str(), nullptr) == 1);
    if (!trusts)
        throw Error(Fault::invalid, "record.authority", {{"path", authority_file}}).at("authority");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

Line::~Line() = default;

namespace {

ClientResponse exchange(const std::string& request, const std::function<int(std::string_view)>& put,
                        const std::function<int(char*, int)>& get) {
    for (std::string_view left = request; !left.empty();) {
        const int n = put(left);
        if (n <= 0) break;  // it may have answered before it took all of the body
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    std::string answer;
    for (std::string piece(64 << 10, '\0');;) {
        const int n = get(piece.data(), static_cast<int>(piece.size()));
        if (n <= 0) break;
        answer.append(piece.data(), static_cast<std::size_t>(n));
        if (answer.size() > answer_bytes_max) throw Error(Fault::too_large, "answer.too_large");
    }
    if (answer.empty()) away("no answer");
    return parse_client_answer(answer);
}

}  // namespace

ClientResponse Line::send(std::string_view method, std::string_view target,
                          const std::vector<Header>& headers, std::string_view body) const {
    const std::string request =
        client_request_head(method, target, headers, static_cast<std::int64_t>(body.size()),
                            inside_->host + ":" + inside_->port) +
        std::string(body);
    const Fd fd = connect_to(inside_->host, inside_->port);
    if (!inside_->context)
        return exchange(
            request,
            [&](std::string_view left) {
                return static_cast<int>(::send(fd.get(), left.data(), left.size(), MSG_NOSIGNAL));
            },
            [&](char* to, int most) {
                return static_cast<int>(::recv(fd.get(), to, static_cast<std::size_t>(most), 0));
            });
    const std::unique_ptr<SSL, FreeSession> tls(SSL_new(inside_->context.get()));
    SSL_set_fd(tls.get(), fd.get());
    SSL_set_tlsext_host_name(tls.get(), inside_->host.c_str());
    X509_VERIFY_PARAM* names = SSL_get0_param(tls.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(names, inside_->host.c_str()) != 1)
        SSL_set1_host(tls.get(), inside_->host.c_str());
    if (SSL_connect(tls.get()) != 1) {
        const long verdict = SSL_get_verify_result(tls.get());
        ERR_clear_error();
        away(verdict == X509_V_OK ? "TLS" : X509_verify_cert_error_string(verdict));
    }
    auto response = exchange(
        request,
        [&](std::string_view left) {
            return SSL_write(tls.get(), left.data(), static_cast<int>(left.size()));
        },
        [&](char* to, int most) { return SSL_read(tls.get(), to, most); });
    SSL_shutdown(tls.get());
    return response;
}

}  // namespace otklik
