#pragma once
// The lock of the child: what it may do from the first foreign byte on.
#include <cstdint>

namespace otklik::decode {

/// Sets limits, no_new_privs, not dumpable, then seccomp: every call that is not on the list kills
/// the process. Returns false when a part of the lock does not hold; the caller must not go on
/// then.
bool lock_in(std::int64_t cpu_seconds);

}  // namespace otklik::decode
