#include "people/people.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class PeopleTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        store().write([&](Tx& tx) {
            company = people.make_company(tx, "Мотор");
            root = people.root_unit(tx, company.value);
            site = people.make_unit(tx, company.value, root, "site", "Белинского");
            Person who;
            who.company_id = company.value;
            who.unit = site;
            who.name = "Белова Марина Викторовна";
            person = people.make_person(tx, who);
        });
    }
    Id<Account> make_account(const std::string& login, const std::string& password,
                             Role role = Role::checker) {
        const std::string hash = hash_password(password);
        return store().write([&](Tx& tx) {
            Account account;
            account.company_id = company.value;
            account.unit = site;
            account.person_id = person;
            account.login = login;
            account.role = role;
            account.units = {site.value};
            return people.make_account(tx, account, hash);
        });
    }
    std::string refused(const std::string& login, const std::string& password,
                        const std::string& peer = "10.0.0.7") {
        try {
            people.sign_in(store(), login, password, peer, "test");
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    People people;
    Id<Company> company;
    Id<Unit> root, site;
    Id<Person> person;
};
OTKLIK_BOTH_DATABASES(PeopleTest);

TEST_P(PeopleTest, sign_in_opens_a_session_that_its_cookie_finds) {
    make_account("belova", "correct horse");
    const auto made = people.sign_in(store(), "BELOVA", "correct horse", "10.0.0.7", "test");
    const auto found = people.find_session(store(), made.token);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->account.login, "belova");
    EXPECT_EQ(found->person_name, "Белова Марина Викторовна");
    EXPECT_TRUE(found->scope.sees_unit(site.value));
    EXPECT_FALSE(found->scope.sees_unit(root.value));
    EXPECT_FALSE(people.find_session(store(), made.token + "x"));
}

TEST_P(PeopleTest, a_session_ends_by_sign_out_by_time_and_by_disabling) {
    const auto id = make_account("belova", "correct horse");
    const auto one = people.sign_in(store(), "belova", "correct horse", "10.0.0.7", "test");
    const auto two = people.sign_in(store(), "belova", "correct horse", "10.0.0.7", "test");
    store().write([&](Tx& tx) { people.sign_out(tx, one.session.id); });
    EXPECT_FALSE(people.find_session(store(), one.token));
    EXPECT_TRUE(people.find_session(store(), two.token));
    clock.advance(Duration::days(15));
    EXPECT_FALSE(people.find_session(store(), two.token));
    const auto three = people.sign_in(store(), "belova", "correct horse", "10.0.0.7", "test");
    store().write([&](Tx& tx) {
        auto account = people.find_account(Scope::system(), tx, id).value();
        account.disabled_at = tx.now();
        people.change_account(Scope::system(), tx, account);
    });
    EXPECT_FALSE(people.find_session(store(), three.token));
    EXPECT_EQ(refused("belova", "correct horse"), "sign_in.wrong");
}

TEST_P(PeopleTest, an_unknown_login_and_a_wrong_password_say_the_same) {
    make_account("belova", "correct horse");
    EXPECT_EQ(refused("belova", "wrong"), "sign_in.wrong");
    EXPECT_EQ(refused("nobody", "wrong"), "sign_in.wrong");
}

TEST_P(PeopleTest, guessing_is_slowed_and_a_pause_forgives) {
    make_account("belova", "correct horse");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused("belova", "wrong"), "sign_in.wrong") << i;
    EXPECT_EQ(refused("belova", "correct horse"), "sign_in.throttled");
    EXPECT_EQ(refused("other", "wrong"), "sign_in.throttled") << "the address is slowed too";
    EXPECT_EQ(refused("other", "wrong", "10.0.0.8"), "sign_in.wrong");
    clock.advance(Duration::seconds(5));
    EXPECT_EQ(refused("belova", "correct horse"), "");
}

TEST_P(PeopleTest, parallel_guesses_cannot_outrun_the_throttle) {
    make_account("belova", "correct horse");
    std::atomic<int> looked_at{0};
    std::vector<std::jthread> guesses;
    for (int i = 0; i < 12; ++i)
        guesses.emplace_back([&] {
            if (refused("belova", "wrong") == "sign_in.wrong") ++looked_at;
        });
    guesses.clear();
    EXPECT_LE(looked_at, 5);
}

TEST_P(PeopleTest, a_login_is_one_whatever_its_case) {
    make_account("Ёлкина", "correct horse");
    EXPECT_THROW(make_account("елкина", "correct horse"), Error);
}

TEST_P(PeopleTest, a_stale_change_is_refused) {
    const auto id = make_account("belova", "correct horse");
    store().write([&](Tx& tx) {
        auto account = people.find_account(Scope::system(), tx, id).value();
        people.change_account(Scope::system(), tx, account);
    });
    EXPECT_THROW(store().write([&](Tx& tx) {
        auto account = people.find_account(Scope::system(), tx, id).value();
        account.version -= 1;
        people.change_account(Scope::system(), tx, account);
    }),
                 Error);
}

TEST(Passwords, short_ones_are_refused_and_made_ones_differ) {
    EXPECT_THROW(hash_password("пароль"), Error);
    const std::string one = make_password(), two = make_password();
    EXPECT_NE(one, two);
    const std::string hash = hash_password(one);
    EXPECT_TRUE(password_fits(hash, one));
    EXPECT_FALSE(password_fits(hash, two));
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,")) << hash;
}

}  // namespace
}  // namespace otklik
