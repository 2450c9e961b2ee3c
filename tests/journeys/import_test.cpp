// Tables in and out over the public API: what a file would do, doing it, taking it back; lists as
// Excel files that another reader opens; people with phones, names and numbers.
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "paper/sheet.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "testkit/program.h"

namespace otklik::testkit {
namespace {

constexpr Instant import_begin{1'795'000'000'000'000};

class ImportJourney : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = import_begin - Duration::hours(1),
                                .buttons = nullptr});
    }
    json::value upload(const std::string& kind, const std::string& bytes,
                       const std::string& name = "staff.csv") {
        return boss
            .send("POST", "/imports?kind=" + kind + "&name=" + percent_encode(name), bytes,
                  "application/octet-stream")
            .ok();
    }
    json::value import(const std::string& id) { return boss.get("/imports/" + id); }
    json::value start(const std::string& id) {
        boss.post("/imports/" + id + "/start");
        house.settle();
        return import(id);
    }
    std::map<std::string, json::value> people() {
        std::map<std::string, json::value> all;
        for (const auto& each : boss.list("/people")) all.emplace(text(each, "name"), each);
        return all;
    }

    House house{database(), import_begin};
    Client boss{house};
    Shop shop;
};
OTKLIK_BOTH_DATABASES(ImportJourney);

const std::string staff_csv =
    "Таб. №;ФИО;Телефон\n"
    "007;Иванова Ирина Петровна;8 912 345-67-89\n"
    "008;Петров Пётр;12\n";

TEST_P(ImportJourney, a_file_is_looked_at_carried_out_and_taken_back) {
    const json::value draft = upload("staff", staff_csv);
    const std::string id = text(draft, "id");
    EXPECT_EQ(text(draft, "state"), "draft");
    EXPECT_EQ(number(draft, "made"), 1);
    EXPECT_EQ(number(draft, "bad"), 1);
    EXPECT_EQ(text(draft.at("file"), "encoding"), "UTF-8");
    const json::array bad = boss.list("/imports/" + id + "/rows?action=bad");
    ASSERT_EQ(bad.size(), 1U);
    EXPECT_EQ(number(bad[0], "row"), 3);
    EXPECT_EQ(text(bad[0].at("faults").at(0), "column"), "Телефон");
    EXPECT_NE(text(bad[0].at("faults").at(0), "text").find("12"), std::string::npos);
    EXPECT_FALSE(people().contains("Иванова Ирина Петровна"));

    const json::value done = start(id);
    EXPECT_EQ(text(done, "state"), "done") << json::serialize(done);
    EXPECT_EQ(number(done, "made"), 1);
    const json::value person = people().at("Иванова Ирина Петровна");
    EXPECT_EQ(text(person, "phone"), "+79123456789");
    EXPECT_EQ(text(person, "short_name"), "Иванова\u00a0И.\u00a0П.");
    EXPECT_EQ(text(person, "personnel_number"), "007");
    EXPECT_EQ(text(upload("staff", staff_csv), "same_file_id"), id) << "twice: says so";

    boss.post("/imports/" + id + "/undo");
    house.settle();
    EXPECT_EQ(text(import(id), "state"), "undone");
    EXPECT_FALSE(people().contains("Иванова Ирина Петровна"));
    std::map<std::string, int> told;
    for (const auto& entry : boss.list("/audit"))
        if (text(entry, "verb").starts_with("import.")) ++told[text(entry, "verb")];
    EXPECT_EQ(told, (std::map<std::string, int>{{"import.made", 2},
                                                {"import.started", 1},
                                                {"import.done", 1},
                                                {"import.undo", 1},
                                                {"import.undone", 1}}));
}

TEST_P(ImportJourney, columns_are_matched_by_hand_against_the_version_that_was_seen) {
    const json::value draft = upload("staff", "Кто;Куда\nИванова Ирина;+7 912 345-67-89\n");
    const std::string path = "/imports/" + text(draft, "id");
    EXPECT_EQ(draft.at("file").at("faults").as_array().size(), 1U);
    EXPECT_EQ(boss.ask("POST", path + "/start").code(), "import.unmatched");
    json::object settings = draft.at("settings").as_object();
    settings["header_row"] = 1;
    settings["columns"] = {json::object{{"field", "full_name"}, {"column", 0}},
                           json::object{{"field", "phone"}, {"column", 1}}};
    EXPECT_EQ(boss.ask("PUT", path, settings, {{"If-Match", "\"9\""}}).code(), "row.changed");
    const json::value matched = boss.put(path, settings, number(draft, "version"));
    EXPECT_EQ(number(matched, "made"), 1);
    EXPECT_EQ(boss.ask("POST", path + "/cancel").status(), 200);
    EXPECT_EQ(boss.ask("POST", path + "/start").code(), "import.not_draft");
}

TEST_P(ImportJourney, what_is_no_table_is_refused_in_words) {
    const auto refuse = [&](const std::string& bytes) {
        return boss.send("POST", "/imports?kind=staff&name=x", bytes, "application/octet-stream");
    };
    EXPECT_EQ(refuse("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0')).code(),
              "sheet.old_xls");
    EXPECT_EQ(refuse("").code(), "sheet.empty");
    EXPECT_EQ(refuse("<html></html>").code(), "sheet.markup");
    EXPECT_EQ(boss.send("POST", "/imports?kind=dogs&name=x", "a", "text/csv").code(),
              "field.choice");
    EXPECT_TRUE(boss.list("/imports").empty());
}

TEST_P(ImportJourney, a_form_comes_as_a_draft_and_is_published) {
    const json::value draft = upload(
        "form", "Раздел;Вопрос;Вес\nНачало;Поздоровался;5\n;Назвал себя;3\n", "Стандарт.csv");
    const json::value done = start(text(draft, "id"));
    const std::string path = "/form-drafts/" + text(done, "result_id");
    const json::value made = boss.get(path);
    EXPECT_EQ(text(made, "name"), "Стандарт");
    EXPECT_TRUE(boss.list("/forms").empty()) << "nobody can fill it yet";
    boss.post(path + "/publish",
              json::object{
                  {"name", "Стандарт приёма"}, {"purpose", "standard"}, {"body", made.at("body")}});
    ASSERT_EQ(boss.list("/forms").size(), 1U);
    EXPECT_EQ(boss.ask("GET", path).status(), 404);
}

TEST_P(ImportJourney, past_scores_are_a_line_of_their_own) {
    boss.post("/people", json::object{{"name", "Иванова Ирина"}, {"personnel_number", "007"}});
    const auto score_lines = [&] {
        std::map<std::string, std::int64_t> n;
        const json::value answer = boss.get("/figures?from=2026-10-01&to=2026-11-18");
        for (const auto& each : answer.at("items").as_array())
            n[text(each, "name")] = number(each, "n");
        return n;
    };
    EXPECT_FALSE(score_lines().contains("past_score")) << "no line for those who brought none";
    start(text(upload("past_scores",
                      "Дата;Таб. №;Чек-лист;Оценка\n20.10.2026;007;Стандарт;85%\n"
                      "21.10.2026;007;Стандарт;8/10\n"),
               "id"));
    EXPECT_EQ(score_lines().at("past_score"), 2);
    EXPECT_EQ(score_lines().at("check_score_standard"), 0) << "in none of ours";
    const json::value rows =
        boss.get("/figures/past_score/rows?from=2026-10-01&to=2026-11-18").at("items");
    ASSERT_EQ(rows.as_array().size(), 2U);
    const std::string id = text(rows.at(0), "id");
    EXPECT_EQ(text(rows.at(0), "path"), "/settings/import/" + id);
    EXPECT_EQ(text(boss.get("/past-scores/" + id), "person_name"), "Иванова Ирина");
}

TEST_P(ImportJourney, staff_and_calendars_are_the_administrators) {
    const json::value person = boss.post("/people", json::object{{"name", "Judge J"}});
    boss.post("/accounts", json::object{{"person_id", person.at("id")},
                                        {"login", "judge"},
                                        {"role", "checker"},
                                        {"units", json::array()},
                                        {"password", "long enough for all"}});
    Client judge(house);
    judge.sign_in("judge", "long enough for all");
    const std::string id = text(upload("staff", staff_csv), "id");
    EXPECT_EQ(judge.send("POST", "/imports?kind=staff", staff_csv, "text/csv").status(), 403);
    EXPECT_EQ(judge.ask("GET", "/imports/" + id).status(), 403);
}

TEST_P(ImportJourney, people_have_one_phone_form_and_numbers_of_their_own) {
    const json::value first = boss.post("/people", json::object{{"last_name", "Ёлкин"},
                                                                {"first_name", "Пётр"},
                                                                {"personnel_number", " 007 "},
                                                                {"phone", "8 (912) 345-67-89"},
                                                                {"email", "p@shop.ru"}});
    EXPECT_EQ(text(first, "name"), "Ёлкин Пётр");
    EXPECT_EQ(text(first, "phone_shown"), "+7\u00a0912\u00a0345-67-89");
    EXPECT_EQ(text(first, "personnel_number"), "007");
    const auto ask = [&](json::object body) { return boss.ask("POST", "/people", body); };
    const Answer taken = ask({{"name", "Другой Иван"}, {"personnel_number", "007"}});
    EXPECT_EQ(taken.code(), "person.number_taken");
    EXPECT_NE(taken.http.body.find("Ёлкин"), std::string::npos) << "says whose it is";
    EXPECT_EQ(ask({{"name", "Другой Иван"}, {"phone", "12"}}).code(), "person.phone");
    EXPECT_EQ(ask({{"name", "Другой Иван"}, {"email", "x"}}).code(), "person.email");
    EXPECT_EQ(ask({{"position", "Кассир"}}).code(), "field.empty");
    EXPECT_EQ(ask({{"name", "Другой Иван"}, {"personnel_number", "7"}}).status(), 201)
        << "007 and 7 are two numbers";
    const auto found = [&](const std::string& q) {
        return boss.list("/people?q=" + percent_encode(q)).size();
    };
    EXPECT_EQ(found("елкин"), 1U);
    EXPECT_EQ(found("пЁтр ЕЛК"), 1U);
    EXPECT_EQ(found("+7 912 345 67 89"), 1U);
    EXPECT_EQ(found("007"), 1U);
    EXPECT_EQ(found("никто"), 0U);
}

/// What openpyxl, a reader nobody of us wrote, finds in a workbook: cells with their types.
std::string second_reader(const std::string& path) {
    const std::string script =
        "import openpyxl, sys\n"
        "sheet = openpyxl.load_workbook(sys.argv[1]).active\n"
        "print(sheet.freeze_panes, sheet.auto_filter.ref)\n"
        "for row in sheet.iter_rows():\n"
        "    print('|'.join(f'{type(c.value).__name__}:{c.value}' for c in row))\n";
    // Debian's own, which has Debian's openpyxl.
    const Ran ran = run_program("/usr/bin/python3", {"-c", script, path});
    return ran.out + ran.err;
}

TEST_P(ImportJourney, a_list_is_an_excel_file_for_people) {
    boss.post("/people", json::object{{"name", "=1+1"}, {"phone", "+7 912 345-67-89"}});
    const Answer file =
        boss.ask("GET", "/people?format=xlsx", nullptr, {{"Accept-Language", "ru"}});
    ASSERT_EQ(file.status(), 200) << file.http.body;
    EXPECT_EQ(file.header("Content-Disposition"), "attachment; filename=\"people.xlsx\"");
    const auto rows = read_sheet(file.http.body).sheet.rows;
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0][0], "Имя") << "titles, and no ids";
    EXPECT_EQ(rows[1][0], "=1+1");
    const Folder folder;
    const std::string path = folder.path("people.xlsx");
    std::ofstream(path, std::ios::binary) << file.http.body;
    const std::string seen = second_reader(path);
    EXPECT_NE(seen.find("A2 A1:"), std::string::npos) << seen;
    EXPECT_NE(seen.find("str:=1+1"), std::string::npos) << "text, no formula: " << seen;
    const Answer english =
        boss.ask("GET", "/people?format=xlsx", nullptr, {{"Accept-Language", "en"}});
    EXPECT_EQ(read_sheet(english.http.body).sheet.rows[0][0], "Name");
    // An instant is a date in the time of the site.
    const Answer audit = boss.ask("GET", "/audit?format=xlsx");
    const auto entries = read_sheet(audit.http.body).sheet.rows;
    EXPECT_EQ(entries.at(1).at(0).size(), std::string("2026-11-18T16:06:40").size());
    EXPECT_EQ(boss.ask("GET", "/session?format=xlsx").code(), "export.not_list");
}

}  // namespace
}  // namespace otklik::testkit
