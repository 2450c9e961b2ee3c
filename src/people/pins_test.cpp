#include <gtest/gtest.h>

#include "base/error.h"
#include "people/people.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class PinsOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        store().write([&](Tx& tx) {
            company = people.make_company(tx, "Garage").value;
            root = people.root_unit(tx, company);
            north = people.make_unit(tx, company, root, "site", "North");
            south = people.make_unit(tx, company, root, "site", "South");
            anna = make(tx, root, "Anna");
            boris = make(tx, north, "Boris");
            vera = make(tx, south, "Vera");
        });
    }
    Person make(Tx& tx, Id<Unit> unit, const std::string& name) {
        Person person;
        person.company_id = company;
        person.unit = unit;
        person.name = name;
        person.id = people.make_person(tx, person);
        return person;
    }
    void give(const Person& person, const std::string& pin) {
        const std::string hash = pin.empty() ? "" : hash_pin(pin);
        store().write([&](Tx& tx) { people.set_pin(tx, person, hash, "test"); });
    }
    std::string try_pin(const Person& person, const std::string& pin) {
        try {
            people.require_pin(store(), person.id, pin);
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }
    std::vector<std::string> names(Id<Unit> unit) {
        return store().read([&](Tx& tx) {
            std::vector<std::string> result;
            for (const Person& each : people.shift_people(Scope::console(company), tx, unit))
                result.push_back(each.name);
            return result;
        });
    }

    People people;
    std::int64_t company = 0;
    Id<Unit> root, north, south;
    Person anna, boris, vera;
};
OTKLIK_BOTH_DATABASES(PinsOf);

TEST_P(PinsOf, a_pin_fits_its_person_only) {
    give(anna, "2468");
    give(boris, "13579");
    EXPECT_EQ(try_pin(anna, "2468"), "");
    EXPECT_EQ(try_pin(anna, "13579"), "pin.wrong");
    EXPECT_EQ(try_pin(vera, "2468"), "pin.wrong") << "without a PIN nobody comes in";
    give(anna, "");
    EXPECT_EQ(try_pin(anna, "2468"), "pin.wrong");
    const auto kept =
        store().read([](Tx& tx) { return tx.rows(Sql{"select pin_hash from person_pin"}); });
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_TRUE(kept[0].text(0).starts_with("$argon2id$"));
}

TEST_P(PinsOf, guesses_lock_and_a_new_pin_unlocks) {
    give(anna, "2468");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_pin(anna, "0000"), "pin.wrong");
    EXPECT_EQ(try_pin(anna, "2468"), "pin.throttled") << "also the right one";
    clock.advance(Duration::seconds(2));
    EXPECT_EQ(try_pin(anna, "2468"), "") << "for a while only";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_pin(anna, "0000"), "pin.wrong");
    give(anna, "1357");
    EXPECT_EQ(try_pin(anna, "1357"), "");
}

TEST_P(PinsOf, a_point_offers_its_own_people_and_those_above) {
    EXPECT_TRUE(names(north).empty());
    for (const Person& each : {anna, boris, vera}) give(each, "2468");
    EXPECT_EQ(names(north), (std::vector<std::string>{"Anna", "Boris"}));
    EXPECT_EQ(names(south), (std::vector<std::string>{"Anna", "Vera"}));
    store().write([&](Tx& tx) {
        boris.archived_at = tx.now();
        people.change_person(Scope::system(), tx, boris);
    });
    EXPECT_EQ(names(north), std::vector<std::string>{"Anna"});
}

TEST(Pins, are_four_to_eight_digits) {
    for (const char* bad : {"", "123", "123456789", "12a4", "١٢٣٤"})
        EXPECT_THROW(hash_pin(bad), Error);
}

}  // namespace
}  // namespace otklik
