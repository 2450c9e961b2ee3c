#include "app/door.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/blobs.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

/// True when some process holds data/lock.
bool server_runs(const std::string& data_folder) {
    const std::string path = data_folder + "/lock";
    if (!std::filesystem::exists(path)) return false;
    const Fd lock = open_file(path, O_RDWR);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0)
        return false;  // given back when the descriptor closes
    return true;
}

/// Copies the file next to the drafts, so that taking it over is a rename.
SpooledBody spool(Blobs& blobs, const std::string& path) {
    SpooledBody body;
    body.path = blobs.draft_path();
    const Fd from = open_file(path, O_RDONLY);
    const Fd to = open_file(body.path, O_WRONLY | O_CREAT | O_EXCL);
    Sha256 hash;
    std::string buffer(1 << 18, '\0');
    while (const std::size_t n = read_at(from.get(), body.bytes, buffer)) {
        const std::string_view bytes(buffer.data(), n);
        write_all(to.get(), bytes);
        hash.add(bytes);
        body.bytes += static_cast<std::int64_t>(n);
    }
    body.sha256 = hash.finish();
    return body;
}

void split_target(std::string_view target, Request& request) {
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark == std::string_view::npos) return;
    std::string_view rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        const auto name = percent_decode(pair.substr(0, equals), true);
        const auto value = equals == std::string_view::npos
                               ? std::string()
                               : percent_decode(pair.substr(equals + 1), true).value_or("");
        if (name) request.query.emplace_back(*name, value);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
}

}  // namespace

std::string console_name() {
    const passwd* user = ::getpwuid(::geteuid());
    return std::string("console:") + (user ? user->pw_name : std::to_string(::geteuid()));
}

struct Door::Inside {
    std::string socket_path;       // a server runs: the way to it
    std::unique_ptr<Parts> parts;  // nobody runs: our own parts

    ClientResponse dispatch(Request& request) {
        request.local_socket = true;
        request.peer = console_name();
        Dispatcher& dispatcher = parts->dispatcher();
        Response response;
        try {
            dispatcher.before_body(request);
            response = dispatcher.handle(request);
        } catch (const Error& error) {
            response = dispatcher.problem(error, &request);
        }
        ClientResponse answer{response.status, response.headers, response.body};
        if (response.file) {
            answer.body.resize(static_cast<std::size_t>(response.file->bytes));
            response.file->file->read(response.file->offset, answer.body);
        }
        parts->settle();
        return answer;
    }
};

Door::Door(const PartsConfig& config, const Clock& clock) : inside_(std::make_unique<Inside>()) {
    if (server_runs(config.data_folder))
        inside_->socket_path = config.data_folder + "/otklik.sock";
    else
        inside_->parts = std::make_unique<Parts>(config, clock);
}

Door::~Door() = default;

bool Door::to_server() const {
    return !inside_->parts;
}

ClientResponse Door::request(std::string_view method, std::string_view target,
                             std::string_view body, const std::vector<Header>& headers) {
    std::vector<Header> all = headers;
    if (!body.empty()) all.push_back({"Content-Type", "application/json"});
    if (to_server()) return request_local(inside_->socket_path, method, target, all, body);
    Request request;
    request.method = method;
    split_target(target, request);
    request.headers = std::move(all);
    request.body = body;
    return inside_->dispatch(request);
}

ClientResponse Door::send_file(std::string_view target, const std::string& path,
                               const std::function<void(std::int64_t)>& progress) {
    if (to_server())
        return send_file_local(inside_->socket_path, target,
                               {{"Content-Type", "application/octet-stream"}}, path, progress);
    Request request;
    request.method = "POST";
    split_target(target, request);
    request.spooled = spool(inside_->parts->rooms().blobs, path);
    if (progress) progress(request.spooled->bytes);
    return inside_->dispatch(request);
}

}  // namespace otklik
