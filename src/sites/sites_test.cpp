#include "sites/sites.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "store/test_store.h"

namespace otklik {
namespace {

class SitesTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        store().write([&](Tx& tx) {
            company = people.make_company(tx, "Мотор");
            Person who;
            who.company_id = company.value;
            who.unit = people.root_unit(tx, company.value);
            who.name = "Орлова Светлана";
            orlova = people.make_person(tx, who);
            who.name = "Павлов Игорь";
            pavlov = people.make_person(tx, who);
            Site site;
            site.company_id = company.value;
            site.name = "Белинского";
            site.zone = "Asia/Yekaterinburg";
            Point till;
            till.site_id = sites.make_site(tx, site);
            till.name = "Касса";
            point = sites.get_point(Scope::system(), tx, sites.make_point(tx, till));
        });
    }
    void duty(Id<Person> who, Duration begin, std::optional<Duration> end) {
        store().write([&](Tx& tx) {
            Duty each;
            each.person_id = who;
            each.begin_at = noon + begin;
            if (end) each.end_at = noon + *end;
            each.source = "api";
            sites.begin_duty(tx, point, each);
        });
    }
    Id<Person> who_at(Duration since) {
        return store().read([&](Tx& tx) { return sites.on_duty(tx, point.id, noon + since); });
    }

    People people;
    Sites sites{people};
    Id<Company> company;
    Id<Person> orlova, pavlov;
    Point point;
    Instant noon = parse_instant("2026-11-20T12:00:00Z").value();
};
OTKLIK_BOTH_DATABASES(SitesTest);

TEST_P(SitesTest, duty_is_half_open_and_the_next_relieves_the_one_before) {
    duty(orlova, Duration::hours(-4), std::nullopt);
    duty(pavlov, Duration::hours(0), Duration::hours(4));
    EXPECT_EQ(who_at(Duration{-1}), orlova);
    EXPECT_EQ(who_at(Duration{0}), pavlov);
    EXPECT_EQ(who_at(Duration::hours(4) - Duration{1}), pavlov);
    EXPECT_FALSE(who_at(Duration::hours(4)));
}

TEST_P(SitesTest, two_people_cannot_hold_one_point_at_once) {
    duty(orlova, Duration::hours(0), Duration::hours(4));
    EXPECT_THROW(duty(pavlov, Duration::hours(3), Duration::hours(5)), Error);
    EXPECT_THROW(duty(pavlov, Duration::hours(-1), std::nullopt), Error);
    duty(pavlov, Duration::hours(4), std::nullopt);
    EXPECT_EQ(who_at(Duration::hours(4)), pavlov);
}

TEST_P(SitesTest, without_a_basis_card_a_point_may_not_record) {
    store().read([&](Tx& tx) { EXPECT_THROW(sites.require_basis(tx, point), Error); });
    BasisCard card;
    card.ground = "участник разговора";
    card.notice = card.signage = card.consent = "да";
    card.confirmed_by = orlova;
    store().write([&](Tx& tx) { sites.confirm_basis(tx, point, card); });
    store().read([&](Tx& tx) { sites.require_basis(tx, point); });
    card.ground = "согласие";
    store().write([&](Tx& tx) { sites.confirm_basis(tx, point, card); });
    store().read(
        [&](Tx& tx) { EXPECT_EQ(sites.basis(Scope::system(), tx, point.id)->ground, "согласие"); });
    store().write([&](Tx& tx) { sites.revoke_basis(tx, point); });
    store().read([&](Tx& tx) { EXPECT_THROW(sites.require_basis(tx, point), Error); });
}

TEST_P(SitesTest, a_site_is_a_unit_and_its_zone_must_exist) {
    Site site;
    site.company_id = company.value;
    site.name = "Луна";
    site.zone = "Moon/Crater";
    EXPECT_THROW(store().write([&](Tx& tx) { sites.make_site(tx, site); }), Error);
    const auto units = store().read([&](Tx& tx) {
        const auto root = people.root_unit(tx, company.value);
        const Scope head = Scope::of(company.value, Role::administrator, 0, 0, {root.value},
                                     {root.value, point.unit.value});
        return people.units(head, tx).size();
    });
    EXPECT_EQ(units, 2U) << "the company and its one site; the refused one left nothing";
}

TEST_P(SitesTest, a_point_says_where_it_is_what_it_is_and_when_it_is_open) {
    const auto again = [&] {
        return store().read([&](Tx& tx) { return sites.get_point(Scope::system(), tx, point.id); });
    };
    EXPECT_EQ(again().profile.type, PointType::unstated);
    EXPECT_FALSE(open_at(again().profile.hours, noon, point.zone)) << "unstated";
    const auto change = [&](const PointProfile& profile) {
        Point changed = again();
        changed.profile = profile;
        store().write([&](Tx& tx) { sites.change_point(Scope::system(), tx, changed); });
    };
    // A Friday, 17:00 in Yekaterinburg; a week is told in any order.
    change({"Зал", PointType::till, FlowClass::high, {{6, 600, 1440}, {5, 540, 1020}}});
    const Point told = again();
    EXPECT_EQ(told.profile.area, "Зал");
    EXPECT_EQ(told.profile.type, PointType::till);
    EXPECT_EQ(told.profile.flow, FlowClass::high);
    ASSERT_EQ(told.profile.hours.size(), 2U);
    EXPECT_EQ(told.profile.hours.front().weekday, 5);
    const auto open = [&](Duration since_noon) {
        return open_at(told.profile.hours, noon + since_noon, told.zone).value();
    };
    EXPECT_TRUE(open(Duration::ms(-1)));
    EXPECT_FALSE(open(Duration{})) << "closes at 17:00";
    EXPECT_TRUE(open(Duration::hours(30))) << "Saturday, 23:00";
    EXPECT_FALSE(open(Duration::hours(31))) << "Sunday";
    for (const std::vector<OpenHours>& wrong : {std::vector<OpenHours>{{1, 600, 600}},
                                                {{1, 600, 1441}},
                                                {{8, 0, 60}},
                                                {{0, 0, 60}},
                                                {{2, 0, 60}, {2, 70, 80}},
                                                {{1, -1, 60}}})
        EXPECT_THROW(change({"", PointType::till, FlowClass::low, wrong}), Error);
    EXPECT_EQ(text_of_hours(again().profile.hours), "5 540-1020;6 600-1440");
}

TEST(PointProfileTimes, are_read_as_people_write_them) {
    EXPECT_EQ(parse_minutes("09:05"), 545);
    EXPECT_EQ(parse_minutes("24:00"), 1440);
    EXPECT_EQ(format_minutes(545), "09:05");
    for (const char* wrong : {"", "9:05", "24:01", "12:60", "ab:cd", "09:05:00", "-1:00"})
        EXPECT_FALSE(parse_minutes(wrong)) << wrong;
}

}  // namespace
}  // namespace otklik
