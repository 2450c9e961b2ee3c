#include "testkit/mail_box.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "tls/certificates.h"

namespace otklik::testkit {
namespace {

constexpr int start_ms_max = 15'000;
constexpr int letters_ms_max = 10'000;
constexpr const char* python = "/usr/bin/python3";

/// The tests are built somewhere below the sources.
std::string script() {
    const std::filesystem::path name = "tests/testkit/mail/server.py";
    auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    while (here.has_relative_path() && !std::filesystem::exists(here / name))
        here = here.parent_path();
    return (here / name).string();
}

std::string decoded_base64(std::string_view text) {
    std::string url;
    for (const char c : text) {
        if (c == '+')
            url += '-';
        else if (c == '/')
            url += '_';
        else if (c != '=' && c != '\r' && c != '\n')
            url += c;
    }
    return parse_base64url(url).value_or("not base64");
}

pid_t start_python(std::vector<std::string> words, int out) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out, 1);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    return pid;
}

}  // namespace

std::string why_no_mail_server() {
    static const std::string why = run_program(python, {"-c", "import aiosmtpd"}).exit_code == 0
                                       ? ""
                                       : "python3-aiosmtpd is not installed";
    return why;
}

MailBox::MailBox(const Wish& wish) {
    const Instant now = SystemClock().now();
    const KeyAndChain authority = make_authority("Test mail", {wish.name}, now);
    const KeyAndChain own = make_server_certificate(authority, {wish.name}, now);
    authority_ = authority.chain;
    write_file_durably(folder_.path("key.pem"), own.key);
    write_file_durably(folder_.path("cert.pem"), own.chain);
    std::vector<std::string> words{python,   script(), folder_.path(""),         "--tls",
                                   wish.tls, "--port", std::to_string(wish.port)};
    if (wish.tls != "none")
        words.insert(words.end(),
                     {"--cert", folder_.path("cert.pem"), "--key", folder_.path("key.pem")});
    if (!wish.login.empty()) words.insert(words.end(), {"--login", wish.login});
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    const Fd out(ends[0]);
    Fd in(ends[1]);
    pid_ = start_python(std::move(words), in.get());
    in.reset();
    pollfd ready{out.get(), POLLIN, 0};
    char line[32] = {};
    if (::poll(&ready, 1, start_ms_max) <= 0 || ::read(out.get(), line, sizeof line - 1) <= 0)
        throw std::runtime_error("the mail server of the tests did not start");
    port_ = std::atoi(line);
}

MailBox::~MailBox() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void MailBox::behave(const std::string& mode) {
    write_file_durably(folder_.path("mode"), mode);
}

std::vector<std::string> MailBox::letters() const {
    std::vector<std::string> names, found;
    for (const auto& each : std::filesystem::directory_iterator(folder_.path("letters")))
        if (each.path().extension() == ".eml") names.push_back(each.path().string());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) found.push_back(read_file(name, 1 << 20));
    return found;
}

bool MailBox::wait_for(std::size_t count) const {
    constexpr int step_ms = 50;
    for (int waited = 0; waited < letters_ms_max; waited += step_ms) {
        if (letters().size() >= count) return true;
        ::poll(nullptr, 0, step_ms);
    }
    return false;
}

std::string header_of(const std::string& letter, const std::string& name) {
    const std::string head = letter.substr(0, letter.find("\r\n\r\n") + 2);
    auto at = head.find("\r\n" + name + ": ");
    at = head.starts_with(name + ": ") ? 0 : at == std::string::npos ? at : at + 2;
    if (at == std::string::npos) return {};
    std::string value;
    at += name.size() + 2;
    for (;;) {
        const auto end = head.find("\r\n", at);
        value += head.substr(at, end - at);
        at = end + 2;
        if (at >= head.size() || head[at] != ' ') return value;
    }
}

std::string body_of(const std::string& letter) {
    return decoded_base64(letter.substr(letter.find("\r\n\r\n") + 4));
}

std::string decoded_words(const std::string& value) {
    std::string out;
    for (std::size_t at = 0; (at = value.find("=?UTF-8?B?", at)) != std::string::npos;) {
        const auto end = value.find("?=", at + 10);
        out += decoded_base64(std::string_view(value).substr(at + 10, end - at - 10));
        at = end;
    }
    return out.empty() ? value : out;
}

}  // namespace otklik::testkit
