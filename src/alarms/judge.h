#pragma once
// Judge: what is wrong with a recorder, told from data alone: the newest sound it handed over, the
// hours of its point, the files of the day, the drawn wave. Pure; no database, no clock. The limits
// of loudness are those of the desk (web/src/lib/loudness.ts). Thread: values.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/time.h"
#include "media/peaks.h"

namespace otklik {

enum class AlarmCause {
    stopped,      // a live recorder fell silent
    not_started,  // the point is open, and its live recorder has handed over nothing today
    not_handed,   // the file of a day did not come: a dictaphone is not in its cradle
    quiet,
    clipped,
    dead,  // a microphone gives nothing
    // What follows is of no recorder.
    response,     // of a point: its contacts press less often than the goal
    disk_low,     // of the server: the administrator is to look (store/disk.h)
    disk_scarce,  // of the server: files are not taken in
    mail,         // of the server: letters do not go
};
template <>
inline constexpr std::pair<AlarmCause, std::string_view> enum_words<AlarmCause>[10] = {
    {AlarmCause::stopped, "stopped"},         {AlarmCause::not_started, "not_started"},
    {AlarmCause::not_handed, "not_handed"},   {AlarmCause::quiet, "quiet"},
    {AlarmCause::clipped, "clipped"},         {AlarmCause::dead, "dead"},
    {AlarmCause::response, "response"},       {AlarmCause::disk_low, "disk_low"},
    {AlarmCause::disk_scarce, "disk_scarce"}, {AlarmCause::mail, "mail"}};

/// Settings of the company (docs/operating.md).
struct AlarmRules {
    bool on = true;                                       // alarm.on
    Duration stopped_after = Duration::seconds(300);      // alarm.stopped_min
    Duration not_started_after = Duration::seconds(900);  // alarm.not_started_min
    Duration file_after = Duration::hours(3);             // alarm.file_min, after closing
    Duration sound_over = Duration::hours(1);       // alarm.sound_min, so long a wave is judged
    Duration clear_after = Duration::seconds(120);  // alarm.clear_min, good for so long
};

/// How loud a stretch of sound was.
enum class Loudness { good, quiet, clipped, dead };
/// Of a wave in buckets of 20 ms; nothing when under four fifths of `buckets` were recorded.
std::optional<Loudness> loudness_of(std::span<const Peak> peaks, std::size_t buckets);
/// Of a day's files: the highest sample against full scale in 1/100 dB, and the share of samples
/// that stood at full scale.
Loudness loudness_of_files(bool silent, std::int64_t peak_centidb, double clipped_share);

/// A day whose file should be here.
struct DueDay {
    std::int64_t day = 0;
    TimeRange open;
    bool handed = false;
};

struct RecorderFacts {
    bool is_live = false;           // it hands over chunks, not files
    bool hours_stated = false;      // of its point
    std::optional<TimeRange> open;  // today; nothing: closed, a day off, or unstated
    bool session_open = false;      // it has not said that it ends
    std::optional<Instant> heard_until;
    std::optional<Instant> paused_until;  // end of the newest pause; in the future: it goes on
    Instant watched_from;                 // before it nobody could hear: the program did not run
    std::optional<DueDay> due;            // of files: the newest day that should be here
    std::optional<Loudness> loudness;     // nothing: not known now
};

struct Finding {
    AlarmCause cause = AlarmCause::stopped;
    Instant since;
    std::int64_t day = 0;  // of not_handed
};
/// Everything that is wrong now.
std::vector<Finding> judge(const RecorderFacts& facts, const AlarmRules& rules, Instant now);
/// Whether the facts say anything of the cause: what is not known keeps its alarm as it is.
bool tells_of(const RecorderFacts& facts, AlarmCause cause);
/// Whether the cause is gone because nothing is expected any more, not because it was mended.
bool is_unexpected(const RecorderFacts& facts, AlarmCause cause, Instant now);

}  // namespace otklik
