#include <algorithm>
#include <map>

#include "base/fields.h"
#include "base/json_text.h"

namespace otklik {
namespace {

/// Excel and its kin run a cell that begins so (OWASP, CSV injection).
bool is_dangerous(std::string_view cell) {
    return !cell.empty() &&
           std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
}

std::string guarded(std::string_view text) {
    return is_dangerous(text) ? "'" + std::string(text) : std::string(text);
}

void append_cell(std::string& out, std::string_view cell, char separator) {
    const bool plain = cell.find_first_of("\"\r\n") == std::string_view::npos &&
                       cell.find(separator) == std::string_view::npos;
    if (plain) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

using Cells = std::map<std::string, std::string, std::less<>>;

/// One row: column name to cell. Describing, it only names the columns, absent parts too.
class RowSink : public FieldSink {
public:
    RowSink(std::vector<std::string>* columns, Cells* cells, std::string prefix, char decimal)
        : columns_(columns), cells_(cells), prefix_(std::move(prefix)), decimal_(decimal) {}

protected:
    bool reading() const override { return false; }
    bool describing() const override { return columns_ != nullptr; }
    bool present(const FieldHead&) override { return true; }
    void on_null(const FieldHead&) override {}
    void on_id(const FieldHead& head, std::int64_t& v, std::string_view prefix) override {
        put(head, v == 0 ? "" : id_word(prefix, v));
    }
    void on_text(const FieldHead& head, std::string& v, const TextLimits&) override {
        put(head, guarded(v));
    }
    void on_integer(const FieldHead& head, std::int64_t& v, const NumberLimits&) override {
        put(head, std::to_string(v));
    }
    void on_number(const FieldHead& head, double& v) override {
        std::string text;
        append_json_number(text, v);
        std::replace(text.begin(), text.end(), '.', decimal_);
        put(head, text == "null" ? "" : text);
    }
    void on_flag(const FieldHead& head, bool& v) override { put(head, v ? "true" : "false"); }
    void on_instant(const FieldHead& head, Instant& v) override { put(head, format_instant(v)); }
    void on_day(const FieldHead& head, std::int64_t& v) override { put(head, format_day(v)); }
    void on_choice(const FieldHead& head, std::string& word,
                   const std::vector<std::string_view>&) override {
        put(head, word);
    }
    void on_object(const FieldHead& head, std::string_view,
                   const std::function<void(FieldSink&)>& visit) override {
        RowSink inner(columns_, cells_, prefix_ + std::string(head.name) + ".", decimal_);
        visit(inner);
    }
    void on_list(const FieldHead& head, std::string_view, std::size_t count, std::size_t,
                 const std::function<void(std::size_t)>&,
                 const std::function<void(std::size_t, FieldSink&)>& each) override {
        std::string joined;
        for (std::size_t i = 0; i < count && !describing(); ++i) {
            if (i > 0) joined += "; ";
            joined += write_json([&](FieldSink& f) { each(i, f); });
        }
        put(head, joined);
    }
    void on_texts(const FieldHead& head, std::vector<std::string>& v, std::size_t,
                  const TextLimits&) override {
        std::string joined;
        for (std::size_t i = 0; i < v.size(); ++i) joined += (i > 0 ? "; " : "") + v[i];
        put(head, guarded(joined));
    }
    void on_integers(const FieldHead& head, std::vector<std::int64_t>& v, std::size_t) override {
        std::string joined;
        for (std::size_t i = 0; i < v.size(); ++i)
            joined += (i > 0 ? "; " : "") + std::to_string(v[i]);
        put(head, joined);
    }
    void on_json(const FieldHead& head, std::string& v, std::size_t) override {
        put(head, guarded(v));
    }

private:
    void put(const FieldHead& head, std::string cell) {
        std::string name = prefix_ + std::string(head.name);
        if (columns_)
            columns_->push_back(std::move(name));
        else
            cells_->insert_or_assign(std::move(name), std::move(cell));
    }

    std::vector<std::string>* columns_;
    Cells* cells_;
    std::string prefix_;
    char decimal_;
};

/// Passes by everything but the list "items" and the key "next" of an answer.
class ItemsSink : public FieldSink {
public:
    std::function<void(std::size_t count, const std::function<void(std::size_t, FieldSink&)>&)>
        on_items;
    std::optional<std::string> next;
    bool found = false;

protected:
    bool reading() const override { return false; }
    bool present(const FieldHead&) override { return true; }
    void on_null(const FieldHead&) override {}
    void on_id(const FieldHead& head, std::int64_t& v, std::string_view prefix) override {
        if (head.name == "next" && v != 0) next = id_word(prefix, v);
    }
    void on_text(const FieldHead& head, std::string& v, const TextLimits&) override {
        if (head.name == "next") next = v;
    }
    void on_integer(const FieldHead&, std::int64_t&, const NumberLimits&) override {}
    void on_number(const FieldHead&, double&) override {}
    void on_flag(const FieldHead&, bool&) override {}
    void on_instant(const FieldHead&, Instant&) override {}
    void on_day(const FieldHead&, std::int64_t&) override {}
    void on_choice(const FieldHead&, std::string&, const std::vector<std::string_view>&) override {}
    void on_object(const FieldHead&, std::string_view,
                   const std::function<void(FieldSink&)>&) override {}
    void on_list(const FieldHead& head, std::string_view, std::size_t count, std::size_t,
                 const std::function<void(std::size_t)>&,
                 const std::function<void(std::size_t, FieldSink&)>& each) override {
        if (head.name != "items") return;
        found = true;
        if (on_items) on_items(count, each);
    }
    void on_texts(const FieldHead&, std::vector<std::string>&, std::size_t,
                  const TextLimits&) override {}
    void on_integers(const FieldHead&, std::vector<std::int64_t>&, std::size_t) override {}
    void on_json(const FieldHead&, std::string&, std::size_t) override {}
};

template <class CellOf>
void append_line(std::string& out, const std::vector<std::string>& columns, char separator,
                 CellOf&& cell_of) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out += separator;
        append_cell(out, cell_of(columns[i]), separator);
    }
    out += "\r\n";
}

}  // namespace

void CsvTable::name_columns(const VisitFields& visit) {
    if (!columns_.empty()) return;
    RowSink names(&columns_, nullptr, "", style_.decimal);
    visit(names);
    append_line(bytes_, columns_, style_.separator,
                [](const std::string& name) -> std::string_view { return name; });
}

void CsvTable::add(const VisitFields& visit) {
    name_columns(visit);
    Cells cells;
    RowSink row(nullptr, &cells, "", style_.decimal);
    visit(row);
    append_line(bytes_, columns_, style_.separator,
                [&](const std::string& name) -> std::string_view {
                    const auto at = cells.find(name);
                    return at == cells.end() ? std::string_view() : std::string_view(at->second);
                });
    ++rows_;
}

std::optional<std::string> CsvTable::add_items(const VisitFields& answer, std::size_t rows_max,
                                               bool& cut) {
    ItemsSink sink;
    sink.on_items = [&](std::size_t count, const auto& each) {
        if (count == 0) name_columns([&](FieldSink& f) { each(0, f); });
        std::size_t i = 0;
        for (; i < count && rows_ < rows_max; ++i) add([&](FieldSink& f) { each(i, f); });
        cut = i < count;
    };
    answer(sink);
    return cut ? std::nullopt : sink.next;
}

bool has_items(const VisitFields& answer) {
    ItemsSink sink;
    answer(sink);
    return sink.found;
}

std::string CsvTable::finish() && {
    return std::move(bytes_);
}

}  // namespace otklik
