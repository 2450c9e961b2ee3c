// The inbox: presses as people see them.
#include "signals/signals.h"

#include "clips/clips.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/signal_filter.h"
#include "web/api/signal_view.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

constexpr std::int64_t page_rows = 50, page_rows_max = 200;

struct SignalList {
    std::vector<SignalRow> items;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items, page_rows_max);
        f.text("next", next, {}, "?after= of the next page");
    }
};
struct CountsView {
    std::int64_t fresh = 0, waiting = 0, later = 0, done = 0, undone = 0;
    Instant as_of;
    void fields(FieldSink& f) {
        f.integer("new", fresh);
        f.integer("waiting", waiting, {},
                  "new ones whose recording is not there yet; they are in `new` too");
        f.integer("later", later);
        f.integer("done", done);
        f.integer("undone", undone, {}, "withdrawn; in no other count");
        f.instant("as_of", as_of, "when it was counted; POST /signals/bulk takes it back");
    }
};
struct SignalView : SignalRow {
    std::int64_t deliveries = 1;
    Id<Device> device_id;
    std::string press_id;
    std::optional<Instant> undone_at;
    void fields(FieldSink& f) {
        SignalRow::fields(f);
        f.integer("deliveries", deliveries, {}, "how often the device sent it");
        f.id("device_id", device_id);
        f.text("press_id", press_id);
        f.instant("undone_at", undone_at);
    }
};
struct StateRequest {
    SignalState state = SignalState::fresh;
    std::optional<std::string> what;
    void fields(FieldSink& f) {
        f.choice("state", state);
        f.text("what", what, {.bytes_max = 1000},
               "what exactly was said; needed for done unless it was given before");
    }
};

SignalList list_signals(Call& call) {
    const auto shelf = call.query_choice<Shelf>("state");
    const SignalFilter filter = shelf_filter(signal_filter_of(call), shelf);
    const auto count = call.query_integer("limit", 1, page_rows_max).value_or(page_rows);
    return call.rooms.store.read([&](Tx& tx) {
        SignalList list;
        SignalRows rows(call, tx);
        const auto next = call.rooms.signals.list(
            call.scope, tx, filter, call.query_page(), static_cast<int>(count),
            [&](const Signal& signal) {
                const auto clip = call.rooms.clips.of_signal(call.scope, tx, signal.id);
                if (shelf == Shelf::waiting && !waits_for_sound(clip)) return false;
                list.items.push_back(rows.row(signal, clip));
                return true;
            });
        if (next) list.next = page_word(*next);
        return list;
    });
}

CountsView count_signals(Call& call) {
    const SignalFilter filter = signal_filter_of(call);
    return call.rooms.store.read([&](Tx& tx) {
        const SignalCounts counts = call.rooms.signals.counts(call.scope, tx, filter);
        return CountsView{counts.fresh,  call.rooms.clips.waiting(call.scope, tx, filter),
                          counts.later,  counts.done,
                          counts.undone, tx.now()};
    });
}

SignalView show_signal(Call& call) {
    return call.rooms.store.read([&](Tx& tx) {
        const Signal signal = call.rooms.signals.get(call.scope, tx, call.id<Signal>());
        SignalView view;
        static_cast<SignalRow&>(view) = SignalRows(call, tx).row(signal);
        view.deliveries = signal.deliveries;
        view.device_id = signal.device_id;
        view.press_id = signal.press_id;
        view.undone_at = signal.undone_at;
        call.set_version(signal.version);
        return view;
    });
}

Nothing undo_signal(Call& call) {
    call.rooms.store.write([&](Tx& tx) {
        const Signal signal = call.rooms.signals.get(call.scope, tx, call.id<Signal>());
        const bool test = call.query_integer("test", 0, 1).value_or(0) == 1;
        call.rooms.signals.undo(call.scope, tx, signal.id, call.actor.word, test);
        journal(call, tx, "signal.undone", "signal", signal.id.value, signal.unit.value);
    });
    return {};
}

Nothing set_state(Call& call, StateRequest& in) {
    call.rooms.store.write([&](Tx& tx) {
        const Signal signal = call.rooms.signals.get(call.scope, tx, call.id<Signal>());
        call.require_version(signal.version);
        call.rooms.signals.set_state(call.scope, tx, signal.id, in.state, signal.version,
                                     in.what.value_or(""));
        journal(call, tx, "signal.state", "signal", signal.id.value, signal.unit.value);
        call.set_version(signal.version + 1);
    });
    return {};
}

constexpr Route signals_table[] = {
    route<&list_signals>(
        "GET", "/signals", Right::listen,
        "The inbox, newest first: ?point=&kind=&button=&state=&from=&to=&undone=&after=&limit="),
    route<&count_signals>("GET", "/signals/counts", Right::listen,
                          "How many stand in each state, same filters."),
    route<&show_signal>("GET", "/signals/{id}", Right::listen, "One press."),
    route<&undo_signal>("POST", "/signals/{id}/undo", Right::listen,
                        "Withdraws a press; both rows stay. ?test=1: it tried the point."),
    route<&set_state>("PUT", "/signals/{id}/state", Right::listen,
                      "Sorts the inbox: new, later or done."),
};

}  // namespace

const std::span<const Route> signal_routes = signals_table;

}  // namespace otklik
