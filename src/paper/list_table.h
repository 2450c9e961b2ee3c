#pragma once
// Lists that people take away: the items of answers as rows of a table, by the same field lists
// that give the JSON. A writer makes CSV or XLSX of them, row by row, in constant memory. Nested
// objects are flattened with dots, lists are joined with "; ". Thread: belongs to one call.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"

namespace otklik {

struct ListCell {
    enum class Kind { empty, id, text, whole, wholes, number, flag, instant, day, choice, json };
    Kind kind = Kind::empty;
    std::string text;        // of id, text, wholes, choice and json
    double number = 0;       // of number
    std::int64_t whole = 0;  // of whole, day (since 1970) and flag
    Instant at;              // of instant
};
struct ListColumn {
    std::string name;  // "head.person_name"
    ListCell::Kind kind = ListCell::Kind::text;
};

class ListWriter {
public:
    virtual ~ListWriter() = default;
    virtual void on_columns(const std::vector<ListColumn>& columns) = 0;  // once, first
    virtual void on_row(const std::vector<ListCell>& cells) = 0;          // as many as the columns
    virtual void on_note(std::string_view text) = 0;  // a last line, for the reader
    virtual void finish() = 0;
};

class ListTable {
public:
    explicit ListTable(ListWriter& writer) : writer_(writer) {}
    void add(const VisitFields& visit);
    /// The rows of the answer's list "items", until the table holds `rows_max`; an empty list
    /// still gives the columns. Returns the answer's "next" when all of its rows were taken, and
    /// sets `cut` when some were not.
    std::optional<std::string> add_items(const VisitFields& answer, std::size_t rows_max,
                                         bool& cut);
    std::size_t rows() const { return rows_; }

private:
    void name_columns(const VisitFields& visit);

    ListWriter& writer_;
    std::vector<ListColumn> columns_;  // from the first row's field list, absent parts included
    std::size_t rows_ = 0;
};
/// Has the answer a list "items"?
bool has_items(const VisitFields& answer);

/// Takes the bytes of a file as they are made.
using TakeBytes = std::function<void(std::string_view)>;

/// CSV, RFC 4180, with a formula guard: text that begins with = + - @ TAB CR LF gets an apostrophe
/// (OWASP). Columns have their names, so that programs can read it.
struct CsvStyle {
    char separator = ';';
    char decimal = '.';  // of numbers that are not whole: Russian Excel reads only a comma
};
std::unique_ptr<ListWriter> make_csv_writer(CsvStyle style, TakeBytes take);

/// XLSX for people: titles, real dates and numbers, a frozen head with a filter. Text is of the
/// type text, so nothing of it is ever a formula. Ids, and lists of things, are left out.
struct XlsxStyle {
    std::string sheet_name;
    std::string zone;  // of instants, where a row has no field `zone` of its own
    bool russian = true;
    std::function<std::string(std::string_view name)> title;  // of a column
    std::function<std::string(std::string_view word)> word;   // of a choice; of "true" and "false"
};
/// Writes to `path`; parts of it lie in `folder` meanwhile. Error{full} when the disk is.
std::unique_ptr<ListWriter> make_xlsx_writer(const std::string& path, const std::string& folder,
                                             XlsxStyle style);

}  // namespace otklik
