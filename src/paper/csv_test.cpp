#include <gtest/gtest.h>

#include "base/error.h"
#include "paper/sheet.h"

namespace otklik {
namespace {

using Rows = std::vector<SheetRow>;

std::string code_of(std::string_view bytes, const SheetLimits& limits = {}) {
    try {
        read_sheet(bytes, std::nullopt, limits);
    } catch (const Error& error) {
        return error.code();
    }
    return "read";
}

/// UTF-8 of two letters and less, as UTF-16.
std::string utf16(std::string_view text, bool big_end) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned letter = static_cast<unsigned char>(text[i]);
        if (letter >= 0xC0)
            letter = (letter & 0x1F) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
        const char high = static_cast<char>(letter >> 8), low = static_cast<char>(letter & 0xFF);
        out += big_end ? high : low;
        out += big_end ? low : high;
    }
    return out;
}

TEST(SheetCsv, the_encoding_is_found_by_content) {
    const std::string text = "ФИО;Номер\r\nЁлкин Пётр;007\r\n";
    const Rows wanted = {{"ФИО", "Номер"}, {"Ёлкин Пётр", "007"}};
    const std::string cp1251 =
        "\xD4\xC8\xCE;\xCD\xEE\xEC\xE5\xF0\r\n\xA8\xEB\xEA\xE8\xED \xCF\xB8\xF2\xF0;007\r\n";
    const struct {
        std::string bytes;
        const char* encoding;
    } cases[] = {
        {text, "UTF-8"},
        {"\xEF\xBB\xBF" + text, "UTF-8"},
        {cp1251, "windows-1251"},
        {"\xFF\xFE" + utf16(text, false), "UTF-16LE"},
        {"\xFE\xFF" + utf16(text, true), "UTF-16BE"},
        {utf16(text, false), "UTF-16LE"},
        {utf16(text, true), "UTF-16BE"},
    };
    for (const auto& each : cases) {
        const SheetFile file = read_sheet(each.bytes);
        EXPECT_EQ(file.encoding, each.encoding);
        EXPECT_EQ(file.sheet.rows, wanted) << each.encoding;
        EXPECT_EQ(file.format, SheetFormat::csv);
    }
}

TEST(SheetCsv, the_separator_is_found_by_content) {
    const struct {
        const char* bytes;
        char separator;
        std::size_t columns;
    } cases[] = {
        {"a;b;c\n1;2;3\n", ';', 3},
        {"a,b,c\n1,2,3\n", ',', 3},
        {"a\tb\tc\n1\t2\t3\n", '\t', 3},
        {"name;score\nA;4,5\nB;3,75\n", ';', 2},         // a decimal comma is no separator
        {"name;note\nA;\"x, y\"\nB;p, q, r\n", ';', 2},  // nor is one in a text
        {"a,b\n\"x;y\",1\n\"p;q\",2\n", ',', 2},         // nor a semicolon in quotes
        {"List of staff, autumn\n\na;b;c\n1;2;3\n4;5;6\n", ';', 3},  // a title above
        {"sep=,\na,b\n1;5,2\n", ',', 2},                             // Excel's own word wins
        {"only one column\nx\n", ';', 1},
    };
    for (const auto& each : cases) {
        const SheetFile file = read_sheet(each.bytes);
        EXPECT_EQ(file.separator, each.separator) << each.bytes;
        EXPECT_EQ(file.sheet.rows.back().size(), each.columns) << each.bytes;
    }
}

TEST(SheetCsv, quotes_hold_separators_line_breaks_and_quotes) {
    const SheetFile file = read_sheet("a;b\r\n\"x;\"\"y\"\"\r\nz\";2\r\n5\" pipe;\"\"\r\"q\"w;4\n");
    const Rows wanted = {{"a", "b"}, {"x;\"y\"\r\nz", "2"}, {"5\" pipe"}, {"qw", "4"}};
    EXPECT_EQ(file.sheet.rows, wanted);
    EXPECT_EQ(code_of("a;b\n1;2\n\"open;3\n4;5\n"), "sheet.quote");
}

TEST(SheetCsv, rows_keep_the_number_they_have_in_the_persons_program) {
    const SheetFile file = read_sheet("\n\na;b\n\n1;2\n\n\n");
    const Rows wanted = {{}, {}, {"a", "b"}, {}, {"1", "2"}};
    EXPECT_EQ(file.sheet.rows, wanted);
}

TEST(SheetCsv, what_is_no_table_is_refused_with_its_name) {
    using namespace std::literals;
    const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0');
    std::string encrypted = ole;
    for (const char c : "EncryptedPackage"s) encrypted += {c, '\0'};
    const struct {
        std::string bytes;
        const char* code;
    } cases[] = {
        {"", "sheet.empty"},
        {"\n\n \n", "sheet.empty"},
        {ole, "sheet.old_xls"},
        {"\x09\x08\x10\0\0\x06\x05\0"s, "sheet.old_xls"},
        {encrypted, "sheet.encrypted"},
        {"<html><table><tr><td>1</td></tr></table></html>", "sheet.markup"},
        {"\xEF\xBB\xBF <?xml version=\"1.0\"?><Workbook/>", "sheet.markup"},
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s, "sheet.binary"},
        {"a;b\n1;\x98\xC0\n", "sheet.binary"},  // 0x98 is no letter of Windows-1251
        {"a;b\0c\n"s, "sheet.binary"},
        {"\xFF\xFE"
         "a",
         "sheet.binary"},
        {"\xFF\xFE\x3D\xD8"
         "a\0"s,
         "sheet.binary"},
        {"\xEF\xBB\xBF\xFF", "sheet.binary"},
    };
    for (const auto& each : cases) EXPECT_EQ(code_of(each.bytes), each.code) << each.bytes;
}

TEST(SheetCsv, every_limit_is_said) {
    const SheetLimits small{.bytes_max = 100,
                            .rows_max = 4,
                            .columns_max = 3,
                            .cell_bytes_max = 10,
                            .text_bytes_max = 300};
    EXPECT_EQ(code_of(std::string(101, 'a'), small), "sheet.bytes");
    EXPECT_EQ(code_of("a\nb\nc\nd\n", small), "read");
    EXPECT_EQ(code_of("a\nb\nc\nd\ne\n", small), "sheet.rows");
    EXPECT_EQ(code_of("a;b;c\n", small), "read");
    EXPECT_EQ(code_of("a;b;c;d\n", small), "sheet.columns");
    EXPECT_EQ(code_of("a;b;c;;;;\n", small), "read") << "empty cells are nothing";
    EXPECT_EQ(code_of("a;12345678901\n", small), "sheet.cell");
    EXPECT_EQ(code_of("a;b;c\na;b;c\na;b;c\na;b;c\n", small), "sheet.text");
}

}  // namespace
}  // namespace otklik
