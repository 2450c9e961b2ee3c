#include "speech/sidecar.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::int64_t second = samples_per_second;
constexpr std::int64_t length = 60 * second;

std::string code_of(SidecarFormat format, const std::string& bytes) {
    try {
        parse_sidecar(format, bytes, length);
        return "taken";
    } catch (const Error& e) {
        return e.code() + (e.field().empty() ? "" : " " + e.field());
    }
}

TEST(Sidecar, json_words_keep_time_speaker_and_confidence) {
    const auto words = parse_sidecar(SidecarFormat::json,
                                     R"({"language":"ru","words":[
        {"text":"день","begin":1.5,"end":2,"confidence":0.25},
        {"text":"Добрый","begin":1,"end":1.5,"speaker":"Анна"}]})",
                                     length);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_EQ(words[0].text, "Добрый");
    EXPECT_EQ(words[0].at, (SampleRange{second, second * 3 / 2}));
    EXPECT_EQ(words[0].speaker, "Анна");
    EXPECT_FALSE(words[0].confidence);
    EXPECT_EQ(words[1].confidence, 0.25);
}

TEST(Sidecar, words_of_a_segment_share_its_time_by_letters) {
    const auto words =
        parse_sidecar(SidecarFormat::json,
                      R"({"segments":[{"text":"да конечно","begin":10,"end":11.1}]})", length);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_EQ(words[0].at, (SampleRange{10 * second, 10 * second + 14'400}));  // 3 of 11 shares
    EXPECT_EQ(words[1].at, (SampleRange{10 * second + 14'400, 10 * second + 52'800}));
}

TEST(Sidecar, srt_with_bom_crlf_numbers_and_tags) {
    const auto words =
        parse_sidecar(SidecarFormat::srt,
                      "\xEF\xBB\xBF"
                      "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Добрый</i>\r\nдень\r\n\r\n"
                      "2\r\n00:00:03,500 --> 00:00:04,000\r\nДа\r\n",
                      length);
    ASSERT_EQ(words.size(), 3U);
    EXPECT_EQ(words[0].text, "Добрый");
    EXPECT_EQ(words[1].text, "день");
    EXPECT_EQ(words[2].at, (SampleRange{second * 7 / 2, second * 4}));
}

TEST(Sidecar, vtt_with_notes_names_voices_settings_and_entities) {
    const auto words =
        parse_sidecar(SidecarFormat::vtt,
                      "WEBVTT Kind: captions\nLanguage: ru\n\nNOTE a comment\nof two lines\n\n"
                      "STYLE\n::cue { color: red }\n\n"
                      "intro\n00:01.000 --> 00:02.000 align:start\n<v Анна>Fish &amp; chips</v>\n\n"
                      "00:00:02.000 --> 00:00:03.000\n<c.loud>ещё</c> &lt;раз&gt;\n",
                      length);
    ASSERT_EQ(words.size(), 5U);
    EXPECT_EQ(words[0].speaker, "Анна");
    EXPECT_EQ(words[1].text, "&");
    EXPECT_EQ(words[4].text, "<раз>");
    EXPECT_FALSE(words[4].speaker);
}

TEST(Sidecar, refusals_say_what_and_where) {
    using F = SidecarFormat;
    EXPECT_EQ(code_of(F::srt, "1\n00:00:01,000 --> 00:00:02,000\n\xC4\xEE\xE1\xF0\xFB\xE9\n"),
              "sidecar.not_utf8");
    EXPECT_EQ(code_of(F::srt, std::string("\xFF\xFE\x31\0", 4)), "sidecar.not_utf8");
    EXPECT_EQ(code_of(F::srt, "1\n00:00:01 --> 00:00:02,000\nда\n"), "sidecar.bad_time line 2");
    EXPECT_EQ(code_of(F::srt, "1\n00:00:02,000 --> 00:00:01,000\nда\n"), "sidecar.bad_time line 2");
    EXPECT_EQ(code_of(F::srt, "1\n00:61:02,000 --> 00:00:01,000\nда\n"), "sidecar.bad_time line 2");
    EXPECT_EQ(code_of(F::srt, "1\n00:01:01,000 --> 00:01:02,000\nда\n"), "sidecar.outside line 2");
    EXPECT_EQ(code_of(F::srt, "\n\n"), "sidecar.empty");
    EXPECT_EQ(code_of(F::vtt, "00:01.000 --> 00:02.000\nда\n"), "sidecar.no_header");
    EXPECT_EQ(code_of(F::json, R"({"words":[]})"), "sidecar.empty");
    EXPECT_EQ(code_of(F::json, R"({"words":[{"text":"a","begin":2,"end":1}]})"),
              "sidecar.bad_time words[0]");
    EXPECT_EQ(code_of(F::json, R"({"words":[{"text":"a","begin":-1,"end":1}]})"),
              "sidecar.bad_time words[0]");
    EXPECT_EQ(code_of(F::json, R"({"words":[{"text":"a","begin":61,"end":62}]})"),
              "sidecar.outside words[0]");
    EXPECT_NE(code_of(F::json, R"({"words":[{"text":"a","begin":1,"end":2,"x":1}]})"), "taken");
    EXPECT_NE(code_of(F::json, R"({"text":"a"})"), "taken");
    EXPECT_NE(code_of(F::json, "{"), "taken");
    EXPECT_EQ(code_of(F::srt, std::string(sidecar_bytes_max + 1, 'a')), "sidecar.too_large");
}

TEST(Sidecar, a_word_that_ends_a_moment_late_is_cut_to_the_recording) {
    const auto words =
        parse_sidecar(SidecarFormat::srt, "1\n00:00:59,500 --> 00:01:00,400\nда\n", length);
    ASSERT_EQ(words.size(), 1U);
    EXPECT_EQ(words[0].at.end, length);
}

TEST(Sidecar, words_lie_within_the_recording_whatever_comes_in) {
    const std::string seeds[] = {
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v A>да нет</v> &amp;\n",
        "1\n00:00:01,000 --> 00:00:02,000\nда\n\n2\n00:00:03,000 --> 00:00:03,000\nа б в\n",
        R"({"words":[{"text":"a","begin":1,"end":2}]})",
        R"({"segments":[{"text":"a b","begin":1,"end":1}]})"};
    constexpr std::string_view letters{"09:,.->\n <&;\"{}[]\xD0\x80\0", 20};
    std::mt19937 random(7);
    std::size_t taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = seeds[random() % 4];
        for (unsigned i = random() % 4; i > 0; --i) {
            const std::size_t at = random() % bytes.size();
            if (random() % 3 == 0) {
                bytes.erase(at, 1 + random() % 3);
            } else {
                bytes[at] = letters[random() % letters.size()];
            }
            if (bytes.empty()) bytes = "1";
        }
        for (const auto format : {SidecarFormat::json, SidecarFormat::srt, SidecarFormat::vtt}) {
            try {
                std::int64_t before = 0;
                for (const Word& w : parse_sidecar(format, bytes, length)) {
                    ASSERT_LE(before, w.at.begin) << bytes;
                    ASSERT_LT(w.at.begin, w.at.end) << bytes;
                    ASSERT_LE(w.at.end, length) << bytes;
                    ASSERT_TRUE(is_utf8(w.text) && !w.text.empty()) << bytes;
                    before = w.at.begin;
                }
                ++taken;
            } catch (const Error& e) {
                ASSERT_NE(e.fault(), Fault::internal) << bytes << e.what();
            }
        }
    }
    EXPECT_GT(taken, 3'000U) << "the mutants are too broken to prove anything";
}

}  // namespace
}  // namespace otklik
