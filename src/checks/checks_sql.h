#pragma once
// Every statement of the room checks; private to it.
#include "checks/checks.h"
#include "store/store.h"

namespace otklik::checks_sql {
extern const Sql insert_check, check_by_id, check_place, earlier_checks;
extern const Sql own_checks, checks_of_clip, checks_with_evidence, checks_on_draws;
extern const Sql touch_check, finish_check, reopen_check, withdraw_check, restore_check;
extern const Sql unassessed_checks;
extern const Sql put_answer, remove_answer, answers_of;
extern const Sql insert_evidence, remove_evidence, evidence_of;
Check check_of(const Row& row);
}  // namespace otklik::checks_sql
