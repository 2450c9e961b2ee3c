#include "signals/signals.h"

#include "base/error.h"
#include "base/text.h"
#include "signals/signal_words.h"
#include "signals/signals_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace signals_sql;

namespace {

constexpr std::int64_t day_min = -100'000, day_max = 100'000;  // wider than any instant we take
constexpr std::int64_t score_max = 10;
constexpr int open_page_rows = 128;
constexpr int open_looked_max = 5'000;  // as walk_sight: a filter that fits nothing must end
constexpr Duration day_length = Duration::hours(24);

Signal signal_of(const Row& row) {
    Signal signal;
    signal.id = row.id<Signal>(0);
    signal.company_id = row.integer(1);
    signal.unit = row.id<Unit>(2);
    signal.point_id = row.id<Point>(3);
    signal.device_id = row.id<Device>(4);
    signal.press_id = row.text(5);
    signal.key = row.text(6);
    signal.pressed_at = row.instant(7);
    signal.uncertainty = row.duration(8);
    signal.received_at = row.instant(9);
    signal.deliveries = row.integer(10);
    signal.button_id = row.id<Button>(11);
    if (!row.is_null(12)) signal.signal_kind = parse_enum<SignalKind>(row.text(12));
    signal.question_id = row.id<Question>(13);
    signal.person_id = row.id<Person>(14);
    signal.local_day = row.integer(15);
    signal.local_hour = row.integer(16);
    signal.undone = row.flag(17);
    signal.state = parse_enum<SignalState>(row.text(18)).value_or(SignalState::fresh);
    signal.version = row.integer(19);
    signal.undone_at = row.maybe_instant(20);
    signal.device_at = row.maybe_instant(21);
    signal.heard = row.flag(22);
    signal.customer_score = row.maybe_integer(23);
    signal.what = row.maybe_text(24).value_or("");
    signal.test = row.maybe_integer(25).value_or(0) != 0;
    signal.import_id = row.maybe_integer(26).value_or(0);
    return signal;
}

Place place_of(const Signal& signal) {
    return {signal.company_id, signal.unit.value, signal.person_id.value};
}

/// The instants that may carry these local days, whatever the zone (offsets reach 14 h).
TimeRange instants_of_days(const SignalFilter& filter) {
    const auto at = [](std::int64_t day) { return Instant{} + day_length * day; };
    return {filter.day_from ? at(*filter.day_from - 1) : Instant{INT64_MIN / 2},
            filter.day_to ? at(*filter.day_to + 2) : Instant{INT64_MAX / 2}};
}

}  // namespace

bool SignalFilter::fits(const Signal& signal) const {
    if (signal.undone && !undone) return false;
    if (point_id && signal.point_id != *point_id) return false;
    if (signal_kind && signal.signal_kind != *signal_kind) return false;
    if (key && signal.key != *key) return false;
    if (state && signal.state != *state) return false;
    if (day_from && signal.local_day < *day_from) return false;
    return !day_to || signal.local_day <= *day_to;
}

std::optional<Signal> Signals::find(const Scope& scope, Tx& tx, Id<Signal> id) const {
    const auto row = tx.row(find_signal, {{"id", id}});
    if (!row) return std::nullopt;
    Signal signal = signal_of(*row);
    if (!allows(scope, place_of(signal))) return std::nullopt;
    return signal;
}

Signal Signals::get(const Scope& scope, Tx& tx, Id<Signal> id) const {
    auto signal = find(scope, tx, id);
    if (!signal) throw Error(Fault::not_found, "not_found");
    return std::move(*signal);
}

std::optional<PageKey> Signals::list(const Scope& scope, Tx& tx, const SignalFilter& filter,
                                     std::optional<PageKey> after, int count_max,
                                     const std::function<bool(const Signal&)>& take) const {
    const bool open = filter.state && *filter.state != SignalState::done && !filter.undone;
    if (open) return list_open(scope, tx, filter, after, count_max, take);
    return walk_sight(tx, scope, "signal", instants_of_days(filter), after, count_max,
                      [&](const Seen& seen) {
                          const auto signal = find(scope, tx, {seen.id});
                          return signal && filter.fits(*signal) && take(*signal);
                      });
}

std::optional<PageKey> Signals::list_open(const Scope& scope, Tx& tx, const SignalFilter& filter,
                                          std::optional<PageKey> after, int count_max,
                                          const std::function<bool(const Signal&)>& take) const {
    const TimeRange range = instants_of_days(filter);
    PageKey before{range.end, INT64_MIN};
    if (after && after->at < before.at) before = *after;
    int counted = 0;
    for (int looked = 0; looked < open_looked_max;) {
        const auto rows = tx.rows(open_signals, {{"company", scope.company_id()},
                                                 {"state", enum_word(*filter.state)},
                                                 {"before_at", before.at},
                                                 {"before_id", before.id},
                                                 {"begin", range.begin},
                                                 {"count", open_page_rows}});
        for (const Row& row : rows) {
            if (counted >= count_max) return before;
            const Signal signal = signal_of(row);
            before = {signal.pressed_at, signal.id.value};
            ++looked;
            if (allows(scope, place_of(signal)) && filter.fits(signal) && take(signal)) ++counted;
        }
        if (static_cast<int>(rows.size()) < open_page_rows) return std::nullopt;
    }
    return before;
}

std::vector<Signal> Signals::oldest_open(const Scope& scope, Tx& tx, std::optional<SignalKind> kind,
                                         int count_max) const {
    std::vector<Signal> found;
    PageKey after{{INT64_MIN / 2}, 0};
    for (int looked = 0; looked < open_looked_max; looked += open_page_rows) {
        Params asked;  // GCC 12 warns of a moved Param when the list stands in the call
        asked.emplace_back("company", scope.company_id());
        asked.emplace_back("after_at", after.at);
        asked.emplace_back("after_id", after.id);
        asked.emplace_back("count", open_page_rows);
        if (kind) asked.emplace_back("kind", enum_word(*kind));
        const auto rows = tx.rows(kind ? oldest_open_of_kind : oldest_open_without_kind, asked);
        for (const Row& row : rows) {
            Signal signal = signal_of(row);
            after = {signal.pressed_at, signal.id.value};
            if (allows(scope, place_of(signal))) found.push_back(std::move(signal));
            if (static_cast<int>(found.size()) == count_max) return found;
        }
        if (static_cast<int>(rows.size()) < open_page_rows) break;
    }
    return found;
}

SignalCounts Signals::counts(const Scope& scope, Tx& tx, const SignalFilter& filter) const {
    SignalCounts counts;
    const std::string kind(filter.signal_kind ? enum_word(*filter.signal_kind) : "");
    for (const Row& row :
         tx.rows(count_signals, {{"company", scope.company_id()},
                                 {"from", filter.day_from.value_or(day_min)},
                                 {"to", filter.day_to.value_or(day_max)},
                                 {"point", filter.point_id ? filter.point_id->value : 0},
                                 {"kind", kind},
                                 {"key", filter.key.value_or("")}})) {
        const std::int64_t person = row.is_null(1) ? 0 : row.integer(1);
        if (!allows(scope, {scope.company_id(), row.integer(0), person})) continue;
        const std::int64_t n = row.integer(4);
        const auto state = parse_enum<SignalState>(row.text(3));
        if (row.flag(2))
            counts.undone += n;
        else if (state == SignalState::later)
            counts.later += n;
        else if (state == SignalState::done)
            counts.done += n;
        else
            counts.fresh += n;
    }
    return counts;
}

std::vector<Signal> Signals::of_point(const Scope& scope, Tx& tx, Id<Point> point,
                                      TimeRange range) const {
    std::vector<Signal> result;
    for (const Row& row : tx.rows(signals_of_point,
                                  {{"point", point}, {"begin", range.begin}, {"end", range.end}})) {
        Signal signal = signal_of(row);
        if (allows(scope, place_of(signal))) result.push_back(std::move(signal));
    }
    return result;
}

void Signals::write_undo(Tx& tx, const Signal& signal, std::string_view by, bool test) {
    // The first undo stays: a second one, from a retry or from a colleague, changes nothing.
    const auto written = tx.run(insert_undo, {{"id", tx.next_id()},
                                              {"company", signal.company_id},
                                              {"unit", signal.unit},
                                              {"signal", signal.id},
                                              {"by", by},
                                              {"at", tx.now()},
                                              {"test", test}});
    if (written == 0) return;
    tx.run(mark_undone, {{"id", signal.id}});
    tell(tx, "signal.undone", signal.company_id, signal.unit.value, signal.id.value);
}

void Signals::undo(const Scope& scope, Tx& tx, Id<Signal> id, std::string_view by, bool test) {
    write_undo(tx, get(scope, tx, id), by, test);
}

Signal Signals::signal_of_press(Tx& tx, const Device& device, std::string_view press_id) const {
    const auto row = tx.row(same_press, {{"device", device.id}, {"press", press_id}});
    if (!row) throw Error(Fault::not_found, "press.unknown").at("press_id");
    const auto found = tx.row(find_signal, {{"id", row->id<Signal>(0)}});
    if (!found) throw Error(Fault::not_found, "press.unknown").at("press_id");
    return signal_of(*found);
}

Id<Signal> Signals::score_press(Tx& tx, const Device& device, std::string_view press_id,
                                std::int64_t score) {
    if (score < 0 || score > score_max) throw Error(Fault::invalid, "press.score").at("score");
    const Signal signal = signal_of_press(tx, device, press_id);
    const auto written = tx.run(insert_score, {{"id", tx.next_id()},
                                               {"company", signal.company_id},
                                               {"unit", signal.unit},
                                               {"signal", signal.id},
                                               {"score", score},
                                               {"at", tx.now()}});
    if (written > 0)
        tell(tx, "signal.changed", signal.company_id, signal.unit.value, signal.id.value);
    return signal.id;
}

Id<Signal> Signals::undo_press(Tx& tx, const Device& device, std::string_view press_id) {
    const Signal signal = signal_of_press(tx, device, press_id);
    write_undo(tx, signal, word(device.id));
    return signal.id;
}

void Signals::set_state(const Scope& scope, Tx& tx, Id<Signal> id, SignalState state,
                        std::int64_t version, std::string_view what) {
    const Signal signal = get(scope, tx, id);
    const std::string_view words = trim(what);
    if (state == SignalState::done && words.empty() && signal.what.empty() && !signal.undone)
        throw Error(Fault::invalid, "signal.what_missing").at("what");
    const std::optional<std::int64_t> by =
        scope.account_id() != 0 ? std::optional(scope.account_id()) : std::nullopt;
    const auto changed = tx.run(change_state, {{"id", id},
                                               {"state", enum_word(state)},
                                               {"by", by},
                                               {"at", tx.now()},
                                               {"version", version}});
    if (changed == 0) throw Error(Fault::precondition, "row.changed");
    if (!words.empty())
        tx.run(put_coding, {{"signal", id},
                            {"company", signal.company_id},
                            {"unit", signal.unit},
                            {"what", words},
                            {"by", by},
                            {"at", tx.now()}});
    if (!words.empty()) write_signal_words(tx, signal, words);
    tell(tx, "signal.changed", signal.company_id, signal.unit.value, id.value);
}

}  // namespace otklik
