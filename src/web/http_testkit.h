#pragma once
// For tests of the server: a dispatcher with a few paths and a client of raw bytes.
// Thread: the test's.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "web/http.h"

namespace otklik::test {

/// Answers by path; see the functions below.
class ToyDispatcher : public Dispatcher {
public:
    BodyRule before_body(Request& head) override {
        if (head.path == "/none") throw Error(Fault::not_found, "route.unknown");
        if (head.path == "/spool") return {std::int64_t{8} << 30, true};
        return {1000, false};
    }
    Response handle(Request& r) override {
        ++handled;
        if (r.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(300));
        if (r.path == "/stream") {
            Response response;
            response.on_stream = [this](std::shared_ptr<EventStream> s) {
                stream = s;
                s->push("hello", "{}", "1");
            };
            return response;
        }
        if (r.path == "/file") return serve_range(r, file, "audio/ogg", "\"v1\"");
        if (r.path == "/big") return Response::text(200, std::string(5'000'000, 'b'));
        if (r.path == "/spool")
            return Response::text(200,
                                  std::to_string(r.spooled->bytes) + " " + hex(r.spooled->sha256));
        if (r.path == "/split") {
            Response response = Response::text(200, "x");
            response.set("X-Name", "a\r\nX-Evil: 1");
            return response;
        }
        return Response::text(200, r.method + " " + r.path + " " + r.peer + " [" + r.body + "]" +
                                       (r.secure ? " secure" : "") + entry_word(r.entry));
    }
    Response problem(const Error& error, const Request*, int status) override {
        return Response::text(status ? status : http_status(error.fault()), error.code());
    }
    static std::string entry_word(Entry entry) {
        switch (entry) {
            case Entry::main:
                return "";
            case Entry::mixed:
                return " mixed";
            case Entry::plain:
                return " plain";
            case Entry::stranger:
                return " stranger";
            case Entry::hook:
                return " hook";
        }
        return "?";
    }
    std::shared_ptr<MediaFile> file = std::make_shared<MemoryMediaFile>("0123456789");
    std::shared_ptr<EventStream> stream;
    std::atomic<int> handled{0};
};

class RawClient {
public:
    explicit RawClient(int port) {
        fd_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            throw_errno("connect");
    }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    /// One more piece, or empty at the end or after `ms`.
    std::string receive(int ms) {
        pollfd waiting{fd_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, ms) <= 0) return {};
        std::string bytes(65536, '\0');
        const ssize_t n = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
        closed = n <= 0;
        bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return bytes;
    }
    /// Everything until `mark` came `count` times, the end, or `ms` of silence.
    std::string until(std::string_view mark, int count = 1, int ms = 3000) {
        std::string all;
        for (;;) {
            int found = 0;
            for (std::size_t at = all.find(mark); at != std::string::npos;
                 at = all.find(mark, at + 1))
                ++found;
            if (found >= count) return all;
            const std::string piece = receive(ms);
            if (piece.empty()) return all;
            all += piece;
        }
    }
    std::string to_end(int ms = 5000) {
        std::string all;
        for (std::string piece = receive(ms); !piece.empty(); piece = receive(ms)) all += piece;
        return all;
    }
    void finish_sending() { ::shutdown(fd_.get(), SHUT_WR); }
    int fd() const { return fd_.get(); }
    bool closed = false;

private:
    Fd fd_;
};

/// A server on a free port with a folder of its own.
struct TestServer {
    explicit TestServer(const std::function<void(ServerConfig&)>& adjust = {}) {
        std::string name = (std::filesystem::temp_directory_path() / "otklik-http-XXXXXX").string();
        folder = ::mkdtemp(name.data());
        ServerConfig config;
        config.port = 0;
        config.workers = 4;
        config.draft_folder = folder;
        config.local_socket = folder + "/s";
        config.body_spool_min_free = 1 << 20;
        if (adjust) adjust(config);
        server = std::make_unique<Server>(config, dispatcher);
        server->start();
    }
    ~TestServer() {
        server.reset();
        std::filesystem::remove_all(folder);
    }
    /// Sends the bytes on a new connection and returns all that comes until the end.
    std::string ask(std::string_view bytes) {
        RawClient client(server->port());
        client.send(bytes);
        return client.to_end();
    }
    std::size_t drafts() const {
        std::size_t count = 0;
        for (const auto& each : std::filesystem::directory_iterator(folder))
            count += each.is_regular_file();
        return count;
    }
    ToyDispatcher dispatcher;
    std::string folder;
    std::unique_ptr<Server> server;
};

}  // namespace otklik::test
