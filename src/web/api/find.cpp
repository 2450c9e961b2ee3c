// Find: signals, checks and recordings by time, day, words of what was said and who served.
#include <algorithm>
#include <set>

#include "base/calendar.h"
#include "checks/checks.h"
#include "recording/recording.h"
#include "signals/signal_words.h"
#include "store/store.h"
#include "web/api/find_query.h"
#include "web/api/rooms.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

// What is looked at is bounded, whatever is asked: a press of a key may not read a table.
constexpr int signals_max = 8, checks_max = 4, recordings_max = 4;
constexpr int met_max = 200;       // signals that a word or a person gives
constexpr int people_max = 8;      // persons whose names fit
constexpr int days_back = 14;      // a time of day without its day
constexpr int sessions_max = 400;  // recordings of a day that are looked at
constexpr Duration minute_length = Duration::seconds(60);
constexpr Duration session_length_max = Duration::hours(24);

enum class FoundKind { signal, check, recording };

}  // namespace

template <>
inline constexpr std::pair<FoundKind, std::string_view> enum_words<FoundKind>[3] = {
    {FoundKind::signal, "signal"},
    {FoundKind::check, "check"},
    {FoundKind::recording, "recording"}};

namespace {

struct FoundView {
    FoundKind kind = FoundKind::signal;
    std::string id, title, point_name, zone;
    std::optional<std::string> person_name, label;
    std::optional<SignalKind> signal_kind;
    Instant at;
    void fields(FieldSink& f) {
        f.choice("kind", kind);
        f.text("id", id);
        f.text("title", title, {},
               "what was said, the form's name or the recorder's; may be empty");
        f.text("label", label, {}, "of the button");
        f.choice("signal_kind", signal_kind);
        f.text("point_name", point_name);
        f.text("person_name", person_name, {}, "who served");
        f.text("zone", zone);
        f.instant("at", at);
    }
};
struct FoundList {
    std::vector<FoundView> items;
    void fields(FieldSink& f) { f.list("items", items, 100); }
};

class Finder {
public:
    Finder(Call& call, Tx& tx, const FindQuery& query) : call_(call), tx_(tx), query_(query) {
        for (const Point& point : call.rooms.sites.points(call.scope, tx))
            if (!point.zone.empty() &&
                std::find(zones_.begin(), zones_.end(), point.zone) == zones_.end())
                zones_.push_back(point.zone);
    }

    FoundList find() {
        FoundList list;
        if (query_.minute || query_.day)
            by_time();
        else if (!query_.words.empty())
            by_words();
        for (const SignalRow& row : signals_) list.items.push_back(view_of(row));
        add_checks(list);
        if (query_.minute || query_.day) add_recordings(list);
        return list;
    }

private:
    /// Instants that may carry the asked day and minute: all days and zones in question.
    std::vector<TimeRange> ranges() const {
        std::vector<TimeRange> all;
        for (const std::string& zone : zones_) {
            const std::int64_t today = local_day(tx_.now(), zone);
            const std::int64_t last = query_.day.value_or(today);
            const std::int64_t first = query_.day.value_or(today - days_back);
            for (std::int64_t day = last; day >= first; --day) {
                if (!query_.minute) {
                    all.push_back({local_midnight(day, zone), local_midnight(day + 1, zone)});
                    continue;
                }
                const Instant at =
                    local_instant({day, *query_.minute / 60, *query_.minute % 60, 0}, zone);
                all.push_back({at, at + minute_length});
            }
        }
        return all;
    }
    void by_time() {
        for (const TimeRange& range : ranges()) {
            if (static_cast<int>(signals_.size()) >= signals_max) return;
            walk_sight(tx_, call_.scope, "signal", range, std::nullopt, signals_max,
                       [&](const Seen& seen) { return take({seen.id}); });
        }
    }
    void by_words() {
        std::vector<Id<Signal>> met;
        const auto longest =
            std::max_element(query_.words.begin(), query_.words.end(),
                             [](const auto& a, const auto& b) { return a.size() < b.size(); });
        met = signals_by_word(call_.scope, tx_, *longest, met_max);
        int people = 0;
        for (const Person& person : call_.rooms.people.people(call_.scope, tx_)) {
            FindQuery one{.words = {*longest}};
            if (people >= people_max || !find_fits(one, person.name)) continue;
            ++people;
            const auto own = signals_by_person(call_.scope, tx_, person.id, met_max / people_max);
            met.insert(met.end(), own.begin(), own.end());
        }
        for (const Id<Signal> id : met) take(id);
        std::stable_sort(signals_.begin(), signals_.end(),
                         [](const auto& a, const auto& b) { return a.at > b.at; });
        if (static_cast<int>(signals_.size()) > signals_max) signals_.resize(signals_max);
    }
    /// The signal when the reader may see it and all that was asked fits it.
    bool take(Id<Signal> id) {
        if (!seen_.insert(id.value).second) return false;
        const auto signal = call_.rooms.signals.find(call_.scope, tx_, id);
        if (!signal || signal->undone) return false;
        const auto point = call_.rooms.sites.find_point(call_.scope, tx_, signal->point_id);
        if (!point || !at_asked_time(*signal, point->zone)) return false;
        if (!query_.words.empty()) {
            std::string text = signal->what + " " + point->name;
            if (signal->person_id)
                text += " " + call_.rooms.people.person_name(tx_, signal->person_id);
            if (!find_fits(query_, text)) return false;
        }
        signals_.push_back(rows_.row(*signal));
        return true;
    }
    bool at_asked_time(const Signal& signal, const std::string& zone) const {
        if (query_.day && signal.local_day != *query_.day) return false;
        if (!query_.minute) return true;
        const LocalTime local = local_time(zone, signal.pressed_at);
        return local.hour * 60 + local.minute == *query_.minute;
    }
    static FoundView view_of(const SignalRow& row) {
        return {.kind = FoundKind::signal,
                .id = word(row.id),
                .title = row.what.value_or(row.sentence.value_or("")),
                .point_name = row.point_name,
                .zone = row.zone,
                .person_name = row.person_name,
                .label = row.label,
                .signal_kind = row.kind,
                .at = row.at};
    }
    void add_checks(FoundList& list) {
        if (!role_has(call_.scope.role(), Right::check)) return;
        int count = 0;
        for (const SignalRow& row : signals_) {
            if (!row.clip_id) continue;
            for (const Check& check : call_.rooms.checks.of_clip(call_.scope, tx_, *row.clip_id)) {
                if (count++ >= checks_max) return;
                const auto form = call_.rooms.forms.find(call_.scope, tx_, check.form_id);
                list.items.push_back({.kind = FoundKind::check,
                                      .id = word(check.id),
                                      .title = form ? form->name : "",
                                      .point_name = row.point_name,
                                      .zone = row.zone,
                                      .person_name = row.person_name,
                                      .at = row.at});
            }
        }
    }
    /// Recordings that sound at the asked time, or begin on the asked day.
    void add_recordings(FoundList& list) {
        if (!role_has(call_.scope.role(), Right::see_recording)) return;
        int count = 0, looked = 0;
        std::set<std::int64_t> known;
        for (const TimeRange& range : ranges()) {
            if (count >= recordings_max || looked >= sessions_max) return;
            const TimeRange begins{query_.minute ? range.begin - session_length_max : range.begin,
                                   range.end};
            std::vector<RecordingSession> sessions;
            call_.rooms.recording.sessions(call_.scope, tx_, {.begin_in = begins}, std::nullopt,
                                           sessions_max / 4, sessions);
            for (const RecordingSession& session : sessions) {
                if (++looked > sessions_max || count >= recordings_max) break;
                if (session.at.end <= range.begin || !known.insert(session.id.value).second)
                    continue;
                if (add_recording(list, session)) ++count;
            }
        }
    }
    bool add_recording(FoundList& list, const RecordingSession& session) {
        const auto point = call_.rooms.sites.find_point(call_.scope, tx_, session.point_id);
        const auto recorder =
            call_.rooms.recording.find_recorder(call_.scope, tx_, session.recorder_id);
        const std::string name = recorder ? recorder->name : "";
        if (!point || !find_fits(query_, point->name + " " + name)) return false;
        list.items.push_back({.kind = FoundKind::recording,
                              .id = word(session.id),
                              .title = name,
                              .point_name = point->name,
                              .zone = point->zone,
                              .at = session.at.begin});
        return true;
    }

    Call& call_;
    Tx& tx_;
    const FindQuery& query_;
    SignalRows rows_{call_, tx_};
    std::vector<std::string> zones_;
    std::vector<SignalRow> signals_;
    std::set<std::int64_t> seen_;
};

FoundList find_things(Call& call) {
    const std::string text = call.request.query_value("text").value_or("");
    if (text.size() > find_bytes_max)
        throw Error(Fault::invalid, "field.too_long",
                    {{"field", "text"}, {"max", std::to_string(find_bytes_max)}})
            .at("text");
    return call.rooms.store.read([&](Tx& tx) {
        const auto sites = call.rooms.sites.sites(call.scope, tx);
        const std::string zone = sites.empty() ? "UTC" : sites.front().zone;
        const FindQuery query = parse_find(text, local_day(tx.now(), zone));
        return Finder(call, tx, query).find();
    });
}

constexpr Route find_table[] = {
    route<&find_things>("GET", "/find", Right::listen,
                        "Signals, checks and recordings by ?text=: a time, a day, beginnings of "
                        "words of what was said and of who served."),
};

}  // namespace

const std::span<const Route> find_routes = find_table;

}  // namespace otklik
