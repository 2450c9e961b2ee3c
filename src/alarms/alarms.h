#pragma once
// Alarms: what is wrong with the recording of a point, with its response, or with the server
// itself, raised by data and cleared by data. One open alarm per subject and cause; good for a
// while clears it, and what comes back within half an hour is the same alarm once more, told at
// most once an hour. Letters go through the outbox (notices) in the transaction that raises; of the
// mail itself none can. What is wrong with the server is seen by those who may mend it. Expected is
// recording within the open hours of the point's week, but not on a working day of the week that
// the production calendar makes a day off. Owns: alarm. Facts: alarm.raised, alarm.cleared. Thread:
// any; the transaction is the lock.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alarms/judge.h"
#include "base/id.h"
#include "base/time.h"
#include "kinds/kinds.h"
#include "notices/notices.h"
#include "recording/recording.h"

namespace otklik {

struct Alarm {
    Id<Alarm> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    std::int64_t subject = 0;  // recorder; point, of response; company, of the server
    Id<Point> point_id;        // 0: of the server
    Id<Recorder> recorder_id;  // 0: of no recorder
    AlarmCause cause = AlarmCause::stopped;
    std::int64_t local_day = 0;  // of not_handed: the first day without a file; else 0
    Instant since_at;            // since when it is wrong
    Instant raised_at;           // when it was noticed
    std::optional<Instant> good_since, cleared_at;
    std::string cleared_how;  // mended | moved | closed (by a person) | not_expected
    std::int64_t times = 1;   // how often it came back
    std::optional<Instant> told_at;
};
template <>
inline constexpr std::string_view id_prefix<Alarm> = "alarm";

/// What was found of something that is no recorder, wrong or well.
struct Judged {
    AlarmCause cause = AlarmCause::response;
    std::int64_t subject = 0;
    Id<Unit> unit;
    Id<Point> point_id;  // 0: of the server
    bool wrong = false;
    Instant since;       // of what is wrong
    ErrorParams params;  // of its letter, beside point, site and at
};

inline constexpr Duration alarm_same_within = Duration::seconds(1'800);
inline constexpr Duration alarm_told_every = Duration::hours(1);

class Alarms {
public:
    struct Uses {
        People& people;
        Sites& sites;
        Recording& recording;
        Notices& notices;
    };
    explicit Alarms(Uses uses) : uses_(uses) {}

    /// All open ones of the reader, the latest raised first.
    std::vector<Alarm> open(const Scope& scope, Tx& tx) const;
    /// Open and past, newest first, at most count_max; returns the key to go on from.
    std::optional<PageKey> page(const Scope& scope, Tx& tx, std::optional<PageKey> after,
                                int count_max, std::vector<Alarm>& out) const;
    /// A person says that it is dealt with. Error{not_found}; done already: nothing changes.
    Alarm close(const Scope& scope, Tx& tx, Id<Alarm> id);

    AlarmRules rules(Tx& tx, std::int64_t company_id) const;
    /// Error{invalid, "alarm.minutes"} with the field.
    void set_rules(Tx& tx, std::int64_t company_id, const AlarmRules& rules, std::string_view by);

    /// Brings the rows of a recorder to what was found. Run twice, it changes nothing more.
    void apply(Tx& tx, const Recorder& recorder, const RecorderFacts& facts,
               const AlarmRules& rules);
    /// Whether apply would change nothing. Reads only.
    bool is_settled(Tx& tx, const Recorder& recorder, const RecorderFacts& facts,
                    const AlarmRules& rules) const;
    /// The same of what is no recorder. `looked`: the causes that were asked for; an alarm of one
    /// of them whose subject was not judged is not expected any more.
    void apply(Tx& tx, std::int64_t company_id, std::span<const AlarmCause> looked,
               std::span<const Judged> judged, const AlarmRules& rules);
    bool is_settled(Tx& tx, std::int64_t company_id, std::span<const AlarmCause> looked,
                    std::span<const Judged> judged, const AlarmRules& rules) const;
    /// Closes what is open of recorders that are archived or stand elsewhere now.
    void apply_gone(Tx& tx, std::int64_t company_id, const std::vector<Recorder>& recorders);

private:
    void raise(Tx& tx, Alarm alarm, const ErrorParams& params = {});
    void grow_well(Tx& tx, const Alarm& alarm, const AlarmRules& rules);
    void come_back(Tx& tx, const Alarm& alarm, const ErrorParams& params);
    void clear(Tx& tx, const Alarm& alarm, std::string_view how);
    void tell_people(Tx& tx, const Alarm& alarm, bool raised, const ErrorParams& params = {});
    Uses uses_;
};

/// "alarm.minutes" names: what stands in the settings of the company.
struct AlarmLimit {
    std::string_view setting;  // "alarm.stopped_min"
    std::string_view field;    // "stopped_min"
    Duration AlarmRules::*length;
    std::int64_t min, max;  // minutes
};
std::span<const AlarmLimit> alarm_limits();

extern const std::span<const Kind> alarm_kinds;

}  // namespace otklik
