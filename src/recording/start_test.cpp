#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "base/files.h"
#include "recording/import.h"

namespace otklik {
namespace {

struct Named {
    const char* name;
    const char* start;  // UTC; empty: nothing is read
    int uncertainty_s;
};

TEST(StartFromName, patterns_of_recorders_in_local_time) {
    constexpr Named cases[] = {
        // the zone is UTC+5
        {"20261120_083000.wav", "2026-11-20T03:30:00Z", 1},
        {"2026-11-20 08-30-00", "2026-11-20T03:30:00Z", 1},
        {"REC_20261120083000.mp3", "2026-11-20T03:30:00Z", 1},
        {"2026-11-20T08:30:05.wav", "2026-11-20T03:30:05Z", 1},
        {"20261120-08-30-00-till2.ogg", "2026-11-20T03:30:00Z", 1},
        {"261120-0830.mp3", "2026-11-20T03:30:00Z", 60},
        {"261120_083015.WMA", "2026-11-20T03:30:15Z", 1},
        {"261120083015.WMA", "2026-11-20T03:30:15Z", 1},
        {"касса 20.11.2026 08.30.00.wav", "2026-11-20T03:30:00Z", 1},
        {"202611200830.amr", "2026-11-20T03:30:00Z", 60},
        {"20261120_0830.amr", "2026-11-20T03:30:00Z", 60},
        {"20261120T083000Z.flac", "2026-11-20T08:30:00Z", 1},
        {"cam01_20261120_083000_0001.wav", "2026-11-20T03:30:00Z", 1},
        {"20261120_000000.wav", "2026-11-19T19:00:00Z", 1},
        {"20240229_120000.wav", "2024-02-29T07:00:00Z", 1},
        {"DS_30001.WMA", "", 0},
        {"20261320_083000.wav", "", 0},                  // month 13
        {"20250229_083000.wav", "", 0},                  // no such day
        {"20261120_243000.wav", "", 0},                  // hour 24
        {"19991120_083000.wav", "", 0},                  // before 2005: a clock that was never set
        {"120261120_083000.wav", "", 0},                 // a longer number
        {"20261120_0830001.wav", "", 0},                 // a longer number
        {"20261120.wav", "", 0},                         // a day is no start
        {"20261120_083000 20261121_083000.wav", "", 0},  // two starts
        {"", "", 0},
    };
    for (const Named& c : cases) {
        const auto found = found_in_name(c.name, "Asia/Yekaterinburg");
        EXPECT_EQ(found ? format_instant(found->at) : "", c.start) << c.name;
        if (found) {
            EXPECT_EQ(found->uncertainty, Duration::seconds(c.uncertainty_s)) << c.name;
        }
        EXPECT_EQ(start_from_name(c.name, "Asia/Yekaterinburg").has_value(), *c.start != '\0');
    }
}

TEST(StartFromName, the_zone_of_the_moment_counts) {
    EXPECT_EQ(start_from_name("20260115_120000", "Europe/Berlin"),
              parse_instant("2026-01-15T11:00:00Z"));
    EXPECT_EQ(start_from_name("20260715_120000", "Europe/Berlin"),
              parse_instant("2026-07-15T10:00:00Z"));
    // An hour after the change of 29 March, when the offset of the guess is still the old one.
    EXPECT_EQ(start_from_name("20260329_033000", "Europe/Berlin"),
              parse_instant("2026-03-29T01:30:00Z"));
}

Fd memory_file(const std::string& bytes) {
    Fd fd(::memfd_create("start_test", MFD_CLOEXEC));
    write_all(fd.get(), bytes);
    return fd;
}

std::string broadcast_wave(const std::string& date, const std::string& time) {
    std::string bext = std::string(320, '\0') + date + time + std::string(264, '\0');
    std::string size(4, '\0');
    size[0] = static_cast<char>(bext.size() & 0xFF);
    size[1] = static_cast<char>(bext.size() >> 8);
    return std::string("RIFF\xFF\xFF\xFF\xFFWAVE", 12) + std::string("JUNK\x02\0\0\0ab", 10) +
           "bext" + size + bext;
}

TEST(StartFromTag, a_broadcast_wave_tells_its_start) {
    const Fd fd = memory_file(broadcast_wave("2026-11-20", "08:30:00"));
    const auto found = found_in_tag(fd.get(), "Asia/Yekaterinburg");
    ASSERT_TRUE(found);
    EXPECT_EQ(format_instant(found->at), "2026-11-20T03:30:00Z");
}

TEST(StartFromTag, broken_files_tell_nothing) {
    const std::string whole = broadcast_wave("2026-11-20", "08:30:00");
    for (std::size_t bytes = 0; bytes + 282 < whole.size(); bytes += 7)
        EXPECT_FALSE(found_in_tag(memory_file(whole.substr(0, bytes)).get(), "UTC")) << bytes;
    EXPECT_FALSE(found_in_tag(memory_file(broadcast_wave("0000-00-00", "00:00:00")).get(), "UTC"));
    EXPECT_FALSE(found_in_tag(memory_file(std::string(5'000, 'x')).get(), "UTC"));
}

}  // namespace
}  // namespace otklik
