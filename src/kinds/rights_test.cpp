#include "kinds/rights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/error.h"
#include "kinds/kinds_sql.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Sql add_unit{
    "insert into unit (id, company_id, parent_id, kind, name, name_fold, created_at)"
    " values (:id, :company, :parent, 'site', '', '', 0)"};
constexpr Sql add_ancestor{
    "insert into unit_ancestor (unit, ancestor, depth) values (:unit, :ancestor, :depth)"};

struct Thing {
    std::int64_t id;
    Place place;
    Instant at;
};

/// Two companies with random trees of units and things in them.
struct World {
    std::mt19937 random;
    std::map<std::int64_t, std::int64_t> parent;  // unit 1 and 2 are the companies' roots, parent 0
    std::vector<Thing> things;
    Instant start{1'795'000'000'000'000};

    int upto(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); }
    std::vector<std::int64_t> ancestors(std::int64_t unit) const {
        std::vector<std::int64_t> all;
        for (; unit != 0; unit = parent.at(unit)) all.push_back(unit);
        return all;
    }
    std::int64_t company(std::int64_t unit) const { return ancestors(unit).back(); }

    World(unsigned seed, Tx& tx) : random(seed) {
        const int units = 2 + upto(20), count = upto(300);
        for (int unit = 1; unit <= units; ++unit) {
            parent[unit] = unit <= 2 ? 0 : 1 + upto(unit - 1);
            const auto up = parent[unit] ? std::optional<std::int64_t>(parent[unit]) : std::nullopt;
            tx.run(add_unit, {{"id", unit}, {"company", company(unit)}, {"parent", up}});
            int depth = 0;
            for (const auto each : ancestors(unit))
                tx.run(add_ancestor, {{"unit", unit}, {"ancestor", each}, {"depth", depth++}});
        }
        for (int i = 0; i < count; ++i) {
            const std::int64_t unit = 1 + upto(units);
            // Few instants, so that many things share one.
            const Thing thing{
                1000 + i, {company(unit), unit, upto(4)}, start + Duration::ms(upto(40))};
            make_visible(tx, "clip", thing.id, thing.place, thing.at);
            things.push_back(thing);
        }
    }
    Scope scope() {
        if (upto(8) == 0) return Scope::system();
        const std::int64_t company_id = 1 + upto(2);
        std::set<std::int64_t> granted, units;
        for (int i = upto(4); i > 0; --i) {
            const std::int64_t unit = 1 + upto(int(parent.size()));
            if (company(unit) == company_id) granted.insert(unit);
        }
        for (const auto& [unit, up] : parent)
            for (const auto each : ancestors(unit))
                if (granted.contains(each)) units.insert(unit);
        const Role role = upto(2) ? Role::checker : Role::administrator;
        return Scope::of(company_id, role, 99, 5, granted, units);
    }
    std::vector<std::int64_t> brute_force(const Scope& scope, TimeRange range, int modulus) const {
        std::vector<Thing> seen;
        for (const auto& thing : things)
            if (allows(scope, thing.place) && range.contains(thing.at) && thing.id % modulus == 0)
                seen.push_back(thing);
        std::sort(seen.begin(), seen.end(), [](const Thing& a, const Thing& b) {
            return a.at != b.at ? a.at > b.at : a.id > b.id;
        });
        std::vector<std::int64_t> ids;
        for (const auto& thing : seen) ids.push_back(thing.id);
        return ids;
    }
    std::vector<std::int64_t> walk(Tx& tx, const Scope& scope, TimeRange range, int modulus,
                                   int page) {
        std::vector<std::int64_t> ids;
        std::optional<PageKey> after;
        for (int pages = 0; pages < 1000; ++pages) {
            int counted = 0;
            const auto next =
                walk_sight(tx, scope, "clip", range, after, page, [&](const Seen& seen) {
                    const Thing& thing = things[std::size_t(seen.id - 1000)];
                    if (!allows(scope, thing.place) || seen.id % modulus != 0) return false;
                    ids.push_back(seen.id);
                    ++counted;
                    return true;
                });
            EXPECT_LE(counted, page);
            if (!next) return ids;
            after = parse_page_word(page_word(*next));
            EXPECT_TRUE(after);
        }
        ADD_FAILURE() << "the list has no end";
        return ids;
    }
};

class Rights : public StoreTest {};

TEST_P(Rights, lists_of_random_worlds_equal_brute_force) {
    const unsigned seed = std::random_device{}();
    std::printf("seed %u\n", seed);
    std::mt19937 seeds(seed);
    std::size_t listed = 0;
    for (int i = 0; i < 12; ++i) {
        if (i > 0) {
            store().write([](Tx& tx) {
                for (const auto* table :
                     {"delete from sight", "delete from unit", "delete from unit_ancestor"})
                    tx.run({table});
            });
        }
        const unsigned world_seed = seeds();
        std::optional<World> world;
        store().write([&](Tx& tx) { world.emplace(world_seed, tx); });
        for (int n = 0; n < 12; ++n) {
            const Scope scope = world->scope();
            const Instant from = world->start + Duration::ms(world->upto(20));
            const TimeRange range{from, from + Duration::ms(world->upto(50))};
            const int modulus = 1 + world->upto(3), page = 1 + world->upto(30);
            const auto expected = world->brute_force(scope, range, modulus);
            const auto walked =
                store().read([&](Tx& tx) { return world->walk(tx, scope, range, modulus, page); });
            ASSERT_EQ(walked, expected) << "seed " << seed << " world " << i << " scope " << n;
            listed += walked.size();
        }
    }
    EXPECT_GT(listed, 100u) << "the worlds were too empty to prove anything";
}

TEST_P(Rights, a_thing_moves_and_vanishes) {
    std::vector<std::int64_t> ids;
    const auto list = [&] {
        ids.clear();
        store().read([&](Tx& tx) {
            walk_sight(tx, Scope::of(1, Role::checker, 0, 0, {7}, {7}), "clip",
                       {{0}, {1'000'000'000'000'000'000}}, std::nullopt, 10, [&](const Seen& seen) {
                           ids.push_back(seen.id);
                           return true;
                       });
        });
        return ids;
    };
    store().write([](Tx& tx) {
        make_visible(tx, "clip", 1, {1, 7, 0}, {100});
        make_visible(tx, "clip", 1, {1, 7, 0}, {100});
        make_visible(tx, "clip", 2, {1, 7, 0}, {200});
        make_visible(tx, "check", 3, {1, 7, 0}, {200});
    });
    EXPECT_EQ(list(), (std::vector<std::int64_t>{2, 1}));
    store().write([](Tx& tx) { move_in_sight(tx, "clip", 1, {300}); });
    EXPECT_EQ(list(), (std::vector<std::int64_t>{1, 2}));
    store().write([](Tx& tx) { make_invisible(tx, "clip", 1); });
    EXPECT_EQ(list(), (std::vector<std::int64_t>{2}));
}

TEST_P(Rights, the_list_walks_its_index) {
    store().write([](Tx& tx) {
        std::vector<Params> rows;
        constexpr Sql add{
            "insert into sight (unit, kind, at, id) values (:unit, 'clip', :at, :id)"};
        for (int i = 0; i < 20'000; ++i) rows.push_back({{"unit", i % 10}, {"at", i}, {"id", i}});
        tx.run_many(add, rows);
        tx.run({"analyze"});
    });
    const std::string statement =
        std::string(store().is_sqlite() ? "explain query plan " : "explain ") +
        std::string(sql::sight_page.text);
    std::string plan;
    store().read([&](Tx& tx) {
        for (const auto& row : tx.rows({statement}, {{"unit", 3},
                                                     {"kind", "clip"},
                                                     {"begin", 0},
                                                     {"before_at", 15'000},
                                                     {"before_id", 1},
                                                     {"count", 50}}))
            plan += row.text(store().is_sqlite() ? 3 : 0) + "\n";
    });
    const std::string wanted =
        store().is_sqlite() ? "USING PRIMARY KEY (unit=? AND kind=? AND at" : "Index";
    const bool uses_index =
        plan.find(wanted) != std::string::npos ||
        plan.find("INDEX sqlite_autoindex_sight_1 (unit=? AND kind=?") != std::string::npos;
    EXPECT_TRUE(uses_index) << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Sort"), std::string::npos) << plan;
}

OTKLIK_BOTH_DATABASES(Rights);

TEST(RightsRule, who_may_see_what) {
    const Scope checker = Scope::of(1, Role::checker, 50, 5, {10}, {10, 11});
    EXPECT_TRUE(allows(checker, {1, 11, 0}));
    EXPECT_FALSE(allows(checker, {1, 12, 0}));
    EXPECT_FALSE(allows(checker, {2, 11, 0})) << "another company";
    EXPECT_TRUE(allows(checker, {1, 12, 50})) << "about the reader";
    const Scope employee = Scope::of(1, Role::employee, 50, 6, {10}, {10, 11});
    EXPECT_FALSE(allows(employee, {1, 11, 0}));
    EXPECT_FALSE(allows(employee, {1, 11, 51}));
    EXPECT_TRUE(allows(employee, {1, 11, 50}));
    EXPECT_FALSE(allows(employee, {2, 11, 50}));
    EXPECT_TRUE(allows(Scope::system(), {2, 12, 0}));
    EXPECT_FALSE(allows(Scope::of(0, Role::administrator, 0, 0, {}, {10}), {0, 10, 0}))
        << "no company";
    EXPECT_THROW(require(employee, {1, 11, 51}), Error);
    EXPECT_NO_THROW(require(employee, {1, 11, 50}));
}

TEST(RightsRule, roles_have_their_rights) {
    EXPECT_TRUE(role_has(Role::employee, Right::anyone));
    EXPECT_TRUE(role_has(Role::employee, Right::see_own));
    for (const Right right :
         {Right::listen, Right::check, Right::manage, Right::operate, Right::see_figures})
        EXPECT_FALSE(role_has(Role::employee, right));
    EXPECT_TRUE(role_has(Role::checker, Right::check));
    for (const Right right : {Right::manage, Right::manage_people, Right::operate, Right::press})
        EXPECT_FALSE(role_has(Role::checker, right));
    EXPECT_TRUE(role_has(Role::administrator, Right::manage_people));
}

TEST(RightsRule, page_words_are_checked) {
    const PageKey key{{1'795'000'000'000'123}, 4'711};
    const auto word = page_word(key);
    const auto back = parse_page_word(word);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->at, key.at);
    EXPECT_EQ(back->id, key.id);
    for (const std::string& bad :
         {std::string(), word + "0", word.substr(1), std::string(word.size(), '_'),
          "q" + word.substr(1), std::string(word.size(), '\0')})
        EXPECT_FALSE(parse_page_word(bad)) << bad;
}

}  // namespace
}  // namespace otklik
