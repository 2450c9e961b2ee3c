// Finding signals by words of what exactly was said and by who was on duty.
#include "signals/signal_words.h"

#include "signals/test_world.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class SignalWords : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        world = std::make_unique<TestWorld>(store(), clock);
        intake = std::make_unique<PressIntake>(store(), world->signals, world->sites, clock);
        noon = clock.now() - Duration::hours(2);
        store().write([&](Tx& tx) {
            Duty duty;
            duty.point_id = world->point.id;
            duty.person_id = world->person.id;
            duty.begin_at = noon - Duration::hours(1);
            duty.source = "settings";
            world->sites.begin_duty(tx, world->point, duty);
        });
    }
    void TearDown() override {
        intake.reset();
        world.reset();
    }
    Id<Signal> press(int minute) {
        const Instant at = noon + Duration::seconds(60 * minute);
        return intake->take(world->device, {{"p" + std::to_string(minute), "3", at, {}, {}}})
            .at(0)
            .signal_id;
    }
    void say(Id<Signal> id, std::string_view what) {
        const auto version = world->find(id).version;
        store().write([&](Tx& tx) {
            world->signals.set_state(world->reader(), tx, id, SignalState::done, version, what);
        });
    }
    std::vector<Id<Signal>> by_word(std::string_view beginning, int most = 10) {
        return store().read(
            [&](Tx& tx) { return signals_by_word(world->reader(), tx, beginning, most); });
    }

    std::unique_ptr<TestWorld> world;
    std::unique_ptr<PressIntake> intake;
    Instant noon;
};
OTKLIK_BOTH_DATABASES(SignalWords);

TEST_P(SignalWords, words_are_found_by_their_beginnings_newest_first) {
    const auto one = press(1), two = press(2), three = press(3);
    say(one, "Ёлка стоит ДОРОГО, ждал час");
    say(two, "дорогая мойка");
    say(three, "the price: 18 400, дорого-бога");
    using Ids = std::vector<Id<Signal>>;
    EXPECT_EQ(by_word("дорог"), (Ids{three, two, one}));
    EXPECT_EQ(by_word("дорог", 2), (Ids{three, two}));
    EXPECT_EQ(by_word("елк"), Ids{one});  // io is ie
    EXPECT_EQ(by_word("бога"), Ids{three});
    EXPECT_EQ(by_word("18"), Ids{three});
    EXPECT_TRUE(by_word("орог").empty());
    EXPECT_TRUE(by_word("").empty());
    say(two, "мойка по цене");  // words written anew are the only ones
    EXPECT_EQ(by_word("дорог"), (Ids{three, one}));
    EXPECT_EQ(by_word("мойк"), Ids{two});
    // A short beginning that many words share is bounded, and still in order.
    std::string many;
    for (int i = 0; i < 30; ++i) many += "цена" + std::to_string(i) + " ";
    say(one, many);
    EXPECT_EQ(by_word("цен"), (Ids{two, one}));
}

TEST_P(SignalWords, signals_processed_before_there_was_a_search_get_their_words_at_start) {
    const auto one = press(1), two = press(2), three = press(3);
    say(one, "oldest words");
    say(two, "!!!");  // no word at all
    say(three, "newest words");
    store().write([&](Tx& tx) {
        tx.run(Sql{"delete from signal_word where signal_id > :least"}, {{"least", 0}});
    });
    EXPECT_TRUE(by_word("words").empty());
    EXPECT_EQ(write_missing_words(store()), 3);
    EXPECT_EQ(by_word("words"), (std::vector{three, one}));
    EXPECT_EQ(write_missing_words(store()), 0);
}

TEST_P(SignalWords, a_reader_of_another_unit_finds_nothing) {
    const auto id = press(1);
    say(id, "дорого");
    const Scope stranger = Scope::of(world->company, Role::checker, 7, 1, {42}, {42});
    const Scope of_site = Scope::of(world->company, Role::checker, 7, 1, {world->point.unit.value},
                                    {world->point.unit.value});
    store().read([&](Tx& tx) {
        EXPECT_TRUE(signals_by_word(stranger, tx, "дорого", 5).empty());
        EXPECT_EQ(signals_by_word(of_site, tx, "дорого", 5), std::vector{id});
        EXPECT_TRUE(signals_by_person(stranger, tx, world->person.id, 5).empty());
    });
}

TEST_P(SignalWords, a_person_is_found_by_their_duties) {
    const auto one = press(1), two = press(2);
    store().read([&](Tx& tx) {
        const auto own = signals_by_person(world->reader(), tx, world->person.id, 10);
        EXPECT_EQ(own, (std::vector{two, one}));
        EXPECT_EQ(signals_by_person(world->reader(), tx, world->person.id, 1), std::vector{two});
        EXPECT_TRUE(signals_by_person(world->reader(), tx, {12345}, 10).empty());
    });
}

TEST_P(SignalWords, a_very_long_word_is_found_by_its_beginning) {
    const auto id = press(1);
    const std::string letter = "\xD1\x8F";  // two bytes: a cut must not part it
    std::string word = "x";
    for (int i = 0; i < 100; ++i) word += letter;
    say(id, word);
    EXPECT_EQ(by_word(word.substr(0, 21)), std::vector{id});
    EXPECT_EQ(by_word(word), std::vector{id});
}

}  // namespace
}  // namespace otklik
