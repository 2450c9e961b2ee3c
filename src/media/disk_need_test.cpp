#include "media/disk_need.h"

#include <gtest/gtest.h>

namespace otklik {

// By hand: 24 000 / 8 = 3 000 bytes of packets, 27 + 50 of a page, 8 of its index, 100 of peaks:
// 3 185 bytes a second, 11 466 000 an hour.
TEST(DiskNeed, a_point_with_one_channel_takes_what_was_computed_by_hand) {
    const DiskNeed need =
        disk_need({.points = 3, .hours_per_day = 10, .retention_days = 90, .channels = 1});
    EXPECT_EQ(need.point_hour_bytes, 11'466'000);
    EXPECT_EQ(need.point_month_bytes, 3'439'800'000);  // 300 hours
    EXPECT_EQ(need.sound_bytes, 30'958'200'000);       // 2 700 hours
    EXPECT_EQ(need.clip_bytes, 0);
    EXPECT_EQ(need.total_bytes, need.sound_bytes);
}

// design.md: 50 recorders x 10 h x 365 days are 182 500 hours and 2 TB.
TEST(DiskNeed, a_year_of_fifty_recorders_is_the_two_terabytes_of_the_design) {
    const DiskNeed need = disk_need({.points = 50, .hours_per_day = 10, .retention_days = 365});
    EXPECT_EQ(need.sound_bytes, 182'500 * std::int64_t{11'466'000});
    EXPECT_EQ(need.sound_bytes, 2'092'545'000'000);
}

TEST(DiskNeed, originals_half_hours_and_clips_are_added) {
    // 2 tracks and a 128-kbit MP3: 2 * 3 185 + 16 000 = 22 370 bytes a second; 0.5 h: 1 800 s.
    const DiskNeed need = disk_need({.points = 2,
                                     .hours_per_day = 0.5,
                                     .retention_days = 10,
                                     .channels = 2,
                                     .days_per_month = 22,
                                     .original_kbps = 128,
                                     .presses_per_day = 40,
                                     .window_seconds = 120,
                                     .clip_days = 365});
    EXPECT_EQ(need.point_hour_bytes, 80'532'000);
    EXPECT_EQ(need.point_month_bytes, 885'852'000);
    EXPECT_EQ(need.sound_bytes, 805'320'000);
    // 2 points * 40 * 365 clips of 120 s * 2 tracks * 3 077 bytes
    EXPECT_EQ(need.clip_bytes, 21'563'616'000);
    EXPECT_EQ(need.total_bytes, 22'368'936'000);
}

}  // namespace otklik
