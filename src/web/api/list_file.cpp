// Any list as CSV or XLSX: the pages of its own route, one after another, so rights and filters
// are its. The file grows on the disk and is gone when it was sent.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/json_text.h"
#include "base/messages.h"
#include "media/media_file.h"
#include "sites/sites.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/auth.h"
#include "web/api/journal.h"
#include "web/api/once.h"
#include "web/api/rooms.h"

namespace otklik {
namespace {

constexpr const char* file_page_rows = "200";                 // what every paged list gives at once
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // Excel takes UTF-8 only with it
constexpr std::size_t flush_bytes = 256 << 10;
constexpr std::string_view xlsx_type =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

void set_query(Request& request, const std::string& name, const std::string& value) {
    std::erase_if(request.query, [&](const auto& each) { return each.first == name; });
    request.query.emplace_back(name, value);
}

void journal_export(Call& call, ListFormat format, std::size_t rows) {
    std::string detail = R"({"path":)";
    append_json_text(detail, call.request.path);
    detail += R"(,"format":")" + std::string(enum_word(format)) + R"(","rows":)" +
              std::to_string(rows) + "}";
    call.rooms.store.write([&](Tx& tx) {
        journal(call, tx, "list.exported", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value, detail);
    });
}

/// "/points/{id}/duty" gives points-id-duty.
std::string plain_name(std::string_view path) {
    std::string name;
    for (const char c : path.substr(1))
        if (c == '/')
            name += '-';
        else if (c != '{' && c != '}')
            name += c;
    return name;
}

/// The language of the file: of this request when it says one, else of the account.
Language language_of_file(const Call& call) {
    return call.request.header("Accept-Language").empty() ? call.actor.language
                                                          : language_of(call.request);
}

/// Whom nobody else has: unlinked when the call ends, come what may.
struct Draft {
    std::string path;
    ~Draft() { ::unlink(path.c_str()); }
};

/// Bytes into a file, some hundred kilobytes at once.
class FileFiller {
public:
    explicit FileFiller(const std::string& path)
        : fd_(open_file(path, O_WRONLY | O_CREAT | O_EXCL)) {}
    void take(std::string_view bytes) {
        waiting_ += bytes;
        if (waiting_.size() >= flush_bytes) flush();
    }
    void flush() {
        write_all(fd_.get(), waiting_);
        waiting_.clear();
    }

private:
    Fd fd_;
    std::string waiting_;
};

/// The words of the catalogue for columns and choices; what it does not know stays as it is.
class FileWords {
public:
    FileWords(const Messages& messages, Language language)
        : messages_(messages), language_(enum_word(language)) {}
    std::string title(std::string_view name) const {
        const auto dot = name.rfind('.');
        if (const auto whole = find("export.column.", name)) return *whole;
        const auto last = dot == std::string_view::npos ? name : name.substr(dot + 1);
        if (const auto part = find("export.column.", last)) return *part;
        std::string words(name);
        std::replace(words.begin(), words.end(), '_', ' ');
        return words;
    }
    std::string word(std::string_view word) const {
        return find("export.word.", word).value_or(std::string(word));
    }
    std::string cut() const {
        return messages_.message(language_, "export.cut",
                                 {{"max", std::to_string(ListExport::rows_max)}});
    }

private:
    std::optional<std::string> find(std::string_view prefix, std::string_view name) const {
        const std::string key = std::string(prefix) + std::string(name);
        if (!messages_.has(language_, key)) return std::nullopt;
        return messages_.message(language_, key);
    }

    const Messages& messages_;
    std::string_view language_;
};

std::string zone_of_reader(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const auto sites = call.rooms.sites.sites(call.scope, tx);
        return sites.empty() ? std::string("UTC") : sites.front().zone;
    });
}

/// Fills the table; true when the list holds more.
bool walk_pages(Call& call, const Route& route, ListExport& file) {
    call.file = &file;
    // The audit journal goes on by `before`, all else by `after`.
    const std::string page = route.path == "/audit" ? "before" : "after";
    if (!call.request.query_value("limit")) set_query(call.request, "limit", file_page_rows);
    do {
        if (file.next) set_query(call.request, page, *file.next);
        route.run(call);
    } while (file.next && file.table.rows() < ListExport::rows_max);
    call.file = nullptr;
    return file.cut || file.next;
}

}  // namespace

std::optional<ListFormat> wanted_file(const Request& request, const Route& route) {
    if (route.method != "GET" || !route.output) return std::nullopt;
    if (const auto format = request.query_value("format")) return parse_enum<ListFormat>(*format);
    if (request.header("Accept").starts_with("text/csv") && gives_file(route))
        return ListFormat::csv;
    return std::nullopt;
}

Response list_as_file(Call& call, const Route& route, ListFormat format) {
    if (!gives_file(route)) throw Error(Fault::invalid, "export.not_list").at("format");
    const Language language = language_of_file(call);
    const bool russian = language == Language::ru, xlsx = format == ListFormat::xlsx;
    const FileWords words(call.rooms.messages, language);
    const Draft draft{call.rooms.blobs.draft_path()};
    std::optional<FileFiller> filler;
    std::unique_ptr<ListWriter> writer;
    if (xlsx) {
        writer = make_xlsx_writer(draft.path, call.rooms.blobs.folder() + "/tmp",
                                  {plain_name(route.path), zone_of_reader(call), russian,
                                   [&](std::string_view name) { return words.title(name); },
                                   [&](std::string_view word) { return words.word(word); }});
    } else {
        filler.emplace(draft.path);
        filler->take(byte_order_mark);
        writer = make_csv_writer({russian ? ';' : ',', russian ? ',' : '.'},
                                 [&](std::string_view bytes) { filler->take(bytes); });
    }
    ListExport file{ListTable(*writer), {}, false};
    const bool cut = walk_pages(call, route, file);
    if (cut) writer->on_note(words.cut());
    writer->finish();
    if (filler) filler->flush();
    const std::size_t rows = file.table.rows();
    journal_export(call, format, rows);
    auto sent = std::make_shared<DiskMediaFile>(draft.path);
    Response response = Response::text(200, "", xlsx ? xlsx_type : "text/csv; charset=utf-8");
    response.file = FileBody{sent, 0, sent->size()};
    response.set("Content-Disposition", "attachment; filename=\"" + plain_name(route.path) + "." +
                                            std::string(enum_word(format)) + "\"");
    response.set("X-Rows", std::to_string(rows));
    response.set("X-Rows-Limit", std::to_string(ListExport::rows_max));
    if (cut) response.set("X-Rows-Cut", "true");
    return response;
}

}  // namespace otklik
