// Many presses into one state at once.
#include "base/error.h"
#include "base/text.h"
#include "signals/signals.h"
#include "signals/signals_sql.h"
#include "store/store.h"

namespace otklik {

Signals::Changed Signals::set_one(const Scope& scope, Tx& tx, const Change& change,
                                  SignalState state, std::string_view what, bool take_back) {
    const Signal signal = get(scope, tx, change.id);
    Changed done{change.id, {}, signal.state, signal.version, false};
    // Asked before, or done by another meanwhile.
    if (signal.state == state && (take_back || what.empty() || !signal.what.empty())) return done;
    if (change.version != 0 && change.version != signal.version)
        throw Error(Fault::precondition, "row.changed");
    // Words that are there were written by somebody who heard it: they stay.
    const std::string_view words = take_back || !signal.what.empty() ? "" : what;
    set_state(scope, tx, signal.id, state, signal.version, words);
    if (take_back && !what.empty())
        tx.run(signals_sql::drop_coding, {{"signal", signal.id}, {"what", what}});
    done.version = signal.version + 1;
    done.coded = !words.empty();
    return done;
}

std::vector<Signals::Changed> Signals::set_states(const Scope& scope, Tx& tx,
                                                  std::span<const Change> changes,
                                                  SignalState state, std::string_view what,
                                                  bool take_back) {
    std::vector<Changed> all;
    for (const Change& change : changes) {
        try {
            all.push_back(set_one(scope, tx, change, state, trim(what), take_back));
        } catch (const Error& error) {
            // Rules refuse before they write; a fault of the database ends the transaction.
            if (error.fault() != Fault::not_found && error.fault() != Fault::precondition &&
                error.fault() != Fault::invalid)
                throw;
            all.push_back({change.id, std::string(error.code()), {}, change.version, false});
        }
    }
    return all;
}

}  // namespace otklik
