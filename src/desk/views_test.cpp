// Saved views: whose they are, what they may hold.
#include "desk/views.h"

#include "checks/test_desk.h"

namespace otklik {

class ViewsOf : public DeskTest {
protected:
    Scope boss() const { return world->reader(); }
    Scope worker() const { return scope(Role::employee, world->person.id); }
    SavedViews& views() { return views_; }
    SavedView wish(std::string name, bool shared = false) {
        SavedView view;
        view.name = std::move(name);
        view.query = "kind=complaint&days=7";
        view.shared = shared;
        return view;
    }
    Id<SavedView> make(const Scope& scope, const SavedView& view) {
        return store().write([&](Tx& tx) { return views_.make(scope, tx, view); });
    }
    std::vector<std::string> names(const Scope& scope, ViewList list = ViewList::inbox) {
        std::vector<std::string> all;
        for (const auto& view : store().read([&](Tx& tx) { return views_.views(scope, tx, list); }))
            all.push_back(view.name);
        return all;
    }
    Scope other() const {
        return Scope::of(world->company, Role::checker, 0, 77, {world->root.value},
                         {world->root.value, world->point.unit.value});
    }

private:
    People people_;
    SavedViews views_{people_};
};
OTKLIK_BOTH_DATABASES(ViewsOf);

TEST_P(ViewsOf, own_ones_are_their_owners_and_shared_ones_everybodys) {
    const auto own = make(boris(), wish("mine"));
    const auto shared = make(boris(), wish("ours", true));
    EXPECT_EQ(names(boris()), (std::vector<std::string>{"mine", "ours"}));
    EXPECT_EQ(names(other()), std::vector<std::string>{"ours"});
    EXPECT_EQ(code_of([&] { names(worker()); }), "right.missing") << "employees have no inbox";
    const auto change = [&](const Scope& who, Id<SavedView> id) {
        SavedView view = wish("theirs", true);
        view.id = id;
        return code_of([&] { store().write([&](Tx& tx) { views().change(who, tx, view); }); });
    };
    EXPECT_EQ(change(other(), own), "not_found");
    EXPECT_EQ(change(other(), shared), "view.not_yours");
    EXPECT_EQ(change(boss(), shared), "");
    EXPECT_EQ(change(boss(), shared), "row.changed") << "of an older version";
}

TEST_P(ViewsOf, a_default_goes_with_its_view) {
    const auto id = make(boris(), wish("ours", true));
    const auto default_of = [&](const Scope& who) {
        return store().read([&](Tx& tx) { return views().default_view(who, tx, ViewList::inbox); });
    };
    store().write([&](Tx& tx) { views().set_default(other(), tx, ViewList::inbox, id); });
    EXPECT_EQ(default_of(other()), id);
    EXPECT_FALSE(default_of(boris()));
    EXPECT_EQ(
        code_of([&] {
            store().write([&](Tx& tx) { views().set_default(other(), tx, ViewList::checks, id); });
        }),
        "not_found");
    store().write([&](Tx& tx) { views().remove(boris(), tx, id); });
    EXPECT_FALSE(default_of(other()));
}

TEST_P(ViewsOf, what_is_no_query_or_too_many_is_refused) {
    SavedView bad = wish("x");
    for (const char* query : {"a b", "kind=<script>", "a=\n", "x=\"y\""}) {
        bad.query = query;
        EXPECT_EQ(code_of([&] { make(boris(), bad); }), "view.query") << query;
    }
    bad.query = std::string(view_query_max + 1, 'a');
    EXPECT_EQ(code_of([&] { make(boris(), bad); }), "view.query");
    EXPECT_EQ(code_of([&] { make(boris(), wish("  ")); }), "name.empty");
    for (std::int64_t i = 0; i < own_views_max; ++i) make(boris(), wish(std::to_string(i)));
    EXPECT_EQ(code_of([&] { make(boris(), wish("more")); }), "view.too_many");
}

}  // namespace otklik
