#include "paper/sheet.h"

#include <cmath>

#include "base/text.h"
#include "paper/sheet_inside.h"

namespace otklik {
namespace {

constexpr std::string_view zip_mark = "PK\x03\x04";
constexpr std::string_view empty_zip_mark = "PK\x05\x06";
constexpr std::string_view ole_mark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";  // [MS-CFB] 2.2
/// A workbook with a password is an OLE container with a stream of this name, in UTF-16.
constexpr std::string_view encrypted_stream{"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32};
constexpr std::string_view biff_marks[] = {{"\x09\x08", 2}, {"\x09\x04", 2}, {"\x09\x02", 2}};
constexpr std::size_t markup_looked_at = 1000;

bool is_biff(std::string_view bytes) {
    for (const std::string_view mark : biff_marks)
        if (bytes.starts_with(mark) && bytes.size() > 4 && bytes[3] == 0) return true;
    return false;
}

/// Reports of older systems are often a web page or an XML of 2003 under the name .xls.
bool is_markup(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const std::string text = lower_ascii(trim(bytes.substr(0, markup_looked_at)));
    return text.starts_with("<html") || text.starts_with("<!doctype") ||
           text.starts_with("<?xml") || text.starts_with("<table") || text.starts_with("<meta");
}

void refuse_foreign(std::string_view bytes) {
    if (bytes.empty()) throw Error(Fault::invalid, "sheet.empty");
    if (bytes.starts_with(ole_mark)) {
        const bool encrypted = bytes.find(encrypted_stream) != std::string_view::npos;
        throw Error(Fault::invalid, encrypted ? "sheet.encrypted" : "sheet.old_xls");
    }
    if (is_biff(bytes)) throw Error(Fault::invalid, "sheet.old_xls");
    if (is_markup(bytes)) throw Error(Fault::invalid, "sheet.markup");
}

}  // namespace

void SheetBuilder::require_row(std::size_t row) const {
    if (row >= limits_.rows_max) throw too_large("sheet.rows", limits_.rows_max - 1);
}

void SheetBuilder::put(std::size_t row, std::size_t column, std::string text) {
    require_row(row);
    if (text.empty()) return;
    if (column >= limits_.columns_max) throw too_large("sheet.columns", limits_.columns_max);
    if (text.size() > limits_.cell_bytes_max)
        throw Error(Fault::too_large, "sheet.cell",
                    {{"row", std::to_string(row + 1)},
                     {"max", std::to_string(limits_.cell_bytes_max / 2)}});
    text_bytes_ += text.size() + sizeof(std::string);
    if (text_bytes_ > limits_.text_bytes_max) throw too_large("sheet.text", limits_.text_bytes_max);
    if (sheet_.rows.size() <= row) sheet_.rows.resize(row + 1);
    SheetRow& cells = sheet_.rows[row];
    if (cells.size() <= column) {
        text_bytes_ += (column - cells.size()) * sizeof(std::string);
        cells.resize(column + 1);
    }
    cells[column] = std::move(text);
}

Sheet SheetBuilder::finish() && {
    while (!sheet_.rows.empty() && sheet_.rows.back().empty()) sheet_.rows.pop_back();
    return std::move(sheet_);
}

SheetFile read_sheet(std::string_view bytes, std::optional<std::size_t> chosen,
                     const SheetLimits& limits) {
    if (bytes.size() > limits.bytes_max)
        throw too_large("sheet.bytes", limits.bytes_max / (1 << 20));
    refuse_foreign(bytes);
    const bool zip = bytes.starts_with(zip_mark) || bytes.starts_with(empty_zip_mark);
    SheetFile file = zip ? read_xlsx_sheet(bytes, chosen, limits) : read_csv_sheet(bytes, limits);
    if (file.sheet.rows.empty()) throw Error(Fault::invalid, "sheet.empty");
    return file;
}

std::optional<std::int64_t> day_of_serial(double serial) {
    // Serial 25569 is 1970-01-01. The wrong 29 February of 1900 lies before all we take.
    const double day = std::floor(serial) - 25'569;
    if (!(day >= 10'957 && day < 47'847)) return std::nullopt;  // 2000-01-01 .. 2100-12-31
    return static_cast<std::int64_t>(day);
}

}  // namespace otklik
