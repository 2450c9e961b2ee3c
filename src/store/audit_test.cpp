#include "store/audit.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class Audit : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (test_store) keys = test_store->folder() + "/keys";
    }
    void write(int count) {
        for (int i = 0; i < count; ++i)
            store().write([&](Tx& tx) {
                audit(tx, {.company_id = 1,
                           .unit = 2,
                           .actor = "account_1",
                           .verb = "clip.listen",
                           .subject = i,
                           .subject_kind = "clip",
                           .detail = "{}"});
            });
    }
    /// What a stranger with the owner's rights on the database does first.
    void drop_triggers() {
        const auto drop = [&](Sql sqlite, Sql postgres) {
            store().write([&](Tx& tx) { tx.run(store().is_sqlite() ? sqlite : postgres); });
        };
        drop({"drop trigger audit_entry_kept"},
             {"drop trigger if exists audit_entry_kept on audit_entry"});
        drop({"drop trigger audit_seal_kept"},
             {"drop trigger if exists audit_seal_kept on audit_seal"});
        if (!store().is_sqlite()) return;
        drop({"drop trigger audit_entry_stays"}, {});
        drop({"drop trigger audit_seal_stays"}, {});
    }
    AuditVerdict verdict_after(Sql damage) {
        drop_triggers();
        store().write([&](Tx& tx) { tx.run(damage); });
        return AuditSealer(store(), clock, keys).verify();
    }
    void seal(int count) {
        write(count);
        AuditSealer(store(), clock, keys).seal_now();
    }
    std::string keys;
};

TEST_P(Audit, a_whole_journal_is_well) {
    seal(5);
    seal(3);
    write(2);
    const auto verdict = AuditSealer(store(), clock, keys).verify();
    EXPECT_EQ(verdict.reason, "");
    EXPECT_FALSE(verdict.first_bad);
    EXPECT_EQ(verdict.sealed, 8);
    EXPECT_EQ(verdict.unsealed, 2);
    const auto page = store().read([](Tx& tx) { return audit_page(tx, 1, std::nullopt, 4); });
    ASSERT_EQ(page.size(), 4u);
    EXPECT_GT(page[0].id, page[3].id);
    EXPECT_EQ(store().read([&](Tx& tx) { return audit_page(tx, 1, page[3].id, 100); }).size(), 6u);
    EXPECT_TRUE(store().read([](Tx& tx) { return audit_page(tx, 2, std::nullopt, 4); }).empty());
}

TEST_P(Audit, a_changed_entry_is_found) {
    seal(5);
    const auto verdict =
        verdict_after({"update audit_entry set actor = 'account_2' where subject = 2"});
    EXPECT_EQ(verdict.first_bad, 3);
    EXPECT_EQ(verdict.reason, "entry changed");
}

TEST_P(Audit, a_removed_entry_is_found) {
    seal(5);
    const auto verdict = verdict_after({"delete from audit_entry where subject = 1"});
    EXPECT_EQ(verdict.first_bad, 2);
    EXPECT_EQ(verdict.reason, "entry removed");
}

TEST_P(Audit, an_entry_removed_with_its_seal_is_found) {
    seal(5);
    const auto verdict = verdict_after({"delete from audit_seal where number = 3"});
    EXPECT_EQ(verdict.first_bad, 3);
    EXPECT_EQ(verdict.reason, "seal removed");
}

TEST_P(Audit, a_cut_off_end_is_found_by_the_heads) {
    seal(5);
    const auto verdict = verdict_after({"delete from audit_seal where number > 3"});
    EXPECT_EQ(verdict.first_bad, 4);
    EXPECT_EQ(verdict.reason, "chain cut off");
    // Sealing the cut chain anew does not hide it: the signed head remembers the old hash.
    store().write([](Tx& tx) { tx.run({"delete from audit_entry where subject > 2"}); });
    write(2);
    AuditSealer sealer(store(), clock, keys);
    sealer.seal_now();
    EXPECT_NE(sealer.verify().reason, "");
}

TEST_P(Audit, entries_and_seals_are_never_changed_or_removed) {
    seal(2);
    for (const Sql each : {Sql{"update audit_entry set actor = 'account_2' where subject = 1"},
                           Sql{"delete from audit_entry where subject = 1"},
                           Sql{"update audit_seal set number = 7 where number = 2"},
                           Sql{"delete from audit_seal where number = 2"}})
        EXPECT_THROW(store().write([&](Tx& tx) { tx.run(each); }), Error) << each.text;
    EXPECT_EQ(AuditSealer(store(), clock, keys).verify().reason, "");
}

TEST_P(Audit, a_restore_is_said_and_a_cut_beside_it_is_still_found) {
    seal(5);
    const Instant backup_at = clock.now();
    drop_triggers();
    // The database as a backup had it: three seals of five.
    store().write([](Tx& tx) {
        tx.run({"delete from audit_seal where number > 3"});
        tx.run({"delete from audit_entry where subject > 2"});
    });
    EXPECT_EQ(AuditSealer(store(), clock, keys).verify().reason, "chain cut off");
    clock.advance(Duration::seconds(60));
    note_restore(store(), clock, keys, backup_at, "console:root");
    write(1);
    clock.advance(Duration::seconds(60));
    AuditSealer(store(), clock, keys).seal_now();
    const auto verdict = AuditSealer(store(), clock, keys).verify();
    EXPECT_EQ(verdict.reason, "");
    EXPECT_EQ(verdict.sealed, 5);  // three, the restore and one more
    ASSERT_EQ(verdict.restores.size(), 1u);
    EXPECT_EQ(verdict.restores[0].backup_at, backup_at);
    EXPECT_EQ(verdict.restores[0].restored_at, backup_at + Duration::seconds(60));
    EXPECT_EQ(verdict.restores[0].head, 3);
    EXPECT_EQ(verdict.restores[0].lost_to, 5);
    const auto page = store().read([](Tx& tx) { return audit_page(tx, 1, std::nullopt, 2); });
    EXPECT_EQ(page.at(1).verb, "backup.restored");
    store().write([](Tx& tx) { tx.run({"delete from audit_seal where number > 3"}); });
    EXPECT_EQ(AuditSealer(store(), clock, keys).verify().reason, "chain cut off");
    // The signed line of the restore, written once more, excuses nothing.
    std::string line;
    {
        std::ifstream heads(keys + "/audit-heads");
        while (std::getline(heads, line) && !line.starts_with("otklik-audit-restore")) {
        }
    }
    std::ofstream(keys + "/audit-heads", std::ios::app) << line << "\n";
    EXPECT_EQ(AuditSealer(store(), clock, keys).verify().reason, "restore out of order");
}

TEST_P(Audit, a_restore_nobody_signed_is_a_forged_head) {
    seal(3);
    std::ofstream(keys + "/audit-heads", std::ios::app)
        << "otklik-audit-restore 1 " << std::string(64, '0') << " 5 4 " << std::string(128, '0')
        << "\n";
    const auto verdict = AuditSealer(store(), clock, keys).verify();
    EXPECT_EQ(verdict.reason, "head with a bad signature");
    EXPECT_TRUE(verdict.restores.empty());
}

TEST_P(Audit, a_forged_head_is_found) {
    seal(2);
    {
        std::fstream heads(keys + "/audit-heads", std::ios::in | std::ios::out);
        heads.seekp(18);
        heads.put('9');
    }
    EXPECT_EQ(AuditSealer(store(), clock, keys).verify().reason, "head with a bad signature");
}

TEST_P(Audit, listening_is_one_entry_per_minute) {
    const auto listen = [&](int subject) {
        store().write([&](Tx& tx) {
            audit_listening(tx, {.company_id = 1,
                                 .unit = 2,
                                 .actor = "account_1",
                                 .verb = "clip.listen",
                                 .subject = subject,
                                 .subject_kind = "clip",
                                 .detail = "{}"});
        });
    };
    for (int i = 0; i < 4; ++i) listen(1);
    listen(2);
    clock.advance(Duration::seconds(60));
    listen(1);
    EXPECT_EQ(store().read([](Tx& tx) { return audit_page(tx, 1, std::nullopt, 10); }).size(), 3u);
}

TEST_P(Audit, the_sealer_seals_by_itself_and_keeps_its_key) {
    write(3);
    {
        AuditSealer sealer(store(), clock, keys);
        sealer.start();
    }
    const auto verdict = AuditSealer(store(), clock, keys).verify();
    EXPECT_EQ(verdict.sealed, 3);
    EXPECT_EQ(verdict.reason, "");
}

OTKLIK_BOTH_DATABASES(Audit);

}  // namespace
}  // namespace otklik
