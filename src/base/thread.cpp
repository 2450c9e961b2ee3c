#include "base/thread.h"

#include <pthread.h>

#include <string>

namespace otklik {

void name_thread(std::string_view name) noexcept {
    constexpr std::size_t bytes_max = 15;
    ::pthread_setname_np(::pthread_self(), std::string(name.substr(0, bytes_max)).c_str());
}

}  // namespace otklik
