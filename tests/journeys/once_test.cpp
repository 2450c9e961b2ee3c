// Idempotency-Key on both databases: what is asked twice is done once.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/error.h"
#include "store/request_keys.h"
#include "store/store.h"
#include "testkit/house.h"
#include "web/api/rooms.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};
constexpr const char* key = "0f8fad5b-d9cb-469f-a165-70867728950e";

class Once : public ::testing::TestWithParam<TestDatabase> {
protected:
    void SetUp() override {
        if (GetParam() == TestDatabase::postgres && !why_no_test_postgres().empty())
            GTEST_SKIP() << why_no_test_postgres();
        house.emplace(GetParam(), day_begin);
        boss.emplace(*house);
        shop = open_shop(*boss, {.setup_code = house->setup_code(),
                                 .recorder_since = day_begin - Duration::hours(1),
                                 .buttons = nullptr});
    }
    Answer make_device(const std::string& name, const std::string& with_key) {
        Client own = *boss;
        return own.ask("POST", "/devices",
                       json::object{{"name", name}, {"point_id", shop.point_id}},
                       {{"Idempotency-Key", with_key}});
    }
    std::size_t devices() { return boss->list("/devices").size(); }

    std::optional<House> house;
    std::optional<Client> boss;
    Shop shop;
};

TEST_P(Once, the_same_request_has_the_same_answer) {
    const std::size_t before = devices();
    const Answer first = make_device("Till 2", key);
    EXPECT_EQ(first.status(), 201) << first.http.body;
    const Answer again = make_device("Till 2", key);
    EXPECT_EQ(again.status(), 201);
    EXPECT_EQ(again.http.body, first.http.body) << "the token too";
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(devices(), before + 1);
    const Answer other = make_device("Till 3", key);
    EXPECT_EQ(other.status(), 409);
    EXPECT_EQ(other.code(), "idempotency.differs");
    EXPECT_EQ(make_device("Till 2", std::string(key) + "2").status(), 201) << "a key of its own";
    EXPECT_EQ(devices(), before + 2);
    EXPECT_EQ(make_device("Till 4", "short").code(), "idempotency.key");
    house->clock.advance(request_key_lives + Duration::seconds(1));
    EXPECT_EQ(make_device("Till 3", key).status(), 201) << "after a day the key is free";
}

TEST_P(Once, nothing_of_the_answer_lies_open_in_the_database) {
    const std::string token = text(make_device("Till 2", key).ok(), "token");
    house->rooms().store.read([&](Tx& tx) {
        const auto rows = tx.rows({"select answer from request_key"});
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].blob(0).find(token), std::string::npos);
        EXPECT_EQ(rows[0].blob(0).find("token"), std::string::npos);
    });
}

TEST_P(Once, a_refusal_leaves_the_key_free) {
    Client own = *boss;
    const json::object wrong{{"name", ""}, {"point_id", shop.point_id}};
    EXPECT_EQ(own.ask("POST", "/devices", wrong, {{"Idempotency-Key", key}}).status(), 400);
    EXPECT_EQ(make_device("Till 2", key).status(), 201);
}

TEST_P(Once, keys_of_two_people_do_not_meet) {
    const json::value person = boss->post("/people", json::object{{"name", "Second"}});
    boss->post("/accounts",
               json::object{
                   {"person_id", person.at("id")},
                   {"login", "second"},
                   {"role", "administrator"},
                   {"units",
                    {json::object{{"unit", text(boss->get("/points").at("items").at(0), "unit")}}}},
                   {"password", "long enough for all"}});
    Client second(*house);
    second.sign_in("second", "long enough for all");
    EXPECT_EQ(make_device("Till 2", key).status(), 201);
    const Answer other = second.ask("POST", "/devices",
                                    json::object{{"name", "Till 3"}, {"point_id", shop.point_id}},
                                    {{"Idempotency-Key", key}});
    EXPECT_EQ(other.status(), 201) << other.http.body;
}

TEST_P(Once, many_at_once_make_one) {
    const std::size_t before = devices();
    constexpr int count = 8;
    std::vector<Answer> answers(count);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < count; ++i)
            threads.emplace_back([&, i] { answers[std::size_t(i)] = make_device("Till 2", key); });
    }
    std::set<std::string> bodies;
    for (const Answer& answer : answers) {
        if (answer.status() == 201) {
            bodies.insert(answer.http.body);
            continue;
        }
        EXPECT_EQ(answer.status(), 409) << answer.http.body;
        EXPECT_EQ(answer.code(), "idempotency.busy");
        EXPECT_EQ(answer.header("Retry-After"), "1");
    }
    EXPECT_EQ(bodies.size(), 1U) << "one thing, one answer";
    EXPECT_EQ(devices(), before + 1);
}

/// The claim as a run leaves it that was killed: before its first write, and after it.
TEST_P(Once, a_crash_in_between_is_safe) {
    Store& store = house->rooms().store;
    const KeyedRequest request{"account_1", key, "POST /devices"};
    const KeyClaim dead = store.write([&](Tx& tx) { return claim_request(tx, request); });
    EXPECT_EQ(dead.state, KeyState::ours);
    const auto claim = [&] {
        return store.write([&](Tx& tx) { return claim_request(tx, request); });
    };
    EXPECT_EQ(claim().state, KeyState::busy);
    house->clock.advance(request_lease + Duration::seconds(1));
    const KeyClaim heir = claim();
    EXPECT_EQ(heir.state, KeyState::ours) << "its lease is over: done by whoever asks";
    // The dead one lives after all: its write is refused with everything in it.
    EXPECT_THROW(store.write([&](Tx& tx) { mark_made(tx, request, dead.attempt); }), Error);
    {
        const WriteCompanion with([&](Tx& tx) { mark_made(tx, request, dead.attempt); });
        EXPECT_THROW(store.write([&](Tx& tx) {
            tx.run(
                {"insert into setting (company_id, name, value, changed_at, changed_by)"
                 " values (1, 'x', 'y', 1, 'z')"});
        }),
                     Error);
    }
    store.read(
        [&](Tx& tx) { EXPECT_FALSE(tx.row({"select name from setting where name = 'x'"})); });
    store.write([&](Tx& tx) { mark_made(tx, request, heir.attempt); });
    EXPECT_EQ(claim().state, KeyState::busy) << "its answer may still come";
    house->clock.advance(request_lease + Duration::seconds(1));
    EXPECT_EQ(claim().state, KeyState::made) << "never done twice";
    store.write([&](Tx& tx) { keep_answer(tx, request, heir.attempt, "answer"); });
    EXPECT_EQ(claim().state, KeyState::answered);
    EXPECT_EQ(claim().answer, "answer");
    house->clock.advance(request_key_lives + Duration::seconds(1));
    store.write([&](Tx& tx) { forget_request_keys(tx); });
    store.read([&](Tx& tx) { EXPECT_TRUE(tx.rows({"select state from request_key"}).empty()); });
}

OTKLIK_BOTH_DATABASES(Once);

}  // namespace
}  // namespace otklik::testkit
