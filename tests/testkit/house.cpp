#include "testkit/house.h"

#include <cstdlib>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/blobs.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

std::string built(const char* variable, const std::string& name) {
    const char* stated = std::getenv(variable);
    return stated && *stated ? stated : program_folder() + "/../src/" + name;
}

PartsConfig config_of(const TestStore& store) {
    PartsConfig config;
    config.data_folder = store.folder() + "/data";
    config.keys_folder = store.folder() + "/keys";
    config.database_url = store.url();
    config.decoder_path = decoder_path();
    config.import_complexity = 0;  // packing is most of what an import costs
    config.reserve_bytes = 1 << 20;
    return config;
}

void split(const std::string& target, Request& request) {
    const auto mark = target.find('?');
    request.path = percent_decode(target.substr(0, mark), false).value_or("");
    std::string_view rest =
        mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        request.query.emplace_back(percent_decode(pair.substr(0, equals), true).value_or(""),
                                   percent_decode(value, true).value_or(""));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
}

SpooledBody spool(Blobs& blobs, const std::string& body) {
    SpooledBody spooled;
    spooled.path = blobs.draft_path();
    write_file_durably(spooled.path, body);
    spooled.bytes = static_cast<std::int64_t>(body.size());
    spooled.sha256 = sha256(body);
    return spooled;
}

}  // namespace

std::string decoder_path() {
    return built("OTKLIK_DECODE", "otklik-decode");
}
std::string program_path() {
    return built("OTKLIK_BIN", "otklik");
}

House::House(TestDatabase database, Instant now)
    : clock(now),
      store_(database, clock),
      parts_(std::make_unique<Parts>(config_of(store_), clock)) {
    hash_cheaply();
}

House::~House() = default;

ClientResponse House::send(std::string_view method, const std::string& target,
                           const std::vector<Header>& headers, const std::string& body) {
    Request request;
    request.method = method;
    split(target, request);
    request.headers = headers;
    request.peer = "127.0.0.1";
    Dispatcher& dispatcher = parts_->dispatcher();
    Response response;
    try {
        const BodyRule rule = dispatcher.before_body(request);
        if (rule.spool)
            request.spooled = spool(parts_->rooms().blobs, body);
        else
            request.body = body;
        response = dispatcher.handle(request);
    } catch (const Error& error) {
        response = dispatcher.problem(error, &request);
    }
    ClientResponse answer{response.status, response.headers, response.body};
    if (response.file) {
        answer.body.resize(static_cast<std::size_t>(response.file->bytes));
        response.file->file->read(response.file->offset, answer.body);
    }
    return answer;
}

void House::settle() {
    parts_->settle();
}
std::string House::setup_code() const {
    return parts_->rooms().setup_code;
}
Rooms& House::rooms() {
    return parts_->rooms();
}

}  // namespace otklik::testkit
