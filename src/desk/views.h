#pragma once
// Saved views: a name for the filters of a list, as its address holds them. An own view is seen by
// its account alone, a shared one by everybody who may open the list; the filters give nobody more
// than the list itself does. Owns: saved_view, view_default. Thread: any.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/id.h"
#include "kinds/kinds.h"
#include "kinds/rights.h"

namespace otklik {

class Tx;
class People;

enum class ViewList { inbox, checks, recordings };
template <>
inline constexpr std::pair<ViewList, std::string_view> enum_words<ViewList>[3] = {
    {ViewList::inbox, "inbox"}, {ViewList::checks, "checks"}, {ViewList::recordings, "recordings"}};

struct SavedView {
    Id<SavedView> id;
    std::int64_t company_id = 0;
    std::int64_t unit = 0;
    std::int64_t account_id = 0;  // whose it is; 0: made at the console
    ViewList list = ViewList::inbox;
    std::string name;
    std::string query;  // "kind=complaint&days=7", without a question mark
    bool shared = false;
    std::int64_t version = 1;
};
template <>
inline constexpr std::string_view id_prefix<SavedView> = "view";

inline constexpr std::size_t view_name_max = 80;    // bytes
inline constexpr std::size_t view_query_max = 600;  // bytes
inline constexpr std::int64_t own_views_max = 30;   // of one account and list

class SavedViews {
public:
    explicit SavedViews(People& people) : people_(people) {}
    /// Own ones and shared ones, oldest first. Error{forbidden, "right.missing"}: the role never
    /// opens the list.
    std::vector<SavedView> views(const Scope& scope, Tx& tx, ViewList list) const;
    SavedView get(const Scope& scope, Tx& tx, Id<SavedView> id) const;  // Error{not_found}
    /// Error{invalid, "name.empty"}, "view.query" with the field; Error{conflict, "view.too_many"}.
    Id<SavedView> make(const Scope& scope, Tx& tx, const SavedView& view);
    /// The owner; a shared one an administrator too. Error{forbidden, "view.not_yours"};
    /// Error{precondition, "row.changed"}.
    void change(const Scope& scope, Tx& tx, const SavedView& view);
    void remove(const Scope& scope, Tx& tx, Id<SavedView> id);
    /// What the list opens with for this account; nothing: all of it.
    std::optional<Id<SavedView>> default_view(const Scope& scope, Tx& tx, ViewList list) const;
    void set_default(const Scope& scope, Tx& tx, ViewList list, std::optional<Id<SavedView>> id);

private:
    People& people_;
};

extern const std::span<const Kind> desk_kinds;

}  // namespace otklik
