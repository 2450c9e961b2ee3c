// What a checker's desk asks for: ending without a score, sound fetched ahead, who is here, finding
// things, ready comments. As everybody who may and may not.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/calendar.h"
#include "base/text.h"
#include "rights_house_inside.h"

namespace otklik::testkit {
namespace {

class DeskApi : public Rights {
protected:
    int verbs(const std::string& verb) {
        const json::array entries = boss.list("/audit");
        return static_cast<int>(
            std::count_if(entries.begin(), entries.end(),
                          [&](const json::value& e) { return text(e, "verb") == verb; }));
    }
    std::string check() const { return "/checks/" + ids.at("checks"); }
    std::int64_t version() { return number(boss.get(check()), "version"); }
    std::vector<std::string> found(Client& who, const std::string& words, const std::string& kind) {
        std::vector<std::string> all;
        const json::value answer = who.get("/find?text=" + percent_encode(words));
        for (const auto& item : answer.at("items").as_array())
            if (text(item, "kind") == kind) all.push_back(text(item, "id"));
        return all;
    }
};

TEST_P(DeskApi, a_check_ends_without_a_score_and_says_why) {
    const json::object why{{"reason", "bad_sound"}, {"note", "hum"}};
    EXPECT_EQ(boss.ask("POST", check() + "/give-up", why).code(), "version.missing");
    EXPECT_EQ(boss.ask("POST", check() + "/give-up", why, {{"If-Match", "\"99\""}}).code(),
              "row.changed");
    EXPECT_EQ(stranger.ask("POST", check() + "/give-up", why, {{"If-Match", "\"1\""}}).status(),
              404);
    EXPECT_EQ(boss.ask("POST", check() + "/give-up", json::object{{"reason", "tired"}},
                       {{"If-Match", "\"1\""}})
                  .status(),
              400);
    const std::string match = "\"" + std::to_string(version()) + "\"";
    const json::value done =
        boss.ask("POST", check() + "/give-up", why, {{"If-Match", match}}).ok();
    EXPECT_EQ(text(done, "state"), "done");
    EXPECT_EQ(text(done, "reason_note"), "hum");
    EXPECT_FALSE(text(done, "reason_text").empty());
    EXPECT_TRUE(done.at("score").at("percent").is_null());
    EXPECT_EQ(boss.list("/checks?outcome=cannot_assess").size(), 1U);
    EXPECT_TRUE(boss.list("/checks?outcome=scored").empty());
    const json::value bad = boss.get("/checks/bad-sound");
    ASSERT_EQ(bad.at("items").as_array().size(), 1U);
    EXPECT_EQ(text(bad.at("items").at(0), "newest_id"), ids["checks"]);
    EXPECT_TRUE(stranger.get("/checks/bad-sound").at("items").as_array().empty());
    const json::value figure = boss.get("/figures?name=check_score_signal").at("items").at(0);
    EXPECT_EQ(number(figure, "missing"), 1);
    EXPECT_EQ(text(figure.at("missing_by").at(0), "reason"), "cannot_assess.bad_sound");
    const json::value rows =
        boss.get("/figures/check_score_signal/rows?part=missing&reason=cannot_assess.bad_sound");
    ASSERT_EQ(rows.at("items").as_array().size(), 1U);
    EXPECT_EQ(text(rows.at("items").at(0), "id"), ids["checks"]);
    EXPECT_EQ(verbs("check.given_up"), 1);
    boss.post(check() + "/withdraw");
    EXPECT_EQ(stranger.ask("POST", check() + "/restore").status(), 404);
    EXPECT_EQ(text(boss.post(check() + "/restore"), "state"), "done");
    EXPECT_EQ(verbs("check.restored"), 1);
}

TEST_P(DeskApi, sound_fetched_ahead_is_written_down_apart_from_listening) {
    const std::string url = "/clips/" + ids["clips"] + "/audio?channel=0&version=1";
    EXPECT_EQ(checker.ask("GET", url, nullptr, {{"X-Ahead", "1"}}).status(), 200);
    EXPECT_EQ(verbs("clip.ahead"), 1);
    EXPECT_EQ(verbs("clip.listen"), 0);
    EXPECT_EQ(checker.ask("GET", url).status(), 200);
    EXPECT_EQ(verbs("clip.listen"), 1);
    EXPECT_EQ(stranger.ask("GET", url, nullptr, {{"X-Ahead", "1"}}).status(), 404);
}

TEST_P(DeskApi, who_has_a_record_open_is_told_to_the_others_who_may_see_it) {
    const json::object clip{{"clip_id", ids["clips"]}};
    const auto here = [&](Client& who, json::object body, bool writing = false) {
        body["writing"] = writing;
        return who.post("/presence", body).at("items").as_array();
    };
    EXPECT_TRUE(here(boss, clip).empty());
    ASSERT_EQ(here(checker, clip, true).size(), 1U);
    const json::array seen = here(boss, clip);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(text(seen[0], "name"), "judge");
    EXPECT_TRUE(seen[0].at("writing").as_bool());
    EXPECT_EQ(stranger.ask("POST", "/presence", clip).status(), 404);
    EXPECT_EQ(employee.ask("POST", "/presence", clip).status(), 404);
    EXPECT_EQ(boss.ask("POST", "/presence", json::object{}).code(), "presence.one_subject");
    json::object leaving = clip;
    leaving["leaving"] = true;
    checker.post("/presence", leaving);
    EXPECT_TRUE(here(boss, clip).empty());
    EXPECT_TRUE(here(boss, {{"check_id", ids["checks"]}}).empty());
}

TEST_P(DeskApi, things_are_found_by_words_time_and_day_within_the_reader_s_sight) {
    const json::value signal = boss.get("/signals/" + ids["signals"]);
    boss.put("/signals/" + ids["signals"] + "/state",
             json::object{{"state", "done"}, {"what", "Скрипят Колодки"}},
             number(signal, "version"));
    const Instant at = instant(signal, "at");
    const std::string local = format_local(at, text(signal, "zone"));  // 2026-11-18 14:07:45 +03:00
    const std::string day = local.substr(0, 10), time = local.substr(11, 5);
    using Ids = std::vector<std::string>;
    const Ids wanted{ids["signals"]};
    for (const std::string& words : {std::string("колод"), std::string("скрип колодк"), time, day,
                                     day + " " + time + " колод"}) {
        EXPECT_EQ(found(checker, words, "signal"), wanted) << words;
        EXPECT_EQ(found(stranger, words, "signal"), Ids{}) << words;
    }
    EXPECT_EQ(found(checker, "колод", "check"), Ids{ids["checks"]});
    EXPECT_EQ(found(boss, day + " " + time, "recording"), Ids{ids["recordings"]});
    EXPECT_EQ(found(stranger, time, "recording"), Ids{});
    EXPECT_EQ(found(checker, "олодки", "signal"), Ids{});
    EXPECT_EQ(found(checker, day + " 03:33", "signal"), Ids{});
    EXPECT_EQ(found(checker, "", "signal"), Ids{});
    EXPECT_EQ(employee.ask("GET", "/find?text=x").status(), 403);
    EXPECT_EQ(checker.ask("GET", "/find?text=" + std::string(300, 'x')).code(), "field.too_long");
}

TEST_P(DeskApi, ready_comments_are_kept_by_checkers_and_shared_by_administrators) {
    const std::string path = "/forms/" + ids["forms"] + "/templates";
    const json::value form = boss.get("/forms/" + ids["forms"]);
    const std::string item = text(form.at("body").at("sections").at(0).at("items").at(0), "key");
    const auto wanted = [&](const std::string& words, bool shared) {
        return json::object{{"item", item}, {"text", words}, {"shared", shared}};
    };
    EXPECT_EQ(checker.ask("POST", path, wanted("for all", true)).code(), "template.shared");
    EXPECT_EQ(checker.ask("POST", path, wanted("mine", false)).status(), 201);
    EXPECT_EQ(boss.ask("POST", path, wanted("for all", true)).status(), 201);
    const json::array seen = checker.get(path).at("items").as_array();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(boss.get(path).at("items").as_array().size(), 1U);
    EXPECT_EQ(employee.ask("GET", path).status(), 403);
    const std::string own = path + "/" + text(seen[0], "id");
    EXPECT_EQ(stranger.ask("DELETE", own).status(), 404);
    EXPECT_EQ(checker.ask("DELETE", own).status(), 204);
    EXPECT_EQ(checker.get(path).at("items").as_array().size(), 1U);
    EXPECT_EQ(checker.ask("POST", own + "/restore").status(), 204);
    EXPECT_EQ(checker.get(path).at("items").as_array().size(), 2U);
    EXPECT_EQ(verbs("form.template_removed"), 1);
}

TEST_P(DeskApi, a_kind_of_signal_proposes_its_form_on_the_clip) {
    const json::object asked{{"kind", "complaint"}, {"form_id", ids["forms"]}};
    EXPECT_EQ(checker.ask("PUT", "/form-defaults", asked).status(), 403);
    EXPECT_TRUE(boss.get("/clips/" + ids["clips"]).at("default_form_id").is_null());
    boss.put("/form-defaults", asked);
    EXPECT_EQ(text(boss.get("/clips/" + ids["clips"]), "default_form_id"), ids["forms"]);
    EXPECT_EQ(boss.get("/form-defaults").at("items").as_array().size(), 4U);
    boss.put("/form-defaults", json::object{{"kind", "complaint"}});
    EXPECT_TRUE(boss.get("/clips/" + ids["clips"]).at("default_form_id").is_null());
    EXPECT_EQ(verbs("form.default"), 2);
}

OTKLIK_BOTH_DATABASES(DeskApi);

}  // namespace
}  // namespace otklik::testkit
