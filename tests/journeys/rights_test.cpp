// The rights of every route, generated from the route table: a new route is covered by itself.
// Nobody gets 401, a role without the right 403, and a checker of another unit 404, as for a thing
// that does not exist.
#include <gtest/gtest.h>

#include <map>

#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "web/api/router.h"

namespace otklik::testkit {
namespace {

constexpr Instant day_begin{1'795'000'000'000'000};

enum class Who { nobody, employee, checker, administrator, device };

class Rights : public ::testing::Test {
protected:
    void SetUp() override {
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = day_begin - Duration::hours(1),
                                .buttons = nullptr});
        const json::value site =
            boss.post("/sites", json::object{{"name", "South"}, {"zone", "Europe/Moscow"}});
        const std::string north = text(boss.get("/points").at("items").at(0), "unit");
        make_account("worker", "employee", json::array());
        make_account("judge", "checker", {json::object{{"unit", north}}});
        make_account("stranger", "checker", {json::object{{"unit", site.at("unit")}}});
        make_things();
        employee.sign_in("worker", password);
        checker.sign_in("judge", password);
        stranger.sign_in("stranger", password);
    }
    void make_account(const std::string& login, const std::string& role, const json::array& units) {
        const json::value person = boss.post("/people", json::object{{"name", login}});
        boss.post("/accounts", json::object{{"person_id", person.at("id")},
                                            {"login", login},
                                            {"role", role},
                                            {"units", units},
                                            {"password", password}});
    }
    /// One thing of each kind at the first site, by the word that stands in a path before {id}.
    void make_things() {
        house.clock.set(day_begin + Duration::seconds(200));
        device.use_token(shop.device_token);
        ids["recordings"] =
            text(import_sound(boss, shop.recorder_id, "a.wav", day_begin, wav_of(own_sound(130, 3)))
                     .ok(),
                 "recording_id");
        ids["signals"] =
            text(press(device, "p1", "3", day_begin + Duration::seconds(65)).ok(), "signal_id");
        house.settle();
        ids["clips"] = text(boss.get("/signals/" + ids["signals"]), "clip_id");
        const json::value starters = boss.get("/forms/starters");
        for (const auto& starter : starters.at("items").as_array())
            if (text(starter, "purpose") == "signal")
                ids["forms"] = text(boss.post("/forms", starter_form(starter)), "id");
        ids["checks"] = text(boss.post("/checks", json::object{{"form_id", ids["forms"]},
                                                               {"clip_id", ids["clips"]}}),
                             "id");
        ids["bookmarks"] =
            text(boss.post("/clips/" + ids["clips"] + "/bookmarks",
                           json::object{{"clip_sample", 48'000}, {"channel", 0}, {"text", "here"}}),
                 "id");
        ids["draws"] = text(
            boss.post("/draws", json::object{{"point_id", shop.point_id},
                                             {"from", format_instant(day_begin)},
                                             {"to", format_instant(day_begin + Duration::hours(1))},
                                             {"length_ms", 60'000}}),
            "id");
        ids["points"] = shop.point_id;
        ids["sites"] = shop.site_id;
        ids["recorders"] = shop.recorder_id;
        ids["devices"] = shop.device_id;
    }
    static json::object starter_form(const json::value& starter) {
        return {{"name", starter.at("name")},
                {"purpose", starter.at("purpose")},
                {"body", starter.at("body")}};
    }
    /// The path with real ids of the first site; a made-up one where no thing stands for the word.
    std::string path_of(const Route& route, bool* is_foreign = nullptr) const {
        std::string path(route.path);
        if (is_foreign) *is_foreign = false;
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
            const auto slash = path.rfind('/', open - 2);
            const auto found = ids.find(path.substr(slash + 1, open - slash - 2));
            const std::string id = found == ids.end() ? "nothing_1" : found->second;
            if (is_foreign && found != ids.end()) *is_foreign = true;
            path.replace(open, path.find('}') - open + 1, id);
        }
        return path;
    }
    /// Without a body: whether one may is asked before what is said.
    static Answer ask(Client& who, const Route& route, const std::string& path) {
        return who.ask(route.method, path);
    }
    static bool has(Who who, Right right) {
        if (right == Right::anyone) return true;
        switch (who) {
            case Who::nobody:
                return false;
            case Who::device:
                return right == Right::press;
            case Who::employee:
                return role_has(Role::employee, right);
            case Who::checker:
                return role_has(Role::checker, right);
            case Who::administrator:
                return role_has(Role::administrator, right);
        }
        return false;
    }

    House house{TestDatabase::sqlite, day_begin};
    std::string password = "long enough for all";
    Client boss{house}, nobody{house}, employee{house}, checker{house}, stranger{house},
        device{house};
    Shop shop;
    std::map<std::string, std::string, std::less<>> ids;
};

/// Routes that end the session they are asked with, or that a stream would hold open.
bool is_apart(const Route& route) {
    return (route.path == "/session" && route.method == "DELETE") || route.path == "/events";
}

TEST_F(Rights, every_route_is_refused_to_whom_it_is_not_for) {
    const std::pair<Who, Client*> all[] = {{Who::nobody, &nobody},
                                           {Who::device, &device},
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

TEST_F(Rights, an_administrator_may_read_everything_there_is) {
    for (const auto& table : all_routes())
        for (const Route& route : table) {
            if (route.method != "GET" || is_apart(route)) continue;
            const Answer answer = ask(boss, route, path_of(route));
            EXPECT_NE(answer.status(), 401) << route.path;
            EXPECT_NE(answer.status(), 403) << route.path;
            EXPECT_LT(answer.status(), 500) << route.path << answer.http.body;
        }
}

TEST_F(Rights, a_checker_of_another_site_is_told_nothing_of_this_one) {
    int hidden = 0;
    for (const auto& table : all_routes())
        for (const Route& route : table) {
            bool is_foreign = false;
            const std::string path = path_of(route, &is_foreign);
            // Forms belong to the whole company.
            if (!is_foreign || route.path.starts_with("/forms")) continue;
            if (!has(Who::checker, route.right)) continue;
            // A body is read before its thing is looked for: writes are asked with what they want.
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

TEST_F(Rights, writes_about_foreign_things_are_not_found) {
    const json::object evidence{{"item", "a"}, {"clip_sample", 1}};
    const json::object mark{{"clip_sample", 1}, {"channel", 0}, {"text", "x"}};
    const json::object start{{"form_id", ids["forms"]}, {"clip_id", ids["clips"]}};
    const struct {
        const char* method;
        std::string path;
        json::object body;
    } writes[] = {
        {"POST", "/checks", start},
        {"POST", "/checks/" + ids["checks"] + "/evidence", evidence},
        {"PUT", "/checks/" + ids["checks"] + "/answers", {{"items", json::array()}}},
        {"POST", "/clips/" + ids["clips"] + "/bookmarks", mark},
        {"POST",
         "/recordings/" + ids["recordings"] + "/bookmarks",
         {{"channel", 0}, {"media_sample", 1}, {"text", "x"}}},
        {"PUT", "/signals/" + ids["signals"] + "/state", {{"state", "done"}}},
    };
    for (const auto& each : writes)
        EXPECT_EQ(stranger.ask(each.method, each.path, each.body, {{"If-Match", "\"1\""}}).status(),
                  404)
            << each.path;
}

}  // namespace
}  // namespace otklik::testkit
