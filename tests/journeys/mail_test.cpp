// Mail by the public routes, against a mail server of another's making: what it answers is told in
// words, and an alarm's letter goes out once, whatever happens in between.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "alarms/watch.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/files.h"
#include "media/chunk_testkit.h"
#include "notices/mailman.h"
#include "testkit/house.h"
#include "testkit/mail_box.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant mail_begin{1'795'000'000'000'000};

json::object server_at(const MailBox& box, const std::string& tls) {
    return {{"host", "localhost"},
            {"port", box.port()},
            {"tls", tls},
            {"login", ""},
            {"authority", tls == "none" ? std::string() : box.authority()},
            {"from_address", "otklik@shop.example"},
            {"from_name", "Отклик"},
            {"desk_url", "https://desk.example/"},
            {"quiet_begin_min", 0},
            {"quiet_end_min", 0},
            {"sends", true}};
}

/// Gives the person of the account a mail address and asks for all letters.
void subscribe(Client& boss, bool at_night = false) {
    json::value me;
    for (const auto& each : boss.list("/people")) me = each;
    json::object card{{"name", me.at("name")}, {"email", "boss@shop.example"}};
    boss.put("/people/" + text(me, "id"), card);
    json::array items;
    for (const char* topic : {"recording", "sound", "files", "cleared", "response", "server"})
        items.push_back(json::object{{"topic", topic}, {"at_night", at_night}});
    boss.put("/me/notices", json::object{{"items", items}});
}

class MailShop : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        if (!why_no_mail_server().empty()) GTEST_SKIP() << why_no_mail_server();
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = mail_begin - Duration::hours(1),
                                .buttons = nullptr});
        const std::string path = "/recorders/" + shop.recorder_id + "/agent";
        agent.use_token(text(
            nobody.post("/agent/pair",
                        json::object{{"code", text(boss.post(path), "code")}, {"program", "test"}}),
            "token"));
        house.rooms().mailman.be_patient({Duration::ms(1'500), Duration::ms(1'500)});
    }
    void set(const json::object& server) {
        const std::int64_t version = number(boss.get("/settings/mail"), "version");
        boss.put("/settings/mail", server, version);
    }
    json::value try_letter(const std::string& to = "boss@shop.example") {
        return boss.post("/settings/mail/test", json::object{{"to", to}});
    }
    std::string tried(const json::object& server) {
        set(server);
        return text(try_letter(), "code");
    }
    /// Records some seconds, then falls silent for ten minutes.
    void fall_silent() {
        source.record(3);
        for (std::size_t i = 0; i < source.chunks().size(); ++i) {
            if (i < sent) continue;
            house.clock.set({source.chunks().at(i).ended_at_us});
            agent
                .send("POST", "/agent/chunks", batch_bytes(source.batch_of(source.some(i, 1))),
                      "application/octet-stream")
                .ok();
            ++sent;
        }
        house.clock.advance(Duration::seconds(600));
        house.rooms().watch.look();
    }
    int send() { return house.rooms().mailman.send_due(); }
    json::value newest() { return boss.get("/settings/mail/outbox").at("items").as_array().at(0); }

    House house{database(), mail_begin};
    Client boss{house}, agent{house}, nobody{house};
    Shop shop;
    LiveSource source{5, 1};
    std::size_t sent = 0;
};
OTKLIK_BOTH_DATABASES(MailShop);

TEST_P(MailShop, a_trial_letter_goes_over_starttls_with_a_password) {
    const MailBox box({.tls = "starttls", .login = "otklik:verySecret9"});
    json::object server = server_at(box, "starttls");
    server["login"] = "otklik";
    server["password"] = "verySecret9";
    set(server);
    const json::value answer = try_letter();
    EXPECT_TRUE(answer.at("sent").as_bool()) << json::serialize(answer);
    EXPECT_NE(text(answer, "words").find("queued as T1"), std::string::npos);
    ASSERT_EQ(box.letters().size(), 1U);
    const std::string letter = box.letters()[0];
    EXPECT_EQ(header_of(letter, "To"), "<boss@shop.example>");
    EXPECT_EQ(decoded_words(header_of(letter, "Subject")), "Отклик: пробное письмо");
    EXPECT_NE(body_of(letter).find("https://desk.example"), std::string::npos);
    const json::value held = boss.get("/settings/mail");
    EXPECT_TRUE(held.at("has_password").as_bool());
    EXPECT_EQ(json::serialize(held).find("verySecret9"), std::string::npos);
    bool told = false;
    for (const auto& each : boss.list("/audit")) {
        told = told || text(each, "verb") == "mail.tested";
        EXPECT_EQ(json::serialize(each).find("verySecret9"), std::string::npos);
    }
    EXPECT_TRUE(told);
}

TEST_P(MailShop, a_trial_letter_goes_over_implicit_tls) {
    const MailBox box({.tls = "implicit"});
    EXPECT_EQ(tried(server_at(box, "implicit")), "sent");
}

TEST_P(MailShop, what_the_server_answers_is_told) {
    MailBox box({.tls = "starttls", .login = "otklik:verySecret9"});
    json::object server = server_at(box, "starttls");
    server["login"] = "otklik";
    server["password"] = "wrong";
    set(server);
    const json::value refused = try_letter();
    EXPECT_EQ(text(refused, "code"), "login");
    EXPECT_NE(text(refused, "words").find("535 5.7.8"), std::string::npos)
        << json::serialize(refused);
    server["password"] = "verySecret9";
    box.behave("refuse");
    set(server);
    const json::value recipient = try_letter();
    EXPECT_EQ(text(recipient, "code"), "recipient");
    EXPECT_NE(text(recipient, "words").find("no such mailbox"), std::string::npos);
    box.behave("grey");
    EXPECT_EQ(text(try_letter("new@shop.example"), "code"), "later");
    box.behave("slow");
    EXPECT_EQ(text(try_letter(), "code"), "slow");
}

TEST_P(MailShop, a_certificate_of_nobody_we_know_or_of_another_name_is_refused) {
    const MailBox box({.tls = "starttls"}), other({.tls = "implicit", .name = "mail.lan"});
    json::object server = server_at(box, "starttls");
    server["authority"] = "";
    EXPECT_EQ(tried(server), "certificate") << "the system does not know this authority";
    EXPECT_EQ(tried(server_at(other, "implicit")), "certificate") << "it is for mail.lan";
    EXPECT_TRUE(box.letters().empty());
    EXPECT_TRUE(other.letters().empty());
}

TEST_P(MailShop, a_server_without_starttls_or_that_is_away_is_told) {
    int port = 0;
    {
        const MailBox plain;
        port = plain.port();
        EXPECT_EQ(tried(server_at(plain, "starttls")), "no_starttls");
    }
    const MailBox other;
    json::object server = server_at(other, "none");
    server["port"] = port;
    EXPECT_EQ(tried(server), "no_connection");
    server["host"] = "nowhere.invalid";
    server["tls"] = "starttls";
    EXPECT_EQ(tried(server), "no_host");
}

TEST_P(MailShop, an_alarm_becomes_one_letter_and_its_end_another) {
    const MailBox box;
    set(server_at(box, "none"));
    subscribe(boss);
    fall_silent();
    EXPECT_EQ(send(), 1);
    ASSERT_EQ(box.letters().size(), 1U);
    const std::string subject = decoded_words(header_of(box.letters()[0], "Subject"));
    EXPECT_NE(subject.find("запись остановилась"), std::string::npos) << subject;
    EXPECT_NE(body_of(box.letters()[0]).find("https://desk.example/points"), std::string::npos);
    EXPECT_EQ(send(), 0);
    EXPECT_EQ(text(newest(), "state"), "sent");
    const json::value alarms = boss.get("/alarms").at("items");
    ASSERT_EQ(alarms.as_array().size(), 1U);
    EXPECT_EQ(text(alarms.at(0), "cause"), "stopped");
    const json::value day = boss.get("/me/day").at("items");
    EXPECT_TRUE(std::any_of(day.as_array().begin(), day.as_array().end(), [](const auto& each) {
        return text(each, "kind") == "alarm" && text(each, "reason") == "stopped";
    }));
}

TEST_P(MailShop, a_live_microphone_that_gives_nothing_is_told_and_heals) {
    boss.put("/settings/alarms", json::object{{"on", true},
                                              {"stopped_min", 5},
                                              {"not_started_min", 15},
                                              {"file_min", 180},
                                              {"sound_min", 10},
                                              {"clear_min", 2}});
    const auto hear = [&](int seconds, int height) {
        source.height = height;
        source.record(seconds);
        constexpr std::size_t batch = 60;
        for (; sent < source.chunks().size(); sent += batch) {
            const auto count = std::min(batch, source.chunks().size() - sent);
            house.clock.set({source.chunks().at(sent + count - 1).ended_at_us});
            agent
                .send("POST", "/agent/chunks",
                      batch_bytes(source.batch_of(source.some(sent, count))),
                      "application/octet-stream")
                .ok();
        }
        sent = source.chunks().size();
        house.settle();
        house.rooms().watch.look();
        return boss.get("/alarms").at("items");
    };
    const json::value dead = hear(660, 0);
    ASSERT_EQ(dead.as_array().size(), 1U);
    EXPECT_EQ(text(dead.at(0), "cause"), "dead");
    EXPECT_EQ(hear(660, 40).as_array().size(), 1U) << "well, but not for long enough";
    EXPECT_TRUE(hear(310, 40).as_array().empty());
}

TEST_P(MailShop, greylisting_is_waited_for_and_the_letter_goes_once) {
    MailBox box;
    box.behave("grey");
    set(server_at(box, "none"));
    subscribe(boss);
    fall_silent();
    EXPECT_EQ(send(), 1);
    EXPECT_TRUE(box.letters().empty());
    EXPECT_EQ(text(newest(), "state"), "waiting");
    EXPECT_EQ(text(newest(), "reason"), "later");
    EXPECT_EQ(send(), 0) << "not before its minute";
    house.clock.advance(Duration::seconds(61));
    EXPECT_EQ(send(), 1);
    EXPECT_EQ(box.letters().size(), 1U);
    EXPECT_EQ(text(newest(), "state"), "sent");
}

TEST_P(MailShop, a_refused_recipient_fails_with_the_servers_words) {
    MailBox box;
    box.behave("refuse");
    set(server_at(box, "none"));
    subscribe(boss);
    fall_silent();
    send();
    EXPECT_EQ(text(newest(), "state"), "failed");
    EXPECT_EQ(text(newest(), "reason"), "recipient");
    EXPECT_NE(text(newest(), "reason_words").find("550"), std::string::npos);
    EXPECT_EQ(text(boss.get("/settings/mail"), "trouble_code"), "") << "the server is well";
}

TEST_P(MailShop, a_server_that_takes_the_text_and_falls_silent_gets_the_same_id_again) {
    MailBox box;
    box.behave("mute");
    set(server_at(box, "none"));
    subscribe(boss);
    fall_silent();
    send();
    EXPECT_EQ(text(newest(), "state"), "sending");
    box.behave("ok");
    EXPECT_EQ(send(), 0);
    house.clock.advance(Duration::seconds(61));
    EXPECT_EQ(send(), 1);
    ASSERT_EQ(box.letters().size(), 2U) << "nobody knew whether it had it";
    EXPECT_EQ(header_of(box.letters()[0], "Message-ID"), header_of(box.letters()[1], "Message-ID"));
    EXPECT_EQ(text(newest(), "state"), "sent");
}

/// What stands in the day, of alarms.
std::string alarms_of_day(Client& who) {
    std::string words;
    const json::value day = who.get("/me/day");
    for (const auto& each : day.at("items").as_array())
        if (text(each, "kind") == "alarm") words += text(each, "reason") + " ";
    return words;
}

TEST_P(MailShop, letters_that_do_not_go_stand_in_the_day_until_they_go) {
    MailBox box;
    json::object server = server_at(box, "none");
    set(server);
    subscribe(boss);
    server["port"] = 1;
    set(server);
    fall_silent();
    EXPECT_EQ(send(), 1);
    EXPECT_EQ(alarms_of_day(boss), "stopped ") << "it may be a moment";
    house.clock.advance(mail_trouble_after);
    house.rooms().watch.look();
    const std::string both = alarms_of_day(boss);
    EXPECT_NE(both.find("mail "), std::string::npos) << both;
    EXPECT_EQ(text(newest(), "state"), "waiting");
    const std::size_t lines = boss.get("/settings/mail/outbox").at("items").as_array().size();
    EXPECT_EQ(lines, 1U) << "no letter can tell of it";
    server["port"] = box.port();
    set(server);
    house.clock.advance(Duration::hours(1));
    EXPECT_EQ(send(), 1);
    house.rooms().watch.look();
    house.clock.advance(Duration::seconds(120));
    house.rooms().watch.look();
    EXPECT_EQ(alarms_of_day(boss).find("mail"), std::string::npos);
}

TEST_P(MailShop, a_response_below_the_goal_is_told_of_its_point) {
    const MailBox box;
    set(server_at(box, "none"));
    subscribe(boss);
    // 40 receipts of yesterday and 40 of today, and no press at all.
    std::string receipts = "Дата;Чек;Сумма\n";
    for (int i = 0; i < 80; ++i)
        receipts +=
            format_local(mail_begin - Duration::seconds((i % 2) * 86'400 + i * 60), "Europe/Moscow")
                .substr(0, 19) +
            ";" + std::to_string(i) + ";100\n";
    const std::string id = text(boss.send("POST", "/imports?kind=contacts&name=till.csv", receipts,
                                          "application/octet-stream")
                                    .ok(),
                                "id");
    boss.post("/imports/" + id + "/start");
    house.settle();
    ASSERT_EQ(number(boss.get("/imports/" + id), "made"), 80);
    const auto goal = [&](json::value percent) {
        boss.put("/settings/day-goals", json::object{{"signal_min", 1'440},
                                                     {"complaint_min", 240},
                                                     {"check_min", 1'440},
                                                     {"response_percent", std::move(percent)}});
        house.rooms().watch.look();
    };
    house.rooms().watch.look();
    EXPECT_EQ(alarms_of_day(boss), "") << "there is no goal";
    goal(5);
    EXPECT_EQ(alarms_of_day(boss), "") << "none of 40 may be chance";
    goal(30);
    EXPECT_EQ(alarms_of_day(boss), "response ");
    EXPECT_EQ(send(), 1);
    ASSERT_EQ(box.letters().size(), 1U);
    const std::string letter = body_of(box.letters()[0]);
    EXPECT_NE(letter.find("отклик 0 % при цели 30 %, за 7 дней по 17.11"), std::string::npos)
        << letter;
    const json::value alarm = boss.get("/alarms").at("items").at(0);
    EXPECT_EQ(text(alarm, "point_id"), shop.point_id);
    EXPECT_FALSE(alarm.as_object().contains("recorder_id") && !alarm.at("recorder_id").is_null());
    goal(nullptr);
    EXPECT_EQ(alarms_of_day(boss), "");
    EXPECT_EQ(text(boss.get("/alarms/all").at("items").at(0), "cleared_how"), "not_expected");
}

TEST_P(MailShop, rights_are_those_of_the_desk) {
    const MailBox box;
    set(server_at(box, "none"));
    EXPECT_EQ(nobody.ask("GET", "/settings/mail").status(), 401);
    EXPECT_EQ(nobody.ask("GET", "/alarms").status(), 401);
    EXPECT_EQ(agent.ask("GET", "/settings/mail").status(), 403);
    EXPECT_EQ(boss.ask("PUT", "/settings/mail", server_at(box, "none")).status(), 412)
        << "the version must be named";
    EXPECT_EQ(boss.ask("POST", "/settings/mail/test", json::object{{"to", "a@b.example\r\nX: y"}})
                  .status(),
              400);
    json::value me = boss.list("/people").at(0);
    const json::value made = boss.post("/accounts", json::object{{"person_id", me.at("id")},
                                                                 {"login", "checker"},
                                                                 {"role", "checker"},
                                                                 {"password", "a long enough word"},
                                                                 {"must_change_password", false},
                                                                 {"units", json::array{}}});
    Client checker{house};
    checker.sign_in("checker", text(made, "password"));
    EXPECT_EQ(checker.ask("GET", "/settings/mail").status(), 403);
    EXPECT_EQ(checker.ask("GET", "/settings/mail/outbox").status(), 403);
    EXPECT_EQ(checker.ask("GET", "/settings/alarms").status(), 403);
    EXPECT_EQ(checker.ask("GET", "/alarms").status(), 200);
    fall_silent();
    const std::string id = text(checker.get("/alarms").at("items").at(0), "id");
    EXPECT_EQ(checker.ask("POST", "/alarms/" + id + "/close").status(), 403);
    EXPECT_EQ(boss.ask("POST", "/alarms/" + id + "/close").status(), 204);
    EXPECT_TRUE(boss.get("/alarms").at("items").as_array().empty());
    EXPECT_EQ(text(boss.get("/alarms/all").at("items").at(0), "cleared_how"), "closed");
}

/// Asks again and again, up to a minute, until the newest line of the outbox stands so.
bool comes_to(Client& boss, const std::string& state) {
    constexpr int step_ms = 200, most_ms = 60'000;
    for (int waited = 0; waited < most_ms; waited += step_ms) {
        const json::value outbox = boss.get("/settings/mail/outbox");
        const auto& items = outbox.at("items").as_array();
        if (!items.empty() && text(items[0], "state") == state) return true;
        ::poll(nullptr, 0, step_ms);
    }
    return false;
}

TEST(MailKilled, a_letter_that_was_being_sent_goes_once_after_the_restart) {
    if (!why_no_mail_server().empty()) GTEST_SKIP() << why_no_mail_server();
    const Folder folder;
    MailBox box;
    box.behave("slow");  // it holds the talk before the text
    auto program = std::make_unique<Program>(folder.path("data"), folder.path("keys"));
    Client boss{*program};
    const Instant now = SystemClock().now();
    const Shop shop = open_shop(boss, {.setup_code = program->setup_code(),
                                       .recorder_since = now - Duration::days(20),
                                       .buttons = nullptr});
    boss.put("/settings/mail", server_at(box, "none"));
    subscribe(boss, true);
    json::array hours;
    for (int weekday = 1; weekday <= 7; ++weekday)
        hours.push_back(
            json::object{{"weekday", weekday}, {"opens", "09:00"}, {"closes", "18:00"}});
    const json::value point = boss.list("/points").at(0);
    boss.put("/points/" + shop.point_id, json::object{{"name", point.at("name")}, {"hours", hours}},
             number(point, "version"));
    ASSERT_TRUE(comes_to(boss, "sending")) << "the file of a day is missed";
    ::kill(program->pid(), SIGKILL);
    program.reset();
    box.behave("ok");
    EXPECT_TRUE(box.letters().empty());
    // Each start begins with a look at what waits, so the third would send it again.
    for (int start = 2; start <= 3; ++start) {
        Program again(folder.path("data"), folder.path("keys"));
        Client later{again};
        later.sign_in(shop.login, shop.password);
        EXPECT_TRUE(box.wait_for(1));
        EXPECT_TRUE(comes_to(later, "sent"));
    }
    EXPECT_EQ(box.letters().size(), 1U);
}

}  // namespace
}  // namespace otklik::testkit
