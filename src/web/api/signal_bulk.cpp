// Many presses of the inbox at once: those named, or the next ones of a filter. What is left is
// asked for again with `next`, so that a browser shows how far it is and can stop in between.
#include "base/messages.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/signal_filter.h"
#include "web/api/tables.h"

namespace otklik {
namespace {

// One transaction of the queue of writers: about 20 ms (docs/performance.md).
constexpr std::int64_t bulk_rows_max = 100;

struct BulkItem {
    Id<Signal> id;
    std::optional<std::int64_t> version;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.integer("version", version, {}, "as the reader saw it; absent: the newest");
    }
};
struct BulkRequest {
    SignalState state = SignalState::fresh;
    std::optional<std::string> what;
    std::optional<bool> take_back;
    std::optional<std::vector<BulkItem>> items;
    std::optional<Instant> as_of;
    void fields(FieldSink& f) {
        f.choice("state", state);
        f.text("what", what, {.bytes_max = 1000}, "what exactly was said, for those without words");
        f.flag("take_back", take_back, "takes these words away again");
        f.list("items", items, bulk_rows_max, "absent: the next ones of the filter in the query");
        f.instant("as_of", as_of, "with a filter: leaves alone what was received later");
    }
};
struct BulkRow {
    Id<Signal> id;
    std::optional<std::string> code, title;
    SignalState was = SignalState::fresh;
    std::int64_t version = 0;
    bool coded = false;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.text("code", code, {}, "of the refusal; absent: it is so now");
        f.text("title", title, {}, "the refusal in words");
        f.choice("was", was, "the state before");
        f.integer("version", version, {}, "the newest");
        f.flag("coded", coded, "the words were written by this request");
    }
};
struct BulkReply {
    std::vector<BulkRow> items;
    std::int64_t refused = 0;
    std::optional<std::string> next;
    void fields(FieldSink& f) {
        f.list("items", items, bulk_rows_max);
        f.integer("refused", refused);
        f.text("next", next, {}, "?after= of the next ones of the filter");
    }
};

/// The next presses of the filter in the query; what this very work moved is passed by its key.
std::vector<Signals::Change> next_of_filter(Call& call, Tx& tx, const BulkRequest& in,
                                            std::optional<std::string>& next) {
    const auto shelf = call.query_choice<Shelf>("state");
    const SignalFilter filter = shelf_filter(signal_filter_of(call), shelf);
    std::vector<Signals::Change> changes;
    const auto key = call.rooms.signals.list(
        call.scope, tx, filter, call.query_page(), bulk_rows_max, [&](const Signal& signal) {
            if (in.as_of && signal.received_at > *in.as_of) return false;
            if (shelf == Shelf::waiting &&
                !waits_for_sound(call.rooms.clips.of_signal(call.scope, tx, signal.id)))
                return false;
            changes.push_back({signal.id, signal.version});
            return true;
        });
    if (key) next = page_word(*key);
    return changes;
}

BulkRow bulk_row(const Call& call, const Signals::Changed& done) {
    BulkRow row{done.id, {}, {}, done.was, done.version, done.coded};
    if (done.code.empty()) return row;
    row.code = done.code;
    row.title = call.rooms.messages.message(enum_word(call.actor.language), "error." + done.code);
    return row;
}

BulkReply sort_many(Call& call, BulkRequest& in) {
    return call.rooms.store.write([&](Tx& tx) {
        BulkReply reply;
        std::vector<Signals::Change> changes;
        if (in.items)
            for (const BulkItem& item : *in.items)
                changes.push_back({item.id, item.version.value_or(0)});
        else
            changes = next_of_filter(call, tx, in, reply.next);
        bool any_there = changes.empty();
        for (const Signals::Changed& done :
             call.rooms.signals.set_states(call.scope, tx, changes, in.state, in.what.value_or(""),
                                           in.take_back.value_or(false))) {
            any_there = any_there || done.code != "not_found";
            reply.items.push_back(bulk_row(call, done));
            if (!done.code.empty()) {
                ++reply.refused;
                continue;
            }
            const Signal signal = call.rooms.signals.get(call.scope, tx, done.id);
            journal(call, tx, "signal.state", "signal", done.id.value, signal.unit.value);
        }
        if (!any_there) throw Error(Fault::not_found, "not_found");
        return reply;
    });
}

constexpr Route bulk_table[] = {
    route<&sort_many>("POST", "/signals/bulk", Right::listen,
                      "Sorts up to 100 presses, named or the next of the list's filters; "
                      "tells for each what became of it."),
};

}  // namespace

const std::span<const Route> bulk_routes = bulk_table;

}  // namespace otklik
