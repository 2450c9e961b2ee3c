#include "testkit/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "testkit/house.h"

namespace otklik::testkit {
namespace {

constexpr int start_ms_max = 30'000;
constexpr int answer_s_max = 60;

std::vector<char*> argv_of(std::vector<std::string>& words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    return argv;
}

/// Starts otklik with its output on these descriptors; -1: where ours goes.
pid_t start(const std::string& program, const std::vector<std::string>& words, int out, int err) {
    std::vector<std::string> all{program};
    all.insert(all.end(), words.begin(), words.end());
    const auto argv = argv_of(all);
    const pid_t pid = ::fork();
    if (pid < 0) throw_errno("fork");
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (out >= 0) ::dup2(out, 1);
        if (err >= 0) ::dup2(err, 2);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    return pid;
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Fd connect_to(int port) {
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval limit{answer_s_max, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw_errno("connect");
    return fd;
}

/// Everything until the other side closes.
std::string receive(int fd) {
    std::string all;
    char piece[65536];
    for (;;) {
        const ssize_t n = ::recv(fd, piece, sizeof piece, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == ECONNRESET) return all;
        if (n < 0) throw_errno("recv");
        if (n == 0) return all;
        all.append(piece, static_cast<std::size_t>(n));
    }
}

/// A whole answer with Content-Length, or none for a body that ends with the connection.
ClientResponse parse(const std::string& bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos || bytes.size() < 12)
        throw std::runtime_error("no HTTP answer: " + bytes.substr(0, 200));
    ClientResponse answer;
    std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
    for (std::size_t at = bytes.find("\r\n") + 2; at < end + 2;) {
        const auto line_end = bytes.find("\r\n", at);
        const auto colon = bytes.find(':', at);
        const std::string value = bytes.substr(colon + 1, line_end - colon - 1);
        answer.headers.push_back({bytes.substr(at, colon - at), std::string(trim(value))});
        at = line_end + 2;
    }
    answer.body = bytes.substr(end + 4);
    for (const Header& each : answer.headers)
        if (same_ascii(each.name, "Content-Length") &&
            std::to_string(answer.body.size()) != each.value && answer.status != 204)
            throw std::runtime_error("a torn HTTP answer");
    return answer;
}

}  // namespace

Folder::Folder() {
    const bool has_tmpfs = ::access("/dev/shm", W_OK) == 0;
    const auto below =
        has_tmpfs ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string name = (below / "otklik-journey-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw_errno("mkdtemp");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Ran run_otklik(const std::vector<std::string>& words) {
    return run_program(program_path(), words);
}

Ran run_program(const std::string& program, const std::vector<std::string>& words) {
    const Folder folder;
    constexpr std::size_t output_max = 16 << 20;
    const auto make = [&](const char* name) {
        return open_file(folder.path(name), O_RDWR | O_CREAT);
    };
    Ran ran;
    {
        const Fd out = make("out"), err = make("err");
        ran.exit_code = wait_for(start(program, words, out.get(), err.get()));
    }
    ran.out = read_file(folder.path("out"), output_max);
    ran.err = read_file(folder.path("err"), output_max);
    return ran;
}

Program::Program(std::string data, std::string keys, std::vector<std::string> more)
    : data_(std::move(data)) {
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) throw_errno("pipe2");
    std::vector<std::string> words{
        "serve", "--data", data_, "--keys", keys, "--port", "0", "--import-complexity", "0"};
    words.insert(words.end(), more.begin(), more.end());
    const Fd log = open_file(data_ + ".log", O_WRONLY | O_CREAT | O_APPEND);
    pid_ = start(program_path(), words, pipes[1], log.get());
    ::close(pipes[1]);
    out_ = pipes[0];
    read_welcome(out_);
}

Program::~Program() {
    stop();
    ::close(out_);
}

/// "http://127.0.0.1:PORT/" and, when there is no company yet, the code on the line after it.
void Program::read_welcome(int out) {
    std::string text;
    for (;;) {
        pollfd ready{out, POLLIN, 0};
        if (::poll(&ready, 1, start_ms_max) <= 0) break;
        char piece[4096];
        const ssize_t n = ::read(out, piece, sizeof piece);
        if (n <= 0) break;
        text.append(piece, static_cast<std::size_t>(n));
        const auto address = text.find("http://");
        if (address == std::string::npos || text.find('\n', address) == std::string::npos) continue;
        const char* digits = text.data() + text.find(':', address + 7) + 1;
        std::from_chars(digits, text.data() + text.size(), port_);
        const auto code = text.find("sign-in: ");
        if (code != std::string::npos) setup_code_ = std::string(trim(text.substr(code + 9)));
        return;  // the program flushes its welcome at once
    }
    const std::string log = read_file(data_ + ".log", 1 << 20);
    throw std::runtime_error("the server did not start: " + text + log);
}

int Program::stop() {
    if (pid_ < 0) return 0;
    ::kill(pid_, SIGTERM);
    return wait_for(std::exchange(pid_, -1));
}

ClientResponse Program::send(std::string_view method, const std::string& target,
                             const std::vector<Header>& headers, const std::string& body) {
    const Fd fd = connect_to(port_);
    std::string head = std::string(method) + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
                       "Connection: close\r\n";
    for (const Header& each : headers) head += each.name + ": " + each.value + "\r\n";
    if (!body.empty() || method != "GET")
        head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const std::string all = head + "\r\n" + body;
    for (std::size_t sent = 0; sent < all.size();) {
        const ssize_t n = ::send(fd.get(), all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;  // refused before the body: the answer says why
        sent += static_cast<std::size_t>(n);
    }
    return parse(receive(fd.get()));
}

}  // namespace otklik::testkit
