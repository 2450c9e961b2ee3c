// XLSX (ECMA-376): workbook, its relations, styles, shared strings and one sheet. Everything else
// in the file (macros, pictures, links to other workbooks) is not looked at.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.h"
#include "paper/sheet_inside.h"
#include "paper/xlsx_styles.h"
#include "paper/xml_walk.h"
#include "paper/zip_parts.h"

namespace otklik {
namespace {

constexpr std::string_view worksheet_ending = "/worksheet";
constexpr std::size_t styles_max = 70'000;  // Excel's own limit is 65 490
constexpr std::size_t merges_max = 100'000;

template <class N>
std::optional<N> number_of(std::string_view text) {
    N value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void walk_part(const ZipParts& zip, const std::string& name, XmlReader& reader) {
    XmlWalk walk(reader);
    zip.read(name, [&](std::string_view piece) { walk.feed(piece); });
    walk.finish();
}

struct SheetPlace {
    std::string name, relation;
    bool hidden = false;
};

class WorkbookReader : public XmlReader {
public:
    explicit WorkbookReader(const SheetLimits& limits) : limits_(limits) {}
    void on_begin(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "workbookPr") {
            const auto value = attributes["date1904"];
            from_1904 = value == "1" || value == "true";
        }
        if (name != "sheet") return;
        if (sheets.size() >= limits_.sheets_max)
            throw too_large("sheet.sheets", limits_.sheets_max);
        const auto state = attributes["state"];
        sheets.push_back({std::string(cut_characters(attributes["name"], 100)),
                          std::string(attributes["id"]),
                          state == "hidden" || state == "veryHidden"});
    }
    void on_end(std::string_view) override {}
    void on_text(std::string_view) override {}

    std::vector<SheetPlace> sheets;
    bool from_1904 = false;

private:
    const SheetLimits& limits_;
};

/// Relation to part, of worksheets alone; one that points outside of the file is none.
class RelationReader : public XmlReader {
public:
    void on_begin(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "Relationship" || attributes["TargetMode"] == "External") return;
        if (!attributes["Type"].ends_with(worksheet_ending)) return;
        const std::string target(attributes["Target"]);
        parts[std::string(attributes["Id"])] =
            target.starts_with('/') ? target.substr(1) : "xl/" + target;
    }
    void on_end(std::string_view) override {}
    void on_text(std::string_view) override {}

    std::map<std::string, std::string> parts;
};

class StyleReader : public XmlReader {
public:
    void on_begin(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "cellXfs") within_ = true;
        if (name == "numFmt" && codes_.size() < styles_max)
            codes_[number_of<int>(attributes["numFmtId"]).value_or(0)] = attributes["formatCode"];
        if (name != "xf" || !within_ || looks.size() >= styles_max) return;
        const int id = number_of<int>(attributes["numFmtId"]).value_or(0);
        const auto code = codes_.find(id);
        looks.push_back(look_of_format(id, code == codes_.end() ? "" : code->second));
    }
    void on_end(std::string_view name) override {
        if (name == "cellXfs") within_ = false;
    }
    void on_text(std::string_view) override {}

    std::vector<NumberLook> looks;

private:
    std::map<int, std::string> codes_;
    bool within_ = false;
};

/// Text of <t>, but not that of <rPh> (how to read Japanese names).
class RichText {
public:
    void on_begin(std::string_view name) {
        if (name == "rPh") ++aside_;
        if (name == "t") within_ = true;
    }
    void on_end(std::string_view name) {
        if (name == "rPh" && aside_ > 0) --aside_;
        if (name == "t") within_ = false;
    }
    void on_text(std::string_view text, std::size_t bytes_max) {
        if (!within_ || aside_ > 0) return;
        if (text_.size() + text.size() > bytes_max) throw too_large("sheet.cell_any", bytes_max);
        text_ += text;
    }
    std::string take() { return std::exchange(text_, {}); }

private:
    std::string text_;
    int aside_ = 0;
    bool within_ = false;
};

class StringReader : public XmlReader {
public:
    explicit StringReader(const SheetLimits& limits) : limits_(limits) {}
    void on_begin(std::string_view name, const XmlAttributes&) override { rich_.on_begin(name); }
    void on_end(std::string_view name) override {
        rich_.on_end(name);
        if (name != "si") return;
        strings.push_back(rich_.take());
        bytes_ += strings.back().size() + sizeof(std::string);
        if (bytes_ > limits_.text_bytes_max) throw too_large("sheet.text", limits_.text_bytes_max);
    }
    void on_text(std::string_view text) override { rich_.on_text(text, limits_.cell_bytes_max); }

    std::vector<std::string> strings;

private:
    const SheetLimits& limits_;
    RichText rich_;
    std::size_t bytes_ = 0;
};

struct CellPlace {
    std::size_t row = 0, column = 0;
};
/// "C5" from 0; nothing when it is none.
std::optional<CellPlace> place_of_reference(std::string_view text) {
    std::size_t i = 0, column = 0;
    for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 4; ++i)
        column = column * 26 + static_cast<std::size_t>(text[i] - 'A' + 1);
    const auto row = number_of<std::size_t>(text.substr(i));
    if (column == 0 || !row || *row == 0) return std::nullopt;
    return CellPlace{*row - 1, column - 1};
}

class CellReader : public XmlReader {
public:
    CellReader(const SheetLimits& limits, const StringReader& strings, const StyleReader& styles,
               bool from_1904)
        : limits_(limits),
          strings_(strings),
          styles_(styles),
          from_1904_(from_1904),
          builder_(limits) {}

    void on_begin(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "row") begin_row(attributes);
        if (name == "c") begin_cell(attributes);
        if (name == "v") within_value_ = true;
        if (name == "f") has_formula_ = true;
        if (name == "is") inline_ = true;
        if (inline_) rich_.on_begin(name);
        if (name == "mergeCell") begin_merge(attributes["ref"]);
    }
    void on_end(std::string_view name) override {
        if (inline_) rich_.on_end(name);
        if (name == "v") within_value_ = false;
        if (name == "is") inline_ = false;
        if (name == "c") end_cell();
    }
    void on_text(std::string_view text) override {
        if (inline_) rich_.on_text(text, limits_.cell_bytes_max);
        if (!within_value_) return;
        if (value_.size() + text.size() > limits_.cell_bytes_max)
            throw too_large("sheet.cell_any", limits_.cell_bytes_max);
        value_ += text;
    }
    Sheet finish() && {
        Sheet sheet = std::move(builder_).finish();
        for (const auto& [from, to] : merges_) fill_down(sheet, from, to);
        return sheet;
    }

private:
    void begin_row(const XmlAttributes& attributes) {
        const auto stated = number_of<std::size_t>(attributes["r"]);
        row_ = stated && *stated > 0 ? *stated - 1 : next_row_;
        next_row_ = row_ + 1;
        next_column_ = 0;
    }
    void begin_cell(const XmlAttributes& attributes) {
        const auto place = place_of_reference(attributes["r"]);
        column_ = place ? place->column : next_column_;
        next_column_ = column_ + 1;
        type_ = attributes["t"];
        style_ = number_of<std::size_t>(attributes["s"]).value_or(0);
        has_formula_ = false;
        value_.clear();
        rich_ = {};
    }
    void end_cell() {
        std::string text = shown();
        if (has_formula_ && text.empty() && value_.empty() && type_ != "str")
            ++builder_.sheet().formulas_without_value;
        builder_.put(row_, column_, std::string(trim(text)));
    }
    std::string shown() {
        if (type_ == "inlineStr") return rich_.take();
        if (type_ == "s") {
            const auto index = number_of<std::size_t>(value_);
            return index && *index < strings_.strings.size() ? strings_.strings[*index] : "";
        }
        if (type_ == "str" || type_ == "e" || type_ == "d") return value_;
        if (type_ == "b") return value_;
        const auto number = number_of<double>(trim(value_));
        if (!number) return value_;
        return shown_number(*number,
                            style_ < styles_.looks.size() ? styles_.looks[style_] : NumberLook{},
                            from_1904_);
    }
    void begin_merge(std::string_view range) {
        const auto colon = range.find(':');
        if (colon == std::string_view::npos || merges_.size() >= merges_max) return;
        const auto from = place_of_reference(range.substr(0, colon));
        const auto to = place_of_reference(range.substr(colon + 1));
        if (from && to && from->row < to->row) merges_.emplace_back(*from, *to);
    }
    /// A section's name stands once beside its items: each of their rows gets it. Rows alone: a
    /// title over all columns is not a value of each of them.
    void fill_down(Sheet& sheet, CellPlace from, CellPlace to) const {
        if (from.row >= sheet.rows.size() || from.column >= sheet.rows[from.row].size()) return;
        const std::string text = sheet.rows[from.row][from.column];
        const std::size_t end = std::min(to.row + 1, sheet.rows.size());
        for (std::size_t row = from.row + 1; row < end && !text.empty(); ++row) {
            SheetRow& cells = sheet.rows[row];
            if (cells.empty()) continue;
            if (cells.size() <= from.column) cells.resize(from.column + 1);
            if (cells[from.column].empty()) cells[from.column] = text;
        }
    }

    const SheetLimits& limits_;
    const StringReader& strings_;
    const StyleReader& styles_;
    bool from_1904_;
    SheetBuilder builder_;
    RichText rich_;
    std::vector<std::pair<CellPlace, CellPlace>> merges_;
    std::string type_, value_;
    std::size_t row_ = 0, column_ = 0, next_row_ = 0, next_column_ = 0, style_ = 0;
    bool within_value_ = false, inline_ = false, has_formula_ = false;
};

void require_workbook(const ZipParts& zip) {
    if (zip.has("xl/workbook.xml")) return;
    if (zip.has("xl/workbook.bin")) throw Error(Fault::invalid, "sheet.xlsb");
    if (zip.has("content.xml")) throw Error(Fault::invalid, "sheet.ods");
    throw Error(Fault::invalid, "sheet.other_zip");
}

std::size_t choose(const std::vector<SheetPlace>& sheets, std::optional<std::size_t> chosen) {
    if (sheets.empty()) throw Error(Fault::invalid, "sheet.zip").because("no sheets");
    if (chosen && *chosen >= sheets.size()) throw Error(Fault::invalid, "sheet.none").at("sheet");
    if (chosen) return *chosen;
    for (std::size_t i = 0; i < sheets.size(); ++i)
        if (!sheets[i].hidden) return i;
    return 0;
}

}  // namespace

SheetFile read_xlsx_sheet(std::string_view bytes, std::optional<std::size_t> chosen,
                          const SheetLimits& limits) {
    const ZipParts zip(bytes, limits);
    require_workbook(zip);
    WorkbookReader workbook(limits);
    walk_part(zip, "xl/workbook.xml", workbook);
    RelationReader relations;
    walk_part(zip, "xl/_rels/workbook.xml.rels", relations);
    SheetFile file;
    file.format = SheetFormat::xlsx;
    file.chosen = choose(workbook.sheets, chosen);
    for (const SheetPlace& each : workbook.sheets) file.sheet_names.push_back(each.name);
    const auto part = relations.parts.find(workbook.sheets[file.chosen].relation);
    if (part == relations.parts.end()) throw Error(Fault::invalid, "sheet.chart").at("sheet");
    StyleReader styles;
    if (zip.has("xl/styles.xml")) walk_part(zip, "xl/styles.xml", styles);
    StringReader strings(limits);
    if (zip.has("xl/sharedStrings.xml")) walk_part(zip, "xl/sharedStrings.xml", strings);
    CellReader cells(limits, strings, styles, workbook.from_1904);
    walk_part(zip, part->second, cells);
    file.sheet = std::move(cells).finish();
    file.sheet.name = file.sheet_names[file.chosen];
    return file;
}

}  // namespace otklik
