#pragma once
// What the sources of the verbs share: reading the server's answers. Private to app. Thread: main.
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "app/commands.h"
#include "web/http.h"

namespace otklik {

/// The answer's JSON; a problem becomes an exception in the server's words.
boost::json::value checked(const ClientResponse& answer);
/// Empty when there is no such text.
std::string text_of(const boost::json::value& object, std::string_view key);
/// The answer with --json, else the line.
void print(const VerbOptions& options, const boost::json::value& answer, const std::string& line);

}  // namespace otklik
