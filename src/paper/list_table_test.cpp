#include "paper/list_table.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/calendar.h"
#include "base/files.h"
#include "paper/sheet.h"

namespace otklik {
namespace {

struct Wheel {
    std::int64_t spokes = 0;
    std::string name;
    void fields(FieldSink& f) {
        f.integer("spokes", spokes);
        f.text("name", name);
    }
};
enum class Paint { red, blue };
}  // namespace
template <>
inline constexpr std::pair<Paint, std::string_view> enum_words<Paint>[2] = {{Paint::red, "red"},
                                                                            {Paint::blue, "blue"}};
namespace {
struct Cart {
    Id<Cart> id{7};
    Instant made_at = parse_instant("2026-11-20T09:04:03Z").value();
    std::int64_t day = parse_day("2026-11-20").value();
    double weight = 1.5;
    bool sold = true;
    Paint paint = Paint::blue;
    std::optional<Wheel> extra;
    std::vector<Wheel> wheels{{3, "a"}};
    std::vector<std::string> tags{"a;b", "\"c\""};
    std::vector<std::int64_t> counts{-1, 0};
    std::string note = "=1+1";
    void fields(FieldSink& f) {
        f.id("id", id);
        f.instant("made_at", made_at);
        f.day("day", day);
        f.number("weight", weight);
        f.flag("sold", sold);
        f.choice("paint", paint);
        f.object("extra", extra);
        f.list("wheels", wheels);
        f.texts("tags", tags);
        f.integers("counts", counts);
        f.text("note", note);
    }
};
}  // namespace
template <>
inline constexpr std::string_view id_prefix<Cart> = "cart";
namespace {

struct CsvText {
    std::string bytes;
    std::unique_ptr<ListWriter> writer;
    ListTable table;
    explicit CsvText(CsvStyle style = {})
        : writer(make_csv_writer(style, [this](std::string_view more) { bytes += more; })),
          table(*writer) {}
};

TEST(ListTables, csv_has_one_head_and_no_formulas) {
    CsvText csv;
    Cart plain, full;
    full.extra = Wheel{4, "@w"};
    for (Cart* cart : {&plain, &full}) csv.table.add([&](FieldSink& f) { cart->fields(f); });
    EXPECT_FALSE(plain.extra) << "naming the columns must not fill the row";
    EXPECT_EQ(csv.bytes.substr(0, csv.bytes.find("\r\n")),
              "id;made_at;day;weight;sold;paint;extra.spokes;extra.name;wheels;tags;counts;note");
    EXPECT_NE(csv.bytes.find(";'=1+1\r\n"), std::string::npos) << csv.bytes;
    EXPECT_NE(csv.bytes.find(R"(;"a;b; ""c""";)"), std::string::npos) << csv.bytes;
    EXPECT_NE(csv.bytes.find(";4;'@w;"), std::string::npos) << csv.bytes;
    EXPECT_NE(csv.bytes.find(R"(;"-1; 0";)"), std::string::npos) << "numbers are no formula";
}

TEST(ListTables, every_beginning_of_a_formula_is_made_text) {
    struct Line {
        std::string text;
        void fields(FieldSink& f) { f.text("text", text); }
    };
    for (const std::string text :
         {"=cmd|' /C calc'!A0", "+7 900", "-1", "@sum(1)", "\t=1", "\r=1", "\n=1"}) {
        CsvText csv;
        Line line{text};
        csv.table.add([&](FieldSink& f) { line.fields(f); });
        const std::string cell = csv.bytes.substr(csv.bytes.find("\r\n") + 2);
        EXPECT_TRUE(cell.starts_with("'") || cell.starts_with("\"'")) << cell;
    }
}

TEST(ListTables, csv_takes_the_items_of_an_answer) {
    struct Page {
        std::vector<Wheel> items;
        std::optional<std::string> next;
        void fields(FieldSink& f) {
            f.list("items", items);
            f.text("next", next);
        }
    };
    Page page{{{1, "a"}, {2, "b"}, {3, "c"}}, "more"};
    const auto visit = [&](FieldSink& f) { page.fields(f); };
    EXPECT_TRUE(has_items(visit));
    bool cut = true;
    CsvText csv({',', '.'});
    EXPECT_EQ(csv.table.add_items(visit, 5, cut), "more");
    EXPECT_FALSE(cut);
    EXPECT_EQ(csv.table.add_items(visit, 5, cut), std::nullopt);
    EXPECT_TRUE(cut);
    EXPECT_EQ(csv.table.rows(), 5U);
    EXPECT_EQ(csv.bytes, "spokes,name\r\n1,a\r\n2,b\r\n3,c\r\n1,a\r\n2,b\r\n");
    Wheel wheel;
    EXPECT_FALSE(has_items([&](FieldSink& f) { wheel.fields(f); }));
}

TEST(ListTables, russian_excel_gets_a_decimal_comma) {
    CsvText csv({';', ','});
    Cart cart;
    csv.table.add([&](FieldSink& f) { cart.fields(f); });
    EXPECT_NE(csv.bytes.find(";1,5;"), std::string::npos);
}

class ListXlsx : public ::testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }
    XlsxStyle style() const {
        return {"carts", "Asia/Yekaterinburg", true,
                [](std::string_view name) { return "<" + std::string(name) + ">"; },
                [](std::string_view word) { return word == "true" ? "yes" : std::string(word); }};
    }

    std::string folder = ::testing::TempDir() + "otklik_xlsx_" + std::to_string(::getpid());
    std::string path = folder + "/list.xlsx";
};

TEST_F(ListXlsx, what_is_written_is_read_again) {
    const auto writer = make_xlsx_writer(path, folder, style());
    ListTable table(*writer);
    Cart plain, odd;
    odd.note = "  _x000D_ line\nbreak & <tag> \xF0\x9F\x98\x80 +7 900";
    odd.extra = Wheel{1'000'000, "Ёлкин «Ромашка»"};
    for (Cart* cart : {&plain, &odd}) table.add([&](FieldSink& f) { cart->fields(f); });
    writer->on_note("and more");
    writer->finish();
    const SheetFile file = read_sheet(read_file(path, 1 << 20));
    const std::vector<SheetRow> wanted = {
        {"<made_at>", "<day>", "<weight>", "<sold>", "<paint>", "<extra.spokes>", "<extra.name>",
         "<tags>", "<counts>", "<note>"},
        {"2026-11-20T14:04:03", "2026-11-20", "1.5", "yes", "blue", "", "", "a;b; \"c\"", "-1; 0",
         "=1+1"},
        {"2026-11-20T14:04:03", "2026-11-20", "1.5", "yes", "blue", "1000000", "Ёлкин «Ромашка»",
         "a;b; \"c\"", "-1; 0", "_x000D_ line\nbreak & <tag> \xF0\x9F\x98\x80 +7 900"},
        {},
        {"and more"}};
    EXPECT_EQ(file.sheet.rows, wanted);
    EXPECT_EQ(file.sheet.name, "carts");
    EXPECT_EQ(file.sheet.formulas_without_value, 0) << "text is never a formula";
}

TEST_F(ListXlsx, a_row_with_a_zone_of_its_own_is_told_in_it) {
    struct Visit {
        Instant at = parse_instant("2026-11-20T09:04:03Z").value();
        std::string zone = "Europe/Moscow";
        void fields(FieldSink& f) {
            f.instant("at", at);
            f.text("zone", zone);
        }
    } visit;
    const auto writer = make_xlsx_writer(path, folder, style());
    ListTable table(*writer);
    table.add([&](FieldSink& f) { visit.fields(f); });
    visit.zone = "nowhere";
    table.add([&](FieldSink& f) { visit.fields(f); });
    writer->finish();
    const auto rows = read_sheet(read_file(path, 1 << 20)).sheet.rows;
    EXPECT_EQ(rows.at(1).at(0), "2026-11-20T12:04:03");
    EXPECT_EQ(rows.at(2).at(0), "2026-11-20T14:04:03") << "an unknown zone: that of the file";
}

TEST_F(ListXlsx, a_hundred_thousand_rows_are_written_and_read) {
    const auto writer = make_xlsx_writer(path, folder, style());
    ListTable table(*writer);
    Wheel wheel;
    for (wheel.spokes = 0; wheel.spokes < 100'000; ++wheel.spokes) {
        wheel.name = "w" + std::to_string(wheel.spokes);
        table.add([&](FieldSink& f) { wheel.fields(f); });
    }
    writer->finish();
    const auto rows = read_sheet(read_file(path, 20 << 20)).sheet.rows;
    ASSERT_EQ(rows.size(), 100'001U);
    EXPECT_EQ(rows.back(), (SheetRow{"99999", "w99999"}));
}

TEST_F(ListXlsx, a_list_that_was_given_up_leaves_no_handle_open) {
    {
        const auto writer = make_xlsx_writer(path, folder, style());
        ListTable table(*writer);
        Wheel wheel;
        table.add([&](FieldSink& f) { wheel.fields(f); });
    }
    SUCCEED();
}

}  // namespace
}  // namespace otklik
