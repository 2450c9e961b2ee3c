#pragma once
// Evidence that a stage found, weighed as a person's would be and applied at once when it holds.
// Private to the room. Thread: any; the transaction is the lock.
#include <string>
#include <string_view>
#include <vector>

#include "recording/repair.h"

namespace otklik {

struct MachineTurn {
    std::string turn;    // used | agrees | refused
    std::string reason;  // of a refused one, a message code
};

/// One answer for `heard` of the wish and each of `along`. What cannot be is refused, not thrown;
/// a person who said "just so" is not overruled. `actor` stands as made_by and as the reason.
std::vector<MachineTurn> repair_by_machine(Tx& tx, Repairs& repairs, const RepairWish& wish,
                                           std::string_view actor);

}  // namespace otklik
