#pragma once
// The watch: every 15 seconds it gathers what is known of each recorder and brings the alarms to
// it; the wave is looked at every five minutes. A look that finds nothing new writes nothing.
// Thread: a thread of its own; look() is safe for one at a time.
#include <memory>

#include "alarms/alarms.h"
#include "base/clock.h"
#include "base/work_days.h"

namespace otklik {

class AlarmWatch {
public:
    AlarmWatch(Store& store, Alarms& alarms, Alarms::Uses uses, const Blobs& blobs,
               const Clock& clock);
    ~AlarmWatch();  // stops
    void start();
    void stop();
    /// One look at all recorders; returns at how many.
    int look();

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
