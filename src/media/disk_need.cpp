#include "media/disk_need.h"

#include <cassert>
#include <cmath>

#include "media/opus_encoder.h"
#include "media/peaks.h"
#include "media/segment.h"

namespace otklik {
namespace {

constexpr std::int64_t ogg_page_head_bytes = 27;  // RFC 3533, and one lacing byte for each packet
constexpr std::int64_t index_bytes_per_page = 8;
constexpr std::int64_t peak_bytes_per_second = 2 * 48'000 / peak_bucket_samples;

/// One second of one track in its file: a page of 50 packets.
std::int64_t packet_bytes_per_second() {
    return TrackEncoderSettings().bitrate / 8 + ogg_page_head_bytes + packets_per_page;
}

}  // namespace

DiskNeed disk_need(const DiskPlan& plan) {
    assert(plan.points >= 0 && plan.channels >= 0 && plan.hours_per_day >= 0);
    const std::int64_t track =
        packet_bytes_per_second() + index_bytes_per_page + peak_bytes_per_second;
    const std::int64_t second = plan.channels * track + plan.original_kbps * 1000 / 8;
    const std::int64_t day_seconds = std::llround(plan.hours_per_day * 3600);
    DiskNeed need;
    need.point_hour_bytes = second * 3600;
    need.point_month_bytes = second * day_seconds * plan.days_per_month;
    need.sound_bytes = second * day_seconds * plan.retention_days * plan.points;
    need.clip_bytes = plan.points * plan.presses_per_day * plan.clip_days * plan.window_seconds *
                      plan.channels * packet_bytes_per_second();
    need.total_bytes = need.sound_bytes + need.clip_bytes;
    return need;
}

}  // namespace otklik
