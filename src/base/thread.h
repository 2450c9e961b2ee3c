#pragma once
// Threads: their names, as `top -H` and the debugger show them.
// Thread: any.
#include <string_view>

namespace otklik {

/// Names the calling thread; Linux keeps 15 bytes.
void name_thread(std::string_view name) noexcept;

}  // namespace otklik
