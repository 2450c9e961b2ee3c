#pragma once
// Facts: something happened, ids only, no personal data; they live 30 days. Facts start stages
// (app/pipeline.cpp) and wake open browsers (SSE). A fact is written in the transaction of the row
// it tells of. Owns: fact, fact_cursor. Thread: any.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace otklik {

class Tx;
class Store;

struct Fact {
    std::int64_t id = 0;
    Instant at;
    std::string kind;          // "clip.final"; every kind stands in docs/architecture.md
    std::int64_t subject = 0;  // id of the thing
    std::int64_t unit = 0;     // where it happened, for the reader's scope
    std::int64_t company_id = 0;
};

/// Writes the fact and wakes waiting readers after the commit.
void tell(Tx& tx, std::string_view kind, std::int64_t company_id, std::int64_t unit,
          std::int64_t subject);
/// Facts after `after`, oldest first, at most `count_max`; on PostgreSQL none that a running
/// transaction could still precede (pg_snapshot_xmin).
std::vector<Fact> facts_after(Tx& tx, std::int64_t after, int count_max);
/// Subjects of all facts past `after` that this transaction sees and whose kind begins so, also of
/// those that facts_after still holds back; nothing when there are more than count_max facts.
std::optional<std::vector<std::int64_t>> subjects_seen_after(Tx& tx, std::int64_t after,
                                                             std::string_view kind_begins,
                                                             int count_max);
std::int64_t newest_fact(Tx& tx);
std::int64_t fact_cursor(Tx& tx, std::string_view reader);
void move_fact_cursor(Tx& tx, std::string_view reader, std::int64_t fact_id);
/// Removes facts older than 30 days that every cursor has passed.
void forget_facts(Tx& tx);

/// Blocks until a fact was told in this process since `seen`, or the time is over. Returns the new
/// count.
std::uint64_t wait_for_fact(std::uint64_t seen, Duration at_most);
/// Wakes all waiters (graceful stop).
void wake_fact_waiters();

}  // namespace otklik
