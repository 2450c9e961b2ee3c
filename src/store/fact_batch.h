#pragma once
// Many facts of one kind in one round trip: presses come by the hundred.
// Owns nothing; writes table fact as store/facts.h does. Thread: any.
#include <cstdint>
#include <span>
#include <string_view>

namespace otklik {

class Tx;

struct FactSubject {
    std::int64_t company_id = 0;
    std::int64_t unit = 0;
    std::int64_t subject = 0;
};
/// As tell() for each of them, in their order.
void tell_all(Tx& tx, std::string_view kind, std::span<const FactSubject> subjects);

}  // namespace otklik
