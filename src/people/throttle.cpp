#include "people/throttle.h"

#include <algorithm>

#include "base/error.h"
#include "people/people_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace people_sql;

constexpr std::int64_t free_failures = 5;
constexpr std::int64_t lock_seconds_max = 900;

Duration lock_after(std::int64_t failures) {
    if (failures < free_failures) return {};
    const std::int64_t shift = std::min<std::int64_t>(failures - free_failures, 10);
    return Duration::seconds(std::min<std::int64_t>(std::int64_t{1} << shift, lock_seconds_max));
}

}  // namespace

void require_unlocked(Tx& tx, const std::string& key, std::string_view code) {
    const auto row = tx.row(find_throttle, {{"key", key}});
    if (!row || row->instant(2) <= tx.now()) return;
    const std::int64_t seconds = (row->instant(2) - tx.now()).us / 1'000'000 + 1;
    throw Error(Fault::busy, std::string(code), {{"retry_after", std::to_string(seconds)}});
}

void count_failure(Tx& tx, const std::string& key) {
    const auto row = tx.row(find_throttle, {{"key", key}});
    const bool stale = row && row->instant(1) + Duration::hours(1) < tx.now();
    const std::int64_t failures = row && !stale ? row->integer(0) + 1 : 1;
    tx.run(put_throttle, {{"key", key},
                          {"failures", failures},
                          {"first", tx.now()},
                          {"locked", tx.now() + lock_after(failures)}});
}

void forget_failures(Tx& tx, const std::string& key) {
    tx.run(clear_throttle, {{"key", key}});
}

}  // namespace otklik
