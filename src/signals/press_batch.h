#pragma once
// One batch of presses inside one transaction. Private to the room; press_intake.cpp fills and
// answers batches. Thread: belongs to the intake's thread.
#include <map>
#include <span>
#include <vector>

#include "signals/signals.h"
#include "store/store.h"

namespace otklik {

/// A press on its way into the store; the pointers live as long as its sender waits.
struct PressItem {
    const Device* device = nullptr;
    const Press* press = nullptr;
    Instant received_at;
    ResolvedPress resolved;
};

/// Writes what is new, counts what is repeated, refuses what differs; answers in the order of the
/// items. May be run again: it changes nothing but through `tx`.
std::vector<PressResult> write_presses(Tx& tx, const Signals& signals, const Sites& sites,
                                       std::span<const PressItem> items);

}  // namespace otklik
