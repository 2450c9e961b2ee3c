#include "imports/places.h"

#include "sites/sites.h"

namespace otklik {

void Places::read(Tx& tx, const PlannerParts& parts) {
    units_.clear();
    sites_.clear();
    points_.clear();
    for (const Unit& unit : parts.people.units(parts.scope, tx))
        units_[plain_header(unit.name)].insert(unit.id.value);
    for (const Site& site : parts.sites.sites(parts.scope, tx))
        if (!site.archived_at) sites_[plain_header(site.name)].insert(site.unit.value);
    for (const Point& point : parts.sites.points(parts.scope, tx))
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

}  // namespace otklik
