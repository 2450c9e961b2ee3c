// My day: what the reader must do now, and the marks on it.
#include "desk/my_day.h"

#include "checks/checks.h"
#include "forms/forms.h"
#include "recording/recording.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {

struct DueJobTag {};  // the machine's parked jobs stand for one thing
template <>
inline constexpr std::string_view id_prefix<DueJobTag> = "job";

namespace {

constexpr std::int64_t due_rows = 100, due_rows_max = 300;
constexpr std::size_t item_bytes_max = 80;

struct DueView {
    DueKind kind = DueKind::signal;
    std::string item, id;
    std::optional<Id<Point>> point_id;
    std::string point_name, zone;
    std::optional<std::int64_t> day;
    std::int64_t n = 1;
    std::optional<std::string> reason, name;
    Instant since, due_at;
    std::optional<MarkFor> mark;
    std::optional<SignalRow> signal;
    void fields(FieldSink& f) {
        f.choice("kind", kind);
        f.text("item", item, {}, "what a mark names");
        f.text("id", id, {},
               "of the press, check, draw, point, device or recorder; empty: of none of them");
        f.id("point_id", point_id);
        f.text("point_name", point_name);
        f.text("zone", zone);
        f.day("day", day);
        f.integer("n", n, {}, "presses or refusals; seconds where a point lost sound");
        f.text("reason", reason, {},
               "of a point: no_basis, no_recorder, lost; of an alarm: stopped, not_started, "
               "not_handed, quiet, clipped, dead, response, disk_low, disk_scarce, mail");
        f.text("name", name, {}, "of the form, device, recorder or person it is about");
        f.instant("since", since);
        f.instant("due_at", due_at);
        f.choice("mark", mark, "how long it may be waved away; absent: it is done by doing it");
        f.object("signal", signal, "the press itself, as in the inbox");
    }
};
struct GoalsView {
    std::int64_t signal_min = 0, complaint_min = 0, check_min = 0;
    std::optional<std::int64_t> response_percent;
    void fields(FieldSink& f) {
        constexpr NumberLimits limits{1, 43'200};
        f.integer("signal_min", signal_min, limits,
                  "minutes until a press is to be worked through");
        f.integer("complaint_min", complaint_min, limits, "the same for a complaint");
        f.integer("check_min", check_min, limits, "minutes until a check begun is to be finished");
        f.integer("response_percent", response_percent, {1, 100},
                  "of contacts with a press; null: no goal");
    }
};
struct DayView {
    std::int64_t day = 0;
    std::string zone;
    std::vector<DueView> items;
    std::int64_t total = 0, late = 0, signals_done = 0, checks_done = 0;
    GoalsView goals;
    void fields(FieldSink& f) {
        f.day("day", day);
        f.text("zone", zone);
        f.list("items", items, due_rows_max, "latest first");
        f.integer("total", total, {}, "of all, also beyond the items given");
        f.integer("late", late);
        f.integer("signals_done", signals_done, {}, "by the reader, today");
        f.integer("checks_done", checks_done);
        f.object("goals", goals);
    }
};
struct MarkRequest {
    std::string item;
    MarkFor until = MarkFor::tomorrow;
    void fields(FieldSink& f) {
        f.text("item", item, {.bytes_max = item_bytes_max, .may_be_empty = false});
        f.choice("until", until);
    }
};

constexpr std::int64_t minute_us = 60'000'000;

GoalsView view_of(const DayGoals& goals) {
    return {goals.signal.us / minute_us, goals.complaint.us / minute_us, goals.check.us / minute_us,
            goals.response};
}

/// The id of what the thing is about, as its page takes it.
std::string subject_word(const Due& due) {
    switch (due.kind) {
        case DueKind::signal:
            return word(Id<Signal>{due.subject});
        case DueKind::draft:
        case DueKind::own_check:
            return word(Id<Check>{due.subject});
        case DueKind::draw:
            return word(Id<Draw>{due.subject});
        case DueKind::shift:
        case DueKind::refusal:
            return word(Id<Device>{due.subject});
        case DueKind::alarm:
            return due.subject != 0 ? word(Id<Recorder>{due.subject}) : std::string();
        case DueKind::job:
            return word(Id<DueJobTag>{1});
        default:
            return word(due.point_id);
    }
}

class DueRows {
public:
    DueRows(Call& call, Tx& tx) : call_(call), tx_(tx), signals_(call, tx) {}
    DueView row(const Due& due) {
        DueView view;
        view.kind = due.kind;
        view.item = due.item;
        view.id = subject_word(due);
        view.n = due.n;
        view.since = due.since;
        view.due_at = due.due_at;
        view.mark = mark_of(due.kind);
        if (due.local_day != 0) view.day = due.local_day;
        if (!due.reason.empty()) view.reason = due.reason;
        if (due.point_id) {
            view.point_id = due.point_id;
            if (const auto point = call_.rooms.sites.find_point(call_.scope, tx_, due.point_id)) {
                view.point_name = point->name;
                view.zone = point->zone;
            }
        }
        if (due.kind == DueKind::signal)
            view.signal = signals_.row(call_.rooms.signals.get(call_.scope, tx_, {due.subject}));
        else
            view.name = name_of(due);
        return view;
    }

private:
    std::optional<std::string> name_of(const Due& due) {
        if (due.kind == DueKind::draft || due.kind == DueKind::own_check) {
            const Check check = call_.rooms.checks.get(call_.scope, tx_, {due.subject});
            const auto form = call_.rooms.forms.find(call_.scope, tx_, check.form_id);
            return form ? std::optional(form->name) : std::nullopt;
        }
        if (due.kind == DueKind::shift || due.kind == DueKind::refusal)
            if (const auto device =
                    call_.rooms.signals.find_device(call_.scope, tx_, {due.subject}))
                return device->name;
        if (due.kind == DueKind::alarm)
            if (const auto recorder =
                    call_.rooms.recording.find_recorder(call_.scope, tx_, {due.subject}))
                return recorder->name;
        return std::nullopt;
    }

    Call& call_;
    Tx& tx_;
    SignalRows signals_;
};

DayView show_day(Call& call) {
    const auto count = call.query_integer("limit", 0, due_rows_max).value_or(due_rows);
    return call.rooms.store.read([&](Tx& tx) {
        const MyDay day = call.rooms.day.day(call.scope, tx, static_cast<int>(count));
        DayView view;
        view.day = day.local_day;
        view.zone = day.zone;
        view.total = day.total;
        view.late = day.late;
        view.signals_done = day.signals_done;
        view.checks_done = day.checks_done;
        view.goals = view_of(day.goals);
        DueRows rows(call, tx);
        for (const Due& due : day.items) view.items.push_back(rows.row(due));
        return view;
    });
}

Nothing put_day_mark(Call& call, MarkRequest& in) {
    call.rooms.store.write([&](Tx& tx) {
        const Due due = call.rooms.day.mark(call.scope, tx, in.item, in.until, call.actor.word);
        journal(call, tx, "day.marked", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value,
                "{\"item\":\"" + due.item + "\"}");
    });
    return {};
}

Nothing drop_day_mark(Call& call, MarkRequest& in) {
    call.rooms.store.write([&](Tx& tx) {
        call.rooms.day.unmark(call.scope, tx, in.item);
        journal(call, tx, "day.unmarked", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
    return {};
}

Nothing set_day_goals(Call& call, GoalsView& in) {
    call.rooms.store.write([&](Tx& tx) {
        const auto minutes = [](std::int64_t n) { return Duration{n * minute_us}; };
        call.rooms.day.set_goals(call.scope, tx,
                                 {minutes(in.signal_min), minutes(in.complaint_min),
                                  minutes(in.check_min), in.response_percent},
                                 call.actor.word);
        journal(call, tx, "day.goals", "company", call.company_id(),
                call.rooms.people.root_unit(tx, call.company_id()).value);
    });
    return {};
}

constexpr Route day_table[] = {
    route<&show_day>("GET", "/me/day", Right::signed_in,
                     "What the reader must do now, latest first; ?limit=0 for the numbers alone."),
    route<&put_day_mark>("PUT", "/me/day/mark", Right::signed_in,
                         "Puts a thing of the day off until tomorrow, or says it was seen."),
    route<&drop_day_mark>("PUT", "/me/day/unmark", Right::signed_in, "Takes that back."),
    route<&set_day_goals>("PUT", "/settings/day-goals", Right::manage,
                          "How soon things are to be done, in minutes."),
};

}  // namespace

const std::span<const Route> day_routes = day_table;

}  // namespace otklik
