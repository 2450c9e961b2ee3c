#include <gtest/gtest.h>

#include "imports/test_office.h"

namespace otklik {
namespace {

class StaffImport : public ImportTest {
protected:
    Person staff_of(Tx& tx, const std::string& name) {
        for (const Person& each : people.people(Scope::console(company), tx))
            if (each.name == name) return each;
        throw Error(Fault::not_found, "not_found");
    }
};
OTKLIK_BOTH_DATABASES(StaffImport);

const std::string three_people =
    "Список сотрудников;;;;;\r\n"
    "Таб. №;Ф.И.О.;Должность;Площадка;Мобильный телефон;E-mail\r\n"
    "007;Иванова Ирина Петровна;Кассир;Белинского, 5;8 (912) 345-67-89;i@shop.ru\r\n"
    "008;Петров Пётр Петрович;Мастер;;+7 912 345 67 90;\r\n"
    "009;Сидорова Анна-Мария Ильинична;;;;\r\n";

TEST_P(StaffImport, a_list_of_staff_comes_in_whole) {
    const auto id = load(ImportKind::staff, three_people);
    const ImportPreview before = preview(id);
    EXPECT_EQ(find(id).settings.header_row, 2) << "the title above is no header";
    EXPECT_EQ(before.counts.made, 3);
    EXPECT_EQ(before.rows.at(0).row, 3);
    EXPECT_EQ(before.rows.at(0).title, "Иванова Ирина Петровна");
    EXPECT_EQ(staff().size(), 1U) << "a preview changes nothing";
    const SheetImport done = run(id);
    EXPECT_EQ(done.state, ImportState::done);
    EXPECT_EQ(done.counts.made, 3);
    EXPECT_EQ(done.rows_done, 3);
    const Person person = staff().at("Иванова Ирина Петровна");
    EXPECT_EQ(person.personnel_number, "007") << "zeros in front are kept";
    EXPECT_EQ(person.phone, "+79123456789");
    EXPECT_EQ(person.parts, (PersonName{"Иванова", "Ирина", "Петровна"}));
    EXPECT_EQ(person.unit, point.unit);
    EXPECT_EQ(person.email, "i@shop.ru");
    EXPECT_EQ(staff().at("Петров Пётр Петрович").unit, root);
}

TEST_P(StaffImport, the_same_file_twice_says_so_and_changes_nothing) {
    const auto first = run(load(ImportKind::staff, three_people)).id;
    const auto second = load(ImportKind::staff, three_people);
    const Scope mine = scope();
    const auto before = store().read(
        [&](Tx& tx) { return imports->same_before(mine, tx, imports->get(mine, tx, second)); });
    ASSERT_TRUE(before);
    EXPECT_EQ(before->id, first);
    EXPECT_EQ(preview(second).counts.same, 3);
    EXPECT_EQ(run(second).counts.same, 3);
    EXPECT_EQ(staff().size(), 4U);
    EXPECT_EQ(code_of([&] { undo(second); }), "import.nothing_to_undo");
}

TEST_P(StaffImport, bad_lines_are_named_and_the_good_ones_kept) {
    const auto id = load(ImportKind::staff,
                         "ФИО;Телефон;Площадка;Почта;Таб. номер;Роль;Логин\n"
                         "Иванова Ирина;12;;;1;;\n"
                         "Петров;;;;2;;\n"
                         ";89123456789;;;3;;\n"
                         "Сидоров Илья;;Луна;;4;;\n"
                         "Ёлкин Пётр;;;pochta;5;;\n"
                         "Белов Глеб;;;;6;царь;belov\n"
                         "Серов Егор;;;;7;;BOSS\n"
                         "Чернов Лев;;;;8;;\n"
                         "Чернов Олег;;;;8;;\n");
    const auto bad = preview(id, RowAction::bad);
    EXPECT_EQ(faults(bad),
              (std::vector<std::string>{"2:phone.phone.bad", "3:full_name.name.one_word",
                                        "4:full_name.name.missing", "5:site.unit.unknown",
                                        "6:email.email.bad", "7:role.role.unknown",
                                        "8:login.login.taken", "10:personnel_number.row.twice"}));
    EXPECT_EQ(bad.rows.at(0).faults.at(0).column, "Телефон");
    for (const RowPlan& row : bad.rows)
        for (const RowFault& fault : row.faults)
            for (const char* language : {"ru", "en"})
                EXPECT_TRUE(messages.has(language, "import.fault." + fault.code)) << fault.code;
    const SheetImport done = run(id);
    EXPECT_EQ(done.counts.made, 1);
    EXPECT_EQ(done.counts.bad, 8);
    EXPECT_TRUE(staff().contains("Чернов Лев"));
    const Scope mine = scope();
    RowsWish wish;
    wish.action = RowAction::bad;
    const auto kept = store().read([&](Tx& tx) { return imports->rows(mine, tx, find(id), wish); });
    EXPECT_EQ(faults(kept), faults(bad)) << "the reasons are still there afterwards";
}

TEST_P(StaffImport, a_row_finds_its_person_again) {
    run(load(ImportKind::staff, three_people));
    const auto id = load(ImportKind::staff,
                         "Фамилия;Имя;Отчество;Таб. номер;Телефон;Должность\n"
                         "Иванова;Ирина;Петровна;007;;Старший кассир\n"  // by number
                         "Петрова;Пётр;Петрович;;89123456790;\n"         // another last name
                         "Петров;Пётр;;;8-912-345-67-90;Механик\n"       // by phone and name
                         "Сидорова;Анна-Мария;Ильинична;;;\n"            // by name, no change
                         "Сидорова;Анна-Мария;Ильинична;010;;\n");       // a namesake
    const ImportPreview seen = preview(id);
    ASSERT_EQ(seen.rows.size(), 5U);
    EXPECT_EQ(seen.rows[0].action, RowAction::changed);
    EXPECT_EQ(seen.rows[0].changes.at(0).before, "Кассир");
    EXPECT_EQ(seen.rows[0].changes.at(0).after, "Старший кассир");
    EXPECT_EQ(seen.rows[1].action, RowAction::made);
    EXPECT_EQ(seen.rows[2].action, RowAction::changed);
    EXPECT_EQ(seen.rows[3].action, RowAction::same);
    EXPECT_EQ(seen.rows[4].action, RowAction::made) << "one with a number of their own";
    run(id);
    const Person petrov = staff().at("Петров Пётр Петрович");
    EXPECT_EQ(petrov.personnel_number, "008") << "an empty cell leaves what is there";
    EXPECT_EQ(petrov.position, "Механик");
    EXPECT_EQ(petrov.parts.patronymic, "Петрович");
}

TEST_P(StaffImport, an_undo_brings_back_what_was_and_leaves_what_changed_since) {
    run(load(ImportKind::staff, three_people));
    const auto before = staff();
    const auto id = load(ImportKind::staff,
                         "Таб. №;ФИО;Должность;Логин\n"
                         "007;Иванова Ирина Петровна;Директор;\n"
                         "008;Петров Пётр Петрович;Директор;\n"
                         "100;Новиков Олег Олегович;Мастер;novikov\n"
                         "101;Дежурный Иван Иванович;Мастер;\n"
                         "102;Лишний Яков Яковлевич;Мастер;\n");
    run(id);
    store().write([&](Tx& tx) {
        Person petrov = staff_of(tx, "Петров Пётр Петрович");
        petrov.position = "Бригадир";
        people.change_person(Scope::system(), tx, petrov);
        Duty duty;
        duty.person_id = staff_of(tx, "Дежурный Иван Иванович").id;
        duty.begin_at = tx.now();
        duty.source = "api";
        sites.begin_duty(tx, point, duty);
    });
    const SheetImport back = undo(id);
    EXPECT_EQ(back.state, ImportState::undone);
    EXPECT_EQ(back.undone, 3);
    EXPECT_EQ(back.kept, 2);
    const auto after = staff();
    EXPECT_EQ(after.size(), before.size() + 1);
    EXPECT_EQ(after.at("Иванова Ирина Петровна").position, "Кассир");
    EXPECT_EQ(after.at("Петров Пётр Петрович").position, "Бригадир") << "changed since: left";
    EXPECT_TRUE(after.contains("Дежурный Иван Иванович")) << "has served since: left";
    EXPECT_FALSE(after.contains("Новиков Олег Олегович"));
    const Scope mine = scope();
    RowsWish wish;
    wish.kept = true;
    const auto kept = store().read([&](Tx& tx) { return imports->rows(mine, tx, find(id), wish); });
    ASSERT_EQ(kept.rows.size(), 2U);
    EXPECT_EQ(kept.rows[0].title, "Петров Пётр Петрович");
    EXPECT_EQ(store().read([&](Tx& tx) { return people.account_of_login(tx, "novikov"); }),
              std::nullopt)
        << "nobody has used it";
}

TEST_P(StaffImport, an_account_comes_without_a_password_anyone_knows) {
    run(load(ImportKind::staff, "ФИО;Логин;Роль\nБелова Юлия Юрьевна;belova;Контролёр\n"));
    const auto account =
        store().read([&](Tx& tx) { return people.account_of_login(tx, "belova"); });
    ASSERT_TRUE(account);
    EXPECT_EQ(account->role, Role::checker);
    EXPECT_TRUE(account->must_change_password);
}

TEST_P(StaffImport, a_stopped_import_goes_on_where_it_stood) {
    std::string many = "ФИО;Таб. номер\n";
    for (int i = 0; i < 450; ++i)
        many += "Человек Номер " + std::to_string(i) + ";" + std::to_string(i) + "\n";
    const auto id = load(ImportKind::staff, many);
    const Scope mine = scope();
    store().write([&](Tx& tx) { imports->start(mine, tx, id); });
    // As a restart finds it: begun, nobody at work.
    test_store->reopen();
    imports = std::make_unique<Imports>(store(), below->uses(*this), messages);
    imports->look(id.value);
    imports->look(id.value);
    EXPECT_EQ(find(id).state, ImportState::done);
    EXPECT_EQ(find(id).rows_done, 450);
    EXPECT_EQ(staff().size(), 451U);
}

TEST_P(StaffImport, a_cancelled_one_changes_nothing_more) {
    const auto id = load(ImportKind::staff, three_people);
    const Scope mine = scope();
    store().write([&](Tx& tx) { imports->start(mine, tx, id); });
    store().write([&](Tx& tx) { imports->cancel(mine, tx, id); });
    imports->look(id.value);
    EXPECT_EQ(find(id).state, ImportState::cancelled);
    EXPECT_EQ(staff().size(), 1U);
    EXPECT_EQ(code_of([&] { run(id); }), "import.not_draft");
}

TEST_P(StaffImport, who_lost_access_meanwhile_writes_nothing) {
    const auto id = load(ImportKind::staff, three_people);
    const Scope mine = scope();
    store().write([&](Tx& tx) {
        imports->start(mine, tx, id);
        Account gone = *people.find_account(Scope::system(), tx, maker.id);
        gone.disabled_at = tx.now();
        people.change_account(Scope::system(), tx, gone);
    });
    imports->look(id.value);
    const auto state = store().read([&](Tx& tx) { return imports->get(Scope::system(), tx, id); });
    EXPECT_EQ(state.state, ImportState::failed);
    EXPECT_EQ(state.reason, "import.maker_gone");
    EXPECT_EQ(staff().size(), 1U);
}

TEST_P(StaffImport, columns_can_be_matched_by_hand) {
    const auto id = load(ImportKind::staff, "Кто;Сколько\nИванова Ирина;007\n");
    EXPECT_EQ(preview(id).faults.at(0).code, "column.unmatched");
    EXPECT_EQ(code_of([&] { run(id); }), "import.unmatched");
    ImportSettings settings = find(id).settings;
    settings.header_row = 1;
    settings.columns = {{"full_name", 0}, {"personnel_number", 1}};
    change(id, settings);
    EXPECT_EQ(run(id).counts.made, 1);
    EXPECT_EQ(staff().at("Иванова Ирина").personnel_number, "007");
    settings.columns = {{"full_name", 0}, {"full_name", 1}};
    const auto other = load(ImportKind::staff, "a;b\n1;2\n");
    EXPECT_EQ(code_of([&] { change(other, settings); }), "import.columns");
    settings.columns = {{"salary", 0}};
    EXPECT_EQ(code_of([&] { change(other, settings); }), "import.columns");
}

}  // namespace
}  // namespace otklik
