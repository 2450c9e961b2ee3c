#pragma once
// The guided tour: a visitor without an account looks at a demonstration, and at nothing else. The
// data folder of a demonstration holds a flag that names its company; on a folder without it, or
// with the flag of another company, nobody is let in. Visitors live in memory and only read: the
// router lets them in by visitor_may alone. Owns: data/demonstration. Thread: any.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/fields.h"
#include "base/id.h"
#include "checks/checks.h"
#include "kinds/rights.h"
#include "people/people.h"
#include "signals/signals.h"

namespace otklik {

struct Actor;
struct Rooms;
struct Route;

/// What the flag says: whose demonstration it is, and where the tour stops.
struct Demonstration {
    Id<Company> company_id;
    Id<Signal> signal_id;
    Id<Check> check_id;
    void fields(FieldSink& f);
};
/// Of the folder alone; find_demonstration holds it against the company that is really there.
void write_demonstration(const std::string& data_folder, const Demonstration& wanted);
/// Nothing: there is no tour here. Asks the database and reads a small file.
std::optional<Demonstration> find_demonstration(Rooms& rooms);

/// What a visitor may do: read what these rights show, and leave.
bool visitor_has(Right right) noexcept;
/// Error{forbidden, "tour.read_only"} for all else.
void require_visitor_may(const Route& route);

/// Passes of those who look on. In memory: a restart ends them, and the tour lets in again.
class Visitors {
public:
    explicit Visitors(const Clock& clock) : clock_(clock) {}
    static bool is_pass(std::string_view token);
    /// A new pass; the oldest one ends when there are too many.
    std::string let_in();
    bool knows(std::string_view token) const;
    void leave(std::string_view token);

private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Instant> until_;  // by the hash of the pass
};

/// All of the demonstration's company, as a checker sees it.
Scope visitor_scope(Rooms& rooms);

}  // namespace otklik
