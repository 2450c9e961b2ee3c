#include <gtest/gtest.h>

#include "base/error.h"
#include "paper/sheet.h"
#include "paper/sheet_testkit_inside.h"
#include "paper/xlsx_styles.h"

namespace otklik {
namespace {

using Rows = std::vector<SheetRow>;
using testkit::HandBook;

std::string code_of(const std::string& bytes, std::optional<std::size_t> sheet = {},
                    const SheetLimits& limits = {}) {
    try {
        read_sheet(bytes, sheet, limits);
    } catch (const Error& error) {
        return error.code();
    }
    return "read";
}

/// One sheet with these rows.
HandBook book_of(const std::string& rows) {
    return {.sheets = {{"One", "<sheetData>" + rows + "</sheetData>"}}};
}

TEST(SheetXlsx, every_way_to_write_a_cell_is_read) {
    HandBook book = book_of(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><v>4.5</v></c><c r=\"B3\"><v>1E+3</v></c>"
        "<c r=\"C3\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c>"
        "<c t=\"str\"><f>A1&amp;\"x\"</f><v>cached</v></c>"
        "<c r=\"E3\"><f>A3*2</f><v>9</v></c><c r=\"F3\"><f>A3*2</f></c>"
        "<c r=\"G3\" t=\"b\"><v>1</v></c><c r=\"H3\" t=\"e\"><v>#N/A</v></c>"
        "<c r=\"I3\"><v>0.1</v></c><c r=\"J3\" t=\"s\"><v>9</v></c></row>");
    book.shared =
        "<si><t> head </t></si><si><r><t>ri</t></r><r><t>ch</t></r>"
        "<rPh><t>aside</t></rPh></si>";
    const SheetFile file = read_sheet(book.bytes());
    const Rows wanted = {
        {"head", "", "rich"}, {}, {"4.5", "1000", "inline", "cached", "9", "", "1", "#N/A", "0.1"}};
    EXPECT_EQ(file.sheet.rows, wanted);
    EXPECT_EQ(file.sheet.formulas_without_value, 1);
    EXPECT_EQ(file.format, SheetFormat::xlsx);
}

TEST(SheetXlsx, numbers_are_read_as_they_are_shown) {
    const auto shown = [](double value, int id, const char* code, bool from_1904 = false) {
        return shown_number(value, look_of_format(id, code), from_1904);
    };
    EXPECT_EQ(shown(46'346, 14, ""), "2026-11-20");
    EXPECT_EQ(shown(46'346.5, 22, ""), "2026-11-20T12:00:00");
    EXPECT_EQ(shown(46'346, 164, "dd.mm.yyyy"), "2026-11-20");
    EXPECT_EQ(shown(46'346, 164, "[$-419]d mmmm yyyy;@"), "2026-11-20");
    EXPECT_EQ(shown(46'346.999999, 164, "yyyy-mm-dd hh:mm"), "2026-11-21") << "a second short";
    EXPECT_EQ(shown(46'346 - 1462, 14, "", true), "2026-11-20") << "a workbook of a Macintosh";
    EXPECT_EQ(shown(0.75, 20, ""), "18:00:00");
    EXPECT_EQ(shown(1.5, 46, "[h]:mm:ss"), "1.5") << "a length, no moment";
    EXPECT_EQ(shown(123, 164, "00000"), "00123") << "a personnel number";
    EXPECT_EQ(shown(0.855, 9, ""), "85.5%");
    EXPECT_EQ(shown(5, 164, "0.00\"d\""), "5") << "quoted words are no date";
    EXPECT_EQ(shown(5, 164, "[Red]0"), "5") << "nor is a colour";
    EXPECT_EQ(shown(5, 164, "#,##0"), "5");
    EXPECT_EQ(shown(5, 14, ""), "5") << "a date long ago is a number in a wrong cell";
    EXPECT_EQ(shown(1e20, 0, ""), "1e+20");
}

TEST(SheetXlsx, a_merged_name_stands_in_each_of_its_rows) {
    HandBook book = book_of("");
    book.sheets[0].second =
        "<sheetData>"
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>S</v></c><c r=\"B1\" t=\"str\"><v>a</v></c></row>"
        "<row r=\"2\"><c r=\"B2\" t=\"str\"><v>b</v></c></row>"
        "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>c</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B3:D3\"/>"
        "<mergeCell ref=\"C1:C1048576\"/></mergeCells>";
    const Rows wanted = {{"S", "a"}, {"S", "b"}, {"", "c"}};
    EXPECT_EQ(read_sheet(book.bytes()).sheet.rows, wanted);
}

TEST(SheetXlsx, a_sheet_can_be_chosen) {
    HandBook book{
        .sheets = {{"One", "<sheetData><row><c t=\"str\"><v>1</v></c></row></sheetData>"},
                   {"Two", "<sheetData><row><c t=\"str\"><v>2</v></c></row></sheetData>"}}};
    EXPECT_EQ(read_sheet(book.bytes()).sheet.rows[0][0], "1");
    const SheetFile second = read_sheet(book.bytes(), 1);
    EXPECT_EQ(second.sheet.rows[0][0], "2");
    EXPECT_EQ(second.sheet.name, "Two");
    EXPECT_EQ(second.sheet_names, (std::vector<std::string>{"One", "Two"}));
    EXPECT_EQ(code_of(book.bytes(), 2), "sheet.none");
}

TEST(SheetXlsx, what_means_harm_is_refused) {
    const HandBook plain = book_of("<row><c t=\"str\"><v>1</v></c></row>");
    EXPECT_EQ(code_of(plain.bytes()), "read");
    const auto with = [&](const std::string& part, const std::string& bytes) {
        HandBook book = plain;
        book.more[part] = bytes;
        return code_of(book.bytes());
    };
    EXPECT_EQ(with("../../etc/passwd", "x"), "sheet.zip_name");
    EXPECT_EQ(with("/etc/passwd", "x"), "sheet.zip_name");
    EXPECT_EQ(with("C:\\x", "x"), "sheet.zip_name");
    EXPECT_EQ(code_of(testkit::make_zip({{"xl/workbook.xml", "x", true}})), "sheet.encrypted");
    // A billion laughs, and a file of ours from outside.
    EXPECT_EQ(with("xl/sharedStrings.xml",
                   "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><sst>&b;</sst>"),
              "sheet.doctype");
    EXPECT_EQ(with("xl/sharedStrings.xml", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><sst></sst>"),
              "sheet.doctype");
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    EXPECT_EQ(with("xl/styles.xml", deep), "sheet.xml");
    EXPECT_EQ(with("xl/styles.xml", "<a " + std::string(3 << 20, 'x')), "sheet.xml");
    EXPECT_EQ(with("xl/styles.xml", "not xml"), "sheet.xml");
}

TEST(SheetXlsx, a_bomb_is_counted_while_it_unpacks) {
    HandBook book =
        book_of("<row>" + std::string(3 << 20, ' ') + "<c t=\"str\"><v>1</v></c></row>");
    const std::string bytes = book.bytes();
    EXPECT_LT(bytes.size(), 20'000U) << "it is packed well";
    SheetLimits bounded;
    bounded.part_bytes_max = 1 << 20;
    EXPECT_EQ(code_of(bytes, {}, bounded), "sheet.unpacked");
    HandBook many = book_of("<row><c t=\"str\"><v>1</v></c></row>");
    for (int i = 0; i < 30; ++i) many.more["xl/media/" + std::to_string(i)] = "x";
    bounded.parts_max = 20;
    EXPECT_EQ(code_of(many.bytes(), {}, bounded), "sheet.parts");
    // One string used a million times: what is read is counted, not what is stored.
    std::string rows = "<row>";
    for (int i = 0; i < 100; ++i) rows += "<c t=\"s\"><v>0</v></c>";
    HandBook shared = book_of(rows + "</row>");
    shared.shared = "<si><t>" + std::string(10'000, 'x') + "</t></si>";
    SheetLimits texts;
    texts.text_bytes_max = 100'000;
    EXPECT_EQ(code_of(shared.bytes(), {}, texts), "sheet.text");
}

TEST(SheetXlsx, neighbours_of_xlsx_are_told_from_it) {
    using testkit::make_zip;
    EXPECT_EQ(code_of(make_zip({{"content.xml", "x"}, {"mimetype", "x"}})), "sheet.ods");
    EXPECT_EQ(code_of(make_zip({{"xl/workbook.bin", "x"}})), "sheet.xlsb");
    EXPECT_EQ(code_of(make_zip({{"word/document.xml", "x"}})), "sheet.other_zip");
    const std::string whole = book_of("<row><c t=\"str\"><v>1</v></c></row>").bytes();
    EXPECT_EQ(code_of(whole.substr(0, whole.size() / 2)), "sheet.zip");
    std::string flipped = whole;
    flipped[60] = static_cast<char>(flipped[60] ^ 0x55);
    EXPECT_NE(code_of(flipped), "");
}

TEST(SheetXlsx, far_cells_cost_nothing_and_are_bounded) {
    EXPECT_EQ(
        code_of(
            book_of("<row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>x</v></c></row>").bytes()),
        "sheet.rows");
    EXPECT_EQ(code_of(book_of("<row r=\"1\"><c r=\"XFD1\" t=\"str\"><v>x</v></c></row>").bytes()),
              "sheet.columns");
    EXPECT_EQ(code_of(book_of("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c>"
                              "<c r=\"XFD1\"/></row><row r=\"1048576\"/>")
                          .bytes()),
              "read");
}

}  // namespace
}  // namespace otklik
