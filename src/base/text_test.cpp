#include "base/text.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/metrics.h"
#include "base/queue.h"

namespace otklik {

TEST(Text, fold_makes_one_form) {
    EXPECT_EQ(fold("Ёлка ЖАЛОБА ёж"), "елка жалоба еж");
    EXPECT_EQ(fold("е\xCC\x88"), "е") << "io of two code points";
    EXPECT_EQ(fold("E\xCC\x81"), "\xC3\xA9");
    EXPECT_EQ(fold("STRASSE I"), "strasse i");
    EXPECT_EQ(fold(""), "");
    EXPECT_THROW(fold("\xFF"), Error);
    EXPECT_EQ(fold(fold("ЁлкА")), fold("ЁлкА"));
}

TEST(Text, utf8_is_checked_strictly) {
    for (const char* good :
         {"", "a", "ж", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xFE", "\xE2\x82", "a\xF0\x9F\x98"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
    EXPECT_EQ(utf8_count("aж\xF0\x9F\x98\x80"), 3U);
}

TEST(Text, cutting_keeps_characters_whole) {
    const std::string text = "aжb";
    EXPECT_EQ(cut_bytes(text, 2), "a");
    EXPECT_EQ(cut_bytes(text, 3), "aж");
    EXPECT_EQ(cut_bytes(text, 9), text);
    EXPECT_EQ(cut_characters(text, 2), "aж");
    EXPECT_EQ(cut_characters(text, 0), "");
    EXPECT_EQ(trim(" \t\xC2\xA0 a b \r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, codings_round_trip) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    for (std::size_t n = 0; n < all.size(); ++n) {
        const std::string bytes = all.substr(n);
        EXPECT_EQ(parse_base64url(base64url(bytes)), bytes);
        EXPECT_EQ(parse_hex(hex(bytes)), bytes);
    }
    EXPECT_EQ(base64("a"), "YQ==");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xFB\xFF"), "-_8");
    for (const char* bad : {"A", "YR", "YQ==", "a+b/", "a b"})
        EXPECT_FALSE(parse_base64url(bad)) << bad;
    EXPECT_FALSE(parse_hex("abc"));
    EXPECT_FALSE(parse_hex("zz"));
    EXPECT_EQ(percent_encode("a b/ж~"), "a%20b%2F%D0%B6~");
    EXPECT_EQ(percent_decode("a%20b+%D0%B6"), "a b+ж");
    EXPECT_EQ(percent_decode("a+b", true), "a b");
    for (const char* bad : {"%", "%4", "%zz", "%00", "%ff", "%-1"})
        EXPECT_FALSE(percent_decode(bad)) << bad;
}

TEST(Hash, known_answers) {
    EXPECT_EQ(hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 hash;
    hash.add("a");
    hash.add("bc");
    EXPECT_EQ(hash.finish(), sha256("abc"));
    EXPECT_EQ(hash.finish(), sha256(""));
    // RFC 4231, case 2.
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_NE(random_bytes(32), random_bytes(32));
    EXPECT_TRUE(equal_in_constant_time("ab", "ab"));
    EXPECT_FALSE(equal_in_constant_time("ab", "ac"));
    EXPECT_FALSE(equal_in_constant_time("ab", "abc"));
}

TEST(Messages, count_and_name_in_both_languages) {
    const std::map<std::string, std::string, std::less<>> catalogues{
        {"ru", R"({"n":"{n, plural, one {# знак} few {# знака} many {# знаков} other {#}}",
                                       "p":"Порт {port} занят","plain":"Да"})"},
        {"en", R"({"p":"Port {port} is taken","q":"It''s {a}"})"}};
    const Messages messages(catalogues);
    EXPECT_EQ(messages.message("ru", "n", {{"n", "1"}}), "1 знак");
    EXPECT_EQ(messages.message("ru", "n", {{"n", "22"}}), "22 знака");
    EXPECT_EQ(messages.message("ru", "n", {{"n", "5"}}), "5 знаков");
    EXPECT_EQ(messages.message("en", "p", {{"port", "8080"}}), "Port 8080 is taken");
    EXPECT_EQ(messages.message("en", "q", {{"a", "{b}"}}), "It's {b}");
    EXPECT_EQ(messages.message("de", "plain"), "Да") << "an unknown language is Russian";
    EXPECT_EQ(messages.message("en", "no.such"), "no.such");
    EXPECT_FALSE(messages.has("en", "n"));
    const std::map<std::string, std::string, std::less<>> broken{{"ru", "{\"a\":1}"}};
    EXPECT_THROW(Messages{broken}, Error);
}

TEST(Messages, the_catalogues_inside_the_program_are_whole) {
    const Messages messages;
    EXPECT_TRUE(messages.has("ru", "ui.cancel"));
    EXPECT_TRUE(messages.has("en", "ui.cancel"));
}

TEST(Log, a_field_cannot_break_the_line) {
    std::string written;
    set_log_sink([&](std::string_view line) { written += line; });
    log_info("test.event", {{"path", "a\nb\"\x01\xFF"}});
    set_log_sink({});
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
    EXPECT_NE(written.find(R"("level":"info","event":"test.event","path":"a\nb\"\u0001)"),
              std::string::npos)
        << written;
}

TEST(Log, equal_lines_are_counted_not_written) {
    int lines = 0;
    set_log_sink([&](std::string_view) { ++lines; });
    for (int i = 0; i < 100; ++i) log_warning("test.same", {{"a", "b"}});
    for (int i = 0; i < 7; ++i) log_warning("test.other", {{"i", std::to_string(i)}});
    log_debug("test.debug");
    set_log_sink({});
    EXPECT_EQ(lines, 5 + 7);
}

TEST(Metrics, print_as_prometheus_reads) {
    Metrics metrics;
    metrics.counter("otklik_presses_total", "Presses.", {{"kind", "a\"b\n"}}).add(3);
    EXPECT_EQ(&metrics.counter("x", "y"), &metrics.counter("x", "y"));
    metrics.gauge("otklik_free_bytes", "Free.").set(1.5);
    Histogram& h = metrics.histogram("otklik_write_seconds", "Writes.", {0.1, 1});
    for (const double v : {0.05, 0.1, 0.5, 7.0}) h.observe(v);
    const std::string text = metrics.text();
    for (const char* line :
         {"# TYPE otklik_presses_total counter\notklik_presses_total{kind=\"a\\\"b\\n\"} 3\n",
          "# HELP otklik_free_bytes Free.\n", "otklik_free_bytes 1.5\n",
          "otklik_write_seconds_bucket{le=\"0.1\"} 2\n",
          "otklik_write_seconds_bucket{le=\"1\"} 3\n",
          "otklik_write_seconds_bucket{le=\"+Inf\"} 4\n", "otklik_write_seconds_count 4\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST(Queue, says_what_happens_when_full) {
    BoundedQueue<int> refusing(2, WhenFull::refuse), dropping(2, WhenFull::drop_oldest);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(refusing.push(i), i < 2);
        EXPECT_TRUE(dropping.push(i));
    }
    EXPECT_EQ(refusing.take(), 0);
    EXPECT_EQ(dropping.take(), 1);
    EXPECT_EQ(refusing.lost() + dropping.lost(), 2);
    refusing.close();
    EXPECT_FALSE(refusing.push(9));
    EXPECT_EQ(refusing.take(), 1);
    EXPECT_FALSE(refusing.take());
}

}  // namespace otklik
