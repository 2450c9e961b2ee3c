#include "paper/list_table.h"

#include <map>

namespace otklik {
namespace {

using Kind = ListCell::Kind;
using NamedCells = std::map<std::string, ListCell, std::less<>>;

ListCell text_cell(Kind kind, std::string text) {
    ListCell cell;
    cell.kind = text.empty() ? Kind::empty : kind;
    cell.text = std::move(text);
    return cell;
}

/// One row: column name to cell. Describing, it only names the columns, absent parts too.
class RowSink : public FieldSink {
public:
    RowSink(std::vector<ListColumn>* columns, NamedCells* cells, std::string prefix)
        : columns_(columns), cells_(cells), prefix_(std::move(prefix)) {}

protected:
    bool reading() const override { return false; }
    bool describing() const override { return columns_ != nullptr; }
    bool present(const FieldHead&) override { return true; }
    void on_null(const FieldHead&) override {}
    void on_id(const FieldHead& head, std::int64_t& v, std::string_view prefix) override {
        put(head, Kind::id, text_cell(Kind::id, v == 0 ? "" : id_word(prefix, v)));
    }
    void on_text(const FieldHead& head, std::string& v, const TextLimits&) override {
        put(head, Kind::text, text_cell(Kind::text, v));
    }
    void on_integer(const FieldHead& head, std::int64_t& v, const NumberLimits&) override {
        ListCell cell{.kind = Kind::whole};
        cell.whole = v;
        put(head, Kind::whole, std::move(cell));
    }
    void on_number(const FieldHead& head, double& v) override {
        ListCell cell{.kind = Kind::number};
        cell.number = v;
        put(head, Kind::number, std::move(cell));
    }
    void on_flag(const FieldHead& head, bool& v) override {
        ListCell cell{.kind = Kind::flag};
        cell.whole = v ? 1 : 0;
        put(head, Kind::flag, std::move(cell));
    }
    void on_instant(const FieldHead& head, Instant& v) override {
        ListCell cell{.kind = Kind::instant};
        cell.at = v;
        put(head, Kind::instant, std::move(cell));
    }
    void on_day(const FieldHead& head, std::int64_t& v) override {
        ListCell cell{.kind = Kind::day};
        cell.whole = v;
        put(head, Kind::day, std::move(cell));
    }
    void on_choice(const FieldHead& head, std::string& word,
                   const std::vector<std::string_view>&) override {
        put(head, Kind::choice, text_cell(Kind::choice, word));
    }
    void on_object(const FieldHead& head, std::string_view,
                   const std::function<void(FieldSink&)>& visit) override {
        RowSink inner(columns_, cells_, prefix_ + std::string(head.name) + ".");
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
        put(head, Kind::json, text_cell(Kind::json, std::move(joined)));
    }
    void on_texts(const FieldHead& head, std::vector<std::string>& v, std::size_t,
                  const TextLimits&) override {
        std::string joined;
        for (std::size_t i = 0; i < v.size(); ++i) joined += (i > 0 ? "; " : "") + v[i];
        put(head, Kind::text, text_cell(Kind::text, std::move(joined)));
    }
    void on_integers(const FieldHead& head, std::vector<std::int64_t>& v, std::size_t) override {
        std::string joined;
        for (std::size_t i = 0; i < v.size(); ++i)
            joined += (i > 0 ? "; " : "") + std::to_string(v[i]);
        put(head, Kind::wholes, text_cell(Kind::wholes, std::move(joined)));
    }
    void on_json(const FieldHead& head, std::string& v, std::size_t) override {
        put(head, Kind::json, text_cell(Kind::json, v));
    }

private:
    void put(const FieldHead& head, Kind kind, ListCell cell) {
        std::string name = prefix_ + std::string(head.name);
        if (columns_)
            columns_->push_back({std::move(name), kind});
        else
            cells_->insert_or_assign(std::move(name), std::move(cell));
    }

    std::vector<ListColumn>* columns_;
    NamedCells* cells_;
    std::string prefix_;
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

}  // namespace

void ListTable::name_columns(const VisitFields& visit) {
    if (!columns_.empty()) return;
    RowSink names(&columns_, nullptr, "");
    visit(names);
    writer_.on_columns(columns_);
}

void ListTable::add(const VisitFields& visit) {
    name_columns(visit);
    NamedCells cells;
    RowSink row(nullptr, &cells, "");
    visit(row);
    std::vector<ListCell> ordered(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (const auto at = cells.find(columns_[i].name); at != cells.end())
            ordered[i] = std::move(at->second);
    writer_.on_row(ordered);
    ++rows_;
}

std::optional<std::string> ListTable::add_items(const VisitFields& answer, std::size_t rows_max,
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

}  // namespace otklik
