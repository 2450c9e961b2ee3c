#pragma once
// Units, sites, points and people by the names that files write. Private to imports.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "imports/planner.h"
#include "people/people.h"
#include "sites/sites.h"

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

/// One point by its name and its site's.
class PointNames {
public:
    void read(Tx& tx, const PlannerParts& parts);
    /// Nothing: a fault says why. A file without both columns means the only point there is.
    const Point* find(const ImportTable& table, std::size_t i, std::vector<RowFault>& faults) const;
    const std::vector<std::pair<Point, std::string>>& all() const { return points_; }

private:
    std::vector<std::pair<Point, std::string>> points_;  // with the name of their site
};

/// One person by personnel number, else by name.
class PeopleNames {
public:
    void read(Tx& tx, const PlannerParts& parts);
    /// Nothing: a fault says why.
    const Person* find(const ImportTable& table, std::size_t i,
                       std::vector<RowFault>& faults) const;
    /// As the row names it.
    static std::string said(const ImportTable& table, std::size_t i);

private:
    std::map<std::string, Person> by_number_;
    std::map<std::string, std::vector<Person>> by_name_;
};

}  // namespace otklik
