#pragma once
// The line: requests of an agent to its server, over http to this computer and https elsewhere. One
// request a connection, bounded in time. Trust: the system's authorities, or the one file that is
// given (the server's own authority, from its page /trust). Thread: any; a Line is constant.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace otklik {

class Line {
public:
    /// "https://host:port" or "http://host:port". Throws Error{invalid, "record.server"}.
    Line(std::string_view server, const std::string& authority_file);
    ~Line();
    /// Throws Error{unavailable, "server.away"} when there is no answer.
    ClientResponse send(std::string_view method, std::string_view target,
                        const std::vector<Header>& headers, std::string_view body) const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
