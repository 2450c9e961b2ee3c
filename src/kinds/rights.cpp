#include "kinds/rights.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "kinds/kinds_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

struct RoleRights {
    Role role;
    std::initializer_list<Right> rights;
};

/// The one table of roles; `anyone` needs no role.
const std::array<RoleRights, 3> role_table{{
    {Role::administrator,
     {Right::signed_in, Right::listen, Right::check, Right::see_figures, Right::see_own,
      Right::see_recording, Right::import_audio, Right::press, Right::hand_over, Right::manage,
      Right::manage_people, Right::operate}},
    {Role::checker,
     {Right::signed_in, Right::listen, Right::check, Right::see_figures, Right::see_own,
      Right::see_recording}},
    {Role::employee, {Right::signed_in, Right::see_own}},
}};

constexpr int looked_max = 5'000;  // a filter that fits nothing must not read a whole table
constexpr int page_rows_min = 64;
constexpr int page_rows_max = 1'024;
constexpr std::string_view page_prefix = "p";

bool newer(const Seen& a, const Seen& b) {
    return a.at != b.at ? a.at > b.at : a.id > b.id;
}

/// One granted node's walk down its index, read page by page.
class NodeWalk {
public:
    NodeWalk(Tx& tx, std::int64_t unit, std::string_view kind, TimeRange range, PageKey before)
        : tx_(tx), unit_(unit), kind_(kind), range_(range), before_(before) {}
    /// The newest not yet passed; nothing at the end.
    const Seen* front() {
        if (at_ == page_.size() && !ended_) read();
        return at_ < page_.size() ? &page_[at_] : nullptr;
    }
    void pass() { ++at_; }

private:
    void read() {
        page_.clear();
        at_ = 0;
        for (const auto& row : tx_.rows(sql::sight_page, {{"unit", unit_},
                                                          {"kind", kind_},
                                                          {"begin", range_.begin},
                                                          {"before_at", before_.at},
                                                          {"before_id", before_.id},
                                                          {"count", count_}}))
            page_.push_back({row.integer(1), row.instant(0)});
        ended_ = int(page_.size()) < count_;
        if (!page_.empty()) before_ = {page_.back().at, page_.back().id};
        count_ = std::min(count_ * 2, page_rows_max);
    }

    Tx& tx_;
    std::int64_t unit_;
    std::string_view kind_;
    TimeRange range_;
    PageKey before_;
    std::vector<Seen> page_;
    std::size_t at_ = 0;
    int count_ = page_rows_min;
    bool ended_ = false;
};

std::vector<std::int64_t> nodes_of(Tx& tx, const Scope& scope) {
    if (!scope.is_system()) return {scope.granted().begin(), scope.granted().end()};
    std::vector<std::int64_t> roots;
    for (const auto& row : tx.rows(sql::root_units)) roots.push_back(row.integer(0));
    return roots;
}

/// The newest among the walks; all walks that stand on it move on, so a thing comes once.
std::optional<Seen> next_seen(std::vector<NodeWalk>& walks) {
    std::optional<Seen> best;
    for (auto& walk : walks) {
        const Seen* seen = walk.front();
        if (seen && (!best || newer(*seen, *best))) best = *seen;
    }
    if (!best) return best;
    for (auto& walk : walks) {
        const Seen* seen = walk.front();
        if (seen && seen->id == best->id && seen->at == best->at) walk.pass();
    }
    return best;
}

}  // namespace

bool role_has(Role role, Right right) noexcept {
    if (right == Right::anyone) return true;
    for (const auto& each : role_table)
        if (each.role == role)
            return std::find(each.rights.begin(), each.rights.end(), right) != each.rights.end();
    return false;
}

Scope Scope::system() {
    Scope scope;
    scope.system_ = true;
    scope.role_ = Role::administrator;
    return scope;
}

Scope Scope::console(std::int64_t company_id) {
    Scope scope = Scope::system();
    scope.company_id_ = company_id;
    return scope;
}

Scope Scope::of(std::int64_t company_id, Role role, std::int64_t person_id, std::int64_t account_id,
                std::set<std::int64_t> granted, std::set<std::int64_t> units) {
    Scope scope;
    scope.company_id_ = company_id;
    scope.role_ = role;
    scope.person_id_ = person_id;
    scope.account_id_ = account_id;
    scope.granted_ = std::move(granted);
    scope.units_ = std::move(units);
    return scope;
}

bool allows(const Scope& scope, const Place& place) noexcept {
    if (scope.is_system()) return true;
    if (place.company_id != scope.company_id() || place.company_id == 0) return false;
    if (place.person_id != 0 && place.person_id == scope.person_id()) return true;
    return scope.role() != Role::employee && scope.sees_unit(place.unit);
}

void require(const Scope& scope, const Place& place) {
    if (!allows(scope, place)) throw Error(Fault::not_found, "not_found");
}

void make_visible(Tx& tx, std::string_view kind, std::int64_t id, const Place& place, Instant at) {
    tx.run(sql::make_visible, {{"kind", kind}, {"at", at}, {"id", id}, {"unit", place.unit}});
}

void make_invisible(Tx& tx, std::string_view kind, std::int64_t id) {
    tx.run(sql::make_invisible, {{"kind", kind}, {"id", id}});
}

void move_in_sight(Tx& tx, std::string_view kind, std::int64_t id, Instant at) {
    tx.run(sql::move_in_sight, {{"kind", kind}, {"id", id}, {"at", at}});
}

std::string page_word(const PageKey& key) {
    return id_word(page_prefix, key.at.us) + id_word("", key.id);
}

std::optional<PageKey> parse_page_word(std::string_view word) {
    const std::size_t half = id_word(page_prefix, 1).size();
    if (word.size() != half * 2 - page_prefix.size()) return std::nullopt;
    const auto at = parse_id_word(page_prefix, word.substr(0, half));
    const auto id = parse_id_word("", word.substr(half));
    if (!at || !id) return std::nullopt;
    return PageKey{{*at}, *id};
}

std::optional<PageKey> walk_sight(Tx& tx, const Scope& scope, std::string_view kind,
                                  TimeRange range, std::optional<PageKey> after, int count_max,
                                  const std::function<bool(const Seen&)>& take) {
    PageKey before{range.end,
                   std::numeric_limits<std::int64_t>::min()};  // the end is not in the range
    if (after && after->at < before.at) before = *after;
    std::vector<NodeWalk> walks;
    for (const std::int64_t unit : nodes_of(tx, scope))
        walks.emplace_back(tx, unit, kind, range, before);
    int counted = 0;
    std::optional<PageKey> last;
    for (int looked = 0;; ++looked) {
        const auto seen = next_seen(walks);
        if (!seen) return std::nullopt;
        if (last && (counted >= count_max || looked >= looked_max)) return last;  // there is more
        if (take(*seen)) ++counted;
        last = PageKey{seen->at, seen->id};
    }
}

}  // namespace otklik
