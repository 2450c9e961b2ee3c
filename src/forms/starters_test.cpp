// Ready forms: each is read, published and scored as a firm would use it.
#include <gtest/gtest.h>

#include <set>

#include "base/time.h"
#include "forms/forms.h"
#include "forms/score.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr std::string_view trades[] = {"salon", "autoservice", "shop", "clinic", "call_center"};

const StarterForm* find(const std::vector<StarterForm>& forms, std::string_view trade,
                        Purpose purpose) {
    for (const StarterForm& form : forms)
        if (form.trade == trade && form.purpose == purpose) return &form;
    return nullptr;
}

/// Every item answered by its best, or by its worst.
Answers all(const FormBody& body, bool best) {
    Answers answers;
    for (const FormSection& section : body.sections)
        for (const FormItem& item : section.items)
            answers[item.key] = best ? item.answers.front().key : item.answers.back().key;
    return answers;
}

std::vector<const FormItem*> items_in(const FormBody& body) {
    std::vector<const FormItem*> items;
    for (const FormSection& section : body.sections)
        for (const FormItem& item : section.items) items.push_back(&item);
    return items;
}

class StarterForms : public StoreTest {};
OTKLIK_BOTH_DATABASES(StarterForms);

}  // namespace

TEST_P(StarterForms, every_trade_publishes_a_standard_and_a_signal_form) {
    Forms forms;
    for (const Language language : {Language::ru, Language::en}) {
        const auto ready = starter_forms(language);
        for (const std::string_view trade : trades)
            for (const Purpose purpose : {Purpose::standard, Purpose::signal}) {
                const StarterForm* form = find(ready, trade, purpose);
                ASSERT_TRUE(form) << trade;
                store().write([&](Tx& tx) {
                    const auto id = forms.make(tx, {.company_id = 1,
                                                    .unit = Id<Unit>{1},
                                                    .name = form->name,
                                                    .purpose = purpose,
                                                    .body = form->body,
                                                    .made_by = Id<Account>{1}});
                    const Form made = forms.get(Scope::system(), tx, id);
                    const FormBody body = forms.version(Scope::system(), tx, made.version_id).body;
                    EXPECT_EQ(body.items_count(), form->body.items_count()) << form->key;
                });
            }
    }
}

TEST(StarterSets, a_faultless_talk_is_whole_and_the_worst_one_fails) {
    for (const StarterForm& form : starter_forms(Language::ru)) {
        if (!form.trade) continue;
        const Score best = score_of(form.body, all(form.body, true));
        EXPECT_EQ(best.outcome, Outcome::scored) << form.key;
        EXPECT_EQ(percent_of(form.body, best.value), 100.0) << form.key;
        const Score worst = score_of(form.body, all(form.body, false));
        EXPECT_EQ(percent_of(form.body, worst.value), 0.0) << form.key;
        EXPECT_FALSE(worst.critical.empty()) << form.key;
        const bool fails = worst.outcome == Outcome::failed_critical;
        EXPECT_EQ(fails, form.purpose == Purpose::standard) << form.key;
    }
}

TEST(StarterSets, weights_decide_and_what_did_not_apply_leaves_the_score) {
    for (const StarterForm& form : starter_forms(Language::ru)) {
        if (!form.trade) continue;
        Answers answers = all(form.body, true);
        std::set<std::int64_t> weights;
        const FormItem* optional = nullptr;
        for (const FormItem* item : items_in(form.body)) {
            weights.insert(item->weight);
            if (item->may_be_na()) optional = item;
        }
        EXPECT_GE(weights.size(), 3u) << form.key;
        EXPECT_GE(form.body.sections.size(), 2u) << form.key;
        ASSERT_TRUE(optional) << form.key;
        answers[optional->key] = na_answer;
        EXPECT_EQ(percent_of(form.body, score_of(form.body, answers).value), 100.0) << form.key;
        answers[optional->key] = optional->answers.back().key;
        EXPECT_LT(percent_of(form.body, score_of(form.body, answers).value), 100.0) << form.key;
    }
}

TEST(StarterSets, both_languages_say_the_same_form) {
    const auto russian = starter_forms(Language::ru), english = starter_forms(Language::en);
    ASSERT_EQ(russian.size(), english.size());
    for (std::size_t i = 0; i < russian.size(); ++i) {
        EXPECT_EQ(russian[i].key, english[i].key);
        EXPECT_EQ(russian[i].trade, english[i].trade);
        const auto a = items_in(russian[i].body), b = items_in(english[i].body);
        ASSERT_EQ(a.size(), b.size()) << russian[i].key;
        for (std::size_t k = 0; k < a.size(); ++k) {
            EXPECT_EQ(a[k]->key, b[k]->key);
            EXPECT_EQ(a[k]->weight, b[k]->weight);
            EXPECT_EQ(a[k]->critical_level(), b[k]->critical_level());
            EXPECT_EQ(a[k]->may_be_na(), b[k]->may_be_na());
            EXPECT_EQ(a[k]->hint.has_value(), b[k]->hint.has_value());
            EXPECT_NE(a[k]->text, b[k]->text);
        }
    }
}

}  // namespace otklik
