// Ready comments and forms by kind of signal: whose they are, who may write them.
#include "checks/test_desk.h"

namespace otklik {

class FormHelpsOf : public DeskTest {
protected:
    Scope admin() const { return scope(Role::administrator, {99}); }
    std::string add(const Scope& by, Id<Person> owner, const std::string& text,
                    const std::string& item = "a") {
        return code_of([&] {
            store().write([&](Tx& tx) {
                forms.add_template(
                    by, tx,
                    {.form_id = signal_form, .item = item, .owner_id = owner, .text = text});
            });
        });
    }
    std::vector<CommentTemplate> seen(const Scope& by) {
        return store().read([&](Tx& tx) { return forms.templates(by, tx, signal_form); });
    }
    std::string remove(const Scope& by, Id<CommentTemplate> id, bool removed = true) {
        return code_of([&] {
            store().write(
                [&](Tx& tx) { forms.set_template_removed(by, tx, signal_form, id, removed); });
        });
    }
};
OTKLIK_BOTH_DATABASES(FormHelpsOf);

TEST_P(FormHelpsOf, own_comments_are_seen_by_their_owner_and_shared_ones_by_all) {
    const Scope other = scope(Role::checker, world->person.id);
    EXPECT_EQ(add(boris(), checker, " did not greet "), "");
    EXPECT_EQ(add(boris(), checker, "did not greet"), "");  // the same text is one
    EXPECT_EQ(add(admin(), {}, "shared"), "");
    EXPECT_EQ(add(boris(), {}, "mine for all"), "template.shared");
    EXPECT_EQ(add(boris(), world->person.id, "for somebody else"), "not_found");
    EXPECT_EQ(add(boris(), checker, "x", "no such item"), "answer.unknown_item");
    EXPECT_EQ(add(boris(), checker, "  "), "field.empty");
    ASSERT_EQ(seen(boris()).size(), 2u);
    EXPECT_EQ(seen(boris())[0].text, "did not greet");  // own ones first
    EXPECT_EQ(seen(boris())[1].text, "shared");
    ASSERT_EQ(seen(other).size(), 1u);

    const auto own = seen(boris())[0].id, shared = seen(boris())[1].id;
    EXPECT_EQ(remove(other, own), "not_found");
    EXPECT_EQ(remove(boris(), shared), "template.shared");
    EXPECT_EQ(remove(boris(), own), "");
    EXPECT_EQ(seen(boris()).size(), 1u);
    EXPECT_EQ(remove(boris(), own, false), "");  // taken back
    EXPECT_EQ(seen(boris()).size(), 2u);
    EXPECT_EQ(remove(admin(), shared), "");
    EXPECT_TRUE(seen(other).empty());
}

TEST_P(FormHelpsOf, an_item_holds_fifty_ready_comments_of_one_owner) {
    for (int i = 0; i < 50; ++i) EXPECT_EQ(add(boris(), checker, std::to_string(i)), "");
    EXPECT_EQ(add(boris(), checker, "one more"), "template.many");
    EXPECT_EQ(add(boris(), checker, "one more", "b"), "");
}

TEST_P(FormHelpsOf, a_kind_proposes_a_form_in_use_that_reads_signals) {
    const auto set = [&](Id<Form> form) {
        return code_of([&] {
            store().write([&](Tx& tx) { forms.set_default(admin(), tx, "complaint", form); });
        });
    };
    const auto given = [&] {
        return store().read([&](Tx& tx) { return forms.defaults(boris(), tx); });
    };
    EXPECT_TRUE(given().empty());
    EXPECT_EQ(set(standard), "form.not_signal");
    EXPECT_EQ(set(signal_form), "");
    EXPECT_EQ(set(signal_form), "");
    ASSERT_EQ(given().size(), 1u);
    EXPECT_EQ(given()[0].signal_kind, "complaint");
    EXPECT_EQ(given()[0].form_id, signal_form);
    store().write([&](Tx& tx) { forms.archive(admin(), tx, signal_form); });
    EXPECT_TRUE(given().empty());
    EXPECT_EQ(set(signal_form), "form.archived");
    EXPECT_EQ(set({}), "");
}

}  // namespace otklik
