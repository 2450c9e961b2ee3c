#include "desk/views.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "desk/desk_sql.h"
#include "people/people.h"

namespace otklik {

using namespace desk_sql;

namespace {

bool may_open(const Scope& scope, ViewList list) {
    switch (list) {
        case ViewList::inbox:
            return role_has(scope.role(), Right::listen);
        case ViewList::checks:
            return role_has(scope.role(), Right::check) || role_has(scope.role(), Right::see_own);
        case ViewList::recordings:
            return role_has(scope.role(), Right::see_recording);
    }
    return false;
}

SavedView view_of_row(const Row& row) {
    SavedView view;
    view.id = row.id<SavedView>(0);
    view.company_id = row.integer(1);
    view.unit = row.integer(2);
    view.account_id = row.integer(3);
    view.list = parse_enum<ViewList>(row.text(4)).value_or(ViewList::inbox);
    view.name = row.text(5);
    view.query = row.text(6);
    view.shared = row.flag(7);
    view.version = row.integer(8);
    return view;
}

bool may_see(const Scope& scope, const SavedView& view) {
    return view.company_id == scope.company_id() && may_open(scope, view.list) &&
           (view.shared || view.account_id == scope.account_id());
}

void require_own(const Scope& scope, const SavedView& view) {
    const bool owner = view.account_id == scope.account_id();
    if (!owner && scope.role() != Role::administrator)
        throw Error(Fault::forbidden, "view.not_yours");
}

/// A query as browsers write it: nothing else ever comes into an address.
bool is_query(std::string_view query) {
    constexpr std::string_view marks = "-_.~*'()!%+=&:,;@/";
    return query.size() <= view_query_max && std::all_of(query.begin(), query.end(), [&](char c) {
               const bool plain =
                   (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
               return plain || marks.find(c) != std::string_view::npos;
           });
}

SavedView checked(const SavedView& given) {
    SavedView view = given;
    view.name = std::string(trim(given.name));
    if (view.name.empty() || view.name.size() > view_name_max)
        throw Error(Fault::invalid, "name.empty").at("name");
    if (!is_query(view.query)) throw Error(Fault::invalid, "view.query").at("query");
    return view;
}

constexpr std::array<std::string_view, 3> view_verbs = {"view.made", "view.changed",
                                                        "view.removed"};
constexpr std::array<PersonalColumn, 2> view_personal = {{
    {"saved_view", "account_id", "whose view of a list it is", "delete_row"},
    {"due_mark", "marked_by", "who put a thing of the day off", "keep"},
}};
const std::array<Kind, 1> desk_table = {{
    {"view", "saved_view", "", "settings", view_verbs, view_personal, &place_by<view_place>},
}};

}  // namespace

const std::span<const Kind> desk_kinds = desk_table;

std::vector<SavedView> SavedViews::views(const Scope& scope, Tx& tx, ViewList list) const {
    if (!may_open(scope, list)) throw Error(Fault::forbidden, "right.missing");
    std::vector<SavedView> found;
    for (const Row& row : tx.rows(views_of_list, {{"company", scope.company_id()},
                                                  {"list", enum_word(list)},
                                                  {"account", scope.account_id()}})) {
        SavedView view = view_of_row(row);
        if (may_see(scope, view)) found.push_back(std::move(view));
    }
    return found;
}

SavedView SavedViews::get(const Scope& scope, Tx& tx, Id<SavedView> id) const {
    const auto row = tx.row(view_by_id, {{"id", id}});
    if (!row) throw Error(Fault::not_found, "not_found");
    SavedView view = view_of_row(*row);
    if (!may_see(scope, view)) throw Error(Fault::not_found, "not_found");
    return view;
}

Id<SavedView> SavedViews::make(const Scope& scope, Tx& tx, const SavedView& given) {
    if (!may_open(scope, given.list)) throw Error(Fault::forbidden, "right.missing");
    const SavedView view = checked(given);
    if (view.shared && scope.role() == Role::employee)
        throw Error(Fault::forbidden, "view.not_yours");
    const auto held = tx.row(count_own_views, {{"company", scope.company_id()},
                                               {"list", enum_word(view.list)},
                                               {"account", scope.account_id()}});
    if (held->integer(0) >= own_views_max)
        throw Error(Fault::conflict, "view.too_many", {{"max", std::to_string(own_views_max)}});
    const auto id = tx.make_id<SavedView>();
    tx.run(insert_view, {{"id", id},
                         {"company", scope.company_id()},
                         {"unit", people_.root_unit(tx, scope.company_id())},
                         {"account", scope.account_id()},
                         {"list", enum_word(view.list)},
                         {"name", view.name},
                         {"query", view.query},
                         {"shared", view.shared},
                         {"at", tx.now()}});
    return id;
}

void SavedViews::change(const Scope& scope, Tx& tx, const SavedView& given) {
    const SavedView held = get(scope, tx, given.id);
    require_own(scope, held);
    const SavedView view = checked(given);
    if (view.shared && scope.role() == Role::employee)
        throw Error(Fault::forbidden, "view.not_yours");
    const auto changed = tx.run(change_view_row, {{"id", view.id},
                                                  {"name", view.name},
                                                  {"query", view.query},
                                                  {"shared", view.shared},
                                                  {"at", tx.now()},
                                                  {"version", view.version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
}

void SavedViews::remove(const Scope& scope, Tx& tx, Id<SavedView> id) {
    require_own(scope, get(scope, tx, id));
    tx.run(drop_defaults_of, {{"id", id}});
    tx.run(delete_view_row, {{"id", id}});
}

std::optional<Id<SavedView>> SavedViews::default_view(const Scope& scope, Tx& tx,
                                                      ViewList list) const {
    const auto row =
        tx.row(default_of, {{"account", scope.account_id()}, {"list", enum_word(list)}});
    if (!row) return std::nullopt;
    // Its owner may have stopped sharing it meanwhile.
    const auto held = tx.row(view_by_id, {{"id", row->integer(0)}});
    if (!held || !may_see(scope, view_of_row(*held))) return std::nullopt;
    return row->id<SavedView>(0);
}

void SavedViews::set_default(const Scope& scope, Tx& tx, ViewList list,
                             std::optional<Id<SavedView>> id) {
    if (!may_open(scope, list)) throw Error(Fault::forbidden, "right.missing");
    if (!id) {
        tx.run(drop_default, {{"account", scope.account_id()}, {"list", enum_word(list)}});
        return;
    }
    if (get(scope, tx, *id).list != list) throw Error(Fault::not_found, "not_found");
    tx.run(put_default, {{"account", scope.account_id()},
                         {"list", enum_word(list)},
                         {"company", scope.company_id()},
                         {"view", *id}});
}

}  // namespace otklik
