#pragma once
// Sight rows of many things of one kind in one round trip. Thread: any.
#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"

namespace otklik {

class Tx;

struct Sighting {
    std::int64_t id = 0;
    std::int64_t unit = 0;
    Instant at;
};
/// As make_visible() for each of them.
void make_all_visible(Tx& tx, std::string_view kind, std::span<const Sighting> things);

}  // namespace otklik
