#pragma once
// The file of an import as rows of fields: which column is which field, and what stands in a row.
// Private to imports; the words of headers come from the catalogue. Thread: values.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imports/imports.h"
#include "paper/sheet.h"

namespace otklik {

struct FieldDef {
    std::string_view name;
    bool required = false;
};
std::span<const FieldDef> fields_of(ImportKind kind);

/// Words of the catalogue by which headers and values are known, in all languages, folded.
class ImportWords {
public:
    explicit ImportWords(const Messages& messages) : messages_(messages) {}
    /// "import.field.<kind>.<field>": names apart by |, the first is the title.
    std::vector<std::string> names(std::string_view key) const;
    /// Whether the text is one of the names of the key.
    bool means(std::string_view key, std::string_view text) const;
    /// The first name in a language: what it is called here.
    std::string title(std::string_view language, std::string_view key) const;

private:
    const Messages& messages_;
};
/// Lower case, one space between words, no signs around them.
std::string plain_header(std::string_view text);

/// Header row and columns by the words in them; `sheet` stays.
ImportSettings guess_settings(ImportKind kind, const SheetFile& file, const ImportWords& words);

class ImportTable {
public:
    ImportTable(ImportKind kind, const SheetFile& file, const ImportSettings& settings);
    /// Rows below the header with anything in a matched column.
    std::size_t size() const { return rows_.size(); }
    std::int64_t row_number(std::size_t i) const;
    /// Empty where the field is not matched or the cell is.
    std::string_view value(std::size_t i, std::string_view field) const;
    bool has(std::string_view field) const { return columns_.contains(field); }
    std::string column_title(std::string_view field) const;
    std::vector<FileColumn> columns() const;
    std::vector<ImportField> fields() const;
    std::vector<RowFault> unmatched() const;
    RowFault fault(std::string_view field, std::string code, ErrorParams params = {}) const;
    SheetFormat format() const { return file_.format; }

private:
    ImportKind kind_;
    const SheetFile& file_;
    std::size_t header_;
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<std::size_t> rows_;
};

/// "20.11.2026", "2026-11-20", with a time behind it too; serial numbers of Excel in XLSX.
std::optional<std::int64_t> day_of_text(std::string_view text, SheetFormat format);
/// Seconds of the day: "9:05", "14:05:33", alone or behind a date ("20.11.2026 14:05",
/// "2026-11-20T14:05").
std::optional<int> seconds_of_text(std::string_view text);
/// "4,5", "4.5", "1 000"; at most six decimals. As num / den.
struct Decimal {
    std::int64_t num = 0;
    std::int64_t den = 1;
};
std::optional<Decimal> decimal_of_text(std::string_view text);

}  // namespace otklik
