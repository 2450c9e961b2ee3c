#include "sampling/sampling_sql.h"

namespace otklik::sampling_sql {

const Sql insert_draw{R"(
insert into draw (id, company_id, unit, seed, rule_version, frame, session_id, point_id,
    begin_sample,
    end_sample, begin_at, end_at, person_id, drawn_by, created_at)
values (:id, :company_id, :unit, :seed, :rule_version, :frame, :session_id, :point_id,
    :begin_sample,
    :end_sample, :begin_at, :end_at, :person_id, :drawn_by, :now))"};
const Sql draw_by_id{R"(
select id, company_id, unit, seed, rule_version, frame, session_id, point_id, begin_sample,
    end_sample, begin_at, end_at, person_id, drawn_by, created_at
from draw where id = :id)"};
const Sql draw_place{R"(select company_id, unit, person_id from draw where id = :id)"};

}  // namespace otklik::sampling_sql
