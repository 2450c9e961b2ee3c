#pragma once
// A small company for tests of signals and of the rooms above: one site, one point, one person, one
// device with four buttons. Tests only. Thread: the test's.
#include <string>
#include <vector>

#include "base/clock.h"
#include "people/people.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "store/store.h"

namespace otklik {

struct TestWorld {
    People people;
    Sites sites{people};
    Signals signals;
    Store& store;
    Point point;
    Person person;
    Device device;
    std::string token;
    std::int64_t company = 0;
    Id<Unit> root;

    TestWorld(Store& store_in, const Clock& clock, std::string zone = "Asia/Yekaterinburg")
        : signals(sites, clock), store(store_in) {
        store.write([&](Tx& tx) {
            company = people.make_company(tx, "Garage").value;
            root = people.root_unit(tx, company);
            Site site;
            site.company_id = company;
            site.name = "North";
            site.zone = zone;
            Point wanted;
            wanted.company_id = company;
            wanted.site_id = sites.make_site(tx, site);
            wanted.name = "Desk";
            point = sites.get_point(Scope::system(), tx, sites.make_point(tx, wanted));
            Person worker;
            worker.company_id = company;
            worker.unit = root;
            worker.name = "Anna";
            worker.id = people.make_person(tx, worker);
            person = worker;
            make_device(tx);
        });
    }

    void make_device(Tx& tx) {
        const auto made = signals.make_device(tx, point, "Pad");
        token = made.token;
        device = *signals.find_device(Scope::system(), tx, made.id);
        signals.make_button_map(tx, device, {946'684'800'000'000}, starter(), "test");
    }

    static std::vector<Button> starter() {
        std::vector<Button> buttons;
        for (const SignalKind kind :
             {SignalKind::answer, SignalKind::idea, SignalKind::complaint, SignalKind::praise}) {
            Button button;
            button.key = std::to_string(buttons.size() + 1);
            button.label = std::string(enum_word(kind));
            button.signal_kind = kind;
            buttons.push_back(std::move(button));
        }
        return buttons;
    }

    /// Sees the whole company.
    Scope reader() const {
        return Scope::of(company, Role::administrator, 0, 1, {root.value},
                         {root.value, point.unit.value});
    }

    Signal find(Id<Signal> id) {
        return store.read([&](Tx& tx) { return signals.get(Scope::system(), tx, id); });
    }
};

}  // namespace otklik
