#include "kinds/kinds_sql.h"

namespace otklik::sql {

// The unit itself counts among its ancestors, whether unit_ancestor says so or not.
const Sql make_visible{
    "insert into sight (unit, kind, at, id)"
    " select ancestor, :kind, :at, :id from unit_ancestor where unit = :unit"
    " union select :unit, :kind, :at, :id where true"
    " on conflict (unit, kind, at, id) do nothing"};
const Sql ancestors{"select ancestor from unit_ancestor where unit = :unit"};
const Sql add_sight{
    "insert into sight (unit, kind, at, id) values (:unit, :kind, :at, :id)"
    " on conflict (unit, kind, at, id) do nothing"};
const Sql make_invisible{"delete from sight where kind = :kind and id = :id"};
const Sql move_in_sight{"update sight set at = :at where kind = :kind and id = :id and at <> :at"};
const Sql sight_page{
    "select at, id from sight where unit = :unit and kind = :kind and at >= :begin"
    " and (at, id) < (:before_at, :before_id) order by at desc, id desc limit :count"};
const Sql root_units{"select id from unit where parent_id is null order by id"};

}  // namespace otklik::sql
