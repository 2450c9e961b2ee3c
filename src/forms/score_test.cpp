#include "forms/score.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/error.h"
#include "base/files.h"

namespace otklik {
namespace {

namespace json = boost::json;

std::string source_file(std::string_view path) {
    const char* given = std::getenv("OTKLIK_SOURCE");
    const std::filesystem::path sources =
        given ? std::filesystem::path(given)
              : std::filesystem::absolute(__FILE__).parent_path().parent_path().parent_path();
    return read_file((sources / path).string(), 1 << 20);
}

bool same_number(const json::value& a, const json::value& b) {
    return a.is_number() && b.is_number() && a.to_number<double>() == b.to_number<double>();
}

void compare_sections(const json::value& wanted, const json::value& got, const std::string& name) {
    ASSERT_EQ(wanted.as_array().size(), got.as_array().size()) << name;
    for (std::size_t i = 0; i < wanted.as_array().size(); ++i) {
        const json::array& triple = wanted.as_array()[i].as_array();
        const json::object& section = got.as_array()[i].as_object();
        EXPECT_EQ(triple[0], section.at("key")) << name;
        EXPECT_EQ(triple[1], section.at("num")) << name;
        EXPECT_EQ(triple[2], section.at("den")) << name;
    }
}

}  // namespace

TEST(Score, equals_the_cases_computed_by_hand) {
    const json::value file = json::parse(source_file("tests/cases/scores.json"));
    const json::array& cases = file.at("cases").as_array();
    ASSERT_GE(cases.size(), 20u);
    for (const json::value& each : cases) {
        const std::string name(each.at("name").as_string());
        const json::value got = json::parse(
            score_command(json::serialize(each.at("form")), json::serialize(each.at("answers"))));
        for (const auto& [key, wanted] : each.at("expected").as_object()) {
            if (key == "sections") {
                compare_sections(wanted, got.at("sections"), name);
                continue;
            }
            EXPECT_TRUE(wanted == got.at(key) || same_number(wanted, got.at(key)))
                << name << ": " << key << " is " << json::serialize(got.at(key)) << ", not "
                << json::serialize(wanted) << "; " << each.at("arithmetic").as_string();
        }
    }
}

namespace {

/// A small random form: at most 5 items, so that every way to answer it can be tried.
FormBody random_form(std::mt19937_64& random) {
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    FormBody body;
    body.scoring = static_cast<Scoring>(pick(3));
    body.na = static_cast<NaPolicy>(pick(2));
    const int items = 2 + pick(4);
    for (int i = 0; i < items; ++i) {
        if (i == 0 || pick(2) == 0) {
            FormSection section;
            section.key = "s" + std::to_string(i);
            body.sections.push_back(section);
        }
        FormItem item;
        item.key = "i" + std::to_string(i);
        item.text = item.key;
        item.critical = static_cast<Critical>(pick(4));
        item.keep_score = pick(2) == 0;
        item.na_allowed = pick(3) != 0;
        item.weight = body.scoring == Scoring::percentage ? 1 + pick(9) : 1;
        const int answers = 2 + pick(2);
        for (int a = 0; a < answers; ++a) {
            FormAnswer answer{.key = "a" + std::to_string(a)};
            answer.value_den = 1 + pick(6);
            answer.value_num =
                a == 0 ? *answer.value_den : pick(static_cast<int>(*answer.value_den) + 1);
            answer.points = a == 0 ? 1 + pick(6) : pick(7);
            if (body.scoring == Scoring::zero_norm) answer.points = a == 0 ? pick(5) : pick(9) - 4;
            item.answers.push_back(answer);
        }
        body.sections.back().items.push_back(item);
    }
    check_body(body, "");
    return body;
}

std::vector<const FormItem*> items_of(const FormBody& body) {
    std::vector<const FormItem*> items;
    for (const FormSection& section : body.sections)
        for (const FormItem& item : section.items) items.push_back(&item);
    return items;
}

std::vector<std::string> ways(const FormItem& item) {
    std::vector<std::string> keys;
    for (const FormAnswer& answer : item.answers) keys.push_back(answer.key);
    if (item.may_be_na()) keys.emplace_back(na_answer);
    return keys;
}

/// Visits every way to answer what is not answered yet.
void each_way(const std::vector<const FormItem*>& items, std::size_t from, Answers& answers,
              const std::function<void()>& visit) {
    if (from == items.size()) return visit();
    const FormItem& item = *items[from];
    if (answers.contains(item.key)) return each_way(items, from + 1, answers, visit);
    for (const std::string& way : ways(item)) {
        answers[item.key] = way;
        each_way(items, from + 1, answers, visit);
    }
    answers.erase(item.key);
}

}  // namespace

TEST(Score, range_of_a_draft_is_exactly_what_can_be_reached) {
    const std::uint64_t seed = std::random_device{}();
    std::cout << "seed " << seed << "\n";
    std::mt19937_64 random(seed);
    for (int round = 0; round < 400; ++round) {
        const FormBody body = random_form(random);
        const auto items = items_of(body);
        Answers answers;
        for (const FormItem* item : items) {
            const auto all = ways(*item);
            if (random() % 2 == 0) answers[item->key] = all[random() % all.size()];
        }
        const Score draft = score_of(body, answers);
        std::optional<Ratio> least, greatest;
        each_way(items, 0, answers, [&] {
            const Score whole = score_of(body, answers);
            if (!whole.value) return;
            if (!least || *whole.value < *least) least = whole.value;
            if (!greatest || *greatest < *whole.value) greatest = whole.value;
        });
        ASSERT_EQ(draft.min, least) << to_json(body) << " round " << round << " seed " << seed;
        ASSERT_EQ(draft.max, greatest) << to_json(body) << " round " << round << " seed " << seed;
    }
}

TEST(Score, better_answers_never_lower_it_and_fractions_stay_within_0_and_1) {
    const std::uint64_t seed = std::random_device{}();
    std::cout << "seed " << seed << "\n";
    std::mt19937_64 random(seed);
    for (int round = 0; round < 2000; ++round) {
        const FormBody body = random_form(random);
        Answers answers;
        for (const FormItem* item : items_of(body))
            answers[item->key] = item->answers[random() % item->answers.size()].key;
        const Score before = score_of(body, answers);
        if (body.scoring != Scoring::zero_norm) {
            ASSERT_GE(*before.value, (Ratio{0, 1}));
            ASSERT_LE(*before.value, (Ratio{1, 1}));
        }
        ASSERT_LE(*before.value, *before.kept);
        ASSERT_EQ(before.min, before.value);
        ASSERT_EQ(before.max, before.value);
        const auto items = items_of(body);
        const FormItem& item = *items[random() % items.size()];
        // The first answer of the random form is a full mark in percentage; elsewhere take the
        // best.
        const auto best = std::max_element(
            item.answers.begin(), item.answers.end(), [&](const auto& a, const auto& b) {
                return score_detail::mark_of(body, item, a.key).earned <
                       score_detail::mark_of(body, item, b.key).earned;
            });
        answers[item.key] = best->key;
        ASSERT_GE(*score_of(body, answers).value, *before.value)
            << to_json(body) << " seed " << seed;
    }
}

TEST(Score, sums_of_many_fractions_are_exact) {
    Ratio sum;
    for (int i = 0; i < 300; ++i) sum = sum + Ratio::of(1, 300);
    EXPECT_EQ(sum, (Ratio{1, 1}));
    EXPECT_EQ(Ratio::of(6, -8), (Ratio{-3, 4}));
    EXPECT_EQ(rounded(Ratio::of(-1, 2), 1), 0);  // halves up, towards plus infinity
    EXPECT_EQ(rounded(Ratio::of(1, 2), 1), 1);
    EXPECT_EQ(rounded(Ratio::of(-3, 4), 1), -1);
    EXPECT_DOUBLE_EQ(shown_percent(Ratio::of(2, 3)), 66.7);
    EXPECT_THROW(Ratio::of(1, INT64_MAX) + Ratio::of(1, INT64_MAX - 1), Error);
}

namespace {
std::string refusal(std::string_view form) {
    try {
        parse_body(form);
    } catch (const Error& error) {
        return error.code() + " " + error.field();
    }
    return "";
}
std::string one_item(std::string_view item, std::string_view scoring = "percentage") {
    return R"({"scoring":")" + std::string(scoring) +
           R"(","na":"remove","sections":[{"key":"s","title":"t","items":[)" + std::string(item) +
           "]}]}";
}
}  // namespace

TEST(Score, form_bodies_are_refused_with_the_place_of_the_fault) {
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"answers":[]})")), "");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":0,"answers":[]})")),
              "form.weight sections[0].items[0].weight");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1001,"answers":[]})")),
              "form.weight sections[0].items[0].weight");
    EXPECT_EQ(refusal(one_item(R"({"key":"A b","text":"t","weight":1,"answers":[]})")),
              "form.key sections[0].items[0].key");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"answers":[]},)"
                               R"({"key":"a","text":"t","weight":1,"answers":[]})")),
              "form.key_twice sections[0].items[1].key");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"answers":[)"
                               R"({"key":"na","label":"","value_num":1,"value_den":1},)"
                               R"({"key":"b","label":"","value_num":0,"value_den":1}]})")),
              "form.key_reserved sections[0].items[0].answers[0].key");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"answers":[)"
                               R"({"key":"y","label":"","value_num":3,"value_den":2},)"
                               R"({"key":"b","label":"","value_num":0,"value_den":1}]})")),
              "form.value sections[0].items[0].answers[0]");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"answers":[)"
                               R"({"key":"y","label":"","value_num":1,"value_den":2},)"
                               R"({"key":"b","label":"","value_num":0,"value_den":1}]})")),
              "form.no_full_mark sections[0].items[0].answers");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":2,"answers":[]})", "points")),
              "form.weight_in_points sections[0].items[0].weight");
    EXPECT_EQ(refusal(one_item(R"({"key":"a","text":"t","weight":1,"colour":1,"answers":[]})")),
              "field.unknown sections[0].items[0].colour");
    EXPECT_EQ(refusal(R"({"scoring":"percentage","na":"remove","sections":[]})"),
              "form.empty sections");
}

TEST(Score, answers_of_another_form_are_refused) {
    const std::string form =
        one_item(R"({"key":"a","text":"t","weight":1,"na_allowed":false,"answers":[]})");
    const auto code = [&](std::string_view answers) -> std::string {
        try {
            score_command(form, answers);
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    };
    EXPECT_EQ(code(R"({"answers":[{"item":"a","answer":"yes"}]})"), "");
    EXPECT_EQ(code(R"({"answers":[{"item":"b","answer":"yes"}]})"), "answer.unknown_item");
    EXPECT_EQ(code(R"({"answers":[{"item":"a","answer":"maybe"}]})"), "answer.unknown");
    EXPECT_EQ(code(R"({"answers":[{"item":"a","answer":"na"}]})"), "answer.na_refused");
    EXPECT_EQ(code(R"({"answers":[{"item":"a","answer":"no"},{"item":"a","answer":"yes"}]})"),
              "answer.twice");
}

}  // namespace otklik
