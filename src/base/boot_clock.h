#pragma once
// The clock that nobody sets: it counts since the machine was started. Thread: any.
#include <string>

#include "base/time.h"

namespace otklik {

/// Sleep included.
Duration since_boot();
/// This boot, as the kernel names it. Throws Error{internal} where it does not say.
std::string boot_name();

}  // namespace otklik
