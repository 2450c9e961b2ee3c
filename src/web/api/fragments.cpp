// Fragments of another system and the presses of its log: which belongs to which, what is missing.
#include "imports/fragments.h"

#include "base/messages.h"
#include "sites/sites.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr Duration fragment_before_max = Duration::seconds(600);
constexpr int presses_page = 100;

struct FragmentsAsk {
    std::vector<std::string> paths;
    Duration before;
    FragmentNamed named = FragmentNamed::begin;
    void fields(FieldSink& f) {
        f.texts("paths", paths, fragments_at_once, {.bytes_max = 1'000, .may_be_empty = false},
                "names of files, with their folders");
        f.length_ms("before_ms", before, {0, fragment_before_max.us / 1'000},
                    "a fragment begins so long before its press");
        f.choice("named", named, "what the time in a name says: of the begin, or of the press");
    }
};
struct FragmentView {
    std::string path;
    std::optional<std::string> code, reason;
    std::optional<Id<Signal>> signal_id;
    std::optional<Instant> pressed_at, begin_at;
    std::optional<std::string> point_name, zone;
    std::int64_t presses = 0;
    std::optional<Id<Recorder>> recorder_id;
    std::optional<Duration> uncertainty;
    bool by_time = false;
    void fields(FieldSink& f) {
        f.text("path", path);
        f.text("code", code, {}, "why it is not to be sent");
        f.text("reason", reason, {}, "the same in words");
        f.id("signal_id", signal_id, "the press it belongs to");
        f.instant("pressed_at", pressed_at);
        f.text("point_name", point_name);
        f.text("zone", zone, {}, "of the point, IANA");
        f.integer("presses", presses, {}, "that have this file");
        f.flag("by_time", by_time, "the time in its name says so, not the log");
        f.id("recorder_id", recorder_id, "where it is to be sent as a recording, with …");
        f.instant("begin_at", begin_at, "… this start");
        f.length_ms("uncertainty_ms", uncertainty);
    }
};
struct FragmentMatches {
    std::vector<FragmentView> items;
    void fields(FieldSink& f) { f.list("items", items, fragments_at_once); }
};
struct LoggedPressView {
    Id<Signal> signal_id;
    Instant pressed_at;
    std::string point_name, zone;
    std::optional<std::string> file_named;
    void fields(FieldSink& f) {
        f.id("signal_id", signal_id);
        f.instant("pressed_at", pressed_at);
        f.text("point_name", point_name);
        f.text("zone", zone, {}, "of the point, IANA");
        f.text("file_named", file_named, {}, "as the log calls its fragment");
    }
};
struct LoggedPressList {
    std::vector<LoggedPressView> items;
    std::int64_t presses = 0, with_fragment = 0;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items, 1000, "that have no fragment, the oldest first");
        f.integer("presses", presses, {}, "of the log");
        f.integer("with_fragment", with_fragment);
        f.text("next", next, {}, "?after= of the next page");
    }
};

FragmentView fragment_view(const Call& call, const FragmentMatch& match) {
    FragmentView view;
    view.path = match.path;
    view.presses = match.presses;
    view.by_time = match.by_time;
    if (match.signal_id) {
        view.signal_id = match.signal_id;
        view.pressed_at = match.pressed_at;
        view.point_name = match.point.name;
        view.zone = match.point.zone;
    }
    if (!match.code.empty()) {
        view.code = match.code;
        view.reason = call.rooms.messages.message(
            enum_word(call.actor.language), "error." + match.code, {{"point", match.point.name}});
        return view;
    }
    view.recorder_id = match.recorder_id;
    view.begin_at = match.begin_at;
    view.uncertainty = match.uncertainty;
    return view;
}

SheetImport get_log(Call& call, Tx& tx) {
    SheetImport import = call.rooms.imports.get(call.scope, tx, call.id<SheetImport>());
    if (import.import_kind != ImportKind::presses) throw Error(Fault::not_found, "not_found");
    return import;
}

FragmentMatches match_fragments(Call& call, FragmentsAsk& in) {
    return call.rooms.store.write([&](Tx& tx) {
        const SheetImport import = get_log(call, tx);
        const Fragments::Wish wish{import.id, std::move(in.paths), in.before, in.named,
                                   std::string(enum_word(call.actor.language))};
        FragmentMatches view;
        for (const FragmentMatch& each : call.rooms.fragments.match(import, call.scope, tx, wish))
            view.items.push_back(fragment_view(call, each));
        journal(call, tx, "import.fragments", "import", import.id.value, import.unit.value);
        return view;
    });
}

LoggedPressList list_without_fragment(Call& call) {
    const auto limit = static_cast<int>(call.query_integer("limit", 1, 500).value_or(presses_page));
    return call.rooms.store.read([&](Tx& tx) {
        const SheetImport import = get_log(call, tx);
        LoggedPressList list;
        const auto counts = call.rooms.fragments.counts(tx, import.id);
        list.presses = counts.presses;
        list.with_fragment = counts.with_fragment;
        const auto rows = call.rooms.fragments.missing(tx, import.id, call.query_page(), limit);
        for (const LoggedPress& each : rows) {
            const auto point = call.rooms.sites.find_point(call.scope, tx, each.point_id);
            if (!point) continue;
            LoggedPressView view{each.signal_id, each.pressed_at, point->name, point->zone, {}};
            if (!each.file_named.empty()) view.file_named = each.file_named;
            list.items.push_back(std::move(view));
        }
        if (static_cast<int>(rows.size()) == limit)
            list.next = page_word({rows.back().pressed_at, rows.back().signal_id.value});
        return list;
    });
}

constexpr Route fragment_table[] = {
    route<&match_fragments>("POST", "/imports/{id}/fragments", Right::manage_people,
                            "Which press of an imported log each file of a folder belongs to, "
                            "and where to send it; what fits none, or several, is named."),
    route<&list_without_fragment>("GET", "/imports/{id}/presses", Right::manage_people,
                                  "Presses of an imported log that have no fragment."),
};

}  // namespace

const std::span<const Route> fragment_routes = fragment_table;

}  // namespace otklik
