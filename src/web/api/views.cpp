// Saved views of lists.
#include "desk/views.h"

#include "people/people.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

struct ViewRequest {
    ViewList list = ViewList::inbox;
    std::string name, query;
    std::optional<bool> shared;
    void fields(FieldSink& f) {
        f.choice("list", list);
        f.text("name", name, {.bytes_max = view_name_max, .may_be_empty = false});
        f.text("query", query, {.bytes_max = view_query_max},
               "the filters as the address of the list holds them, without ?");
        f.flag("shared", shared, "seen by everybody who may open the list");
    }
};
struct SavedViewRow {
    SavedView view;
    bool own = false;
    void fields(FieldSink& f) {
        f.id("id", view.id);
        f.choice("list", view.list);
        f.text("name", view.name);
        f.text("query", view.query);
        f.flag("shared", view.shared);
        f.flag("own", own, "made by this account");
        f.integer("version", view.version);
    }
};
struct SavedViewList {
    std::vector<SavedViewRow> items;
    std::optional<Id<SavedView>> default_id;
    void fields(FieldSink& f) {
        f.list("items", items);
        f.id("default_id", default_id, "what the list opens with for this account");
    }
};
struct DefaultViewRequest {
    ViewList list = ViewList::inbox;
    std::optional<Id<SavedView>> view_id;
    void fields(FieldSink& f) {
        f.choice("list", list);
        f.id("view_id", view_id, "absent: the whole list");
    }
};

SavedViewRow row_of(const Call& call, SavedView view) {
    const bool own = view.account_id == call.scope.account_id();
    return {std::move(view), own};
}

SavedView view_in(const ViewRequest& in) {
    SavedView view;
    view.list = in.list;
    view.name = in.name;
    view.query = in.query;
    view.shared = in.shared.value_or(false);
    return view;
}

SavedViewList list_views(Call& call) {
    const auto list = call.query_choice<ViewList>("list");
    if (!list) throw Error(Fault::invalid, "field.missing", {{"field", "list"}}).at("list");
    return call.rooms.store.read([&](Tx& tx) {
        SavedViewList answer;
        for (SavedView& view : call.rooms.views.views(call.scope, tx, *list))
            answer.items.push_back(row_of(call, std::move(view)));
        answer.default_id = call.rooms.views.default_view(call.scope, tx, *list);
        return answer;
    });
}

SavedViewRow make_view(Call& call, ViewRequest& in) {
    call.status = 201;
    return call.rooms.store.write([&](Tx& tx) {
        const auto id = call.rooms.views.make(call.scope, tx, view_in(in));
        const SavedView view = call.rooms.views.get(call.scope, tx, id);
        journal(call, tx, "view.made", "view", id.value, view.unit);
        call.set_version(view.version);
        return row_of(call, view);
    });
}

SavedViewRow change_view(Call& call, ViewRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const SavedView held = call.rooms.views.get(call.scope, tx, call.id<SavedView>());
        call.require_version(held.version);
        SavedView view = view_in(in);
        view.id = held.id;
        view.version = held.version;
        call.rooms.views.change(call.scope, tx, view);
        journal(call, tx, "view.changed", "view", held.id.value, held.unit);
        call.set_version(held.version + 1);
        return row_of(call, call.rooms.views.get(call.scope, tx, held.id));
    });
}

Nothing remove_view(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const SavedView held = call.rooms.views.get(call.scope, tx, call.id<SavedView>());
        call.rooms.views.remove(call.scope, tx, held.id);
        journal(call, tx, "view.removed", "view", held.id.value, held.unit);
    });
    return {};
}

Nothing set_default_view(Call& call, DefaultViewRequest& in) {
    call.rooms.store.write(
        [&](Tx& tx) { call.rooms.views.set_default(call.scope, tx, in.list, in.view_id); });
    return {};
}

constexpr Route view_table[] = {
    route<&list_views>("GET", "/views", Right::signed_in,
                       "Named filters of a list (?list=inbox|checks|recordings), own and shared."),
    route<&make_view>("POST", "/views", Right::signed_in, "Names a set of filters."),
    route<&change_view>("PUT", "/views/{id}", Right::signed_in,
                        "Changes it (If-Match): its owner; a shared one an administrator too."),
    route<&remove_view>("DELETE", "/views/{id}", Right::signed_in, "Forgets it."),
    route<&set_default_view>("PUT", "/me/view", Right::signed_in,
                             "What a list opens with for this account."),
};

}  // namespace

const std::span<const Route> view_routes = view_table;

}  // namespace otklik
