// Telephone numbers and names as people write them.
#include <gtest/gtest.h>

#include "base/email.h"
#include "base/person_name.h"
#include "base/phone.h"

namespace otklik {
namespace {

TEST(Phone, every_way_to_write_a_russian_number_is_one_number) {
    for (const char* text :
         {"+7 912 345-67-89", "8 (912) 345-67-89", "89123456789", "79123456789", "9123456789",
          "8-912-345-67-89", "+7(912)345.67.89", " 8\u00a0912\u00a0345\u201167\u201189 ",
          "+79123456789", "8 912 3456789", "007 912 345 67 89"})
        EXPECT_EQ(phone_of(text), "+79123456789") << text;
    EXPECT_EQ(phone_of("8 (343) 222-33-44"), "+73432223344");
    EXPECT_EQ(phone_of("8 800 555 35 35"), "+78005553535");
    EXPECT_EQ(phone_of("+7 701 123 45 67"), "+77011234567") << "Kazakhstan shares the plan";
}

TEST(Phone, foreign_numbers_are_kept_when_their_country_is_written) {
    EXPECT_EQ(phone_of("+49 30 1234567"), "+49301234567");
    EXPECT_EQ(phone_of("+375 (29) 123-45-67"), "+375291234567");
    EXPECT_EQ(phone_of("8 10 49 30 1234567"), "+49301234567");
    EXPECT_EQ(phone_of("0049 30 1234567"), "+49301234567");
}

TEST(Phone, what_is_not_whole_is_no_number) {
    for (const char* text :
         {"", "222-33-44", "+7 912 345-67-8", "8 912 345 67 890", "+7 512 345 67 89", "abc",
          "89123456789, 89123456780", "8 912 345 67 89 ext 5", "+", "+0 123 456 789", "1234567890",
          "+1234567", "+1234567890123456", "++79123456789"})
        EXPECT_EQ(phone_of(text), std::nullopt) << text;
}

TEST(Phone, it_is_shown_in_the_russian_way) {
    EXPECT_EQ(shown_phone("+79123456789"), "+7\u00a0912\u00a0345-67-89");
    EXPECT_EQ(shown_phone("+49301234567"), "+49301234567");
    EXPECT_EQ(phone_of(shown_phone("+79123456789")), "+79123456789");
}

TEST(Names, one_text_is_three_parts) {
    const struct {
        const char* text;
        PersonName name;
        const char* brief;
    } cases[] = {
        {"Иванова Ирина Петровна", {"Иванова", "Ирина", "Петровна"}, "Иванова\u00a0И.\u00a0П."},
        {"  Ёлкин\u00a0 Пётр ", {"Ёлкин", "Пётр", ""}, "Ёлкин\u00a0П."},
        {"Иванова И.П.", {"Иванова", "И.", "П."}, "Иванова\u00a0И.\u00a0П."},
        {"Петрова-Водкина Анна-Мария Ильинична",
         {"Петрова-Водкина", "Анна-Мария", "Ильинична"},
         "Петрова-Водкина\u00a0А.-М.\u00a0И."},
        {"Алиев Али Вели оглы", {"Алиев", "Али", "Вели оглы"}, "Алиев\u00a0А.\u00a0В."},
        {"Anna", {"Anna", "", ""}, "Anna"},
        {"", {"", "", ""}, ""},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(split_name(each.text), each.name) << each.text;
        EXPECT_EQ(short_name(each.name), each.brief);
    }
    EXPECT_EQ(joined_name({" Иванова ", "Ирина", " Петровна"}), "Иванова Ирина Петровна");
    EXPECT_EQ(joined_name({"Ли", "", ""}), "Ли");
}

TEST(Email, what_a_form_can_tell) {
    for (const char* text : {"a@b.ru", "ivanova.i+x@mail.example.com", "почта@пример.рф"})
        EXPECT_TRUE(is_email(text)) << text;
    for (const char* text : {"", "a", "@b.ru", "a@b", "a@.ru", "a@b.", "a@b..ru", "a b@c.ru",
                             "a@b@c.ru", "Anna <a@b.ru>", "a@b.ru,c@d.ru"})
        EXPECT_FALSE(is_email(text)) << text;
}

}  // namespace
}  // namespace otklik
