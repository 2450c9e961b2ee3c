#pragma once
// My day: what a reader must do now, from the rows of all rooms, in order of lateness; each thing
// has one action on the desk. Nothing is copied: a thing that is done is gone from the answer. What
// is not done but put off, or seen, carries a mark that stops to hold when something new comes to
// it. Small firms work from this one list; a checker and an employee see their own part of it.
// Owns: due_mark. Thread: any.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "base/time.h"
#include "kinds/rights.h"

namespace otklik {

class Tx;
class People;
class Sites;
class Recording;
class Signals;
class Checks;
class Alarms;
struct Point;
struct Signal;

enum class DueKind {
    signal,     // a press nobody has worked through, or put off and due again
    draft,      // a check begun by the reader
    draw,       // an interval drawn by the reader, without a check
    upload,     // presses of a point's day that wait for a recording
    sound,      // presses of a point's day whose sound is lost, or lacks a part
    point,      // a point that does not record: reason says why
    shift,      // presses come from a panel and nobody is on duty
    refusal,    // a device sent a known press with other content
    job,        // work of the server that waits for a person
    own_check,  // a check of the reader's own work
    alarm,      // a recorder, a point's response or the server: reason says what is wrong
};
template <>
inline constexpr std::pair<DueKind, std::string_view> enum_words<DueKind>[11] = {
    {DueKind::signal, "signal"},       {DueKind::draft, "draft"},     {DueKind::draw, "draw"},
    {DueKind::upload, "upload"},       {DueKind::sound, "sound"},     {DueKind::point, "point"},
    {DueKind::shift, "shift"},         {DueKind::refusal, "refusal"}, {DueKind::job, "job"},
    {DueKind::own_check, "own_check"}, {DueKind::alarm, "alarm"}};

/// How soon a thing is to be done; settings of the company (docs/operating.md).
struct DayGoals {
    Duration signal = Duration::hours(24);    // goal.signal_min
    Duration complaint = Duration::hours(4);  // goal.complaint_min
    Duration check = Duration::hours(24);     // goal.check_min
    // Of contacts with a press, percent; goal.response. Nothing: no goal.
    std::optional<std::int64_t> response;
};
inline constexpr Duration goal_min = Duration::seconds(60);
inline constexpr Duration goal_max = Duration::days(30);

struct Due {
    DueKind kind = DueKind::signal;
    std::string item;          // what a mark names; unique in the day
    std::int64_t subject = 0;  // signal, check, draw, point, device, job or alarm
    Id<Point> point_id;
    std::int64_t local_day = 0;  // of upload and sound
    std::int64_t n = 1;          // how many presses, seconds or refusals it stands for
    std::string reason;          // of point: no_basis, no_recorder, lost; of alarm: its cause
    Instant since;
    Instant due_at;
    std::int64_t stamp = 0;  // grows when something new comes to it
};

struct MyDay {
    std::int64_t local_day = 0;  // today at the first site
    std::string zone;
    std::vector<Due> items;  // latest first, at most count_max
    std::int64_t total = 0;  // of all, also those beyond count_max
    std::int64_t late = 0;
    std::int64_t signals_done = 0;  // by the reader, today
    std::int64_t checks_done = 0;
    DayGoals goals;
};

/// How long a mark holds.
enum class MarkFor {
    tomorrow,  // until the next local midnight
    good,      // while nothing new comes
};
template <>
inline constexpr std::pair<MarkFor, std::string_view> enum_words<MarkFor>[2] = {
    {MarkFor::tomorrow, "tomorrow"}, {MarkFor::good, "good"}};

class DayDesk {
public:
    struct Uses {
        People& people;
        Sites& sites;
        Recording& recording;
        Signals& signals;
        Checks& checks;
        Alarms& alarms;
    };
    explicit DayDesk(Uses uses) : uses_(uses) {}

    MyDay day(const Scope& scope, Tx& tx, int count_max) const;
    /// Puts a thing of the reader's own day off, or says that it was seen. What the whole company
    /// shares is marked for all. Error{not_found}: no such thing in the reader's day;
    /// Error{conflict, "day.not_markable"}: a press or draft is worked through, not waved away.
    Due mark(const Scope& scope, Tx& tx, std::string_view item, MarkFor how, std::string_view by);
    /// Takes the mark back; a second time changes nothing. Error{not_found}: nobody with the
    /// reader's rights could have made it.
    void unmark(const Scope& scope, Tx& tx, std::string_view item);

    DayGoals goals(const Scope& scope, Tx& tx) const;
    /// Error{invalid, "day.goal"} with the field.
    void set_goals(const Scope& scope, Tx& tx, const DayGoals& goals, std::string_view by);

private:
    struct Gathered;
    void add_signals(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_checks(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_clips(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_points(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_point(const Scope& scope, Tx& tx, const Point& point, Gathered& all) const;
    void add_devices(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_alarms(const Scope& scope, Tx& tx, Gathered& all) const;
    void add_jobs(Tx& tx, Gathered& all) const;
    void add_own(const Scope& scope, Tx& tx, Gathered& all) const;
    Gathered gather(const Scope& scope, Tx& tx) const;

    Uses uses_;
};

/// Whether things of this kind are everybody's, so that one mark holds for all.
bool is_shared(DueKind kind) noexcept;
/// How long a mark of this kind may hold; nothing: it cannot be marked.
std::optional<MarkFor> mark_of(DueKind kind) noexcept;

}  // namespace otklik
