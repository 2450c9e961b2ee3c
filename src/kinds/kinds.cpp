#include "kinds/kinds.h"

#include <algorithm>
#include <cassert>

#include "store/store.h"

namespace otklik {
namespace {

std::vector<const Kind*>& kinds() {
    static std::vector<const Kind*> all;
    return all;
}

}  // namespace

std::optional<Place> read_place(Tx& tx, const Sql& statement, std::int64_t id) {
    const auto row = tx.row(statement, {{"id", id}});
    if (!row) return std::nullopt;
    const std::int64_t person = row->size() > 2 ? row->maybe_integer(2).value_or(0) : 0;
    return Place{row->integer(0), row->integer(1), person};
}

void register_kinds(std::span<const Kind> more) {
    for (const Kind& kind : more) {
        const Kind* known = find_kind(kind.name);
        assert((known == nullptr || known == &kind) && "two kinds have one name");
        if (!known) kinds().push_back(&kind);
    }
}

std::span<const Kind* const> all_kinds() {
    return kinds();
}

const Kind* find_kind(std::string_view name) {
    const auto found = std::find_if(kinds().begin(), kinds().end(),
                                    [&](const Kind* each) { return each->name == name; });
    return found == kinds().end() ? nullptr : *found;
}

}  // namespace otklik
