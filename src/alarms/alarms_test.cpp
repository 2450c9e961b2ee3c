// The alarms that what is judged raises, ends and tells.
#include "alarms/alarms.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "alarms/watch.h"
#include "base/calendar.h"
#include "base/error.h"
#include "recording/recording_testkit.h"
#include "sites/work_calendars.h"
#include "store/test_store.h"

namespace otklik {

constexpr Duration alarm_minute = Duration::seconds(60);

class AlarmsOf : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        world = std::make_unique<testkit::RecordingWorld>(store(), clock, test_store->folder());
        secrets = std::make_unique<Secrets>(test_store->folder());
        notices = std::make_unique<Notices>(world->people, messages, *secrets);
        alarms = std::make_unique<Alarms>(uses());
        watch = std::make_unique<AlarmWatch>(store(), *alarms, uses(), world->blobs, clock);
    }
    Alarms::Uses uses() { return {world->people, world->sites, world->recording, *notices}; }
    Scope console() const { return Scope::console(world->company); }
    Recorder recorder() {
        return store().read([&](Tx& tx) {
            return *world->recording.find_recorder(console(), tx, world->recorder);
        });
    }
    void apply(const RecorderFacts& facts) {
        store().write([&](Tx& tx) { alarms->apply(tx, recorder_in(tx), facts, rules); });
    }
    Recorder recorder_in(Tx& tx) {
        return *world->recording.find_recorder(console(), tx, world->recorder);
    }
    std::vector<Alarm> open() {
        return store().read([&](Tx& tx) { return alarms->open(console(), tx); });
    }
    std::vector<Alarm> all() {
        return store().read([&](Tx& tx) {
            std::vector<Alarm> found;
            alarms->page(console(), tx, std::nullopt, 50, found);
            return found;
        });
    }
    RecorderFacts stopped() {
        RecorderFacts facts;
        facts.is_live = facts.session_open = true;
        facts.heard_until = clock.now() - Duration::seconds(600);
        return facts;
    }
    RecorderFacts well() {
        RecorderFacts facts = stopped();
        facts.heard_until = clock.now();
        return facts;
    }
    Account subscribe() {
        return store().write([&](Tx& tx) {
            MailServer server;
            server.company_id = world->company;
            server.smtp.host = "localhost";
            server.smtp.tls = MailTls::none;
            server.smtp.from_address = "otklik@shop.example";
            server.desk_url = "https://desk.example";
            server.quiet_begin_min = server.quiet_end_min = 0;
            notices->set_server(tx, server, {}, "test");
            Person person;
            person.company_id = world->company;
            person.unit = world->people.root_unit(tx, world->company);
            person.name = "Boss";
            person.email = "boss@shop.example";
            Account account;
            account.company_id = world->company;
            account.unit = person.unit;
            account.person_id = world->people.make_person(tx, person);
            account.login = "boss";
            account.role = Role::administrator;
            account.units = {person.unit.value};
            account.id = world->people.make_account(tx, account, "hash");
            notices->choose(tx, account,
                            {{Topic::recording},
                             {Topic::files},
                             {Topic::sound},
                             {Topic::cleared},
                             {Topic::response},
                             {Topic::server}});
            return account;
        });
    }
    void apply_response(const std::vector<Judged>& judged) {
        constexpr AlarmCause looked[] = {AlarmCause::response};
        const auto settled = [&] {
            return store().read([&](Tx& tx) {
                return alarms->is_settled(tx, world->company, looked, judged, rules);
            });
        };
        const std::size_t before = all().size();
        const bool was_settled = settled();
        store().write([&](Tx& tx) { alarms->apply(tx, world->company, looked, judged, rules); });
        if (was_settled) {
            EXPECT_EQ(all().size(), before);
        }
    }
    Judged response(bool wrong) {
        Judged judged;
        judged.subject = world->point.id.value;
        judged.unit = world->point.unit;
        judged.point_id = world->point.id;
        judged.wrong = wrong;
        judged.since = clock.now() - Duration::days(7);
        judged.params = {{"percent", "12"}, {"goal", "40"}, {"day", "27.11"}};
        return judged;
    }
    std::string causes() {
        std::string words;
        for (const Alarm& each : open()) words += std::string(enum_word(each.cause)) + " ";
        return words;
    }
    std::vector<Notice> letters() {
        return store().read([&](Tx& tx) { return notices->newest(console(), tx, 100); });
    }
    /// Open nine to six each day of the week.
    void open_daily() {
        store().write([&](Tx& tx) {
            Point point = world->sites.get_point(console(), tx, world->point.id);
            for (int weekday = 1; weekday <= 7; ++weekday)
                point.profile.hours.push_back({weekday, 540, 1'080});
            world->sites.change_point(console(), tx, point);
        });
    }
    void at_local(std::int64_t day, int hour, int minute) {
        clock.set(local_instant({day, hour, minute, 0}, "Asia/Yekaterinburg"));
    }

    static constexpr std::int64_t wednesday = 20'775;
    Messages messages;
    AlarmRules rules;
    std::unique_ptr<testkit::RecordingWorld> world;
    std::unique_ptr<Secrets> secrets;
    std::unique_ptr<Notices> notices;
    std::unique_ptr<Alarms> alarms;
    std::unique_ptr<AlarmWatch> watch;
};
OTKLIK_BOTH_DATABASES(AlarmsOf);

TEST_P(AlarmsOf, one_alarm_per_recorder_and_cause_until_it_is_well_for_a_while) {
    apply(stopped());
    apply(stopped());
    ASSERT_EQ(open().size(), 1U);
    EXPECT_EQ(open()[0].cause, AlarmCause::stopped);
    EXPECT_EQ(open()[0].since_at, clock.now() - Duration::seconds(600));
    apply(well());
    EXPECT_EQ(open().size(), 1U) << "well for a moment only";
    clock.advance(Duration::seconds(60));
    apply(stopped());
    EXPECT_FALSE(open()[0].good_since);
    apply(well());
    clock.advance(rules.clear_after);
    apply(well());
    EXPECT_TRUE(open().empty());
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].cleared_how, "mended");
}

TEST_P(AlarmsOf, flapping_is_one_alarm_and_few_letters) {
    subscribe();
    for (int i = 0; i < 6; ++i) {
        apply(stopped());
        // The letter is on its way before it is well again.
        store().write([&](Tx& tx) { tx.run(Sql{"update notice set state = 'sent'"}); });
        apply(well());
        clock.advance(rules.clear_after);
        apply(well());
    }
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].times, 6);
    const auto written = letters();
    EXPECT_EQ(std::count_if(written.begin(), written.end(),
                            [](const Notice& each) { return each.topic == Topic::recording; }),
              1)
        << "once an hour at most";
}

TEST_P(AlarmsOf, a_letter_goes_once_and_not_at_all_when_it_is_over_first) {
    subscribe();
    apply(stopped());
    apply(stopped());
    ASSERT_EQ(letters().size(), 1U);
    const std::string line = letters()[0].line;
    EXPECT_NE(line.find("Приёмка"), std::string::npos);
    EXPECT_NE(line.find("Диктофон"), std::string::npos);
    EXPECT_EQ(line.find("Анна"), std::string::npos) << "nobody is named";
    apply(well());
    clock.advance(rules.clear_after);
    apply(well());
    ASSERT_EQ(letters().size(), 1U) << "nobody is told of the end of what nobody was told of";
    EXPECT_EQ(letters()[0].state, NoticeState::dropped);
}

TEST_P(AlarmsOf, closed_by_hand_stays_closed_until_it_was_well) {
    RecorderFacts facts = stopped();
    apply(facts);
    store().write([&](Tx& tx) { alarms->close(console(), tx, alarms->open(console(), tx)[0].id); });
    clock.advance(Duration::hours(1));
    apply(facts);
    EXPECT_TRUE(open().empty());
    facts.heard_until = clock.now();
    apply(facts);
    clock.advance(Duration::hours(1));
    apply(facts);
    EXPECT_EQ(open().size(), 1U) << "it was well, and stopped again";
}

TEST_P(AlarmsOf, the_end_of_the_day_ends_what_is_expected) {
    apply(stopped());
    RecorderFacts facts = stopped();
    facts.hours_stated = true;
    apply(facts);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].cleared_how, "not_expected");
}

TEST_P(AlarmsOf, a_head_sees_only_alarms_of_the_own_points_and_an_employee_none) {
    apply(stopped());
    const auto seen = [&](Role role, std::set<std::int64_t> units) {
        const Scope scope = Scope::of(world->company, role, 1, 1, units, units);
        return store().read([&](Tx& tx) {
            std::vector<Alarm> page;
            alarms->page(scope, tx, std::nullopt, 50, page);
            const auto now = alarms->open(scope, tx);
            EXPECT_EQ(now.size(), page.size());
            return now.size();
        });
    };
    const std::int64_t here = world->point.unit.value;
    EXPECT_EQ(seen(Role::checker, {here}), 1U);
    EXPECT_EQ(seen(Role::administrator, {here}), 1U);
    EXPECT_EQ(seen(Role::checker, {here + 1}), 0U);
    EXPECT_EQ(seen(Role::employee, {here}), 0U);
    const Scope other = Scope::of(world->company, Role::administrator, 1, 1, {42}, {42});
    const auto id = open()[0].id;
    EXPECT_THROW(store().write([&](Tx& tx) { alarms->close(other, tx, id); }), Error);
}

TEST_P(AlarmsOf, the_file_of_a_day_is_missed_after_closing_and_found_when_it_comes) {
    if (testkit::decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
    open_daily();
    at_local(wednesday, 20, 59);
    watch->look();
    // Nothing ever came, so the day before is missed already.
    ASSERT_EQ(open().size(), 1U);
    EXPECT_EQ(open()[0].local_day, wednesday - 1);
    world->import(testkit::wav_file(testkit::bursts(60, 16'000), 16'000), "a.wav",
                  local_instant({wednesday - 1, 12, 0, 0}, "Asia/Yekaterinburg"));
    watch->look();
    clock.advance(rules.clear_after);
    watch->look();
    ASSERT_EQ(open().size(), 1U) << "now Wednesday is due: it closed three hours ago";
    EXPECT_EQ(open()[0].cause, AlarmCause::not_handed);
    EXPECT_EQ(open()[0].local_day, wednesday);
    EXPECT_EQ(all().size(), 2U);
    at_local(wednesday, 21, 30);
    world->import(testkit::wav_file(testkit::bursts(61, 16'000), 16'000), "b.wav",
                  local_instant({wednesday, 12, 0, 0}, "Asia/Yekaterinburg"));
    watch->look();
    clock.advance(rules.clear_after);
    watch->look();
    EXPECT_TRUE(open().empty());
}

TEST_P(AlarmsOf, a_day_off_by_the_calendar_is_not_missed) {
    open_daily();
    store().write([&](Tx& tx) {
        YearCalendar calendar;
        calendar.company_id = world->company;
        calendar.unit = world->people.root_unit(tx, world->company);
        calendar.year = 2026;
        // All of its working days are off.
        for (std::int64_t day = wednesday - 10; day <= wednesday; ++day)
            calendar.days[day] = DayKind::off;
        keep_calendar(tx, calendar);
    });
    at_local(wednesday, 23, 0);
    watch->look();
    // Saturday and Sunday of before are open by the point's own week.
    ASSERT_EQ(open().size(), 1U);
    EXPECT_EQ(open()[0].local_day, 20'772) << "the Sunday";
}

TEST_P(AlarmsOf, silence_in_a_file_is_a_dead_microphone) {
    if (testkit::decoder().empty()) GTEST_SKIP() << "otklik-decode is not built";
    open_daily();
    world->import(testkit::wav_file(std::vector<std::int16_t>(16'000 * 60), 16'000), "a.wav",
                  local_instant({wednesday, 12, 0, 0}, "Asia/Yekaterinburg"));
    at_local(wednesday, 22, 0);
    watch->look();
    ASSERT_EQ(open().size(), 1U);
    EXPECT_EQ(open()[0].cause, AlarmCause::dead);
}

TEST_P(AlarmsOf, a_recorder_that_is_archived_or_moved_has_no_alarm) {
    open_daily();
    at_local(wednesday, 22, 0);
    watch->look();
    ASSERT_EQ(open().size(), 1U);
    store().write([&](Tx& tx) {
        Recorder box = recorder_in(tx);
        box.archived_at = clock.now();
        world->recording.change_recorder(console(), tx, box);
    });
    watch->look();
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(all()[0].cleared_how, "moved");
}

TEST_P(AlarmsOf, a_response_below_the_goal_stands_until_it_meets_it) {
    subscribe();
    apply_response({response(true)});
    apply_response({response(true)});
    ASSERT_EQ(causes(), "response ");
    EXPECT_EQ(open()[0].point_id, world->point.id);
    EXPECT_FALSE(open()[0].recorder_id);
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].topic, Topic::response);
    EXPECT_NE(letters()[0].line.find("Приёмка: отклик 12 % при цели 40 %"), std::string::npos)
        << letters()[0].line;
    watch->look();
    EXPECT_EQ(causes(), "response ") << "a look at recorders says nothing of it";
    store().write([&](Tx& tx) { tx.run(Sql{"update notice set state = 'sent'"}); });
    apply_response({response(false)});
    clock.advance(rules.clear_after);
    apply_response({response(false)});
    EXPECT_EQ(causes(), "");
    EXPECT_EQ(all()[0].cleared_how, "mended");
    EXPECT_EQ(letters().size(), 2U) << "and its end";
}

TEST_P(AlarmsOf, a_response_that_is_not_judged_any_more_is_not_expected) {
    apply_response({response(true)});
    apply_response({});
    EXPECT_EQ(causes(), "");
    EXPECT_EQ(all()[0].cleared_how, "not_expected");
    // Closed by hand it is known, for as long as the same days are meant.
    apply_response({response(true)});
    store().write([&](Tx& tx) { alarms->close(console(), tx, open()[0].id); });
    clock.advance(Duration::days(1));
    apply_response({response(true)});
    EXPECT_EQ(causes(), "");
    clock.advance(Duration::days(7));
    apply_response({response(true)});
    EXPECT_EQ(causes(), "response ");
}

TEST_P(AlarmsOf, a_disk_that_fills_is_told_to_those_who_run_the_server) {
    subscribe();
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    DiskRoom room{60 * gib, 100 * gib};
    watch->take_disk_from([&] { return room; });
    const auto look = [&](std::int64_t free_gib) {
        room.free_bytes = free_gib * gib;
        watch->look();
        clock.advance(rules.clear_after);
        watch->look();
        return causes();
    };
    EXPECT_EQ(look(60), "");
    EXPECT_EQ(look(12), "disk_low ");
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].topic, Topic::server);
    EXPECT_NE(letters()[0].line.find("свободно 12.0 ГБ"), std::string::npos) << letters()[0].line;
    EXPECT_EQ(look(4), "disk_scarce disk_low ");
    EXPECT_EQ(look(12), "disk_low ") << "low it is still";
    const auto seen = [&](Role role, std::int64_t unit) {
        const Scope scope = Scope::of(world->company, role, 1, 1, {unit}, {unit});
        return store().read([&](Tx& tx) { return alarms->open(scope, tx).size(); });
    };
    const std::int64_t root =
        store().read([&](Tx& tx) { return world->people.root_unit(tx, world->company).value; });
    EXPECT_EQ(seen(Role::administrator, root), 1U);
    EXPECT_EQ(seen(Role::checker, root), 0U);
    EXPECT_EQ(seen(Role::administrator, world->point.unit.value), 0U) << "of a site alone";
    EXPECT_EQ(look(60), "");
}

TEST_P(AlarmsOf, a_disk_that_cannot_be_asked_silences_no_recorder) {
    open_daily();
    at_local(wednesday, 22, 0);
    watch->take_disk_from([]() -> DiskRoom { throw Error(Fault::internal, "internal"); });
    watch->look();
    EXPECT_EQ(causes(), "not_handed ");
}

TEST_P(AlarmsOf, a_role_chooses_only_what_it_may_read) {
    Account account = subscribe();
    account.role = Role::checker;
    store().write([&](Tx& tx) {
        EXPECT_THROW(notices->choose(tx, account, {{Topic::server}}), Error);
        notices->choose(tx, account, {{Topic::response}});
        EXPECT_EQ(notices->choices(tx, account.id).size(), 1U);
    });
}

TEST_P(AlarmsOf, limits_are_settings) {
    AlarmRules wanted;
    wanted.stopped_after = alarm_minute;
    wanted.on = false;
    store().write([&](Tx& tx) { alarms->set_rules(tx, world->company, wanted, "test"); });
    const auto held = store().read([&](Tx& tx) { return alarms->rules(tx, world->company); });
    EXPECT_EQ(held.stopped_after, alarm_minute);
    EXPECT_FALSE(held.on);
    wanted.stopped_after = alarm_minute * 241;
    EXPECT_THROW(
        store().write([&](Tx& tx) { alarms->set_rules(tx, world->company, wanted, "test"); }),
        Error);
}

}  // namespace otklik
