// The guided tour: on a demonstration a visitor without an account reads, and writes nothing; on
// any other folder nobody is let in.
#include <gtest/gtest.h>

#include "base/files.h"
#include "rights_house_inside.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/rooms.h"
#include "web/api/router.h"

namespace otklik::testkit {
namespace {

class Tour : public Rights {
protected:
    Demonstration of_this_house() {
        Rooms& rooms = house.rooms();
        const auto company = rooms.store.read([&](Tx& tx) { return rooms.people.company(tx); });
        return {company.value().id,
                {parse_id_word(id_prefix<Signal>, ids["signals"]).value()},
                {parse_id_word(id_prefix<Check>, ids["checks"]).value()}};
    }
    void raise_flag() { write_demonstration(house.rooms().blobs.folder(), of_this_house()); }
    Client visitor{house};
};

TEST_P(Tour, there_is_none_where_no_demonstration_is) {
    EXPECT_EQ(nobody.ask("GET", "/tour").code(), "tour.none");
    EXPECT_EQ(nobody.ask("POST", "/tour").code(), "tour.none");
    EXPECT_FALSE(nobody.get("/session").at("tour").as_bool());
    // The flag of a demonstration, copied into a folder with real data.
    Demonstration foreign = of_this_house();
    foreign.company_id.value += 1;
    const std::string folder = house.rooms().blobs.folder();
    write_demonstration(folder, foreign);
    const Answer refused = nobody.ask("POST", "/tour");
    EXPECT_EQ(refused.status(), 404);
    EXPECT_EQ(refused.header("Set-Cookie"), "");
    for (const char* broken : {"", "{}", "{\"company_id\":\"company_1\"}", "\xff\xfe"}) {
        write_file_durably(folder + "/demonstration", broken);
        EXPECT_EQ(nobody.ask("POST", "/tour").status(), 404) << broken;
    }
}

TEST_P(Tour, a_visitor_reads_little_and_every_route_that_writes_is_refused) {
    raise_flag();
    const Answer let_in = nobody.ask("POST", "/tour");
    EXPECT_EQ(let_in.status(), 201) << let_in.http.body;
    EXPECT_EQ(text(let_in.value(), "signal_id"), ids["signals"]);
    visitor.use_cookie_of(let_in);
    const json::value session = visitor.get("/session");
    EXPECT_TRUE(session.at("visitor").as_bool());
    EXPECT_EQ(json::serialize(session.at("rights")), R"(["listen","see_figures","see_recording"])");
    int refused = 0, read = 0;
    for (const auto& table : all_routes())
        for (const Route& route : table) {
            const std::string name = std::string(route.method) + " " + std::string(route.path);
            if (route.path == "/session" || route.path == "/events") continue;
            const Answer answer = ask(visitor, route, path_of(route));
            if (route.method == "GET" && visitor_has(route.right)) {
                EXPECT_NE(answer.status(), 401) << name;
                EXPECT_NE(answer.status(), 403) << name << answer.http.body;
                EXPECT_LT(answer.status(), 500) << name << answer.http.body;
                ++read;
                continue;
            }
            EXPECT_EQ(answer.status(), 403) << name << answer.http.body;
            EXPECT_EQ(answer.code(), "tour.read_only") << name;
            ++refused;
        }
    std::printf("%d refused, %d read\n", refused, read);
    EXPECT_GT(refused, 60);
    EXPECT_GT(read, 15);
    EXPECT_EQ(visitor.list("/signals").size(), 1U);
    EXPECT_EQ(text(visitor.get("/checks/" + ids["checks"]), "id"), ids["checks"]);
    EXPECT_EQ(visitor.get("/clips/" + ids["clips"]).at("checks").as_array().size(), 1U);
}

TEST_P(Tour, a_pass_ends_by_leaving_and_by_the_clock) {
    raise_flag();
    const Answer first = nobody.ask("POST", "/tour");
    visitor.use_cookie_of(first);
    EXPECT_EQ(visitor.ask("GET", "/signals").status(), 200);
    EXPECT_EQ(visitor.ask("DELETE", "/session").status(), 204);
    EXPECT_EQ(visitor.ask("GET", "/signals").status(), 401) << "left";
    visitor.use_cookie_of(nobody.ask("POST", "/tour"));
    house.clock.set(house.clock.now() + Duration::hours(5));
    EXPECT_EQ(visitor.ask("GET", "/signals").status(), 401) << "hours later";
    // A made-up pass is nobody.
    Client guesser(house);
    guesser.use_cookie_of(
        Answer{"", {200, {{"Set-Cookie", "otklik_session=visitor.AAAA; Path=/"}}, ""}});
    EXPECT_EQ(guesser.ask("GET", "/signals").status(), 401);
}

TEST_P(Tour, who_is_signed_in_walks_it_with_the_own_rights) {
    raise_flag();
    const Answer stops = employee.ask("GET", "/tour");
    EXPECT_EQ(stops.status(), 200);
    const Answer begun = employee.ask("POST", "/tour");
    EXPECT_EQ(begun.status(), 201);
    EXPECT_EQ(begun.header("Set-Cookie"), "") << "stays who it is";
    EXPECT_EQ(employee.ask("GET", "/signals").status(), 403);
}

OTKLIK_BOTH_DATABASES(Tour);

}  // namespace
}  // namespace otklik::testkit
