#pragma once
// Units, sites and points by the names that people write. Private to imports.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "imports/planner.h"

namespace otklik {

/// A name may belong to several.
class Places {
public:
    void read(Tx& tx, const PlannerParts& parts);
    /// The unit of a row, by point, site and unit; nothing is said: 0. Faults go into `faults`.
    std::int64_t find(const ImportTable& table, std::size_t i, std::vector<RowFault>& faults) const;

private:
    using ByName = std::map<std::string, std::set<std::int64_t>>;
    ByName units_, sites_, points_;
};

}  // namespace otklik
