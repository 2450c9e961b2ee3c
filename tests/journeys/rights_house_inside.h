#pragma once
// A company with two sites and somebody of every role, for tests of rights. `stranger` (a checker)
// and `neighbour` (an administrator) belong to the second site; every thing stands at the first.
// Thread: one.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "testkit/house.h"
#include "testkit/listening_inside.h"
#include "web/api/route.h"

namespace otklik::testkit {

inline constexpr Instant rights_begin{1'795'000'000'000'000};

enum class Who { nobody, employee, checker, administrator, device, agent };

class Rights : public HouseTest {
protected:
    void SetUp() override {
        HouseTest::SetUp();
        if (IsSkipped()) return;
        shop = open_shop(boss, {.setup_code = house.setup_code(),
                                .recorder_since = rights_begin - Duration::hours(1),
                                .buttons = nullptr});
        const json::value site =
            boss.post("/sites", json::object{{"name", "South"}, {"zone", "Europe/Moscow"}});
        const std::string north = text(boss.get("/points").at("items").at(0), "unit");
        make_account("worker", "employee", json::array());
        make_account("judge", "checker", {json::object{{"unit", north}}});
        make_account("stranger", "checker", {json::object{{"unit", site.at("unit")}}});
        make_account("neighbour", "administrator", {json::object{{"unit", site.at("unit")}}});
        make_things();
        employee.sign_in("worker", password);
        checker.sign_in("judge", password);
        stranger.sign_in("stranger", password);
        neighbour.sign_in("neighbour", password);
    }
    void make_account(const std::string& login, const std::string& role, const json::array& units) {
        const json::value person = boss.post("/people", json::object{{"name", login}});
        const json::value account =
            boss.post("/accounts", json::object{{"person_id", person.at("id")},
                                                {"login", login},
                                                {"role", role},
                                                {"units", units},
                                                {"password", password}});
        if (login != "judge") return;  // who works at the first site
        ids["people"] = text(person, "id");
        ids["accounts"] = text(account, "id");
    }
    /// One thing of each kind at the first site, by the word that stands in a path before {id}.
    void make_things() {
        house.clock.set(rights_begin + Duration::seconds(200));
        device.use_token(shop.device_token);
        const std::string code =
            text(boss.post("/recorders/" + shop.recorder_id + "/agent"), "code");
        agent.use_token(text(nobody.post("/agent/pair", json::object{{"code", code}}), "token"));
        ids["recordings"] = text(
            import_sound(boss, shop.recorder_id, "a.wav", rights_begin, wav_of(own_sound(130, 3)))
                .ok(),
            "recording_id");
        ids["signals"] =
            text(press(device, "p1", "3", rights_begin + Duration::seconds(65)).ok(), "signal_id");
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
        ids["links"] = text(
            boss.post("/clips/" + ids["clips"] + "/links", json::object{{"hours", 1}, {"note", ""}})
                .at("link"),
            "id");
        ids["draws"] =
            text(boss.post("/draws",
                           json::object{{"point_id", shop.point_id},
                                        {"from", format_instant(rights_begin)},
                                        {"to", format_instant(rights_begin + Duration::hours(1))},
                                        {"length_ms", 60'000}}),
                 "id");
        ids["imports"] = text(boss.send("POST", "/imports?kind=staff&name=staff.csv",
                                        "Name;Phone\nAnna B;1\n", "text/csv")
                                  .ok(),
                              "id");
        ids["repair-asks"] = text(
            boss.post("/repair-asks",
                      json::object{{"recording_id", ids["recordings"]}, {"text", "an hour late"}}),
            "id");
        ids["holds"] = text(boss.post("/holds", json::object{{"point_id", shop.point_id},
                                                             {"begin_at", "2026-01-01T00:00:00Z"},
                                                             {"end_at", "2026-01-02T00:00:00Z"},
                                                             {"reason", "a claim"}}),
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
            case Who::agent:
                return right == Right::hand_over;
            case Who::employee:
                return role_has(Role::employee, right);
            case Who::checker:
                return role_has(Role::checker, right);
            case Who::administrator:
                return role_has(Role::administrator, right);
        }
        return false;
    }

    House house{database(), rights_begin};
    std::string password = "long enough for all";
    Client boss{house}, nobody{house}, employee{house}, checker{house}, stranger{house},
        neighbour{house}, device{house}, agent{house};
    Shop shop;
    std::map<std::string, std::string, std::less<>> ids;
};

}  // namespace otklik::testkit
