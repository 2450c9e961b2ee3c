#pragma once
// Rights: who may see what. `allows` is the only rule; every function of a room that reads takes
// const Scope& first. SQL narrows by table `sight`, memory decides by `allows`. A function the role
// never has: 403; an object outside the reader's scope: 404, same body as a missing one. Owns:
// sight. Thread: values; a Scope belongs to a request.
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace otklik {

class Tx;

enum class Role { administrator, checker, employee };
template <>
inline constexpr std::pair<Role, std::string_view> enum_words<Role>[3] = {
    {Role::administrator, "administrator"},
    {Role::checker, "checker"},
    {Role::employee, "employee"}};

/// What a route asks for; each role has a set of them (rights.cpp holds the one table).
enum class Right {
    anyone,         // no session needed
    signed_in,      // any role
    listen,         // inbox, clips, media, words, bookmarks
    check,          // fill checks
    see_figures,    // board and drill-down
    see_own,        // /me/…
    see_recording,  // recorders, recordings, gaps
    import_audio,   // upload recordings
    press,          // device token or administrator
    hand_over,      // what a recorder recorded: an agent's token or administrator
    manage,         // settings of site, point, recorder, device, buttons, form
    manage_people,  // accounts
    operate,        // jobs, audit, metrics, backup
};
bool role_has(Role role, Right right) noexcept;

/// Where a thing is and whose it is.
struct Place {
    std::int64_t company_id = 0;
    std::int64_t unit = 0;
    std::int64_t person_id = 0;  // whom it is about, 0: nobody
};

/// What one reader may see. Built per request from the session's account.
class Scope {
public:
    /// For stages and the console; `tidy` lists every use.
    static Scope system();
    /// The local socket: everything of the company.
    static Scope console(std::int64_t company_id);
    /// `units`: granted units and all below them. An employee sees only what is about `person_id`.
    static Scope of(std::int64_t company_id, Role role, std::int64_t person_id,
                    std::int64_t account_id, std::set<std::int64_t> granted,
                    std::set<std::int64_t> units);
    bool is_system() const { return system_; }
    std::int64_t company_id() const { return company_id_; }
    Role role() const { return role_; }
    std::int64_t person_id() const { return person_id_; }
    std::int64_t account_id() const { return account_id_; }
    /// The units granted directly (lists walk `sight` per granted node).
    const std::set<std::int64_t>& granted() const { return granted_; }
    bool sees_unit(std::int64_t unit) const { return system_ || units_.contains(unit); }

private:
    bool system_ = false;
    std::int64_t company_id_ = 0;
    Role role_ = Role::employee;
    std::int64_t person_id_ = 0;
    std::int64_t account_id_ = 0;
    std::set<std::int64_t> granted_;
    std::set<std::int64_t> units_;
};

/// The only rule: same company, and (unit within the scope, for administrators and checkers) or
/// (own person).
bool allows(const Scope& scope, const Place& place) noexcept;
/// Throws Error{not_found} unless allowed.
void require(const Scope& scope, const Place& place);

/// Writes the sight rows of a thing: one per ancestor of its unit (itself included).
void make_visible(Tx& tx, std::string_view kind, std::int64_t id, const Place& place, Instant at);
void make_invisible(Tx& tx, std::string_view kind, std::int64_t id);
/// Moves a thing in time (its `at` changed).
void move_in_sight(Tx& tx, std::string_view kind, std::int64_t id, Instant at);

/// Where a page of a list goes on: newest first, by (at, id).
struct PageKey {
    Instant at;
    std::int64_t id = 0;
};
std::string page_word(const PageKey& key);  // opaque for clients
std::optional<PageKey> parse_page_word(std::string_view word);

struct Seen {
    std::int64_t id = 0;
    Instant at;
};
/// Walks the things of a kind that the scope may see, newest first, within [range), after `after`;
/// per granted node one index walk, merged and made unique. `take` loads the row, applies `allows`
/// and the filters, and says whether it counts; the walk ends after `count_max` that count, or
/// `looked_max` looked at. Returns the key to go on from.
std::optional<PageKey> walk_sight(Tx& tx, const Scope& scope, std::string_view kind,
                                  TimeRange range, std::optional<PageKey> after, int count_max,
                                  const std::function<bool(const Seen&)>& take);

}  // namespace otklik
