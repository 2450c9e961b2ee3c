#include "desk/my_day.h"

#include <algorithm>
#include <map>
#include <set>

#include "alarms/alarms.h"
#include "base/calendar.h"
#include "base/error.h"
#include "checks/checks.h"
#include "desk/desk_sql.h"
#include "people/people.h"
#include "recording/losses.h"
#include "signals/pairing.h"
#include "signals/signals.h"
#include "sites/sites.h"
#include "store/facts.h"

namespace otklik {

using namespace desk_sql;

namespace {

constexpr int signals_of_kind_max = 200;  // of the oldest: the day shows a part of a long queue
constexpr std::size_t points_max = 200;
constexpr std::int64_t clip_days = 30;  // older ones are past their waiting and past mending
constexpr Duration seen_within = Duration::days(30);   // of refusals, draws, own checks
constexpr Duration shift_within = Duration::hours(1);  // a panel that pressed so lately is at work
constexpr Duration own_check_goal = Duration::hours(72);
constexpr Duration marks_life = Duration::days(60);

std::string item_of(DueKind kind, std::int64_t subject, std::int64_t day = 0) {
    std::string item = std::string(enum_word(kind)) + "." + std::to_string(subject);
    if (day != 0) item += "." + std::to_string(day);
    return item;
}

struct HeldMark {
    std::int64_t stamp = 0;
    std::optional<Instant> until;
};

}  // namespace

bool is_shared(DueKind kind) noexcept {
    return kind != DueKind::draft && kind != DueKind::draw && kind != DueKind::own_check;
}

std::optional<MarkFor> mark_of(DueKind kind) noexcept {
    switch (kind) {
        case DueKind::signal:
        case DueKind::draft:
            return std::nullopt;
        case DueKind::sound:
        case DueKind::refusal:
        case DueKind::own_check:
        case DueKind::draw:
            return MarkFor::good;
        default:
            return MarkFor::tomorrow;
    }
}

struct DayDesk::Gathered {
    Instant now;
    std::string zone = "UTC";
    std::int64_t today = 0;
    TimeRange day;
    DayGoals goals;
    std::map<std::string, HeldMark, std::less<>> marks;
    std::vector<Due> items;
    std::set<std::int64_t> alarmed;                // points that an alarm speaks of already
    std::int64_t more_signals = 0, more_late = 0;  // of the queue, beyond what was read

    bool is_hidden(const Due& due) const {
        const auto found = marks.find(due.item);
        if (found == marks.end()) return false;
        return found->second.stamp >= due.stamp &&
               (!found->second.until || now < *found->second.until);
    }
    void add(Due due) {
        if (!is_hidden(due)) items.push_back(std::move(due));
    }
};

void DayDesk::add_signals(const Scope& scope, Tx& tx, Gathered& all) const {
    const auto goal = [&](std::optional<SignalKind> kind) {
        return kind == SignalKind::complaint ? all.goals.complaint : all.goals.signal;
    };
    std::int64_t read = 0, read_late = 0;
    std::vector<std::optional<SignalKind>> kinds{std::nullopt};
    for (const auto& [kind, text] : enum_words<SignalKind>) kinds.emplace_back(kind);
    for (const auto& kind : kinds)
        for (const Signal& signal :
             uses_.signals.oldest_open(scope, tx, kind, signals_of_kind_max)) {
            Due due{DueKind::signal, item_of(DueKind::signal, signal.id.value), signal.id.value,
                    signal.point_id};
            due.since = signal.pressed_at;
            due.due_at = signal.pressed_at + goal(kind);
            ++read;
            if (due.due_at <= all.now) ++read_late;
            all.add(std::move(due));
        }
    for (const Row& row :
         tx.rows(open_signals_counted, {{"company", scope.company_id()},
                                        {"complaint_at", all.now - all.goals.complaint},
                                        {"signal_at", all.now - all.goals.signal}})) {
        if (!allows(scope, {scope.company_id(), row.integer(0), row.maybe_integer(1).value_or(0)}))
            continue;
        all.more_signals += row.integer(2);
        all.more_late += row.integer(3);
    }
    all.more_signals = std::max<std::int64_t>(all.more_signals - read, 0);
    all.more_late = std::max<std::int64_t>(all.more_late - read_late, 0);
    // What was put off is due again a day later.
    for (const Row& row : tx.rows(later_signals_due, {{"company", scope.company_id()}})) {
        if (!allows(scope, {scope.company_id(), row.integer(1), row.maybe_integer(2).value_or(0)}))
            continue;
        Due due{DueKind::signal, item_of(DueKind::signal, row.integer(0)), row.integer(0),
                row.id<Point>(3)};
        due.since = row.instant(4);
        due.due_at = row.maybe_instant(5).value_or(due.since) + all.goals.signal;
        if (due.due_at <= all.now) all.add(std::move(due));
    }
}

void DayDesk::add_checks(const Scope& scope, Tx& tx, Gathered& all) const {
    const auto read = [&](DueKind kind, const std::vector<Row>& rows) {
        for (const Row& row : rows) {
            if (!allows(scope,
                        {scope.company_id(), row.integer(1), row.maybe_integer(2).value_or(0)}))
                continue;
            Due due{kind, item_of(kind, row.integer(0)), row.integer(0), row.id<Point>(3)};
            due.since = row.instant(4);
            due.due_at = due.since + all.goals.check;
            all.add(std::move(due));
        }
    };
    read(DueKind::draft, tx.rows(drafts_of_checker, {{"person", scope.person_id()}}));
    read(DueKind::draw, tx.rows(draws_to_check, {{"company", scope.company_id()},
                                                 {"since", all.now - seen_within},
                                                 {"account", scope.account_id()}}));
}

void DayDesk::add_clips(const Scope& scope, Tx& tx, Gathered& all) const {
    std::map<std::string, Due> days;  // one thing per point and day, however many presses
    for (const Row& row : tx.rows(clips_of_days, {{"company", scope.company_id()},
                                                  {"day_from", all.today - clip_days},
                                                  {"day_to", all.today + 1}})) {
        if (!allows(scope, {scope.company_id(), row.integer(0), row.maybe_integer(1).value_or(0)}))
            continue;
        const bool waits = row.text(4) == "waiting_upload";
        if (waits && !role_has(scope.role(), Right::import_audio)) continue;
        const DueKind kind = waits ? DueKind::upload : DueKind::sound;
        const std::int64_t day = row.integer(3);
        const std::string item = item_of(kind, row.integer(2), day);
        const Instant since = row.instant(7);
        // Sound that is lost is decided upon by the next evening.
        const Instant due_at = waits ? row.instant(6) : since + Duration::hours(24);
        Due& due = days[item];
        if (due.item.empty()) {
            due = {kind, item, row.integer(2), row.id<Point>(2), day, 0};
            due.since = since;
            due.due_at = due_at;
        }
        due.n += row.integer(5);
        due.since = std::min(due.since, since);
        due.due_at = std::min(due.due_at, due_at);
        due.stamp = due.n;
    }
    for (auto& [item, due] : days) all.add(std::move(due));
}

void DayDesk::add_point(const Scope& scope, Tx& tx, const Point& point, Gathered& all) const {
    Due due{DueKind::point, item_of(DueKind::point, point.id.value), point.id.value, point.id};
    due.since = all.day.begin;
    due.due_at = all.day.end;
    if (!uses_.sites.basis(scope, tx, point.id)) {
        due.reason = "no_basis";
    } else if (!uses_.recording.point_has_recorder(tx, point.id, all.now)) {
        due.reason = "no_recorder";
    } else if (all.alarmed.contains(point.id.value)) {
        return;
    } else {
        const Coverage coverage = uses_.recording.coverage(scope, tx, point.id, all.day);
        const auto lost = losses_of(coverage, point.id, {all.day.begin, all.now});
        if (lost.empty()) return;
        Duration sum;
        for (const Loss& each : lost) sum = sum + each.at.length();
        due.reason = "lost";
        due.n = sum.us / Duration::seconds(1).us;
        due.since = due.due_at = lost.front().at.begin;
        due.stamp = lost.back().at.end.us;
    }
    all.add(std::move(due));
}

void DayDesk::add_points(const Scope& scope, Tx& tx, Gathered& all) const {
    std::size_t looked = 0;
    for (const Point& point : uses_.sites.points(scope, tx))
        if (!point.archived_at && looked++ < points_max) add_point(scope, tx, point, all);
}

void DayDesk::add_devices(const Scope& scope, Tx& tx, Gathered& all) const {
    for (const Device& device : uses_.signals.devices(scope, tx)) {
        if (device.revoked_at || !device.seen_at) continue;
        if (all.now - *device.seen_at > shift_within || !paired_at(tx, device.id)) continue;
        if (uses_.sites.on_duty(tx, device.point_id, all.now)) continue;
        Due due{DueKind::shift, item_of(DueKind::shift, device.point_id.value), device.id.value,
                device.point_id};
        due.since = due.due_at = *device.seen_at;
        all.add(std::move(due));
    }
    for (const Row& row : tx.rows(
             refusals_since, {{"company", scope.company_id()}, {"since", all.now - seen_within}})) {
        if (!allows(scope, {scope.company_id(), row.integer(1), 0})) continue;
        Due due{DueKind::refusal, item_of(DueKind::refusal, row.integer(0)), row.integer(0)};
        if (const auto device = uses_.signals.find_device(scope, tx, {row.integer(0)}))
            due.point_id = device->point_id;
        due.n = row.integer(2);
        due.since = row.instant(3);
        due.stamp = row.integer(4);
        due.due_at = row.instant(4) + all.goals.signal;
        all.add(std::move(due));
    }
}

void DayDesk::add_alarms(const Scope& scope, Tx& tx, Gathered& all) const {
    for (const Alarm& alarm : uses_.alarms.open(scope, tx)) {
        if (alarm.recorder_id) all.alarmed.insert(alarm.point_id.value);
        all.add({DueKind::alarm, item_of(DueKind::alarm, alarm.id.value), alarm.recorder_id.value,
                 alarm.point_id, alarm.local_day, 1, std::string(enum_word(alarm.cause)),
                 alarm.since_at, alarm.raised_at, alarm.times});  // back: anew
    }
}

void DayDesk::add_jobs(Tx& tx, Gathered& all) const {
    const auto row = tx.row(jobs_parked_counted);
    if (!row || row->integer(0) == 0) return;
    Due due{DueKind::job, item_of(DueKind::job, 1)};
    due.n = row->integer(0);
    due.since = due.due_at = row->instant(1);
    due.stamp = row->integer(2);
    all.add(std::move(due));
}

void DayDesk::add_own(const Scope& scope, Tx& tx, Gathered& all) const {
    for (const Row& row : tx.rows(
             own_checks_since, {{"person", scope.person_id()}, {"since", all.now - seen_within}})) {
        if (!allows(scope, {scope.company_id(), row.integer(1), row.maybe_integer(2).value_or(0)}))
            continue;
        Due due{DueKind::own_check, item_of(DueKind::own_check, row.integer(0)), row.integer(0),
                row.id<Point>(3)};
        due.since = row.instant(4);
        due.stamp = due.since.us;  // checked anew: to be seen anew
        due.due_at = due.since + own_check_goal;
        all.add(std::move(due));
    }
}

DayDesk::Gathered DayDesk::gather(const Scope& scope, Tx& tx) const {
    Gathered all;
    all.now = tx.now();
    const auto sites = uses_.sites.sites(scope, tx);
    all.zone = sites.empty() ? uses_.sites.home_zone(tx, scope.company_id())  // of an employee
                             : sites.front().zone;
    all.today = local_day(all.now, all.zone);
    all.day = {local_midnight(all.today, all.zone), local_midnight(all.today + 1, all.zone)};
    all.goals = goals(scope, tx);
    for (const Row& row :
         tx.rows(marks_of_desk, {{"company", scope.company_id()}, {"account", scope.account_id()}}))
        all.marks[row.text(0)] = {row.integer(1), row.maybe_instant(2)};
    if (role_has(scope.role(), Right::listen)) {
        add_signals(scope, tx, all);
        add_clips(scope, tx, all);
    }
    if (role_has(scope.role(), Right::check)) add_checks(scope, tx, all);
    if (role_has(scope.role(), Right::see_recording)) add_alarms(scope, tx, all);
    if (role_has(scope.role(), Right::manage)) {
        add_points(scope, tx, all);
        add_devices(scope, tx, all);
    }
    if (role_has(scope.role(), Right::operate)) add_jobs(tx, all);
    if (scope.person_id() != 0) add_own(scope, tx, all);
    std::sort(all.items.begin(), all.items.end(), [](const Due& a, const Due& b) {
        return std::pair(a.due_at, std::string_view(a.item)) <
               std::pair(b.due_at, std::string_view(b.item));
    });
    return all;
}

MyDay DayDesk::day(const Scope& scope, Tx& tx, int count_max) const {
    Gathered all = gather(scope, tx);
    MyDay day;
    day.local_day = all.today;
    day.zone = all.zone;
    day.goals = all.goals;
    day.total = static_cast<std::int64_t>(all.items.size()) + all.more_signals;
    day.late = std::count_if(all.items.begin(), all.items.end(),
                             [&](const Due& due) { return due.due_at <= all.now; }) +
               all.more_late;
    if (all.items.size() > static_cast<std::size_t>(count_max))
        all.items.resize(static_cast<std::size_t>(count_max));
    day.items = std::move(all.items);
    if (scope.account_id() != 0)
        day.signals_done =
            tx.row(signals_done_by, {{"account", scope.account_id()}, {"since", all.day.begin}})
                ->integer(0);
    if (scope.person_id() != 0)
        day.checks_done =
            tx.row(checks_done_by, {{"person", scope.person_id()}, {"since", all.day.begin}})
                ->integer(0);
    return day;
}

Due DayDesk::mark(const Scope& scope, Tx& tx, std::string_view item, MarkFor how,
                  std::string_view by) {
    const Gathered all = gather(scope, tx);
    const auto due = std::find_if(all.items.begin(), all.items.end(),
                                  [&](const Due& each) { return each.item == item; });
    if (due == all.items.end()) throw Error(Fault::not_found, "not_found");
    const auto allowed = mark_of(due->kind);
    if (!allowed || (how == MarkFor::good && *allowed != MarkFor::good))
        throw Error(Fault::conflict, "day.not_markable");
    const std::optional<Instant> until =
        how == MarkFor::tomorrow ? std::optional(all.day.end) : std::nullopt;
    const Id<Unit> root = uses_.people.root_unit(tx, scope.company_id());
    tx.run(put_mark, {{"company", scope.company_id()},
                      {"unit", root},
                      {"account", is_shared(due->kind) ? 0 : scope.account_id()},
                      {"item", item},
                      {"stamp", due->stamp},
                      {"until", until},
                      {"by", by},
                      {"at", all.now}});
    tx.run(forget_marks, {{"company", scope.company_id()}, {"before", all.now - marks_life}});
    tell(tx, "day.changed", scope.company_id(), root.value, due->subject);
    return *due;
}

void DayDesk::unmark(const Scope& scope, Tx& tx, std::string_view item) {
    const auto kind = parse_enum<DueKind>(item.substr(0, item.find('.')));
    if (!kind) throw Error(Fault::not_found, "not_found");
    // Gathered without this mark: what the reader could not have marked is not there.
    const std::int64_t account = is_shared(*kind) ? 0 : scope.account_id();
    tx.run(delete_mark, {{"company", scope.company_id()}, {"account", account}, {"item", item}});
    const Gathered all = gather(scope, tx);
    const bool seen = std::any_of(all.items.begin(), all.items.end(),
                                  [&](const Due& each) { return each.item == item; });
    if (!seen) throw Error(Fault::not_found, "not_found");
    tell(tx, "day.changed", scope.company_id(),
         uses_.people.root_unit(tx, scope.company_id()).value, 1);
}

}  // namespace otklik
