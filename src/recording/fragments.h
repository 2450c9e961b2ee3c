#pragma once
// Fragments that another system cut: kept under a recorder of their point that is no device. No
// list has it, no alarm watches it, and its sessions cover nothing but the press they belong to: no
// other clip is cut from them, nothing is drawn from them, and no hole between recordings is
// explained by them. Thread: any; the transaction is the lock.
#include <string_view>

#include "recording/recording.h"

namespace otklik {

/// Made under this name when it is not there.
Id<Recorder> recorder_of_fragments(Tx& tx, Recording& recording, const Point& point,
                                   std::string_view name);

}  // namespace otklik
