// CSV by RFC 4180 as programs really write it: separators found by content, quotes within plain
// fields left alone, line breaks within quotes.
#include <algorithm>
#include <functional>
#include <map>

#include "base/text.h"
#include "paper/sheet_inside.h"

namespace otklik {
namespace {

constexpr std::string_view separators = ";\t,|";  // the likelier first
constexpr std::size_t records_looked_at = 50;
constexpr std::size_t columns_counted = 20;  // more do not make a separator likelier

/// Calls `field(row, column, text)`; stops when it gives false. Error{invalid, "sheet.quote"}.
void walk_fields(std::string_view text, char separator,
                 const std::function<bool(std::size_t, std::size_t, std::string)>& field) {
    const std::string ends{separator, '\r', '\n'};
    std::size_t row = 0, column = 0, at = 0;
    while (at < text.size()) {
        std::string cell;
        if (text[at] == '"') {
            const std::size_t began = row;
            for (++at;; ++at) {
                if (at >= text.size())
                    throw Error(Fault::invalid, "sheet.quote",
                                {{"row", std::to_string(began + 1)}});
                if (text[at] != '"') {
                    cell += text[at];
                } else if (at + 1 < text.size() && text[at + 1] == '"') {
                    cell += text[at++];
                } else {
                    ++at;
                    break;
                }
            }
        }
        // What follows a closing quote belongs to the field too, as Excel has it.
        const std::size_t stop = std::min(text.find_first_of(ends, at), text.size());
        cell += text.substr(at, stop - at);
        at = stop;
        if (!field(row, column, std::move(cell))) return;
        if (at >= text.size()) return;
        if (text[at] == separator) {
            ++column;
            ++at;
            continue;
        }
        at += text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
        ++row;
        column = 0;
    }
}

/// How well the separator cuts the first records: the part of them with the commonest number of
/// fields, times that number.
double fit_of(std::string_view text, char separator) {
    std::map<std::size_t, std::size_t> fields_of_row;
    try {
        walk_fields(text, separator, [&](std::size_t row, std::size_t column, std::string cell) {
            if (row >= records_looked_at) return false;
            if (column > 0 || !cell.empty()) fields_of_row[row] = column + 1;
            return true;
        });
    } catch (const Error&) {
        return 0;  // a quote that stands open with this separator may close with another
    }
    std::map<std::size_t, std::size_t> rows_of_count;
    for (const auto& [row, count] : fields_of_row) ++rows_of_count[count];
    double best = 0;
    for (const auto& [count, rows] : rows_of_count)
        if (count > 1) {
            const auto share =
                static_cast<double>(rows) / static_cast<double>(fields_of_row.size());
            best = std::max(best, share * static_cast<double>(std::min(count, columns_counted)));
        }
    return best;
}

char find_separator(std::string_view text) {
    char best = separators.front();
    double fit = 0;
    for (const char each : separators)
        if (const double now = fit_of(text, each); now > fit) {
            fit = now;
            best = each;
        }
    return best;
}

/// Excel's own first line "sep=;".
std::optional<char> stated_separator(std::string_view& text) {
    if (text.size() < 5 || !same_ascii(text.substr(0, 4), "sep=")) return std::nullopt;
    const auto end = text.find_first_of("\r\n");
    if (end != 5 || separators.find(text[4]) == std::string_view::npos) return std::nullopt;
    return text[4];
}

}  // namespace

SheetFile read_csv_sheet(std::string_view bytes, const SheetLimits& limits) {
    const DecodedText decoded = decode_text(bytes);
    std::string_view text = decoded.text;
    SheetFile file;
    file.encoding = decoded.encoding;
    file.sheet_names = {""};
    const auto stated = stated_separator(text);
    file.separator = stated.value_or(find_separator(text));
    SheetBuilder builder(limits);
    walk_fields(text, file.separator, [&](std::size_t row, std::size_t column, std::string cell) {
        builder.require_row(row);
        if (stated && row == 0)
            return true;  // the line stays empty, so that rows keep their number
        builder.put(row, column, std::string(trim(cell)));
        return true;
    });
    file.sheet = std::move(builder).finish();
    return file;
}

}  // namespace otklik
