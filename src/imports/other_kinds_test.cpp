#include <gtest/gtest.h>

#include "base/calendar.h"
#include "forms/form_drafts.h"
#include "imports/table.h"
#include "imports/test_office.h"
#include "sites/work_calendars.h"

namespace otklik {
namespace {

std::int64_t day(std::string_view text) {
    return parse_day(text).value();
}

class OtherImports : public ImportTest {
protected:
    std::optional<FormDraft> draft_of(const SheetImport& import) {
        return store().read(
            [&](Tx& tx) { return find_form_draft(Scope::system(), tx, {import.result_id}); });
    }
    WorkCalendar calendar() {
        return store().read(
            [&](Tx& tx) { return work_calendar_of(tx, company, point.unit, root); });
    }
    Id<Person> person(const std::string& name, const std::string& number) {
        return store().write([&](Tx& tx) {
            Person person;
            person.company_id = company;
            person.unit = point.unit;
            person.name = name;
            person.personnel_number = number;
            return people.make_person(tx, person);
        });
    }
};
OTKLIK_BOTH_DATABASES(OtherImports);

TEST_P(OtherImports, a_sheet_becomes_a_draft_of_a_form) {
    const auto id = load(ImportKind::form,
                         "Раздел;Критерий;Вес;Критичность;Н/П;Подсказка\n"
                         "Приветствие;Поздоровался первым;5;;да;Смотрит на клиента\n"
                         ";Назвал себя;3;нет;нет;\n"
                         "Выявление;;;;;\n"
                         ";Спросил, что привело;10;да;;\n"
                         ";Спросил, что привело;10;да;;\n"
                         ";Предложил время;2,5;;;\n"
                         ";Попрощался;2;может быть;;\n",
                         "Стандарт приёма.csv");
    EXPECT_EQ(faults(preview(id, RowAction::bad)),
              (std::vector<std::string>{"6:item.item.twice", "7:weight.weight.bad",
                                        "8:critical.critical.unknown"}));
    const SheetImport done = run(id);
    EXPECT_EQ(done.counts.made, 3);
    const auto draft = draft_of(done);
    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->name, "Стандарт приёма");
    ASSERT_EQ(draft->body.sections.size(), 2U);
    EXPECT_EQ(draft->body.sections[0].title, "Приветствие");
    EXPECT_EQ(draft->body.sections[0].items[0].hint, "Смотрит на клиента");
    EXPECT_EQ(draft->body.sections[0].items[1].may_be_na(), false);
    EXPECT_EQ(draft->body.sections[1].items[0].critical_level(), Critical::check);
    EXPECT_EQ(draft->body.sections[1].items[0].weight, 10);
    EXPECT_EQ(undo(id).undone, 3);
    EXPECT_FALSE(draft_of(done));
}

TEST_P(OtherImports, a_published_draft_is_left_by_the_undo) {
    const auto id = load(ImportKind::form, "Вопрос\nПоздоровался\nПопрощался\n");
    const SheetImport done = run(id);
    store().write([&](Tx& tx) { drop_form_draft(tx, {done.result_id}); });
    const SheetImport back = undo(id);
    EXPECT_EQ(back.kept, 2);
    EXPECT_EQ(back.undone, 0);
}

/// The official table of the year 2026, as its open data give it.
const std::string official_2026 =
    "\"Год/Месяц\",\"Январь\",\"Февраль\",\"Март\",\"Апрель\",\"Май\",\"Июнь\",\"Июль\",\"Август\","
    "\"Сентябрь\",\"Октябрь\",\"Ноябрь\",\"Декабрь\",\"Всего рабочих дней\"\n"
    "\"2026\",\"1,2,3,4,5,6,7,8,9+,10,11,17,18,24,25,31\",\"1,7,8,14,15,21,22,23,28\","
    "\"1,7,8,9+,14,15,21,22,28,29\",\"4,5,11,12,18,19,25,26,30*\","
    "\"1,2,3,8*,9,10,11+,16,17,23,24,30,31\",\"6,7,11*,12,13,14,20,21,27,28\","
    "\"4,5,11,12,18,19,25,26\",\"1,2,8,9,15,16,22,23,29,30\",\"5,6,12,13,19,20,26,27\","
    "\"3,4,10,11,17,18,24,25,31\",\"1,3*,4,7,8,14,15,21,22,28,29\","
    "\"5,6,12,13,19,20,26,27,31+\",\"247\"\n";

TEST_P(OtherImports, the_official_calendar_of_a_year_comes_in) {
    EXPECT_TRUE(calendar().is_working_day(day("2026-01-09"))) << "nothing is known by itself";
    const auto id = load(ImportKind::calendar, official_2026);
    EXPECT_EQ(preview(id).counts.made, 1) << faults(preview(id)).size();
    const SheetImport done = run(id);
    EXPECT_EQ(done.state, ImportState::done);
    const WorkCalendar year = calendar();
    EXPECT_EQ(year.working_days(day("2026-01-01"), day("2026-12-31")), 247);
    EXPECT_EQ(year.norm_minutes(day("2026-01-01"), day("2026-12-31")), 1972 * 60);
    EXPECT_FALSE(year.is_working_day(day("2026-01-09")));
    EXPECT_EQ(year.kind_of(day("2026-11-03")), DayKind::shortened);
    EXPECT_EQ(preview(load(ImportKind::calendar, official_2026)).counts.same, 1);
    undo(id);
    EXPECT_TRUE(calendar().is_working_day(day("2026-01-09")));
}

TEST_P(OtherImports, a_calendar_of_days_and_a_site_of_its_own) {
    run(load(ImportKind::calendar, official_2026));
    // The site works on a Saturday and rests on the Monday before.
    const auto id = load(ImportKind::calendar,
                         "Дата;Тип дня\n28.11.2026;Рабочий\n23.11.2026;Выходной\n"
                         "24.11.2026;Короткий\n24.11.2026;Рабочий\n25.11.2026;так себе\n"
                         "01.01.2027;Выходной\nзавтра;Выходной\n");
    EXPECT_EQ(faults(preview(id, RowAction::bad)),
              (std::vector<std::string>{"5:day.day.twice", "6:kind.day_kind.unknown",
                                        "7:day.year.other", "8:day.day.bad"}));
    ImportSettings settings = find(id).settings;
    settings.unit = point.unit;
    change(id, settings);
    run(id);
    EXPECT_TRUE(calendar().is_working_day(day("2026-11-28")));
    EXPECT_FALSE(calendar().is_working_day(day("2026-11-23")));
    EXPECT_FALSE(calendar().is_working_day(day("2026-11-04"))) << "the company's days hold too";
    const WorkCalendar of_company =
        store().read([&](Tx& tx) { return work_calendar_of(tx, company, root, root); });
    EXPECT_FALSE(of_company.is_working_day(day("2026-11-28"))) << "of the site alone";
}

TEST_P(OtherImports, past_scores_stand_apart) {
    person("Иванова Ирина Петровна", "007");
    person("Тёзка Иван Иванович", "1");
    person("Тёзка Иван Иванович", "2");
    const auto id = load(ImportKind::past_scores,
                         "Дата;Сотрудник;Чек-лист;Оценка;Комментарий\n"
                         "20.10.2026;Иванова Ирина Петровна;Стандарт;85%;хорошо\n"
                         "21.10.2026 14:30;Иванова Ирина Петровна;Стандарт;8,5/10;\n"
                         "22.10.2026;Иванова Ирина Петровна;Стандарт;90;\n"
                         "22.10.2026;Иванова Ирина Петровна;Стандарт;90;\n"
                         "23.10.2026;Тёзка Иван Иванович;Стандарт;90;\n"
                         "24.10.2026;Никто Нигде;Стандарт;90;\n"
                         "31.02.2026;Иванова Ирина Петровна;Стандарт;90;\n"
                         "25.10.2026;Иванова Ирина Петровна;Стандарт;190;\n"
                         "25.10.2026;Иванова Ирина Петровна;;отлично;\n");
    EXPECT_EQ(
        faults(preview(id, RowAction::bad)),
        (std::vector<std::string>{
            "5:.row.twice", "6:full_name.person.ambiguous", "7:full_name.person.unknown",
            "8:day.day.bad", "9:score.score.range", "10:form.form.missing", "10:score.score.bad"}));
    const SheetImport done = run(id);
    EXPECT_EQ(done.counts.made, 3);
    EXPECT_EQ(preview(load(ImportKind::past_scores,
                           "Дата;Таб. №;Чек-лист;Оценка\n21.10.2026;007;Стандарт;85%\n"))
                  .counts.same,
              1)
        << "17/20 is 17/20 however it is written";
    EXPECT_EQ(undo(id).undone, 3);
    EXPECT_EQ(run(load(ImportKind::past_scores,
                       "Дата;Таб. №;Чек-лист;Оценка\n21.10.2026;007;Стандарт;85%\n"))
                  .counts.made,
              1);
}

// X08, S3-09: contacts as tills, counters and phone lines tell of them.
TEST_P(OtherImports, contacts_come_from_receipts_counters_and_calls) {
    const auto id = load(ImportKind::contacts,
                         "Дата;Время;Касса;Номер чека;Сумма\n"
                         "20.11.2026;9:05;Касса 1;1;1 200,00\n"
                         "20.11.2026;09:05:00;Касса 1;1;1 200,00\n"
                         "20.11.2026 23:59;;касса 1;3;15\n"
                         "20.11.2026;10:00;Касса 1;4;-1 200,00\n"
                         "20.11.2026;25:00;Касса 1;5;10\n"
                         "20.11.2026;;Касса 1;6;10\n"
                         "20.11.2026;11:00;Касса 9;7;10\n"
                         "31.11.2026;11:00;Касса 1;8;10\n");
    EXPECT_EQ(
        faults(preview(id, RowAction::bad)),
        (std::vector<std::string>{"5:amount.contact.return", "6:time.contact.time",
                                  "7:day.contact.time", "8:point.unit.unknown", "9:day.day.bad"}));
    EXPECT_EQ(run(id).counts.made, 3);
    EXPECT_EQ(preview(load(ImportKind::contacts,
                           "Дата;Время;Касса;Номер чека\n20.11.2026;9:05;Касса 1;1\n"))
                  .counts.same,
              1);
    const auto contacts = [&] {
        return store().read([&](Tx& tx) {
            std::vector<std::string> all;
            for (const Row& row : tx.rows(Sql{"select source, at, begin_at, end_at from contact"}))
                all.push_back(row.text(0) + " " +
                              format_local(row.instant(1), point.zone).substr(11, 5) + " " +
                              format_local(row.instant(2), point.zone).substr(11, 5) + " " +
                              format_local(row.instant(3), point.zone).substr(11, 5));
            std::sort(all.begin(), all.end());
            return all;
        });
    };
    EXPECT_EQ(contacts(),
              (std::vector<std::string>{"receipt 09:05 08:50 09:08", "receipt 09:05 08:50 09:08",
                                        "receipt 23:59 23:44 00:02"}))
        << "two customers paid in one second";
    EXPECT_EQ(undo(id).undone, 3);
    EXPECT_TRUE(contacts().empty());

    const auto counted = load(ImportKind::contacts,
                              "Дата;Час;Вошло\n20.11.2026;10:00;3\n20.11.2026;11:00;0\n"
                              "20.11.2026;12:00;1001\n20.11.2026;13:00;2,5\n");
    EXPECT_EQ(faults(preview(counted, RowAction::bad)),
              (std::vector<std::string>{"4:count.contact.count", "5:count.contact.count"}));
    EXPECT_EQ(run(counted).counts.made, 1);
    EXPECT_EQ(contacts(), std::vector<std::string>(3, "counter 10:00 10:00 11:15"));
    EXPECT_EQ(undo(counted).undone, 1);

    const auto calls = load(ImportKind::contacts,
                            "Дата звонка;Начало;Окончание;Линия\n20.11.2026;23:58;0:04;Касса 1\n"
                            "20.11.2026;10:00;20.11.2026 9:00;Касса 1\n");
    EXPECT_EQ(faults(preview(calls, RowAction::bad)),
              std::vector<std::string>{"3:until.contact.long"});
    run(calls);
    EXPECT_EQ(contacts(), std::vector<std::string>{"call 23:58 23:58 00:07"});
}

TEST(ImportTables, times_are_read_as_people_write_them) {
    for (const char* text :
         {"9:05", "09:05", "09:05:00", "20.11.2026 9:05", "2026-11-20T09:05", " 9:05 "})
        EXPECT_EQ(seconds_of_text(text), 9 * 3'600 + 300) << text;
    EXPECT_EQ(seconds_of_text("23:59:59"), 86'399);
    for (const char* text : {"", "9", "24:00", "9:60", "9:5", "9:05:60", "9:05:00:00", "-1:00",
                             "20.11.2026", "x:yy", ":", "9:05x"})
        EXPECT_FALSE(seconds_of_text(text)) << text;
}

TEST(ImportTables, days_are_read_as_people_write_them) {
    const auto read = [](std::string_view text, SheetFormat format = SheetFormat::csv) {
        const auto found = day_of_text(text, format);
        return found ? format_day(*found) : std::string();
    };
    for (const char* text : {"20.11.2026", "20.11.26", "2026-11-20", "20/11/2026",
                             "2026-11-20T12:04:00", "20.11.2026 12:04", " 20.11.2026 "})
        EXPECT_EQ(read(text), "2026-11-20") << text;
    EXPECT_EQ(read("1.2.2026"), "2026-02-01");
    EXPECT_EQ(read("46346", SheetFormat::xlsx), "2026-11-20");
    for (const char* text : {"46346", "", "20.11", "32.01.2026", "29.02.2026", "20.13.2026",
                             "20.11.20261", "x", "20.11.2026x", "2026-11-20x", "..", "1..2026"})
        EXPECT_EQ(read(text), "") << text;
}

TEST(ImportTables, numbers_are_read_with_a_comma_or_a_point) {
    const auto read = [](std::string_view text) {
        const auto found = decimal_of_text(text);
        return found ? std::to_string(found->num) + "/" + std::to_string(found->den)
                     : std::string();
    };
    EXPECT_EQ(read("4,5"), "45/10");
    EXPECT_EQ(read("4.50"), "450/100");
    EXPECT_EQ(read("1 000"), "1000/1");
    EXPECT_EQ(read("1\u00a0000,25"), "100025/100");
    EXPECT_EQ(read("-3"), "-3/1");
    EXPECT_EQ(read("0.1000000000"), "100000/1000000");
    for (const char* text :
         {"", "x", "1,2,3", "1e5", "5 %", "0.1234567", "9999999999999", ",", "-"})
        EXPECT_EQ(read(text), "") << text;
}

TEST(ImportTables, headers_are_compared_by_their_words) {
    EXPECT_EQ(plain_header("  Таб. №:\n"), "таб №");
    EXPECT_EQ(plain_header("Ф.И.О."), "ф и о");
    EXPECT_EQ(plain_header("Учётная\u00a0запись"), "учетная запись");
}

}  // namespace
}  // namespace otklik
