// The window of a clip after its press: joined by another press of the same button, or set anew by
// a person. What was cut stays as a version.
#include <algorithm>

#include "base/error.h"
#include "clips/clips.h"
#include "clips/clips_sql.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {

using namespace clips_sql;

namespace {

// A talk is longer, but a clip is heard whole: presses beyond it begin the next one.
constexpr Duration merged_max = Duration::seconds(600);
constexpr Duration recut_pin = Duration::days(30);  // as for a press that nobody processed

}  // namespace

void Clips::set_window(Tx& tx, const Clip& clip, TimeRange asked) {
    const Point point = sites_.get_point(Scope::system(), tx, clip.point_id);
    const Instant give_up_at = std::max(asked.end, tx.now()) + point.give_up_after;
    tx.run(move_window, {{"id", clip.id},
                         {"begin", asked.begin},
                         {"end", asked.end},
                         {"give_up", give_up_at},
                         {"at", tx.now()}});
    recording_.unpin(tx, "clip", clip.id.value);
    recording_.pin(tx, point, {asked.begin - clip.uncertainty, asked.end + clip.uncertainty},
                   "press", "clip", clip.id.value, tx.now() + recut_pin);
    tell(tx, "clip.wanted", clip.company_id, clip.unit.value, clip.id.value);
}

std::optional<Id<Clip>> Clips::merge(Tx& tx, const Signal& signal, TimeRange asked) {
    const auto row = tx.row(clip_to_join, {{"point", signal.point_id},
                                           {"device", signal.device_id},
                                           {"key", signal.key},
                                           {"begin", asked.begin},
                                           {"end", asked.end},
                                           {"from", asked.begin - merged_max}});
    const auto clip = row ? find(Scope::system(), tx, row->id<Clip>(0)) : std::nullopt;
    if (!clip) return std::nullopt;
    const TimeRange both{std::min(clip->asked.begin, asked.begin),
                         std::max(clip->asked.end, asked.end)};
    if (both.length() > merged_max) return std::nullopt;
    tx.run(insert_clip_signal, {{"clip", clip->id}, {"signal", signal.id}});
    if (both != clip->asked) set_window(tx, *clip, both);
    return clip->id;
}

void Clips::become_fragment(Tx& tx, Id<Signal> signal_id, const RecordingSession& fragment) {
    const auto clip = find(Scope::system(), tx, want(tx, signal_id));
    if (!clip || clip->fragment_id || clip->state == ClipState::final || clip->erased_at) return;
    tx.run(clips_sql::become_fragment, {{"id", clip->id}, {"session", fragment.id}});
    set_window(tx, *clip, fragment.at);
}

void Clips::recut(const Scope& scope, Tx& tx, Id<Clip> id, Duration before, Duration after) {
    const auto clip = find(scope, tx, id);
    if (!clip) throw Error(Fault::not_found, "not_found");
    if (clip->fragment_id) throw Error(Fault::conflict, "clip.is_fragment");
    const Signal signal = signals_.get(Scope::system(), tx, clip->signal_id);
    const auto button = signals_.find_button(tx, signal.button_id);
    const Duration before_max =
        std::max(recut_before_max, button ? button->window_before : Duration{});
    const Duration after_max =
        std::max(recut_after_max, button ? button->window_after : Duration{});
    const auto refuse = [](const char* field, Duration most) {
        throw Error(Fault::invalid, "clip.recut",
                    {{"seconds_max", std::to_string(most.us / 1'000'000)}})
            .at(field);
    };
    if (before < Duration{} || before > before_max) refuse("before_ms", before_max);
    if (after < Duration::seconds(1) || after > after_max) refuse("after_ms", after_max);
    const TimeRange asked{signal.pressed_at - before, signal.pressed_at + after};
    for (const Gap& gap : recording_.coverage(Scope::system(), tx, clip->point_id, asked).gaps)
        if (gap.cause == "erased") throw Error(Fault::conflict, "clip.source_erased");
    if (clip->erased_at) throw Error(Fault::conflict, "clip.source_erased");
    if (asked != clip->asked) set_window(tx, *clip, asked);
}

std::vector<Id<Signal>> Clips::signals_of(Tx& tx, Id<Clip> id) const {
    std::vector<std::pair<Instant, Id<Signal>>> presses;
    for (const Row& row : tx.rows(signals_of_clip, {{"clip", id}}))
        presses.emplace_back(row.instant(0), row.id<Signal>(1));
    std::sort(presses.begin(), presses.end());
    std::vector<Id<Signal>> ids;
    for (const auto& press : presses) ids.push_back(press.second);
    return ids;
}

}  // namespace otklik
