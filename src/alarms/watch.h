#pragma once
// The watch: every 15 seconds it gathers what is known of each recorder, of the disk and of the
// mail, and brings the alarms to it; the wave is looked at every five minutes. A look that finds
// nothing new writes nothing. Thread: a thread of its own; look() is safe for one at a time.
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "alarms/alarms.h"
#include "base/clock.h"
#include "base/work_days.h"
#include "store/disk.h"

namespace otklik {

/// Letters that do not go for so long are an alarm: the mailman tries again by itself.
inline constexpr Duration mail_trouble_after = Duration::seconds(1'800);

/// What a room above knows: the response of points; nothing when it was not looked at now. Asked
/// outside of any transaction.
using JudgeResponse = std::function<std::optional<std::vector<Judged>>(std::int64_t company_id)>;

class AlarmWatch {
public:
    AlarmWatch(Store& store, Alarms& alarms, Alarms::Uses uses, const Blobs& blobs,
               const Clock& clock, JudgeResponse response = {});
    ~AlarmWatch();  // stops
    void start();
    void stop();
    /// One look at all recorders, and at what is none; returns at how many recorders.
    int look();
    /// Asks for the room on the disk by this instead of the data folder's.
    void take_disk_from(std::function<DiskRoom()> ask);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// When a point is expected to be recorded on a local day; nothing: closed, a day off, or the hours
/// are unstated. On Saturdays and Sundays the week of the point decides alone: the official
/// calendar calls each of them a day off.
std::optional<TimeRange> expected_on(const Point& point, const WorkCalendar& calendar,
                                     std::int64_t day);

}  // namespace otklik
