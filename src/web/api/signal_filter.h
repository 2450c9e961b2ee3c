#pragma once
// The filters of the inbox as its address holds them; shared by the list, its counts and the work
// on many presses at once. Thread: values.
#include <optional>

#include "clips/clips.h"
#include "signals/signals.h"
#include "web/api/route.h"

namespace otklik {

/// What ?state= may say: three states of the press, and `waiting` for new ones whose recording is
/// not there.
enum class Shelf { fresh, waiting, later, done };
template <>
inline constexpr std::pair<Shelf, std::string_view> enum_words<Shelf>[4] = {
    {Shelf::fresh, "new"},
    {Shelf::waiting, "waiting"},
    {Shelf::later, "later"},
    {Shelf::done, "done"}};

inline SignalFilter signal_filter_of(const Call& call) {
    SignalFilter filter;
    filter.point_id = call.query_id<Point>("point");
    filter.signal_kind = call.query_choice<SignalKind>("kind");
    const auto key = call.request.query_value("button");
    if (key && !key->empty()) filter.key = *key;
    filter.day_from = call.query_day("from");
    filter.day_to = call.query_day("to");
    filter.undone = call.query_integer("undone", 0, 1).value_or(0) == 1;
    return filter;
}

inline SignalFilter shelf_filter(SignalFilter filter, std::optional<Shelf> shelf) {
    if (shelf == Shelf::later)
        filter.state = SignalState::later;
    else if (shelf == Shelf::done)
        filter.state = SignalState::done;
    else if (shelf)
        filter.state = SignalState::fresh;
    return filter;
}

inline bool waits_for_sound(const std::optional<Clip>& clip) {
    return !clip || clip->state == ClipState::waiting_tail ||
           clip->state == ClipState::waiting_upload;
}

}  // namespace otklik
