#include "store/facts.h"

#include "store/bell.h"
#include "store/inside.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr Duration fact_life = Duration::days(30);

bool is_sqlite(const Tx& tx) {
    return static_cast<const StoreTx&>(tx).dialect() ==
           Dialect::sqlite;  // only the store makes them
}

}  // namespace

Bell& fact_bell() {
    static Bell bell;
    return bell;
}

void tell(Tx& tx, std::string_view kind, std::int64_t company_id, std::int64_t unit,
          std::int64_t subject) {
    tx.run(sql::add_fact, {{"id", tx.next_id()},
                           {"at", tx.now()},
                           {"kind", kind},
                           {"subject", subject},
                           {"unit", unit},
                           {"company_id", company_id}});
    tx.after_commit([] { fact_bell().ring(); });
}

std::vector<Fact> facts_after(Tx& tx, std::int64_t after, int count_max) {
    std::vector<Fact> facts;
    const Sql statement = is_sqlite(tx) ? sql::facts_sqlite : sql::facts_postgres;
    for (const auto& row : tx.rows(statement, {{"after", after}, {"count", count_max}})) {
        facts.push_back({.id = row.integer(0),
                         .at = row.instant(1),
                         .kind = row.text(2),
                         .subject = row.integer(3),
                         .unit = row.integer(4),
                         .company_id = row.integer(5)});
    }
    return facts;
}

std::optional<std::vector<std::int64_t>> subjects_seen_after(Tx& tx, std::int64_t after,
                                                             std::string_view kind_begins,
                                                             int count_max) {
    const Sql statement = is_sqlite(tx) ? sql::facts_seen_sqlite : sql::facts_seen_postgres;
    const auto rows = tx.rows(statement, {{"after", after}, {"count", count_max + 1}});
    if (static_cast<int>(rows.size()) > count_max) return std::nullopt;
    std::vector<std::int64_t> subjects;
    for (const Row& row : rows)
        if (row.text(0).starts_with(kind_begins)) subjects.push_back(row.integer(1));
    return subjects;
}

std::int64_t newest_fact(Tx& tx) {
    const auto row = tx.row(is_sqlite(tx) ? sql::fact_id_max : sql::newest_fact_postgres);
    return row ? row->integer(0) : 0;
}

std::int64_t fact_cursor(Tx& tx, std::string_view reader) {
    const auto row = tx.row(sql::fact_cursor, {{"reader", reader}});
    return row ? row->integer(0) : 0;
}

void move_fact_cursor(Tx& tx, std::string_view reader, std::int64_t fact_id) {
    tx.run(sql::move_fact_cursor, {{"reader", reader}, {"fact_id", fact_id}});
}

void forget_facts(Tx& tx) {
    const Sql statement = is_sqlite(tx) ? sql::forget_facts_sqlite : sql::forget_facts_postgres;
    tx.run(statement, {{"before", tx.now() - fact_life}});
}

std::uint64_t wait_for_fact(std::uint64_t seen, Duration at_most) {
    return fact_bell().wait(seen, at_most);
}

void wake_fact_waiters() {
    fact_bell().ring();
}

}  // namespace otklik
