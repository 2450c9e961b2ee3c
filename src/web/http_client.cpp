// A small client of the local socket: plain POSIX, blocking, one request a connection.
#include "web/http_client.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t answer_bytes_max = 1U << 30;
constexpr std::size_t piece_bytes = 256 << 10;

Fd connect_local(const std::string& path) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.sun_path)
        throw Error(Fault::invalid, "socket.path_too_long", {{"path", path}});
    std::memcpy(to.sun_path, path.data(), path.size());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) throw_errno("socket");
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw Error(Fault::unavailable, "server.away", {{"path", path}})
            .because(std::strerror(errno));
    return fd;
}

/// False when the server closed: it may have answered before it took all of the body.
bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        if (n < 0) throw_errno("send");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::string receive_all(int fd) {
    std::string bytes;
    for (;;) {
        const std::size_t before = bytes.size();
        bytes.resize(before + piece_bytes);
        const ssize_t n = ::recv(fd, bytes.data() + before, piece_bytes, 0);
        bytes.resize(before + static_cast<std::size_t>(n > 0 ? n : 0));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == ECONNRESET) return bytes;
        if (n < 0) throw_errno("recv");
        if (n == 0) return bytes;
        if (bytes.size() > answer_bytes_max) throw Error(Fault::too_large, "answer.too_large");
    }
}

[[noreturn]] void bad_answer(std::string_view what) {
    throw Error(Fault::unavailable, "server.bad_answer").because(what);
}

template <class Number>
Number number_of(std::string_view text, int base) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end == text.data()) bad_answer("number");
    return value;
}

std::string join_chunks(std::string_view bytes) {
    std::string body;
    for (;;) {
        const auto line = bytes.find("\r\n");
        if (line == std::string_view::npos) bad_answer("chunk");
        const auto size = number_of<std::size_t>(bytes.substr(0, line), 16);
        bytes.remove_prefix(line + 2);
        if (size == 0) return body;
        if (size > bytes.size() || bytes.size() - size < 2) bad_answer("torn chunk");
        body += bytes.substr(0, size);
        bytes.remove_prefix(size + 2);
    }
}

}  // namespace

ClientResponse parse_client_answer(std::string_view bytes) {
    while (bytes.starts_with("HTTP/1.1 100")) {
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) bad_answer("no head");
        bytes.remove_prefix(end + 4);
    }
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) bad_answer("no head");
    ClientResponse response;
    response.status = number_of<int>(bytes.substr(9, 3), 10);
    std::string_view head = bytes.substr(0, end + 2);
    head.remove_prefix(head.find("\r\n") + 2);
    bytes.remove_prefix(end + 4);
    bool chunked = false;
    while (!head.empty()) {
        const auto line_end = head.find("\r\n");
        const std::string_view line = head.substr(0, line_end);
        head.remove_prefix(line_end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) bad_answer("field");
        const std::string_view name = line.substr(0, colon), value = trim(line.substr(colon + 1));
        response.headers.push_back({std::string(name), std::string(value)});
        if (same_ascii(name, "transfer-encoding")) chunked = true;
        if (same_ascii(name, "content-length") && number_of<std::size_t>(value, 10) != bytes.size())
            bad_answer("torn body");
    }
    response.body = chunked ? join_chunks(bytes) : std::string(bytes);
    return response;
}

std::string client_request_head(std::string_view method, std::string_view target,
                                const std::vector<Header>& headers, std::int64_t body_bytes,
                                std::string_view host) {
    std::string head = std::string(method) + " " + std::string(target) +
                       " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n";
    for (const Header& each : headers) {
        if ((each.name + each.value).find_first_of("\r\n") != std::string::npos)
            throw Error(Fault::invalid, "http.field");
        head += each.name + ": " + each.value + "\r\n";
    }
    head += "Content-Length: " + std::to_string(body_bytes) + "\r\n";
    return head + "Connection: close\r\n\r\n";
}

ClientResponse request_local(const std::string& socket_path, std::string_view method,
                             std::string_view target, const std::vector<Header>& headers,
                             std::string_view body) {
    const Fd fd = connect_local(socket_path);
    const std::string head =
        client_request_head(method, target, headers, static_cast<std::int64_t>(body.size()));
    if (send_all(fd.get(), head)) send_all(fd.get(), body);
    return parse_client_answer(receive_all(fd.get()));
}

ClientResponse send_file_local(const std::string& socket_path, std::string_view target,
                               const std::vector<Header>& headers, const std::string& file_path,
                               const std::function<void(std::int64_t)>& progress) {
    const Fd file = open_file(file_path, O_RDONLY);
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) throw_errno("stat " + file_path);
    const Fd fd = connect_local(socket_path);
    bool open = send_all(fd.get(), client_request_head("POST", target, headers, info.st_size));
    std::string piece(piece_bytes, '\0');
    for (std::int64_t sent = 0; open && sent < info.st_size;) {
        const std::size_t n = read_at(file.get(), sent, piece);
        if (n == 0) throw Error(Fault::conflict, "file.changed", {{"path", file_path}});
        const std::size_t left = static_cast<std::size_t>(info.st_size - sent);
        const std::size_t count =
            n < left ? n : left;  // a file that grows is sent as long as it was
        open = send_all(fd.get(), std::string_view(piece).substr(0, count));
        sent += static_cast<std::int64_t>(count);
        if (progress) progress(sent);
    }
    return parse_client_answer(receive_all(fd.get()));
}

}  // namespace otklik
