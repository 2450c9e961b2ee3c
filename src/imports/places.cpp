#include "imports/places.h"

#include "base/text.h"

namespace otklik {

void Places::read(Tx& tx, const PlannerParts& parts) {
    units_.clear();
    sites_.clear();
    points_.clear();
    for (const Unit& unit : parts.uses.people.units(parts.scope, tx))
        units_[plain_header(unit.name)].insert(unit.id.value);
    for (const Site& site : parts.uses.sites.sites(parts.scope, tx))
        if (!site.archived_at) sites_[plain_header(site.name)].insert(site.unit.value);
    for (const Point& point : parts.uses.sites.points(parts.scope, tx))
        if (!point.archived_at) points_[plain_header(point.name)].insert(point.unit.value);
}

std::int64_t Places::find(const ImportTable& table, std::size_t i,
                          std::vector<RowFault>& faults) const {
    std::set<std::int64_t> found;
    bool any = false;
    const auto narrow = [&](std::string_view field, const ByName& names) {
        const std::string_view text = table.value(i, field);
        if (text.empty()) return;
        const auto at = names.find(plain_header(text));
        if (at == names.end()) {
            faults.push_back(table.fault(field, "unit.unknown", {{"name", std::string(text)}}));
            return;
        }
        std::set<std::int64_t> both;
        for (const std::int64_t unit : at->second)
            if (!any || found.contains(unit)) both.insert(unit);
        // A point and its unit may be said together; the narrower one counts.
        if (any && both.empty()) return;
        found = std::move(both);
        any = true;
    };
    narrow("point", points_);
    narrow("site", sites_);
    narrow("unit", units_);
    if (found.size() > 1) {
        const char* field = !table.value(i, "point").empty()  ? "point"
                            : !table.value(i, "site").empty() ? "site"
                                                              : "unit";
        faults.push_back(
            table.fault(field, "unit.ambiguous", {{"name", std::string(table.value(i, field))}}));
    }
    return found.empty() ? 0 : *found.begin();
}

void PointNames::read(Tx& tx, const PlannerParts& parts) {
    points_.clear();
    std::map<std::int64_t, std::string> sites;
    for (const Site& site : parts.uses.sites.sites(parts.scope, tx))
        sites[site.id.value] = plain_header(site.name);
    for (const Point& point : parts.uses.sites.points(parts.scope, tx))
        if (!point.archived_at) points_.emplace_back(point, sites[point.site_id.value]);
}

const Point* PointNames::find(const ImportTable& table, std::size_t i,
                              std::vector<RowFault>& faults) const {
    const std::string point = plain_header(table.value(i, "point"));
    const std::string site = plain_header(table.value(i, "site"));
    std::vector<const Point*> found;
    for (const auto& [each, site_name] : points_)
        if ((point.empty() || plain_header(each.name) == point) &&
            (site.empty() || site_name == site))
            found.push_back(&each);
    if (found.size() == 1) return found.front();
    const char* field = !point.empty() ? "point" : !site.empty() ? "site" : "point";
    const std::string said(table.value(i, field));
    if (said.empty())
        faults.push_back(table.fault("point", "contact.no_point"));
    else
        faults.push_back(table.fault(field, found.empty() ? "unit.unknown" : "unit.ambiguous",
                                     {{"name", said}}));
    return nullptr;
}

void PeopleNames::read(Tx& tx, const PlannerParts& parts) {
    by_number_.clear();
    by_name_.clear();
    for (const Person& person : parts.uses.people.people(parts.scope, tx)) {
        if (person.personnel_number) by_number_[*person.personnel_number] = person;
        by_name_[fold(person.name)].push_back(person);
    }
}

std::string PeopleNames::said(const ImportTable& table, std::size_t i) {
    const std::string name = joined_name(split_name(table.value(i, "full_name")));
    return name.empty() ? std::string(table.value(i, "personnel_number")) : name;
}

const Person* PeopleNames::find(const ImportTable& table, std::size_t i,
                                std::vector<RowFault>& faults) const {
    const std::string number(table.value(i, "personnel_number"));
    const std::string name = joined_name(split_name(table.value(i, "full_name")));
    if (!number.empty()) {
        const auto at = by_number_.find(number);
        if (at != by_number_.end()) return &at->second;
        faults.push_back(table.fault("personnel_number", "person.unknown", {{"name", number}}));
        return nullptr;
    }
    const auto at = by_name_.find(fold(name));
    const std::size_t n = at == by_name_.end() ? 0 : at->second.size();
    if (n == 1) return &at->second.front();
    if (n == 0) faults.push_back(table.fault("full_name", "person.unknown", {{"name", name}}));
    if (n > 1)
        faults.push_back(table.fault("full_name", "person.ambiguous", {{"n", std::to_string(n)}}));
    return nullptr;
}

}  // namespace otklik
