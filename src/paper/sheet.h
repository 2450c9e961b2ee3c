#pragma once
// Sheets: tables that people bring in, as CSV or XLSX. What a file is is found by its content:
// encoding (UTF-8, UTF-16, Windows-1251), separator, format. A cell is the text that a person sees
// in it: a number with a point for the decimals ("4.5"), a date as 2026-11-20, a date with a time
// as 2026-11-20T12:04:00, a formula by its stored value; every cell of a merged range has the text
// of the first. Row i of `rows` is row i + 1 of the person's program, so a bad one can be named.
// Nothing outside of the file is ever opened. Thread: any; pure functions.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

using SheetRow = std::vector<std::string>;

struct Sheet {
    std::string name;            // empty for CSV
    std::vector<SheetRow> rows;  // ragged; empty rows at the end are dropped
    /// Formulas that the file keeps no value of: their cells are empty.
    std::int64_t formulas_without_value = 0;
};

enum class SheetFormat { csv, xlsx };
struct SheetFile {
    SheetFormat format = SheetFormat::csv;
    std::string encoding;                  // "UTF-8", "windows-1251", …; empty for XLSX
    char separator = 0;                    // of CSV
    std::vector<std::string> sheet_names;  // all that can be chosen, as the workbook orders them
    std::size_t chosen = 0;
    Sheet sheet;
};

/// What one file may hold. A text file of a hundred thousand rows is some ten megabytes.
struct SheetLimits {
    std::size_t bytes_max = 20 << 20;
    std::size_t rows_max = 100'001;  // a header and a hundred thousand
    std::size_t columns_max = 200;
    std::size_t cell_bytes_max = 65'534;     // Excel's own limit of 32 767 letters, all Cyrillic
    std::size_t text_bytes_max = 64 << 20;   // of all cells together
    std::size_t parts_max = 2000;            // files within an XLSX
    std::size_t part_bytes_max = 128 << 20;  // of one of them, unpacked
    std::size_t sheets_max = 200;
};

/// Reads one sheet: the chosen one, else the first that is not hidden. Error{invalid, "sheet.…"}
/// says what the file is instead and how to save it; Error{too_large, "sheet.…"} which limit.
SheetFile read_sheet(std::string_view bytes, std::optional<std::size_t> chosen = std::nullopt,
                     const SheetLimits& limits = {});

/// Days since 1970-01-01 of a serial number of Excel's calendar (1900), nothing outside
/// 2000..2100.
std::optional<std::int64_t> day_of_serial(double serial);

}  // namespace otklik
