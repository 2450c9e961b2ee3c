// The outbox and its letters, over a real store. Talks with a mail server:
// tests/journeys/mail_test.
#include "notices/notices.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "notices/letter.h"
#include "notices/mailman.h"
#include "store/test_store.h"

namespace otklik {

Letter letter_to_boss() {
    Letter letter;
    letter.from_address = "otklik@shop.example";
    letter.from_name = "Отклик";
    letter.to_address = "boss@shop.example";
    letter.message_id = "notice_1@shop.example";
    letter.subject = "Отклик: запись остановилась — Мира, 1, Касса 2, последний звук 28.11 14:05";
    letter.body = "Первая строка\n.\nThird\n";
    letter.at = {1'795'000'000'000'000};
    return letter;
}

/// Every line of a letter is ASCII of at most 78 letters, and there are no more headers than ours.
void expect_sound(const std::string& text) {
    std::size_t headers = 0;
    bool in_head = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        const std::string line = text.substr(at, end - at);
        at = end + 2;
        EXPECT_LE(line.size(), 78U) << line;
        for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << line;
        if (line.empty()) in_head = false;
        if (in_head && line[0] != ' ') ++headers;
    }
    EXPECT_EQ(headers, 9U) << text;
}

TEST(MailLetter, is_plain_ascii_with_encoded_words) {
    const std::string text = letter_text(letter_to_boss());
    expect_sound(text);
    EXPECT_NE(text.find("Date: Wed, 18 Nov 2026 11:06:40 +0000\r\n"), std::string::npos) << text;
    EXPECT_NE(text.find("Message-ID: <notice_1@shop.example>\r\n"), std::string::npos);
    EXPECT_NE(text.find("From: =?UTF-8?B?0J7RgtC60LvQuNC6?=\r\n <otklik@shop.example>\r\n"),
              std::string::npos)
        << text;
}

TEST(MailLetter, nothing_given_adds_a_header) {
    Letter letter = letter_to_boss();
    for (const char* evil : {"a\r\nBcc: thief@evil.example", "a\nX: y",
                             "=?UTF-8?Q?=0D=0ABcc:?=", "\xFF\xFE", "a\rb", "x\0y"}) {
        letter.subject = letter.from_name = evil;
        letter.message_id = std::string(evil) + "@shop.example";
        expect_sound(letter_text(letter));
    }
    for (const char* evil : {"a@b.example\r\nBcc: c@d.example", "a b@c.example", "a@b.example>",
                             "почта@пример.рф", "a@b"}) {
        letter = letter_to_boss();
        letter.to_address = evil;
        EXPECT_THROW(letter_text(letter), Error) << evil;
    }
}

TEST(MailLetter, long_words_are_never_cut_inside_a_letter) {
    std::string subject;
    for (int i = 0; i < 60; ++i) subject += i % 3 == 0 ? "Ж" : i % 3 == 1 ? "€" : "a";
    const std::string words = encoded_words(subject);
    for (std::size_t at = 0; at < words.size();) {
        const auto begin = words.find("?B?", at);
        if (begin == std::string::npos) break;
        const auto end = words.find("?=", begin + 3);
        EXPECT_LE(end + 2 - at, 76U + 3U);
        at = end + 2;
    }
    EXPECT_EQ(encoded_words("plain"), "plain");
}

TEST(MailWait, grows_to_an_hour) {
    EXPECT_EQ(mail_wait(1), Duration::seconds(60));
    EXPECT_EQ(mail_wait(3), Duration::seconds(300));
    EXPECT_EQ(mail_wait(99), Duration::hours(1));
}

class NoticesOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        secrets = std::make_unique<Secrets>(test_store->folder());
        notices = std::make_unique<Notices>(people, messages, *secrets);
        mailman = std::make_unique<Mailman>(store(), people, *notices, messages, clock);
        store().write([&](Tx& tx) {
            company = people.make_company(tx, "Garage").value;
            root = people.root_unit(tx, company);
            north = people.make_unit(tx, company, root, "site", "North");
            south = people.make_unit(tx, company, root, "site", "South");
            boss = make(tx, "boss", Role::administrator, root, "boss@shop.example");
            head = make(tx, "head", Role::checker, north, "head@shop.example");
            worker = make(tx, "worker", Role::employee, root, "worker@shop.example");
        });
    }
    Account make(Tx& tx, const std::string& login, Role role, Id<Unit> unit,
                 const std::string& email) {
        Person person;
        person.company_id = company;
        person.unit = root;
        person.name = login;
        person.email = email;
        Account account;
        account.company_id = company;
        account.unit = root;
        account.person_id = people.make_person(tx, person);
        account.login = login;
        account.role = role;
        account.units = {unit.value};
        account.id = people.make_account(tx, account, "hash");
        return account;
    }
    MailServer plain_server() {
        MailServer server;
        server.company_id = company;
        server.smtp.host = "127.0.0.1";
        server.smtp.port = 9;  // discard: nobody listens
        server.smtp.tls = MailTls::none;
        server.smtp.from_address = "otklik@shop.example";
        server.desk_url = "https://desk.example";
        server.quiet_begin_min = server.quiet_end_min = 0;
        return server;
    }
    void set(MailServer server, const NewPassword& password = {}) {
        store().write([&](Tx& tx) {
            const auto held = notices->server(tx, company);
            server.version = held ? held->version : 0;
            notices->set_server(tx, server, password, "test");
        });
    }
    void choose(const Account& account, bool at_night = false) {
        store().write([&](Tx& tx) {
            notices->choose(tx, account, {{Topic::recording, at_night}, {Topic::cleared}});
        });
    }
    int post(Id<Unit> unit, std::int64_t subject = 1) {
        return store().write([&](Tx& tx) {
            News news;
            news.place = {company, unit.value, 0};
            news.subject_kind = "alarm";
            news.subject = subject;
            news.key = "alarm.line.stopped";
            news.params = {
                {"point", "Desk"}, {"site", "North"}, {"recorder", "R"}, {"at", "12:00"}};
            news.zone = "Asia/Yekaterinburg";  // 16:06
            return notices->post(tx, news);
        });
    }
    std::vector<Notice> all() {
        return store().read(
            [&](Tx& tx) { return notices->newest(Scope::console(company), tx, 100); });
    }
    std::string refused(const MailServer& server, const NewPassword& password = {}) {
        try {
            set(server, password);
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    People people;
    Messages messages;
    std::unique_ptr<Secrets> secrets;
    std::unique_ptr<Notices> notices;
    std::unique_ptr<Mailman> mailman;
    std::int64_t company = 0;
    Id<Unit> root, north, south;
    Account boss, head, worker;
};
OTKLIK_BOTH_DATABASES(NoticesOf);

TEST_P(NoticesOf, a_line_goes_to_those_who_chose_it_and_may_see_the_place) {
    EXPECT_EQ(post(north), 0) << "no mail server";
    set(plain_server());
    EXPECT_EQ(post(north), 0) << "nobody chose";
    choose(boss);
    choose(head);
    EXPECT_THROW(choose(worker), Error);
    EXPECT_EQ(post(north), 2);
    EXPECT_EQ(post(south), 1);
    for (const Notice& each : all())
        if (each.unit == south) {
            EXPECT_EQ(each.account_id, boss.id);
        }
    store().write([&](Tx& tx) {
        auto account = people.find_account(Scope::console(company), tx, head.id);
        account->disabled_at = clock.now();
        people.change_account(Scope::console(company), tx, *account);
    });
    EXPECT_EQ(post(north), 1) << "a closed account gets nothing";
}

TEST_P(NoticesOf, a_line_holds_no_address_and_no_name_of_a_person) {
    set(plain_server());
    choose(boss);
    post(north);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].line.find("boss"), std::string::npos);
    EXPECT_NE(all()[0].line.find("Desk"), std::string::npos);
}

TEST_P(NoticesOf, quiet_hours_keep_a_line_until_morning_unless_asked_for_at_night) {
    MailServer server = plain_server();
    server.quiet_begin_min = 16 * 60;  // it is 16:06 there
    server.quiet_end_min = 8 * 60;
    set(server);
    choose(boss);
    choose(head, true);
    post(north);
    for (const Notice& each : all()) {
        if (each.account_id == head.id)
            EXPECT_EQ(each.not_before, clock.now());
        else
            EXPECT_EQ(each.not_before - clock.now(), Duration::seconds((15 * 60 + 53) * 60 + 20));
    }
}

TEST_P(NoticesOf, quiet_hours_within_one_day) {
    MailServer server = plain_server();
    server.quiet_begin_min = 13 * 60;
    server.quiet_end_min = 15 * 60;
    const Instant at = {1'795'000'000'000'000};  // 11:06:40 UTC
    EXPECT_EQ(quiet_until(server, "UTC", at), at);
    EXPECT_EQ(quiet_until(server, "Europe/Moscow", at), at + Duration::seconds(53 * 60 + 20));
    EXPECT_EQ(quiet_until(server, "Asia/Yekaterinburg", at), at);
}

TEST_P(NoticesOf, what_is_over_before_it_was_told_is_not_told) {
    set(plain_server());
    choose(boss);
    post(north, 7);
    EXPECT_EQ(store().write([&](Tx& tx) { return notices->withdraw(tx, "alarm", 7); }), 1);
    EXPECT_EQ(all()[0].state, NoticeState::dropped);
    EXPECT_EQ(mailman->send_due(), 0);
}

TEST_P(NoticesOf, the_outbox_is_bounded) {
    set(plain_server());
    choose(boss);
    store().write([&](Tx& tx) {
        tx.run(Sql{"with recursive n(i) as (select cast(1 as {int}) union all select i + 1 from n"
                   " where i < :count) insert into notice (id, company_id, unit, account_id, topic,"
                   " subject_kind, subject, line, made_at, not_before, expires_at, state) select i,"
                   " :company, 1, 1, 'sound', 'alarm', 1, '', 0, 0, 0, 'waiting' from n"},
               {{"count", notices_waiting_max}, {"company", company}});
    });
    EXPECT_EQ(post(root), 0);
}

TEST_P(NoticesOf, a_server_that_is_away_is_left_alone_and_told_of) {
    set(plain_server());
    choose(boss);
    choose(head);
    post(north);
    EXPECT_EQ(mailman->send_due(), 1) << "one try, not one for each letter";
    const auto held = store().read([&](Tx& tx) { return *notices->server(tx, company); });
    EXPECT_EQ(held.trouble_code, "no_connection");
    EXPECT_TRUE(held.trouble_since);
    EXPECT_EQ(mailman->send_due(), 0) << "its rest is not over";
    clock.advance(Duration::seconds(61));
    EXPECT_EQ(mailman->send_due(), 1);
    set(plain_server());
    EXPECT_EQ(mailman->send_due(), 1) << "a server that was set anew is tried at once";
    clock.advance(Duration::hours(49));
    mailman->send_due();
    for (const Notice& each : all()) {
        EXPECT_EQ(each.state, NoticeState::failed);
        EXPECT_EQ(each.reason, "old");
    }
}

TEST_P(NoticesOf, a_person_without_an_address_fails_with_the_reason) {
    set(plain_server());
    choose(boss);
    post(north);
    store().write([&](Tx& tx) {
        auto person = people.find_person(Scope::console(company), tx, boss.person_id);
        person->email.reset();
        people.change_person(Scope::console(company), tx, *person);
    });
    mailman->send_due();
    EXPECT_EQ(all()[0].reason, "no_address");
    EXPECT_THROW(choose(boss), Error);
}

TEST_P(NoticesOf, a_server_is_refused_with_the_reason) {
    const auto with = [&](auto change) {
        MailServer server = plain_server();
        change(server);
        return refused(server);
    };
    EXPECT_EQ(with([](auto& s) { s.smtp.host = "smtp.example.com"; }), "mail.plain");
    EXPECT_EQ(with([](auto& s) { s.smtp.host = "http://x"; }), "mail.host");
    EXPECT_EQ(with([](auto& s) { s.smtp.host = "a b"; }), "mail.host");
    EXPECT_EQ(with([](auto& s) { s.smtp.from_address = "a@b.c\r\nX: y"; }), "mail.address");
    EXPECT_EQ(with([](auto& s) { s.desk_url = "javascript:alert(1)"; }), "mail.url");
    EXPECT_EQ(with([](auto& s) { s.smtp.login = "a\r\nb"; }), "mail.login");
    EXPECT_EQ(with([](auto& s) { s.from_name = "a\nb"; }), "mail.name");
    EXPECT_EQ(with([](auto& s) { s.smtp.authority = "no pem"; }), "mail.authority");
    EXPECT_EQ(with([](auto&) {}), "");
}

TEST_P(NoticesOf, a_password_is_sealed_kept_and_never_sent_elsewhere) {
    MailServer server = plain_server();
    server.smtp.login = "otklik";
    set(server, {"a secret word"});
    EXPECT_EQ(
        store().read([&](Tx& tx) { return notices->server_to_send(tx, company); })->smtp.password,
        "a secret word");
    EXPECT_TRUE(store().read([&](Tx& tx) { return *notices->server(tx, company); }).has_password);
    EXPECT_EQ(store().read([&](Tx& tx) { return *notices->server(tx, company); }).smtp.password,
              "");
    server.from_name = "Other";
    set(server);
    EXPECT_TRUE(store().read([&](Tx& tx) { return *notices->server(tx, company); }).has_password);
    server.smtp.host = "localhost";
    EXPECT_EQ(refused(server), "mail.password_again");
    set(server, {""});
    EXPECT_FALSE(store().read([&](Tx& tx) { return *notices->server(tx, company); }).has_password);
}

TEST_P(NoticesOf, another_key_opens_nothing_and_says_so) {
    MailServer server = plain_server();
    server.smtp.login = "otklik";
    set(server, {"a secret word"});
    const Secrets other(test_store->folder() + "/other");
    EXPECT_FALSE(other.open("mail.password", "short"));
    EXPECT_FALSE(secrets->open("another use", secrets->seal("mail.password", "word")));
    Notices elsewhere(people, messages, other);
    EXPECT_THROW(store().read([&](Tx& tx) { elsewhere.server_to_send(tx, company); }), Error);
}

}  // namespace otklik
