#pragma once
// A company with a site and a point, and imports over it. Tests only. Thread: the test's.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/messages.h"
#include "checks/checks.h"
#include "clips/clips.h"
#include "imports/imports.h"
#include "sites/sites.h"
#include "speech/speech.h"
#include "store/test_store.h"

namespace otklik {

class ImportTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        below = std::make_unique<Below>(*this);
        imports = std::make_unique<Imports>(store(), below->uses(*this), messages);
        store().write([&](Tx& tx) {
            company = people.make_company(tx, "Мотор").value;
            root = people.root_unit(tx, company);
            Site site;
            site.company_id = company;
            site.name = "Белинского, 5";
            site.zone = "Asia/Yekaterinburg";
            Point till;
            till.site_id = sites.make_site(tx, site);
            till.name = "Касса 1";
            point = sites.get_point(Scope::system(), tx, sites.make_point(tx, till));
            Person boss;
            boss.company_id = company;
            boss.unit = root;
            boss.name = "Орлова Светлана Игоревна";
            boss.id = people.make_person(tx, boss);
            Account account;
            account.company_id = company;
            account.unit = root;
            account.person_id = boss.id;
            account.login = "boss";
            account.role = Role::administrator;
            account.units = {root.value};
            account.id = people.make_account(tx, account, "hash");
            maker = account;
        });
    }
    Scope scope() {
        return store().read([&](Tx& tx) { return people.scope_of(tx, maker); });
    }
    Id<SheetImport> load(ImportKind kind, const std::string& bytes,
                         const std::string& name = "file.csv") {
        return imports->make(scope(), {kind, name, bytes, "account_boss"});
    }
    SheetImport find(Id<SheetImport> id) {
        return store().read([&](Tx& tx) { return imports->get(scope(), tx, id); });
    }
    ImportPreview preview(Id<SheetImport> id, std::optional<RowAction> action = {}) {
        RowsWish wish;
        wish.action = action;
        return imports->preview(scope(), find(id), wish);
    }
    void change(Id<SheetImport> id, const ImportSettings& settings) {
        const auto version = find(id).version;
        const Scope mine = scope();
        store().write([&](Tx& tx) { imports->change(mine, tx, id, version, settings); });
    }
    SheetImport run(Id<SheetImport> id) {
        const Scope mine = scope();
        store().write([&](Tx& tx) { imports->start(mine, tx, id); });
        imports->look(id.value);
        return find(id);
    }
    SheetImport undo(Id<SheetImport> id) {
        const Scope mine = scope();
        store().write([&](Tx& tx) { imports->undo(mine, tx, id); });
        imports->look(id.value);
        return find(id);
    }
    std::map<std::string, Person> staff() {
        return store().read([&](Tx& tx) {
            std::map<std::string, Person> all;
            for (const Person& each : people.people(Scope::console(company), tx))
                all.emplace(each.name, each);
            return all;
        });
    }
    /// "row:field.code" of each bad row, in order.
    static std::vector<std::string> faults(const ImportPreview& preview) {
        std::vector<std::string> all;
        for (const RowPlan& row : preview.rows)
            for (const RowFault& fault : row.faults)
                all.push_back(std::to_string(row.row) + ":" + fault.field + "." + fault.code);
        return all;
    }
    template <class F>
    static std::string code_of(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    /// The rooms that presses need.
    struct Below {
        explicit Below(ImportTest& test)
            : blobs(test.test_store->folder() + "/data", test.clock, 0),
              recording(test.sites),
              repairs(recording, test.sites),
              signals(test.sites, test.clock),
              clips(test.store(), blobs, recording, repairs, signals, test.sites, test.clock),
              speech(test.store(), blobs, recording, clips, test.people),
              sampling(recording, test.sites),
              checks({forms, sampling, clips, signals, recording, test.sites, speech}) {}
        ImportUses uses(ImportTest& test) {
            return {test.people, test.sites, recording, signals, clips, checks};
        }
        Blobs blobs;
        Recording recording;
        Repairs repairs;
        Signals signals;
        Clips clips;
        Speech speech;
        Sampling sampling;
        Forms forms;
        Checks checks;
    };

    Messages messages;
    People people;
    Sites sites{people};
    std::unique_ptr<Below> below;
    std::unique_ptr<Imports> imports;
    std::int64_t company = 0;
    Id<Unit> root;
    Point point;
    Account maker;
};

}  // namespace otklik
