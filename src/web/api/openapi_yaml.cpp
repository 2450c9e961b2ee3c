#include <boost/json.hpp>

#include "web/api/router.h"

namespace otklik {
namespace {

namespace json = boost::json;

/// Block style for objects and lists, every text as a JSON string: valid YAML 1.2 and stable for
/// diffs.
void append_yaml(std::string& out, const json::value& value, std::size_t indent) {
    const std::string space(indent, ' ');
    if (const auto* object = value.if_object(); object && !object->empty()) {
        for (const auto& [key, each] : *object) {
            out += "\n" + space + json::serialize(json::value(key)) + ":";
            append_yaml(out, each, indent + 2);
        }
    } else if (const auto* list = value.if_array(); list && !list->empty()) {
        for (const json::value& each : *list) {
            out += "\n" + space + "-";
            append_yaml(out, each, indent + 2);
        }
    } else {
        out += " " + json::serialize(value);
    }
}

}  // namespace

std::string openapi_yaml(std::span<const std::span<const Route>> tables, std::string_view version) {
    const json::value document = json::parse(openapi_json(tables, version));
    std::string out = "# Written by `otklik openapi`; the tests fail when it is stale.";
    append_yaml(out, document, 0);
    return out + "\n";
}

}  // namespace otklik
