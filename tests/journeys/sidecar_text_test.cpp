// Text from files beside the recording: JSON, SRT and VTT give the same words, and a clip over two
// recordings shows each word at its second of the clip.
#include <gtest/gtest.h>

#include "testkit/house.h"
#include "testkit/listening_inside.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};
constexpr Instant pressed_at = day_begin + Duration::seconds(40);

struct Form {
    std::string format, type;
    /// One word of two seconds that begins at this second of the recording.
    std::string (*text)(int second, const std::string& word);
};

std::string as_json(int second, const std::string& word) {
    return json::serialize(json::object{
        {"words",
         {json::object{{"text", word}, {"begin", second + 0.25}, {"end", second + 2.25}}}}});
}
std::string two(int second) {
    return (second < 10 ? "0" : "") + std::to_string(second);
}
std::string as_srt(int second, const std::string& word) {
    return "1\n00:00:" + two(second) + ",250 --> 00:00:" + two(second + 2) + ",250\n" + word + "\n";
}
std::string as_vtt(int second, const std::string& word) {
    return "WEBVTT\n\n00:" + two(second) + ".250 --> 00:" + two(second + 2) + ".250\n" + word +
           "\n";
}

class SidecarText : public ::testing::TestWithParam<std::tuple<TestDatabase, Form>> {};

TEST_P(SidecarText, words_stand_at_their_second_of_a_clip_over_two_files) {
    const auto& [database, form] = GetParam();
    if (database == TestDatabase::postgres && !why_no_test_postgres().empty())
        GTEST_SKIP() << why_no_test_postgres();
    House house(database, day_begin);
    Client boss(house), device(house);
    const Shop shop = open_shop(boss, {.setup_code = house.setup_code(),
                                       .recorder_since = day_begin - Duration::hours(1),
                                       .buttons = nullptr});
    device.use_token(shop.device_token);
    house.clock.set(day_begin + Duration::seconds(200));
    // Two files of 50 s without a hole; the window is [-20 s, 100 s).
    std::vector<std::string> recordings;
    for (const int i : {0, 1})
        recordings.push_back(
            text(import_sound(boss, shop.recorder_id, "f" + std::to_string(i) + ".wav",
                              day_begin + Duration::seconds(50 * i),
                              wav_of(own_sound(50, static_cast<unsigned>(7 + i))))
                     .ok(),
                 "recording_id"));
    const std::string signal = text(press(device, "p1", "3", pressed_at).ok(), "signal_id");
    house.settle();
    const struct {
        std::size_t recording;
        int second;
        std::string word;
    } said[] = {{0, 30, "brakes"}, {1, 30, "squeal"}};
    for (const auto& each : said) {
        const Answer given =
            boss.send("POST",
                      "/recordings/" + recordings[each.recording] +
                          "/transcripts?language=en&source=sidecar&format=" + form.format,
                      form.text(each.second, each.word), form.type);
        ASSERT_EQ(given.status(), 201) << given.http.body;
    }
    house.settle();
    const json::value clip = clip_of(boss, signal);
    const Instant clip_begin = instant(clip.at("version"), "begin_at");
    const json::value words = boss.get("/clips/" + text(clip, "id") + "/words");
    EXPECT_EQ(text(words, "source"), "sidecar");
    const json::array items = words.at("items").as_array();
    ASSERT_EQ(items.size(), 2U) << json::serialize(words);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(text(items[i], "text"), said[i].word);
        EXPECT_EQ(text(items[i], "recording_id"), recordings[said[i].recording]);
        const Instant at = day_begin + Duration::seconds(50 * std::int64_t(i) + said[i].second) +
                           Duration::ms(250);
        EXPECT_NEAR(static_cast<double>(number(items[i], "begin_sample")),
                    static_cast<double>(samples_of(at - clip_begin)), 2'400);
        EXPECT_NEAR(static_cast<double>(number(items[i], "end_sample")),
                    static_cast<double>(samples_of(at + Duration::seconds(2) - clip_begin)), 2'400);
    }
    const json::value row = boss.get("/signals/" + signal);
    EXPECT_TRUE(row.at("has_words").as_bool());
    EXPECT_EQ(text(row, "sentence"), "brakes");  // what was said near the press
}
INSTANTIATE_TEST_SUITE_P(
    Formats, SidecarText,
    ::testing::Combine(::testing::Values(TestDatabase::sqlite, TestDatabase::postgres),
                       ::testing::Values(Form{"json", "application/json", &as_json},
                                         Form{"srt", "application/x-subrip", &as_srt},
                                         Form{"vtt", "text/vtt", &as_vtt})),
    [](const auto& each) {
        const bool sqlite = std::get<0>(each.param) == TestDatabase::sqlite;
        return std::get<1>(each.param).format + (sqlite ? "_sqlite" : "_postgres");
    });

}  // namespace
}  // namespace otklik::testkit
