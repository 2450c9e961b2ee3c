#include <algorithm>

#include "base/json_text.h"
#include "paper/list_table.h"

namespace otklik {
namespace {

/// Excel and its kin run a cell that begins so (OWASP, CSV injection).
bool is_dangerous(std::string_view cell) {
    return !cell.empty() &&
           std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos;
}

class CsvWriter : public ListWriter {
public:
    CsvWriter(CsvStyle style, TakeBytes take) : style_(style), take_(std::move(take)) {}
    void on_columns(const std::vector<ListColumn>& columns) override {
        for (const ListColumn& column : columns) append(column.name);
        end_line();
    }
    void on_row(const std::vector<ListCell>& cells) override {
        for (const ListCell& cell : cells) append(shown(cell));
        end_line();
    }
    void on_note(std::string_view text) override {
        line_ = '"' + std::string(text) + "\"\r\n";
        give();
    }
    void finish() override {}

private:
    std::string shown(const ListCell& cell) const {
        using enum ListCell::Kind;
        if (cell.kind == text || cell.kind == json)
            return is_dangerous(cell.text) ? "'" + cell.text : cell.text;
        if (cell.kind == id || cell.kind == choice || cell.kind == wholes) return cell.text;
        if (cell.kind == whole) return std::to_string(cell.whole);
        if (cell.kind == flag) return cell.whole != 0 ? "true" : "false";
        if (cell.kind == instant) return format_instant(cell.at);
        if (cell.kind == day) return format_day(cell.whole);
        if (cell.kind != number) return "";
        std::string digits;
        append_json_number(digits, cell.number);
        std::replace(digits.begin(), digits.end(), '.', style_.decimal);
        return digits == "null" ? "" : digits;
    }
    void append(std::string_view cell) {
        if (!first_) line_ += style_.separator;
        first_ = false;
        const bool plain = cell.find_first_of("\"\r\n") == std::string_view::npos &&
                           cell.find(style_.separator) == std::string_view::npos;
        if (plain) {
            line_ += cell;
            return;
        }
        line_ += '"';
        for (const char c : cell) {
            if (c == '"') line_ += '"';
            line_ += c;
        }
        line_ += '"';
    }
    void end_line() {
        line_ += "\r\n";
        give();
    }
    void give() {
        take_(line_);
        line_.clear();
        first_ = true;
    }

    CsvStyle style_;
    TakeBytes take_;
    std::string line_;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<ListWriter> make_csv_writer(CsvStyle style, TakeBytes take) {
    return std::make_unique<CsvWriter>(style, std::move(take));
}

}  // namespace otklik
