#pragma once
// Disk need: how many bytes sound takes on the disk, from the sizes of what is really written
// (opus_encoder.h, segment.h, peaks.h). Bit rate is the encoder's target: quiet hours take less.
// Heads of files (about 0.1 kB an hour) and rows of the database are not counted.
// Thread: any; pure.
#include <cstdint>

namespace otklik {

struct DiskPlan {
    std::int64_t points = 1;
    double hours_per_day = 10;         // recorded, of every point
    std::int64_t retention_days = 90;  // how long sound is kept
    std::int64_t channels = 1;         // tracks of a recorder
    std::int64_t days_per_month = 30;
    std::int64_t original_kbps = 0;    // kbit/s of imported files, which are kept beside; 0: none
    std::int64_t presses_per_day = 0;  // of a point
    std::int64_t window_seconds = 120;
    std::int64_t clip_days = 0;  // how long clips are kept
};

struct DiskNeed {
    std::int64_t point_hour_bytes = 0;   // one recorded hour of a point, all channels
    std::int64_t point_month_bytes = 0;  // the same point in a month
    std::int64_t sound_bytes = 0;        // all points, all days that are kept
    std::int64_t clip_bytes = 0;         // all clips that are kept
    std::int64_t total_bytes = 0;
};

/// Values must not be negative; the sums stay far below 2^63 within the limits of the verb.
DiskNeed disk_need(const DiskPlan& plan);

}  // namespace otklik
