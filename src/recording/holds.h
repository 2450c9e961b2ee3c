#pragma once
// Holds: sound that a person keeps from being erased, for a dispute or a court (P38). A hold is a
// point and a time; its pins keep the recordings, the imported files and the cuts that meet it, and
// follow a recording that is put elsewhere. Released, it keeps for a week more, so that one may
// think again. Owns: hold. Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "recording/recording.h"

namespace otklik {

struct Account;
struct RepairPlan;

struct Hold {
    Id<Hold> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;  // of the point
    Id<Point> point_id;
    TimeRange at;
    std::string reason;        // in words
    std::string subject_kind;  // what it was asked on: clip | recording | point
    std::int64_t subject = 0;
    Id<Account> made_by;  // 0: the console
    Instant made_at;
    Id<Account> released_by;
    std::optional<Instant> released_at;  // nothing: it holds
    std::string release_reason;
    std::optional<Instant> kept_until;  // released: the sound stays so long
    bool keeps(Instant now) const { return !released_at || (kept_until && *kept_until > now); }
};
template <>
inline constexpr std::string_view id_prefix<Hold> = "hold";

inline constexpr Duration hold_length_max = Duration::days(3660);
inline constexpr Duration kept_after_release = Duration::days(7);
inline constexpr int holds_shown_max = 1'000;

/// Of `wish`: at, reason, subject, made_by. Error{invalid}: "hold.reason" at reason, "range.empty"
/// at end_at, "hold.long" {days_max} at end_at.
Hold make_hold(Tx& tx, Recording& recording, const Point& point, const Hold& wish);
std::optional<Hold> find_hold(const Scope& scope, Tx& tx, Id<Hold> id);
/// The newest first, at most holds_shown_max; those that keep something, or all.
std::vector<Hold> holds(const Scope& scope, Tx& tx, bool also_over);
/// Those that keep sound of the range.
std::vector<Hold> holds_meeting(const Scope& scope, Tx& tx, Id<Point> point, TimeRange range);
/// False: it was released already. Error{invalid, "hold.reason"} at reason.
bool release_hold(Tx& tx, const Hold& hold, Id<Account> by, std::string_view reason);
/// Takes the release back. Error{conflict, "hold.over"}: what it kept may be gone by now.
void restore_hold(Tx& tx, const Hold& hold);

/// Whether a hold keeps any of it; pins of waiting work do not count.
bool is_held(Tx& tx, Id<Point> point, TimeRange range);
/// Whether a cut of that time must stay: a hold, a check in work, or the cut's own waiting press.
/// Pins of other presses and of drawn intervals need the recording, not this file.
bool is_cut_kept(Tx& tx, Id<Point> point, TimeRange range, std::int64_t clip);
/// The sound of a repaired recording is held where it goes, too.
void hold_repaired(Tx& tx, Recording& recording, const Point& to, const RepairPlan& plan);

}  // namespace otklik
