// Any list as CSV: the pages of its own route, one after another, so rights and filters are its.
#include <algorithm>

#include "base/json_text.h"
#include "base/messages.h"
#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/journal.h"
#include "web/api/once.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr const char* csv_page_rows = "200";                  // what every paged list gives at once
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // Excel takes UTF-8 only with it

void set_query(Request& request, const std::string& name, const std::string& value) {
    std::erase_if(request.query, [&](const auto& each) { return each.first == name; });
    request.query.emplace_back(name, value);
}

void journal_export(Call& call, std::size_t rows) {
    std::string detail = R"({"path":)";
    append_json_text(detail, call.request.path);
    detail += R"(,"rows":)" + std::to_string(rows) + "}";
    call.rooms.store.write([&](Tx& tx) {
        journal(call, tx, "list.exported", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value, detail);
    });
}

/// "/points/{id}/duty" gives points-id-duty.csv.
std::string file_name(std::string_view path) {
    std::string name;
    for (const char c : path.substr(1))
        if (c == '/')
            name += '-';
        else if (c != '{' && c != '}')
            name += c;
    return name + ".csv";
}

/// The language of the file: of this request when it says one, else of the account.
Language language_of_file(const Call& call) {
    return call.request.header("Accept-Language").empty() ? call.actor.language
                                                          : language_of(call.request);
}

}  // namespace

bool wants_csv(const Request& request, const Route& route) {
    if (route.method != "GET" || !route.output) return false;
    if (const auto format = request.query_value("format")) return *format == "csv";
    return request.header("Accept").starts_with("text/csv") && gives_csv(route);
}

Response list_as_csv(Call& call, const Route& route) {
    if (!gives_csv(route)) throw Error(Fault::invalid, "export.not_list").at("format");
    const Language language = language_of_file(call);
    const bool russian = language == Language::ru;
    CsvExport file{CsvTable({russian ? ';' : ',', russian ? ',' : '.'}), {}, false};
    call.csv = &file;
    // The audit journal goes on by `before`, all else by `after`.
    const std::string page = route.path == "/audit" ? "before" : "after";
    if (!call.request.query_value("limit")) set_query(call.request, "limit", csv_page_rows);
    do {
        if (file.next) set_query(call.request, page, *file.next);
        route.run(call);
    } while (file.next && file.table.rows() < CsvExport::rows_max);
    const std::size_t rows = file.table.rows();
    const bool cut = file.cut || file.next;
    journal_export(call, rows);
    const std::string limit = std::to_string(CsvExport::rows_max);
    std::string bytes = std::string(byte_order_mark) + std::move(file.table).finish();
    if (cut)
        bytes += "\"" +
                 call.rooms.messages.message(enum_word(language), "export.cut", {{"max", limit}}) +
                 "\"\r\n";
    Response response = Response::text(200, std::move(bytes), "text/csv; charset=utf-8");
    response.set("Content-Disposition", "attachment; filename=\"" + file_name(route.path) + "\"");
    response.set("X-Rows", std::to_string(rows));
    response.set("X-Rows-Limit", limit);
    if (cut) response.set("X-Rows-Cut", "true");
    return response;
}

}  // namespace otklik
