#include "store/audit.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/audit_chain.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr auto seal_every = std::chrono::seconds(1);
constexpr int seals_per_head = 60;
// Ids carry their milliseconds above 21 bits: a transaction older than ten minutes does not exist.
constexpr std::int64_t late_ids = std::int64_t{600'000} << 21;

std::int64_t minute_of(Instant at) {
    return at.us / 60'000'000;
}

void add(Tx& tx, const AuditEntry& entry, std::optional<std::string> minute_key) {
    tx.run(sql::add_entry, {{"id", tx.next_id()},
                            {"company_id", entry.company_id},
                            {"unit", entry.unit},
                            {"at", tx.now()},
                            {"actor", entry.actor},
                            {"verb", entry.verb},
                            {"subject", entry.subject},
                            {"subject_kind", entry.subject_kind},
                            {"detail", entry.detail},
                            {"minute_key", minute_key}});
}

AuditEntry read_entry(const Row& row) {
    return {.id = row.integer(0),
            .company_id = row.integer(1),
            .unit = row.integer(2),
            .at = row.instant(3),
            .actor = row.text(4),
            .verb = row.text(5),
            .subject = row.integer(6),
            .subject_kind = row.text(7),
            .detail = row.text(8)};
}

}  // namespace

void audit(Tx& tx, const AuditEntry& entry) {
    add(tx, entry, std::nullopt);
}

void audit_listening(Tx& tx, const AuditEntry& entry) {
    add(tx, entry,
        entry.actor + "|" + entry.verb + "|" + entry.subject_kind + "|" +
            std::to_string(entry.subject) + "|" + std::to_string(minute_of(tx.now())));
}

std::vector<AuditEntry> audit_page(Tx& tx, std::int64_t company_id,
                                   std::optional<std::int64_t> before, int count_max) {
    std::vector<AuditEntry> entries;
    for (const auto& row :
         tx.rows(sql::audit_page,
                 {{"company_id", company_id},
                  {"before", before.value_or(std::numeric_limits<std::int64_t>::max())},
                  {"count", count_max}}))
        entries.push_back(read_entry(row));
    return entries;
}

struct AuditSealer::Inside {
    Inside(Store& the_store, const Clock& the_clock, const std::string& keys_folder)
        : store(the_store),
          clock(the_clock),
          key(keys_folder),
          heads(keys_folder + "/audit-heads") {}

    void loop(const std::stop_token& stop);
    int seal_page();
    void seal_all() {
        const std::lock_guard lock(sealing);
        while (seal_page() == sql::page_rows) {
        }
    }
    void write_head();
    void check_heads(AuditVerdict& verdict);
    void check_chain(AuditVerdict& verdict);

    Store& store;
    const Clock& clock;
    const AuditKey key;
    const std::string heads;
    std::mutex sealing;            // seal_now() beside the thread
    std::int64_t above = 0;        // all entries up to here are sealed; guarded by sealing
    std::int64_t head_number = 0;  // of the last head written; guarded by sealing
    std::jthread thread;
};

/// Seals committed rows that have no seal, in the order of ids; late ones come later in the chain.
int AuditSealer::Inside::seal_page() {
    std::int64_t newest = 0;
    const int count = store.write([&](Tx& tx) {
        const auto last = tx.row(sql::last_seal);
        std::int64_t number = last ? last->integer(0) : 0;
        std::string hash = last ? last->blob(1) : chain_start;
        std::vector<Params> seals;
        newest = 0;
        for (const auto& row :
             tx.rows(sql::unsealed_entries, {{"above", above}, {"count", sql::page_rows}})) {
            const AuditEntry entry = read_entry(row);
            hash = chain_hash(hash, entry);
            seals.push_back({{"number", ++number}, {"entry_id", entry.id}, {"hash", Bytes{hash}}});
            newest = entry.id;
        }
        if (!seals.empty()) tx.run_many(sql::add_seal, seals);
        return int(seals.size());
    });
    above = std::max(above, newest - late_ids);
    return count;
}

void AuditSealer::Inside::write_head() {
    const std::lock_guard lock(sealing);
    const auto last = store.read([](Tx& tx) { return tx.row(sql::last_seal); });
    if (!last || last->integer(0) == head_number) return;
    append_head(heads, key.line({last->integer(0), last->blob(1), clock.now()}));
    head_number = last->integer(0);
}

void AuditSealer::Inside::loop(const std::stop_token& stop) {
    name_thread("audit-sealer");
    std::mutex nobody;
    std::condition_variable_any timer;
    for (int count = 0; !stop.stop_requested(); ++count) {
        try {
            seal_all();
            if (count % seals_per_head == 0) write_head();
        } catch (const Error& error) {  // the edge of this thread: the next second tries again
            log_error("audit.not_sealed", {{"detail", error.what()}});
        }
        std::unique_lock lock(nobody);
        timer.wait_for(lock, stop, seal_every, [] { return false; });
    }
}

void AuditSealer::Inside::check_chain(AuditVerdict& verdict) {
    std::string hash = chain_start;
    const auto bad = [&](std::int64_t number, std::string_view reason) {
        verdict.first_bad = number;
        verdict.reason = reason;
    };
    for (std::int64_t number = 0;;) {
        const auto page = store.read([&](Tx& tx) {
            return tx.rows(sql::sealed_entries, {{"after", number}, {"count", sql::page_rows}});
        });
        for (const auto& row : page) {
            ++number;
            if (row.integer(9) != number) return bad(number, "seal removed");
            if (row.is_null(0)) return bad(number, "entry removed");
            hash = chain_hash(hash, read_entry(row));
            if (hash != row.blob(11)) return bad(number, "entry changed");
            ++verdict.sealed;
        }
        if (page.empty()) return;
    }
}

/// Heads know how long the chain was: what is shorter now was cut, what differs was written anew.
void AuditSealer::Inside::check_heads(AuditVerdict& verdict) {
    std::optional<AuditHead> newest;
    each_head(heads, [&](std::string_view line) {
        const auto head = key.read_line(line);
        if (!head && verdict.reason.empty()) verdict.reason = "head with a bad signature";
        if (!head) return;
        if (head->backup_at) {
            // The line of an older restore, put here again, would excuse a cut.
            if (newest && head->at < newest->at) verdict.reason = "restore out of order";
            verdict.restores.push_back({head->at, *head->backup_at, head->number,
                                        std::max(newest ? newest->number : 0, head->number)});
            newest = head;
        } else if (!newest || head->number > newest->number) {
            newest = head;
        }
    });
    if (!newest || newest->number == 0 || verdict.first_bad) return;
    const auto seal = store.read([&](Tx& tx) {
        return tx.row(sql::sealed_entries, {{"after", newest->number - 1}, {"count", 1}});
    });
    if (seal && seal->integer(9) == newest->number && seal->blob(11) == newest->hash) return;
    verdict.first_bad = std::min(newest->number, verdict.sealed + 1);
    verdict.reason = seal ? "chain written anew" : "chain cut off";
}

void note_restore(Store& store, const Clock& clock, const std::string& keys_folder,
                  Instant backup_at, std::string_view actor) {
    AuditHead head{0, chain_start, clock.now(), backup_at};
    store.write([&](Tx& tx) {
        const auto company = tx.row(sql::company_of_audit);
        if (!company) return;  // an empty journal: nobody used the program before the backup
        audit(tx, {.company_id = company->integer(0),
                   .unit = company->integer(0),  // a company is its root unit
                   .actor = std::string(actor),
                   .verb = "backup.restored",
                   .subject = company->integer(0),
                   .subject_kind = "unit",
                   .detail = "{\"backup_at\":\"" + format_instant(backup_at) + "\"}"});
    });
    if (const auto last = store.read([](Tx& tx) { return tx.row(sql::last_seal); })) {
        head.number = last->integer(0);
        head.hash = last->blob(1);
    }
    append_head(keys_folder + "/audit-heads", AuditKey(keys_folder).line(head));
}

AuditSealer::AuditSealer(Store& store, const Clock& clock, std::string keys_folder)
    : inside_(std::make_unique<Inside>(store, clock, keys_folder)) {}

AuditSealer::~AuditSealer() {
    stop();
}

void AuditSealer::start() {
    Inside& in = *inside_;
    if (!in.thread.joinable())
        in.thread = std::jthread([&in](const std::stop_token& stop) { in.loop(stop); });
}

void AuditSealer::stop() {
    if (!inside_->thread.joinable()) return;
    inside_->thread.request_stop();
    inside_->thread.join();
    try {
        seal_now();
    } catch (const Error& error) {
        log_error("audit.not_sealed", {{"detail", error.what()}});
    }
}

void AuditSealer::seal_now() {
    inside_->seal_all();
    inside_->write_head();
}

AuditVerdict AuditSealer::verify() {
    AuditVerdict verdict;
    inside_->check_chain(verdict);
    inside_->check_heads(verdict);
    verdict.unsealed =
        inside_->store.read([](Tx& tx) { return tx.row(sql::unsealed_count)->integer(0); });
    return verdict;
}

}  // namespace otklik
