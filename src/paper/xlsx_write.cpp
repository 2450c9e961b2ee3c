// XLSX by libxlsxwriter in its constant memory: a row is on the disk when the next one begins.
#include <xlsxwriter.h>

#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "paper/list_table.h"

namespace otklik {
namespace {

constexpr std::size_t cell_letters_max = 32'767;  // of the format
constexpr std::size_t sheet_name_letters_max = 31;
constexpr double whole_exact_max = 9'007'199'254'740'992;  // 2^53: numbers of XLSX are doubles
constexpr double unix_epoch_serial = 25'569;
constexpr double day_us = 86'400e6;
constexpr double width_min = 9, width_max = 60;
constexpr lxw_row_t widths_looked_at = 200;  // rows whose texts make the columns' widths

bool is_shown(ListCell::Kind kind) {
    return kind != ListCell::Kind::id && kind != ListCell::Kind::json;
}

void must(lxw_error error) {
    if (error == LXW_NO_ERROR) return;
    const bool disk = error == LXW_ERROR_CREATING_TMPFILE || error == LXW_ERROR_READING_TMPFILE ||
                      error == LXW_ERROR_CREATING_XLSX_FILE ||
                      error == LXW_ERROR_ZIP_FILE_OPERATION || error == LXW_ERROR_ZIP_FILE_ADD ||
                      error == LXW_ERROR_ZIP_CLOSE;
    throw Error(disk ? Fault::full : Fault::internal, disk ? "disk.full" : "internal")
        .because(lxw_strerror(error));
}

class XlsxWriter : public ListWriter {
public:
    XlsxWriter(const std::string& path, const std::string& folder, XlsxStyle style)
        : style_(std::move(style)), folder_(folder) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = folder_.data();
        book_ = workbook_new_opt(path.c_str(), &options);
        if (!book_) throw Error(Fault::internal, "internal").because("workbook_new_opt");
        const std::string name(cut_characters(style_.sheet_name, sheet_name_letters_max));
        sheet_ = workbook_add_worksheet(book_, name.c_str());
        if (!sheet_) {
            workbook_close(book_);
            throw Error(Fault::internal, "internal").because("sheet name " + name);
        }
        head_ = workbook_add_format(book_);
        format_set_bold(head_);
        format_set_text_wrap(head_);
        format_set_align(head_, LXW_ALIGN_VERTICAL_TOP);
        format_set_bottom(head_, LXW_BORDER_THIN);
        format_set_bg_color(head_, 0xF1F3F5);
        text_ = formatted("@");
        whole_ = formatted("0");
        day_ = formatted(style_.russian ? "dd.mm.yyyy" : "yyyy-mm-dd");
        instant_ = formatted(style_.russian ? "dd.mm.yyyy hh:mm:ss" : "yyyy-mm-dd hh:mm:ss");
    }
    ~XlsxWriter() override {
        if (book_) workbook_close(book_);  // frees it; whoever did not finish wants no file
    }

    void on_columns(const std::vector<ListColumn>& columns) override {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].name == "zone") zone_column_ = i;
            if (!is_shown(columns[i].kind)) continue;
            const std::string title = style_.title(columns[i].name);
            shown_.push_back(i);
            widths_.push_back(width_min);
            widen(widths_.size() - 1, utf8_count(title) + 3);  // the filter's arrow
            must(worksheet_write_string(sheet_, 0, column_of(shown_.size() - 1), title.c_str(),
                                        head_));
        }
    }
    void on_row(const std::vector<ListCell>& cells) override {
        ++row_;
        const std::string& zone = zone_of(cells);
        for (std::size_t i = 0; i < shown_.size(); ++i) put(i, cells[shown_[i]], zone);
    }
    void on_note(std::string_view text) override {
        filter_rows();
        write_text(row_ + 2, 0, text);
    }
    void finish() override {
        filter_rows();
        for (std::size_t i = 0; i < widths_.size(); ++i)
            must(worksheet_set_column(sheet_, column_of(i), column_of(i), widths_[i], nullptr));
        worksheet_freeze_panes(sheet_, 1, 0);
        must(workbook_close(std::exchange(book_, nullptr)));
    }

private:
    static lxw_col_t column_of(std::size_t i) { return static_cast<lxw_col_t>(i); }
    /// Before anything is written below: rows that are on the disk cannot be named any more.
    void filter_rows() {
        if (shown_.empty() || std::exchange(filtered_, true)) return;
        must(worksheet_autofilter(sheet_, 0, 0, std::max<lxw_row_t>(row_, 1),
                                  column_of(shown_.size() - 1)));
    }
    lxw_format* formatted(const char* code) {
        lxw_format* format = workbook_add_format(book_);
        format_set_num_format(format, code);
        return format;
    }
    void widen(std::size_t i, std::size_t letters) {
        if (row_ <= widths_looked_at)
            widths_[i] =
                std::min(std::max(widths_[i], static_cast<double>(letters) + 1), width_max);
    }
    const std::string& zone_of(const std::vector<ListCell>& cells) {
        if (!zone_column_) return style_.zone;
        const std::string& own = cells[*zone_column_].text;
        auto found = zones_.find(own);
        if (found == zones_.end()) found = zones_.emplace(own, zone_is_known(own)).first;
        return found->second ? own : style_.zone;
    }
    void write_text(lxw_row_t row, lxw_col_t column, std::string_view text) {
        const std::string cut(cut_characters(text, cell_letters_max));
        must(worksheet_write_string(sheet_, row, column, cut.c_str(), text_));
    }
    void write_number(std::size_t i, double value, lxw_format* format) {
        must(worksheet_write_number(sheet_, row_, column_of(i), value, format));
    }
    void put(std::size_t i, const ListCell& cell, const std::string& zone) {
        using enum ListCell::Kind;
        if (cell.kind == number) write_number(i, cell.number, nullptr);
        if (cell.kind == whole) {
            const auto value = static_cast<double>(cell.whole);
            if (value > -whole_exact_max && value < whole_exact_max)
                write_number(i, value, whole_);
            else
                write_text(row_, column_of(i), std::to_string(cell.whole));
        }
        if (cell.kind == day) {
            write_number(i, unix_epoch_serial + static_cast<double>(cell.whole), day_);
            widen(i, 10);
        }
        if (cell.kind == instant) {
            const Instant local = cell.at + zone_offset(cell.at, zone);
            write_number(i, unix_epoch_serial + static_cast<double>(local.us) / day_us, instant_);
            widen(i, 19);
        }
        const bool named = cell.kind == choice || cell.kind == flag;
        if (cell.kind != text && cell.kind != wholes && !named) return;
        const std::string word = cell.kind != flag ? cell.text : cell.whole != 0 ? "true" : "false";
        const std::string words = named ? style_.word(word) : cell.text;
        write_text(row_, column_of(i), words);
        widen(i, utf8_count(words));
    }

    XlsxStyle style_;
    std::string folder_;
    lxw_workbook* book_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format *head_ = nullptr, *text_ = nullptr, *whole_ = nullptr, *day_ = nullptr,
               *instant_ = nullptr;
    std::vector<std::size_t> shown_;  // columns of the list by place in the sheet
    std::vector<double> widths_;
    std::optional<std::size_t> zone_column_;
    std::map<std::string, bool, std::less<>> zones_;
    lxw_row_t row_ = 0;
    bool filtered_ = false;
};

}  // namespace

std::unique_ptr<ListWriter> make_xlsx_writer(const std::string& path, const std::string& folder,
                                             XlsxStyle style) {
    return std::make_unique<XlsxWriter>(path, folder, std::move(style));
}

}  // namespace otklik
