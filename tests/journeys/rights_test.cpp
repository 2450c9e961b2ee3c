// The rights of every route, generated from the route table: a new route is covered by itself.
// Nobody gets 401, a role without the right 403, and a checker of another unit 404, as for a thing
// that does not exist.
#include <gtest/gtest.h>

#include "rights_house_inside.h"
#include "web/api/router.h"

namespace otklik::testkit {
namespace {

/// Routes that end the session they are asked with, or that a stream would hold open.
bool is_apart(const Route& route) {
    return (route.path == "/session" && route.method == "DELETE") || route.path == "/events";
}

TEST_P(Rights, every_route_is_refused_to_whom_it_is_not_for) {
    const std::pair<Who, Client*> all[] = {{Who::nobody, &nobody},
                                           {Who::device, &device},
                                           {Who::agent, &agent},
                                           {Who::employee, &employee},
                                           {Who::checker, &checker}};
    int refused = 0, let_in = 0;
    for (const auto& table : all_routes())
        for (const Route& route : table)
            for (const auto& [who, client] : all) {
                const std::string name = std::string(route.method) + " " + std::string(route.path) +
                                         " by " + std::to_string(static_cast<int>(who));
                if (has(who, route.right)) {
                    // What is allowed may change the house: only reading is tried.
                    if (route.method != "GET" || is_apart(route)) continue;
                    const Answer answer = ask(*client, route, path_of(route));
                    EXPECT_NE(answer.status(), 401) << name;
                    EXPECT_NE(answer.status(), 403) << name << answer.http.body;
                    EXPECT_LT(answer.status(), 500) << name << answer.http.body;
                    ++let_in;
                    continue;
                }
                const Answer answer = ask(*client, route, path_of(route));
                EXPECT_EQ(answer.status(), who == Who::nobody ? 401 : 403)
                    << name << answer.http.body;
                ++refused;
            }
    std::printf("%d refused, %d let in\n", refused, let_in);
    EXPECT_GT(refused, 100);
    EXPECT_GT(let_in, 30);
}

TEST_P(Rights, an_administrator_may_read_everything_there_is) {
    for (const auto& table : all_routes())
        for (const Route& route : table) {
            if (route.method != "GET" || is_apart(route)) continue;
            const Answer answer = ask(boss, route, path_of(route));
            EXPECT_NE(answer.status(), 401) << route.path;
            EXPECT_NE(answer.status(), 403) << route.path;
            EXPECT_LT(answer.status(), 500) << route.path << answer.http.body;
        }
}

TEST_P(Rights, a_checker_of_another_site_is_told_nothing_of_this_one) {
    int hidden = 0;
    for (const auto& table : all_routes())
        for (const Route& route : table) {
            bool is_foreign = false;
            const std::string path = path_of(route, &is_foreign);
            // Forms belong to the whole company.
            if (!is_foreign || route.path.starts_with("/forms")) continue;
            if (!has(Who::checker, route.right)) continue;
            // A body is read before its thing is looked for: writes_test.cpp asks with bodies.
            if (route.input) continue;
            const Answer foreign = ask(stranger, route, path);
            EXPECT_EQ(foreign.status(), 404) << route.method << path << foreign.http.body;
            if (route.method == "GET") {
                EXPECT_NE(ask(checker, route, path).status(), 404) << route.method << path;
            }
            ++hidden;
        }
    EXPECT_GT(hidden, 15);
    // The same words as for a thing that never was.
    const Answer foreign = stranger.ask("GET", "/clips/" + ids["clips"]);
    const Answer nothing = stranger.ask("GET", "/clips/clip_zzzzz");
    EXPECT_EQ(nothing.status(), 404);
    EXPECT_EQ(foreign.http.body, nothing.http.body);
    for (const char* path : {"/signals", "/recordings", "/checks"})
        EXPECT_EQ(stranger.list(path).size(), 0U) << path;
    EXPECT_EQ(checker.list("/signals").size(), 1U);
}

OTKLIK_BOTH_DATABASES(Rights);

}  // namespace
}  // namespace otklik::testkit
