// S3-52: a company that moves over brings the press log of its other system and the fragments that
// it cut. The log is looked at, carried out and taken back; a fragment becomes the clip of its
// press without any recording around it; what has no partner is named.
#include <gtest/gtest.h>

#include "base/calendar.h"
#include "base/text.h"
#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant log_begin{1'795'000'000'000'000};     // 2026-11-18 14:06:40 in Moscow
constexpr Instant log_midnight{1'794'949'200'000'000};  // of that day there
constexpr double fragment_s = 12;

const std::string log_csv =
    "Дата;Время;Точка;Кнопка;Сотрудник;Комментарий;Файл\n"
    "18.11.2026;10:00:15;Counter;Жалоба;;Долго ждал;till/0001.wav\n"
    "18.11.2026;10:20:00;counter;Похвала;Ann Boss;;\n"
    "18.11.2026;10:40:00;Counter;Синяя;;;\n"
    "18.11.2026;11:00:00;Касса 9;Жалоба;;;\n"
    "18.11.2026;25:00;Counter;Жалоба;;;\n"
    "18.11.2026;12:00:00;Counter;Идея;Нет Такой;;\n"
    "18.11.2026;13:00:00;Counter;Идея;;;0003.wav\n"
    "18.11.2027;13:00:00;Counter;Идея;;;\n";

Instant on_wall(int hours, int minutes, int seconds) {
    return log_midnight + Duration::seconds(hours * 3'600 + minutes * 60 + seconds);
}

class PressLogJourney : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = log_begin - Duration::hours(24),
                                .buttons = nullptr});
    }
    json::value upload(const std::string& bytes) {
        return boss
            .send("POST", "/imports?kind=presses&name=log.csv", bytes, "application/octet-stream")
            .ok();
    }
    /// Carried out, as it stands then.
    json::value carried_out(const std::string& bytes) {
        const std::string id = text(upload(bytes), "id");
        boss.post("/imports/" + id + "/start");
        house.settle();
        return boss.get("/imports/" + id);
    }
    json::value fragments(const std::string& id, const std::vector<std::string>& paths,
                          const std::string& named = "begin") {
        json::array asked;
        for (const std::string& path : paths) asked.emplace_back(path);
        return boss.post("/imports/" + id + "/fragments",
                         json::object{{"paths", asked}, {"before_ms", 60'000}, {"named", named}});
    }
    static std::vector<std::string> codes(const json::value& matches) {
        std::vector<std::string> all;
        for (const auto& each : matches.at("items").as_array())
            all.push_back(each.at("code").is_null() ? "" : text(each, "code"));
        return all;
    }
    /// As the desk sends it: a whole upload with the begin that the match told.
    json::value send(const json::value& match, const std::string& name, const std::string& wav) {
        const std::string metadata = "recorder " + base64(text(match, "recorder_id")) +
                                     ",filename " + base64(name) + ",starts_at " +
                                     base64(text(match, "begin_at")) + ",start_uncertainty_ms " +
                                     base64(std::to_string(number(match, "uncertainty_ms")));
        const Answer made = boss.ask("POST", "/uploads", nullptr,
                                     {{"Tus-Resumable", "1.0.0"},
                                      {"Upload-Length", std::to_string(wav.size())},
                                      {"Upload-Metadata", metadata}});
        const std::string path = made.header("Location").substr(7);
        boss.send("PATCH", path, wav, "application/offset+octet-stream",
                  {{"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "0"}});
        house.settle();
        return boss.get(path);
    }
    /// Presses of the inbox by the minute of their wall.
    std::map<std::string, json::value> presses() {
        std::map<std::string, json::value> all;
        for (const auto& each : boss.list("/signals?undone=1"))
            all.emplace(format_local(instant(each, "at"), "Europe/Moscow").substr(11, 5), each);
        return all;
    }

    House house{database(), log_begin};
    Client boss{house};
    Shop shop;
};
OTKLIK_BOTH_DATABASES(PressLogJourney);

TEST_P(PressLogJourney, a_log_is_looked_at_and_comes_in_once) {
    const json::value draft = upload(log_csv);
    const std::string id = text(draft, "id");
    EXPECT_EQ(number(draft, "made"), 3) << json::serialize(draft);
    EXPECT_EQ(number(draft, "bad"), 5);
    std::vector<std::string> bad;
    for (const auto& row : boss.list("/imports/" + id + "/rows?action=bad"))
        bad.push_back(std::to_string(number(row, "row")) + " " +
                      text(row.at("faults").at(0), "code"));
    EXPECT_EQ(bad, (std::vector<std::string>{"4 press.button", "5 unit.unknown", "6 contact.time",
                                             "7 person.unknown", "9 press.time"}));
    const json::value file = draft.at("file");
    const auto& names = file.at("matches").as_array();
    std::vector<std::string> lost;
    for (const auto& each : names)
        if (text(each, "is").empty()) lost.push_back(text(each, "said"));
    std::sort(lost.begin(), lost.end());
    EXPECT_EQ(lost, (std::vector<std::string>{"Касса 9", "Нет Такой", "Синяя"}));
    EXPECT_TRUE(presses().empty()) << "nothing is changed yet";

    // What the button means may be said.
    json::object settings = draft.at("settings").as_object();
    settings["button_kind"] = "idea";
    const json::value mended = boss.put("/imports/" + id, settings, number(draft, "version"));
    EXPECT_EQ(number(mended, "made"), 4) << json::serialize(mended);

    boss.post("/imports/" + id + "/start");
    house.settle();
    EXPECT_EQ(number(boss.get("/imports/" + id), "made"), 4);
    const auto all = presses();
    ASSERT_EQ(all.size(), 4U);
    const json::value complaint = all.at("10:00");
    EXPECT_EQ(text(complaint, "kind"), "complaint");
    EXPECT_EQ(instant(complaint, "at"), on_wall(10, 0, 15));
    EXPECT_EQ(number(complaint, "uncertainty_ms"), 1'000) << "the log writes seconds";
    EXPECT_TRUE(complaint.at("imported").as_bool());
    EXPECT_TRUE(complaint.at("device_clock").is_null()) << "no device says so";
    EXPECT_EQ(text(complaint, "state"), "done");
    EXPECT_EQ(text(complaint, "what"), "Долго ждал");
    EXPECT_EQ(text(all.at("10:20"), "person_name"), "Ann Boss");
    EXPECT_EQ(text(all.at("10:40"), "kind"), "idea");
    EXPECT_EQ(text(all.at("10:40"), "label"), "Синяя");
    EXPECT_EQ(text(all.at("13:00"), "clip_reason"), "failed.no_fragment");
    EXPECT_EQ(boss.list("/devices").size(), 1U) << "no device to be set up";

    // The same log, and one that overlaps with it, double nothing.
    EXPECT_EQ(text(upload(log_csv), "same_file_id"), id);
    const json::value again = carried_out(log_csv + "18.11.2026;13:30:00;Counter;Идея;;;\n");
    EXPECT_EQ(number(again, "made"), 1) << json::serialize(again);
    EXPECT_EQ(number(again, "same"), 4) << "what the blue button means was said before";
    EXPECT_EQ(presses().size(), 5U);
}

TEST_P(PressLogJourney, a_log_of_minutes_says_how_little_it_knows) {
    const json::value done = carried_out(
        "Дата и время;Вид\n18.11.2026 10:00;Жалоба\n18.11.2026 10:00;Жалоба\n"
        "18.11.2026 10:05:00;Ответ\n");
    EXPECT_EQ(number(done, "made"), 3) << "two customers of one minute: " << json::serialize(done);
    for (const auto& each : boss.list("/signals"))
        EXPECT_EQ(number(each, "uncertainty_ms"), 60'000);
}

TEST_P(PressLogJourney, a_fragment_becomes_the_clip_of_its_press) {
    const std::string id = text(carried_out(log_csv), "id");
    const std::vector<float> first = own_sound(fragment_s, 1), second = own_sound(fragment_s, 2);
    const json::value found = fragments(
        id, {"old/till/0001.wav", "old/20261118_101930.wav", "20261118_160000.wav", "x.wav"});
    EXPECT_EQ(codes(found),
              (std::vector<std::string>{"", "", "fragment.no_press", "fragment.no_time"}));
    const json::value named = found.at("items").at(0), timed = found.at("items").at(1);
    EXPECT_EQ(instant(named, "begin_at"), on_wall(9, 59, 15)) << "a minute before its press";
    EXPECT_EQ(instant(timed, "begin_at"), on_wall(10, 19, 30)) << "as its name says";
    EXPECT_TRUE(timed.at("by_time").as_bool());
    EXPECT_EQ(text(send(named, "0001.wav", wav_of(first)), "state"), "done");
    EXPECT_EQ(text(send(timed, "20261118_101930.wav", wav_of(second)), "state"), "done");

    const auto all = presses();
    for (const auto& [at, sound] : {std::pair("10:00", first), std::pair("10:20", second)}) {
        const std::string signal = text(all.at(at), "id");
        EXPECT_EQ(text(all.at(at), "clip_state"), "final") << json::serialize(all.at(at));
        EXPECT_EQ(number(all.at(at), "missing_ms"), 0);
        EXPECT_EQ(number(all.at(at), "length_ms"), 12'000);
        const Heard heard = listen(boss, at, signal);
        EXPECT_GT(heard.sound.find(Needle(sound)).score, 0.9) << at;
        const Instant pressed = instant(all.at(at), "at");
        const bool inside = heard.at.begin <= pressed && pressed < heard.at.end;
        EXPECT_EQ(inside, at == std::string("10:00")) << "a name that tells the begin is believed";
        EXPECT_EQ(boss.ask("POST", "/clips/" + text(all.at(at), "clip_id") + "/recut",
                           json::object{{"before_ms", 60'000}, {"after_ms", 60'000}})
                      .code(),
                  "clip.is_fragment");
    }
    const json::value left = boss.get("/imports/" + id + "/presses");
    EXPECT_EQ(number(left, "presses"), 3);
    EXPECT_EQ(number(left, "with_fragment"), 2);
    ASSERT_EQ(left.at("items").as_array().size(), 1U);
    EXPECT_EQ(text(left.at("items").at(0), "file_named"), "0003.wav");

    // The same folder once more is nothing new, and a fragment covers nothing but its press.
    EXPECT_EQ(codes(fragments(id, {"till/0001.wav", "20261118_101930.wav"})),
              (std::vector<std::string>{"fragment.there", "fragment.there"}));
    EXPECT_TRUE(send(named, "0001.wav", wav_of(first)).at("already_there").as_bool());
    EXPECT_EQ(boss.list("/recordings").size(), 2U);
    EXPECT_EQ(boss.list("/recorders").size(), 1U) << "none that could be chosen for other files";
    const json::value day = boss.get("/coverage?point=" + shop.point_id + "&day=2026-11-18");
    EXPECT_EQ(json::serialize(day).find("recording_"), std::string::npos) << json::serialize(day);
}

TEST_P(PressLogJourney, what_nobody_worked_on_is_taken_back) {
    const std::string id = text(carried_out(log_csv), "id");
    const json::value found = fragments(id, {"0001.wav"});
    send(found.at("items").at(0), "0001.wav", wav_of(own_sound(fragment_s, 1)));
    boss.post("/imports/" + id + "/undo");
    house.settle();
    const json::value undone = boss.get("/imports/" + id);
    EXPECT_EQ(number(undone, "undone"), 2) << json::serialize(undone);
    EXPECT_EQ(number(undone, "kept"), 1) << "its fragment hangs on it";
    EXPECT_EQ(boss.list("/signals").size(), 1U);
    EXPECT_EQ(presses().size(), 3U) << "a withdrawn press stays in sight";
    const json::value again = carried_out(log_csv);
    EXPECT_EQ(number(again, "made"), 2) << "taken back, they may come again";
    EXPECT_EQ(number(again, "same"), 1);
    EXPECT_EQ(boss.list("/signals").size(), 3U);
}

TEST_P(PressLogJourney, what_fits_several_presses_is_nobodys) {
    const std::string id = text(carried_out("Дата;Время;Вид;Файл\n"
                                            "18.11.2026;10:00:05;Жалоба;\n"
                                            "18.11.2026;10:00:07;Жалоба;\n"
                                            "18.11.2026;10:30:00;Идея;one.wav\n"
                                            "18.11.2026;10:30:20;Идея;ONE.wav\n"),
                                "id");
    const json::value found = fragments(id, {"20261118_100006.wav", "deep/One.WAV"}, "press");
    EXPECT_EQ(codes(found), (std::vector<std::string>{"fragment.several", ""}));
    const json::value both = found.at("items").at(1);
    EXPECT_EQ(number(both, "presses"), 2) << "the log gives one file to two presses";
    send(both, "One.WAV", wav_of(own_sound(fragment_s, 3)));
    int whole = 0;
    for (const auto& each : boss.list("/signals"))
        whole += each.at("clip_state").is_string() && text(each, "clip_state") == "final" ? 1 : 0;
    EXPECT_EQ(whole, 2);
    EXPECT_EQ(
        boss.ask("POST", "/imports/" + id + "/fragments",
                 json::object{{"paths", json::array{}}, {"before_ms", 700'000}, {"named", "begin"}})
            .status(),
        400);
}

}  // namespace
}  // namespace otklik::testkit
