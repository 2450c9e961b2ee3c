#include "alarms/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "alarms/alarms_sql.h"
#include "base/calendar.h"
#include "base/error.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace alarms_sql;

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::string_view on_setting = "alarm.on";
constexpr std::array<AlarmLimit, 5> limits{{
    {"alarm.stopped_min", "stopped_min", &AlarmRules::stopped_after, 1, 240},
    {"alarm.not_started_min", "not_started_min", &AlarmRules::not_started_after, 1, 720},
    {"alarm.file_min", "file_min", &AlarmRules::file_after, 10, 2'880},
    {"alarm.sound_min", "sound_min", &AlarmRules::sound_over, 10, 240},
    {"alarm.clear_min", "clear_min", &AlarmRules::clear_after, 0, 60},
}};

constexpr std::string_view alarm_verbs[] = {"alarm.closed", "alarm.rules"};
const Kind kinds[] = {
    {"alarm", "alarm", "/points", "journal", alarm_verbs, {}, &place_by<place_of_alarm>},
};

Alarm alarm_of(const Row& row) {
    Alarm alarm;
    alarm.id = row.id<Alarm>(0);
    alarm.company_id = row.integer(1);
    alarm.unit = row.id<Unit>(2);
    alarm.point_id = row.id<Point>(3);
    alarm.recorder_id = row.id<Recorder>(4);
    alarm.cause = parse_enum<AlarmCause>(row.text(5)).value_or(AlarmCause::stopped);
    alarm.local_day = row.integer(6);
    alarm.since_at = row.instant(7);
    alarm.raised_at = row.instant(8);
    alarm.good_since = row.maybe_instant(9);
    alarm.cleared_at = row.maybe_instant(10);
    alarm.cleared_how = row.maybe_text(11).value_or("");
    alarm.times = row.integer(12);
    alarm.told_at = row.maybe_instant(13);
    alarm.subject = row.integer(14);
    return alarm;
}

Topic topic_of(AlarmCause cause) {
    switch (cause) {
        case AlarmCause::stopped:
        case AlarmCause::not_started:
            return Topic::recording;
        case AlarmCause::not_handed:
            return Topic::files;
        case AlarmCause::response:
            return Topic::response;
        case AlarmCause::disk_low:
        case AlarmCause::disk_scarce:
        case AlarmCause::mail:
            return Topic::server;
        default:
            return Topic::sound;
    }
}

bool is_of_server(AlarmCause cause) {
    return topic_of(cause) == Topic::server;
}

bool is_seen(const Scope& scope, const Alarm& alarm) {
    return role_has(scope.role(), right_of(topic_of(alarm.cause))) &&
           allows(scope, {alarm.company_id, alarm.unit.value, 0});
}

std::optional<std::int64_t> whole_number(const std::optional<std::string>& text) {
    std::int64_t value = 0;
    if (!text) return std::nullopt;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return value;
}

Alarm alarm_about(const Recorder& recorder, const Finding& finding) {
    Alarm alarm;
    alarm.company_id = recorder.company_id;
    alarm.unit = recorder.unit;
    alarm.subject = recorder.id.value;
    alarm.point_id = recorder.point_id;
    alarm.recorder_id = recorder.id;
    alarm.cause = finding.cause;
    alarm.local_day = finding.day;
    alarm.since_at = finding.since;
    return alarm;
}

Alarm alarm_about(std::int64_t company_id, const Judged& judged) {
    Alarm alarm;
    alarm.company_id = company_id;
    alarm.unit = judged.unit;
    alarm.subject = judged.subject;
    alarm.point_id = judged.point_id;
    alarm.cause = judged.cause;
    alarm.since_at = judged.since;
    return alarm;
}

const Judged* find_judged(std::span<const Judged> judged, const Alarm& alarm) {
    const auto found = std::find_if(judged.begin(), judged.end(), [&](const Judged& each) {
        return each.cause == alarm.cause && each.subject == alarm.subject;
    });
    return found == judged.end() ? nullptr : &*found;
}

bool holds(std::span<const AlarmCause> causes, AlarmCause cause) {
    return std::find(causes.begin(), causes.end(), cause) != causes.end();
}

/// Closed by hand: it is known, until it has been well once.
bool is_known(const Alarm& before, Instant since) {
    return before.cleared_how == "closed" && since <= *before.cleared_at;
}

/// "28.11 14:05": of the site's clock.
std::string shown_time(Instant at, std::string_view zone) {
    const std::string text = format_local(at, zone);  // 2026-11-20 12:04:03 +03:00
    return text.substr(8, 2) + "." + text.substr(5, 2) + " " + text.substr(11, 5);
}

}  // namespace

const std::span<const Kind> alarm_kinds{kinds};

std::span<const AlarmLimit> alarm_limits() {
    return limits;
}

std::vector<Alarm> Alarms::open(const Scope& scope, Tx& tx) const {
    std::vector<Alarm> found;
    for (const Row& row : tx.rows(open_alarms, {{"company", scope.company_id()}})) {
        Alarm alarm = alarm_of(row);
        if (is_seen(scope, alarm)) found.push_back(std::move(alarm));
    }
    return found;
}

std::optional<PageKey> Alarms::page(const Scope& scope, Tx& tx, std::optional<PageKey> after,
                                    int count_max, std::vector<Alarm>& out) const {
    const TimeRange ever{{0}, tx.now() + Duration::days(1)};
    return walk_sight(tx, scope, "alarm", ever, after, count_max, [&](const Seen& seen) {
        const auto row = tx.row(find_alarm, {{"id", seen.id}});
        if (!row) return false;
        Alarm alarm = alarm_of(*row);
        if (!is_seen(scope, alarm)) return false;
        out.push_back(std::move(alarm));
        return true;
    });
}

Alarm Alarms::close(const Scope& scope, Tx& tx, Id<Alarm> id) {
    const auto row = tx.row(find_alarm, {{"id", id}});
    if (!row || !is_seen(scope, alarm_of(*row))) throw Error(Fault::not_found, "not_found");
    Alarm alarm = alarm_of(*row);
    if (!alarm.cleared_at) clear(tx, alarm, "closed");
    return alarm;
}

AlarmRules Alarms::rules(Tx& tx, std::int64_t company_id) const {
    AlarmRules rules;
    rules.on = uses_.people.setting(tx, company_id, on_setting).value_or("1") != "0";
    for (const AlarmLimit& each : limits)
        if (const auto n = whole_number(uses_.people.setting(tx, company_id, each.setting)))
            rules.*each.length = Duration{*n * minute_us};
    return rules;
}

void Alarms::set_rules(Tx& tx, std::int64_t company_id, const AlarmRules& rules,
                       std::string_view by) {
    for (const AlarmLimit& each : limits) {
        const std::int64_t minutes = (rules.*each.length).us / minute_us;
        if (minutes < each.min || minutes > each.max)
            throw Error(Fault::invalid, "alarm.minutes",
                        {{"min", std::to_string(each.min)}, {"max", std::to_string(each.max)}})
                .at(each.field);
        uses_.people.set_setting(tx, company_id, each.setting, std::to_string(minutes), by);
    }
    uses_.people.set_setting(tx, company_id, on_setting, rules.on ? "1" : "0", by);
}

void Alarms::apply(Tx& tx, const Recorder& recorder, const RecorderFacts& facts,
                   const AlarmRules& rules) {
    const std::vector<Finding> found = judge(facts, rules, tx.now());
    std::vector<Alarm> standing;
    for (const Row& row : tx.rows(open_of_subject, {{"subject", recorder.id}}))
        standing.push_back(alarm_of(row));
    std::set<AlarmCause> stands;
    for (const Alarm& alarm : standing) {
        const auto still = std::find_if(found.begin(), found.end(), [&](const Finding& each) {
            return each.cause == alarm.cause;
        });
        // The file of the alarm's day came, and now that of another day is missed.
        const bool other_day =
            still != found.end() && alarm.good_since && still->day != alarm.local_day;
        if (alarm.point_id != recorder.point_id) {
            clear(tx, alarm, "moved");
        } else if (other_day) {
            clear(tx, alarm, "mended");
        } else if (still != found.end()) {
            stands.insert(alarm.cause);
            if (alarm.good_since) tx.run(note_good, {{"id", alarm.id}, {"good", nullptr}});
        } else if (!rules.on || is_unexpected(facts, alarm.cause, tx.now())) {
            clear(tx, alarm, "not_expected");
        } else if (tells_of(facts, alarm.cause)) {
            grow_well(tx, alarm, rules);
        }
    }
    for (const Finding& each : found)
        if (!stands.contains(each.cause)) raise(tx, alarm_about(recorder, each));
}

void Alarms::apply(Tx& tx, std::int64_t company_id, std::span<const AlarmCause> looked,
                   std::span<const Judged> judged, const AlarmRules& rules) {
    std::set<const Judged*> stands;
    for (const Row& row : tx.rows(open_alarms, {{"company", company_id}})) {
        const Alarm alarm = alarm_of(row);
        if (!holds(looked, alarm.cause)) continue;
        const Judged* found = find_judged(judged, alarm);
        if (found == nullptr || !rules.on) {
            clear(tx, alarm, "not_expected");
        } else if (found->wrong) {
            stands.insert(found);
            if (alarm.good_since) tx.run(note_good, {{"id", alarm.id}, {"good", nullptr}});
        } else {
            grow_well(tx, alarm, rules);
        }
    }
    for (const Judged& each : judged)
        if (each.wrong && rules.on && !stands.contains(&each))
            raise(tx, alarm_about(company_id, each), each.params);
}

bool Alarms::is_settled(Tx& tx, std::int64_t company_id, std::span<const AlarmCause> looked,
                        std::span<const Judged> judged, const AlarmRules& rules) const {
    std::set<const Judged*> stands;
    for (const Row& row : tx.rows(open_alarms, {{"company", company_id}})) {
        const Alarm alarm = alarm_of(row);
        if (!holds(looked, alarm.cause)) continue;
        const Judged* found = find_judged(judged, alarm);
        if (found == nullptr || !rules.on || !found->wrong || alarm.good_since) return false;
        stands.insert(found);
    }
    return std::all_of(judged.begin(), judged.end(), [&](const Judged& each) {
        if (!each.wrong || !rules.on || stands.contains(&each)) return true;
        const auto row =
            tx.row(newest_cleared, {{"subject", each.subject}, {"cause", enum_word(each.cause)}});
        return row && is_known(alarm_of(*row), each.since);
    });
}

void Alarms::grow_well(Tx& tx, const Alarm& alarm, const AlarmRules& rules) {
    if (!alarm.good_since) tx.run(note_good, {{"id", alarm.id}, {"good", tx.now()}});
    if (tx.now() - alarm.good_since.value_or(tx.now()) >= rules.clear_after)
        clear(tx, alarm, "mended");
}

bool Alarms::is_settled(Tx& tx, const Recorder& recorder, const RecorderFacts& facts,
                        const AlarmRules& rules) const {
    const std::vector<Finding> found = judge(facts, rules, tx.now());
    std::size_t told = 0;
    for (const Row& row : tx.rows(open_of_subject, {{"subject", recorder.id}})) {
        const Alarm alarm = alarm_of(row);
        if (alarm.point_id != recorder.point_id) return false;
        if (!tells_of(facts, alarm.cause) && rules.on) continue;
        const bool still = std::any_of(found.begin(), found.end(), [&](const Finding& each) {
            return each.cause == alarm.cause;
        });
        if (!still || alarm.good_since) return false;
        ++told;
    }
    return told == found.size();
}

void Alarms::apply_gone(Tx& tx, std::int64_t company_id, const std::vector<Recorder>& recorders) {
    for (const Row& row : tx.rows(open_alarms, {{"company", company_id}})) {
        const Alarm alarm = alarm_of(row);
        const bool there =
            !alarm.recorder_id ||
            std::any_of(recorders.begin(), recorders.end(),
                        [&](const Recorder& each) { return each.id == alarm.recorder_id; });
        if (!there) clear(tx, alarm, "moved");
    }
}

void Alarms::raise(Tx& tx, Alarm alarm, const ErrorParams& params) {
    if (const auto row = tx.row(newest_cleared,
                                {{"subject", alarm.subject}, {"cause", enum_word(alarm.cause)}})) {
        const Alarm before = alarm_of(*row);
        if (is_known(before, alarm.since_at)) return;
        if (before.cleared_how == "mended" && before.point_id == alarm.point_id &&
            before.local_day == alarm.local_day &&
            tx.now() - *before.cleared_at < alarm_same_within) {
            come_back(tx, before, params);
            return;
        }
    }
    alarm.id = tx.make_id<Alarm>();
    alarm.raised_at = tx.now();
    const auto made = tx.run(insert_alarm, {{"id", alarm.id},
                                            {"company", alarm.company_id},
                                            {"unit", alarm.unit},
                                            {"subject", alarm.subject},
                                            {"point", alarm.point_id},
                                            {"recorder", alarm.recorder_id},
                                            {"cause", enum_word(alarm.cause)},
                                            {"day", alarm.local_day},
                                            {"since", alarm.since_at},
                                            {"at", alarm.raised_at}});
    if (made == 0) return;  // another process was faster
    make_visible(tx, "alarm", alarm.id.value, {alarm.company_id, alarm.unit.value, 0},
                 alarm.raised_at);
    tell(tx, "alarm.raised", alarm.company_id, alarm.unit.value, alarm.id.value);
    tell_people(tx, alarm, true, params);
}

void Alarms::come_back(Tx& tx, const Alarm& alarm, const ErrorParams& params) {
    if (tx.run(reopen_alarm, {{"id", alarm.id}}) == 0) return;
    tell(tx, "alarm.raised", alarm.company_id, alarm.unit.value, alarm.id.value);
    if (!alarm.told_at || tx.now() - *alarm.told_at >= alarm_told_every)
        tell_people(tx, alarm, true, params);
}

void Alarms::clear(Tx& tx, const Alarm& alarm, std::string_view how) {
    if (tx.run(clear_alarm, {{"id", alarm.id}, {"at", tx.now()}, {"how", how}}) == 0) return;
    tell(tx, "alarm.cleared", alarm.company_id, alarm.unit.value, alarm.id.value);
    // Nobody is told of the end of what nobody was told of.
    const bool untold = uses_.notices.withdraw(tx, "alarm", alarm.id.value) > 0;
    if (!untold && how == "mended") tell_people(tx, alarm, false);
}

void Alarms::tell_people(Tx& tx, const Alarm& alarm, bool raised, const ErrorParams& params) {
    if (alarm.cause == AlarmCause::mail) return;
    const auto point = uses_.sites.find_point(Scope::system(), tx, alarm.point_id);
    if (!point && alarm.point_id) return;
    const auto site =
        point ? uses_.sites.find_site(Scope::system(), tx, point->site_id) : std::nullopt;
    const auto recorder = uses_.recording.find_recorder(Scope::system(), tx, alarm.recorder_id);
    const std::string key = raised ? "alarm.line." + std::string(enum_word(alarm.cause))
                                   : "alarm.line.cleared." + std::string(enum_word(alarm.cause));
    News news;
    news.place = {alarm.company_id, alarm.unit.value, 0};
    // The end of the server's trouble is told to those whom its begin was.
    news.topic = raised || is_of_server(alarm.cause) ? topic_of(alarm.cause) : Topic::cleared;
    news.subject_kind = "alarm";
    news.subject = alarm.id.value;
    news.key = key;
    news.zone = point ? point->zone : uses_.sites.home_zone(tx, alarm.company_id);
    news.params = {{"point", point ? point->name : std::string()},
                   {"site", site ? site->name : std::string()},
                   {"recorder", recorder ? recorder->name : std::string()},
                   {"at", shown_time(raised ? alarm.since_at : tx.now(), news.zone)}};
    news.params.insert(news.params.end(), params.begin(), params.end());
    uses_.notices.post(tx, news);
    if (raised) tx.run(note_told, {{"id", alarm.id}, {"at", tx.now()}});
}

}  // namespace otklik
