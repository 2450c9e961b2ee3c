#include "sites/question_plan.h"

#include <gtest/gtest.h>

#include "base/calendar.h"
#include "base/error.h"
#include "sites/sites.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr std::int64_t friday = 1 << 4;

class QuestionPlanOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        company = store().write([&](Tx& tx) { return people.make_company(tx, "Garage"); });
    }
    Id<Question> ask(bool organic) {
        return store().write([&](Tx& tx) {
            Question question{{}, company.value, "Easy to book?", std::nullopt};
            question.organic = organic;
            question.prompts = {"How?", "What exactly?"};
            return sites.make_question(tx, question);
        });
    }
    /// The code of the refusal, empty when it was planned.
    std::string plan(Id<Question> question, std::int64_t weekdays,
                     std::optional<std::int64_t> to = {}) {
        PlannedQuestion planned;
        planned.company_id = company.value;
        planned.question_id = question;
        planned.weekdays = weekdays;
        planned.day_from = parse_day("2026-11-16");
        planned.day_to = to;
        try {
            store().write([&](Tx& tx) { sites.plan_question(tx, planned, "test"); });
        } catch (const Error& error) {
            return error.code();
        }
        return "";
    }

    People people;
    Sites sites{people};
    Id<Company> company;
};
OTKLIK_BOTH_DATABASES(QuestionPlanOf);

TEST(QuestionPlan, point_before_all_dated_before_undated_newer_before_older) {
    const std::int64_t day = parse_day("2026-11-20").value();  // a Friday
    const Id<Point> here{7}, there{8};
    const PlannedQuestion plan[] = {
        {{1}, 1, {}, {11}, every_weekday, {}, {}, {}},
        {{2}, 1, {}, {12}, every_weekday, {}, {}, {}},
        {{3}, 1, {}, {13}, every_weekday, day, day, {}},
        {{4}, 1, here, {14}, friday, {}, {}, {}},
        {{5}, 1, here, {15}, every_weekday, {}, {}, Instant{1}},  // taken out of the plan
    };
    EXPECT_EQ(planned_for(plan, here, day)->question_id.value, 14);
    EXPECT_EQ(planned_for(plan, here, day + 1)->question_id.value, 12);
    EXPECT_EQ(planned_for(plan, there, day)->question_id.value, 13);
    EXPECT_EQ(planned_for(plan, there, day - 1)->question_id.value, 12);
    EXPECT_EQ(planned_for({}, there, day), nullptr);
}

TEST(QuestionPlan, monday_is_bit_0_also_before_1970) {
    PlannedQuestion planned;
    planned.weekdays = 1;
    EXPECT_TRUE(planned.holds({1}, parse_day("2026-11-16").value()));
    EXPECT_FALSE(planned.holds({1}, parse_day("2026-11-15").value()));
    EXPECT_TRUE(planned.holds({1}, -3));  // 1969-12-29
}

TEST(QuestionPlan, prompts_are_lines) {
    const std::vector<std::string> lines = {"a", "b c"};
    EXPECT_EQ(lines_of(text_of_lines(lines)), lines);
    EXPECT_EQ(lines_of("a\n\nb c\n"), lines);
    EXPECT_TRUE(lines_of("").empty());
    EXPECT_TRUE(prompts_are_few({"a", "b", "c"}));
    EXPECT_FALSE(prompts_are_few({"a", "b", "c", "d"}));
    EXPECT_FALSE(prompts_are_few({std::string(201, 'x')}));
}

TEST_P(QuestionPlanOf, only_what_customers_raise_themselves_may_be_asked_every_day_for_ever) {
    const auto plain = ask(false), organic = ask(true);
    EXPECT_EQ(plan(plain, every_weekday), "plan.daily");
    EXPECT_EQ(plan(plain, friday), "");
    EXPECT_EQ(plan(plain, every_weekday, parse_day("2026-11-20")), "");
    EXPECT_EQ(plan(organic, every_weekday), "");
    EXPECT_EQ(plan(organic, 0), "plan.weekdays");
    EXPECT_EQ(plan(organic, friday, parse_day("2026-11-01")), "plan.days");
    EXPECT_EQ(plan({12345}, friday), "not_found");
}

TEST_P(QuestionPlanOf, what_is_planned_is_read_back_until_it_is_dropped) {
    const auto question = ask(true);
    EXPECT_EQ(plan(question, friday), "");
    const auto read = [&] {
        return store().read([&](Tx& tx) { return sites.question_plan(tx, company.value); });
    };
    ASSERT_EQ(read().size(), 1u);
    EXPECT_EQ(read()[0].question_id, question);
    EXPECT_EQ(read()[0].weekdays, friday);
    EXPECT_FALSE(read()[0].point_id);
    const auto drop = [&](Id<PlannedQuestion> id, std::int64_t of) {
        store().write([&](Tx& tx) { sites.drop_planned(tx, of, id); });
    };
    const auto id = read()[0].id;
    EXPECT_THROW(drop(id, company.value + 1), Error);
    drop(id, company.value);
    EXPECT_TRUE(read().empty());
    EXPECT_THROW(drop(id, company.value), Error);
}

TEST_P(QuestionPlanOf, prompts_of_a_question_change) {
    const auto id = ask(false);
    store().write([&](Tx& tx) {
        Question question{id, company.value, "", std::nullopt};
        question.prompts = {"Which day?"};
        question.organic = true;
        sites.change_question(tx, question);
    });
    store().read([&](Tx& tx) {
        const auto all = sites.questions(Scope::console(company.value), tx);
        ASSERT_EQ(all.size(), 1u);
        EXPECT_EQ(all[0].prompts, std::vector<std::string>{"Which day?"});
        EXPECT_TRUE(all[0].organic);
        EXPECT_EQ(all[0].text, "Easy to book?");
    });
}

}  // namespace
}  // namespace otklik
