#pragma once
// The door: a verb is a client of the same route table. If a server holds the data folder, the
// request goes over its local socket; if nobody does, the parts are built without a listener and
// the same request runs in process. Thread: one.
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/parts.h"
#include "web/http.h"

namespace otklik {

/// The person at the console, as the journal names it: "console:root".
std::string console_name();

class Door {
public:
    Door(const PartsConfig& config, const Clock& clock);
    ~Door();
    ClientResponse request(std::string_view method, std::string_view target,
                           std::string_view body = {}, const std::vector<Header>& headers = {});
    /// Streams a file as the body.
    ClientResponse send_file(std::string_view target, const std::string& path,
                             const std::function<void(std::int64_t)>& progress = {});
    bool to_server() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
