// P38, issue 5.7: what goes with a term and what stays, file by file: hours that somebody needs,
// cuts over a border of erased sound, holds that follow a repaired recording.
#include "clips/clip_expiry.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "clips/test_repair_house.h"
#include "recording/holds.h"
#include "recording/retention.h"
#include "store/disk.h"
#include "store/test_store.h"

namespace otklik {
namespace {

constexpr Instant kept_day{1'763'456'400'000'000};

class ExpiryOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        clock.set(kept_day + Duration::hours(2));
        blobs = std::make_unique<Blobs>(test_store->folder(), clock, 0);
        house = std::make_unique<RepairHouse>(store(), *blobs, clock, kept_day);
        retention = std::make_unique<Retention>(store(), *blobs, house->recording,
                                                house->world.sites, house->world.people);
        expiry = std::make_unique<ClipExpiry>(store(), *blobs, house->world.signals, house->clips,
                                              house->world.sites);
        for (const Point& point : house->points)
            store().write([&](Tx& tx) {
                BasisCard card;
                card.ground = card.notice = card.signage = card.consent = "yes";
                card.retention_days = 20;
                card.clip_days = 40;
                card.confirmed_by = house->world.person.id;
                house->world.sites.confirm_basis(tx, point, card);
            });
    }
    void at_day(int days) {
        clock.set(kept_day + Duration::days(days));
        while (retention->erase_due(house->world.company)) ++batches;
        while (expiry->erase_due(house->world.company)) ++batches;
    }
    Hold hold(int place, double from, double to) {
        return store().write([&](Tx& tx) {
            Hold wish;
            wish.at = {second(from), second(to)};
            wish.reason = "a claim";
            wish.subject_kind = "point";
            wish.subject = house->points[place].id.value;
            return make_hold(tx, house->recording, house->points[place], wish);
        });
    }
    static Instant second(double at) {
        return kept_day + Duration{static_cast<std::int64_t>(at * 1e6)};
    }
    std::int64_t samples_left(std::size_t session) {
        return store().read([&](Tx& tx) {
            std::int64_t count = 0;
            for (const Track& track : house->recording.tracks(tx, house->sessions[session]))
                for (const auto& each : house->recording.segments(tx, track.id, 0, 1 << 30))
                    count += each.sample_count;
            return count;
        });
    }
    std::vector<Gap> gaps(int place) {
        return store().read([&](Tx& tx) {
            return house->recording
                .coverage(Scope::system(), tx, house->points[place].id,
                          {kept_day - Duration::days(1), kept_day + Duration::days(1)})
                .gaps;
        });
    }
    void settle_gaps(int place) {
        for (const Gap& gap : gaps(place))
            house->cut_all(
                store().read([&](Tx& tx) { return house->clips.clips_to_meet_gap(tx, gap.id); }));
    }

    int batches = 0;
    std::unique_ptr<Blobs> blobs;
    std::unique_ptr<RepairHouse> house;
    std::unique_ptr<Retention> retention;
    std::unique_ptr<ClipExpiry> expiry;
};
OTKLIK_BOTH_DATABASES(ExpiryOf);

TEST_P(ExpiryOf, only_the_hours_that_nobody_needs_go) {
    house->record(300, kept_day, Duration::ms(50), house->recorders[0], house->points[0].id, true);
    const std::int64_t whole = samples_left(0);
    hold(0, 20, 30);
    at_day(25);
    const std::int64_t left = samples_left(0);
    EXPECT_GT(left, 0);
    EXPECT_LT(left, whole);
    EXPECT_FALSE(house->session(0).erased_at) << "some of it is there";
    const auto erased = gaps(0);
    ASSERT_EQ(erased.size(), 1U);
    EXPECT_EQ(erased[0].cause, "erased");
    EXPECT_EQ(erased[0].at.end, second(300));
    EXPECT_NEAR(static_cast<double>(samples_of(erased[0].at.length())),
                static_cast<double>(whole - left), 1'000);
    at_day(26);
    EXPECT_EQ(samples_left(0), left) << "looked at again, it changes nothing";
    EXPECT_EQ(gaps(0).size(), 1U);
}

TEST_P(ExpiryOf, a_cut_over_the_border_of_erased_sound_stays_as_it_was_cut) {
    house->record(300, kept_day, Duration::ms(50), house->recorders[0], house->points[0].id, true);
    house->press(0, 120);
    const auto before = house->cut(0).value();
    ASSERT_EQ(before.state, "final");
    ASSERT_EQ(before.missing_samples, 0);
    hold(0, 20, 30);
    at_day(25);
    ASSERT_LT(samples_left(0), 300 * samples_per_second);
    settle_gaps(0);
    EXPECT_EQ(house->cut(0)->id, before.id) << "half of its sound is nowhere else now";
    // Put elsewhere, what is left must not take the cut along.
    const auto plan = store().read([&](Tx& tx) {
        RepairWish wish;
        wish.seen = house->seen(tx, house->sessions[0]);
        wish.point_id = house->points[1].id;
        return house->repairs.plan(Scope::system(), tx, wish);
    });
    house->apply(plan);
    house->settle();
    EXPECT_EQ(house->cut(0)->id, before.id);
}

TEST_P(ExpiryOf, a_hold_follows_the_sound_that_a_repair_moves) {
    house->record(300, kept_day, Duration::ms(50), house->recorders[0], house->points[0].id);
    const Hold held = hold(0, 100, 200);
    const auto plan = store().read([&](Tx& tx) {
        RepairWish wish;
        wish.seen = house->seen(tx, house->sessions[0]);
        wish.point_id = house->points[1].id;
        wish.shift_by = Duration::hours(1);
        return house->repairs.plan(Scope::system(), tx, wish);
    });
    house->apply(plan);
    at_day(25);
    EXPECT_GT(samples_left(0), 0);
    store().read([&](Tx& tx) {
        const auto there =
            holds_meeting(Scope::system(), tx, house->points[1].id, {second(3'600), second(3'900)});
        ASSERT_EQ(there.size(), 1U);
        EXPECT_EQ(there[0].id, held.id);
        EXPECT_TRUE(is_held(tx, house->points[1].id, {second(3'750), second(3'751)}));
        EXPECT_FALSE(is_held(tx, house->points[1].id, {second(3'801), second(3'890)}));
    });
    store().write([&](Tx& tx) { release_hold(tx, held, {}, "settled"); });
    at_day(33);
    EXPECT_EQ(samples_left(0), 0) << "one release lets all of it go";
}

TEST_P(ExpiryOf, sound_that_is_gone_is_moved_no_more) {
    house->record(60, kept_day, Duration::ms(50), house->recorders[0], house->points[0].id);
    at_day(25);
    ASSERT_TRUE(house->session(0).erased_at);
    EXPECT_EQ(house->session(0).at.begin, kept_day) << "the row says what was there";
    try {
        store().read([&](Tx& tx) {
            RepairWish wish;
            wish.seen = house->seen(tx, house->sessions[0]);
            wish.shift_by = Duration::hours(1);
            return house->repairs.plan(Scope::system(), tx, wish);
        });
        FAIL() << "was planned";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "repair.erased");
    }
}

TEST_P(ExpiryOf, a_backlog_goes_in_bites) {
    for (int i = 0; i < 45; ++i)
        house->record(1, kept_day + Duration::seconds(10 * i), Duration::ms(50),
                      house->recorders[0], house->points[0].id);
    hold(0, 0, 5);
    at_day(25);
    EXPECT_EQ(batches, 2);
    EXPECT_GT(samples_left(0), 0);
    for (std::size_t i = 1; i < 45; ++i) EXPECT_EQ(samples_left(i), 0) << i;
    store().read([&](Tx& tx) {
        const PointTerms terms = retention->terms(tx, house->points[0]);
        EXPECT_EQ(terms.kept, 1);
        EXPECT_EQ(terms.due, 1);
        EXPECT_EQ(terms.oldest_end_at, second(1));
    });
}

TEST(DiskRoom, is_low_by_its_share_and_never_on_a_disk_with_much_room) {
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    const auto state = [](std::int64_t free, std::int64_t total) {
        return DiskRoom{free, total}.state();
    };
    EXPECT_EQ(state(16 * gib, 100 * gib), DiskState::ample);
    EXPECT_EQ(state(14 * gib, 100 * gib), DiskState::low);
    EXPECT_EQ(state(6 * gib, 100 * gib), DiskState::low) << "more than 5 GiB";
    EXPECT_EQ(state(4 * gib, 100 * gib), DiskState::scarce);
    EXPECT_EQ(state(100 * gib, 10'000 * gib), DiskState::ample) << "1 %, and days of sound";
    EXPECT_EQ(state(60 << 20, 64 << 20), DiskState::ample);
    EXPECT_EQ(state(2 << 20, 64 << 20), DiskState::scarce);
}

}  // namespace
}  // namespace otklik
