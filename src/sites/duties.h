#pragma once
// A person's duties, for finding what came in while they served. Thread: any.
#include <vector>

#include "sites/sites.h"

namespace otklik {

/// The sixty newest duties at points of the scope, newest first.
std::vector<Duty> duties_of_person(const Scope& scope, Tx& tx, Id<Person> person);

}  // namespace otklik
