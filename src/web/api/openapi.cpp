#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json_text.h"
#include "web/api/once.h"
#include "web/api/router.h"

namespace otklik {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_text(out, text);
    return out;
}

/// "makePress" style ids are made of method and path: "post_presses_batch".
std::string operation_id(const Route& route) {
    std::string id;
    for (const char c : route.method) id += static_cast<char>(c | 0x20);
    for (const char c : route.path) {
        if (c == '/' || c == '-')
            id += '_';
        else if (c != '{' && c != '}')
            id += c;
    }
    return id;
}

/// What beside the path's ids a request may carry.
std::string extra_parameters(const Route& route) {
    if (takes_request_key(route))
        return R"({"in":"header","name":"Idempotency-Key","description":"the same request with )"
               R"(the same key is done once and answered the same for 24 hours","schema":)"
               R"({"type":"string","minLength":16,"maxLength":200}})";
    if (gives_file(route))
        return R"({"in":"query","name":"format","description":"csv, xlsx: all pages as one file, )"
               R"(at most 100 000 rows","schema":{"type":"string","enum":["csv","xlsx"]}})";
    return {};
}

std::string parameters_json(const Route& route) {
    const std::string_view path = route.path;
    std::string list;
    for (std::size_t at = path.find('{'); at != std::string_view::npos;
         at = path.find('{', at + 1)) {
        const auto end = path.find('}', at);
        const auto name = path.substr(at + 1, end - at - 1);
        if (!list.empty()) list += ",";
        list +=
            fmt::format(R"({{"in":"path","name":{},"required":true,"schema":{{"type":"string"}}}})",
                        quoted(name));
    }
    if (const std::string more = extra_parameters(route); !more.empty())
        list += (list.empty() ? "" : ",") + more;
    return "[" + list + "]";
}

std::string reference(std::string_view schema, bool with_files = false) {
    return fmt::format(
        R"({{"application/json":{{"schema":{{"$ref":"#/components/schemas/{}"}}}}{}}})", schema,
        with_files ? R"(,"text/csv":{"schema":{"type":"string"}})" : "");
}

std::string_view security_of(Right right) {
    if (right == Right::anyone) return "[]";
    if (right == Right::press) return R"([{"device":[]},{"session":[]}])";
    if (right == Right::hand_over) return R"([{"agent":[]},{"session":[]}])";
    return R"([{"session":[]}])";
}

std::string operation_json(const Route& route, SchemaBook& book) {
    std::string json =
        fmt::format(R"({{"operationId":{},"summary":{},"security":{},"parameters":{})",
                    quoted(operation_id(route)), quoted(route.about), security_of(route.right),
                    parameters_json(route));
    if (route.input)
        json += fmt::format(R"(,"requestBody":{{"required":true,"content":{}}})",
                            reference(route.input(book)));
    json += R"(,"responses":{)";
    if (route.output)
        json += fmt::format(R"("2XX":{{"description":"done","content":{}}})",
                            reference(route.output(book), gives_file(route)));
    else
        json += R"("2XX":{"description":"done"})";
    json += R"(,"default":{"description":"what happened, why, what to do","content":)"
            R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}}})";
    return json;
}

constexpr std::string_view problem_schema =
    R"("Problem":{"type":"object","required":["type","status","code","title","field","params"],)"
    R"("properties":{"type":{"type":"string"},"status":{"type":"integer"},)"
    R"("code":{"type":"string"},"title":{"type":"string"},)"
    R"("field":{"type":["string","null"]},)"
    R"("params":{"type":"object","additionalProperties":{"type":"string"}}}})";

}  // namespace

std::string openapi_json(std::span<const std::span<const Route>> tables, std::string_view version) {
    SchemaBook book;
    std::map<std::string, std::map<std::string, std::string>> paths;
    for (const auto& table : tables)
        for (const Route& route : table) {
            std::string method;
            for (const char c : route.method) method += static_cast<char>(c | 0x20);
            paths[std::string(route.path)][method] = operation_json(route, book);
        }
    std::string json =
        fmt::format(R"({{"openapi":"3.1.0","info":{{"title":"Otklik","version":{},)"
                    R"("license":{{"name":"Apache-2.0",)"
                    R"("identifier":"Apache-2.0"}}}},"servers":[{{"url":"/api/v1"}}],"paths":{{)",
                    quoted(version));
    bool first_path = true;
    for (const auto& [path, methods] : paths) {
        json += (first_path ? "" : ",") + quoted(path) + ":{";
        first_path = false;
        bool first = true;
        for (const auto& [method, operation] : methods) {
            json += (first ? "" : ",") + quoted(method) + ":" + operation;
            first = false;
        }
        json += "}";
    }
    std::string schemas = book.json();
    schemas.pop_back();  // the closing brace: our own schema joins
    schemas += schemas.size() > 1 ? "," : "";
    schemas += problem_schema;
    schemas += "}";
    json += R"(},"components":{"securitySchemes":{)"
            R"("session":{"type":"apiKey","in":"cookie","name":"otklik_session"},)"
            R"("device":{"type":"http","scheme":"bearer"}},"schemas":)" +
            schemas + "}}";
    return json;
}

}  // namespace otklik
