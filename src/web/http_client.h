#pragma once
// The two halves of a small client over any stream: a request's head, and all that came back.
// Thread: any.
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace otklik {

/// For one request a connection. Throws Error{invalid, "http.field"}.
std::string client_request_head(std::string_view method, std::string_view target,
                                const std::vector<Header>& headers, std::int64_t body_bytes,
                                std::string_view host = "localhost");
/// All bytes that the server sent. Throws Error{unavailable, "server.bad_answer"}.
ClientResponse parse_client_answer(std::string_view bytes);

}  // namespace otklik
