#pragma once
// One-time codes that a person types: 8 letters that do not look alike (40 bits). Only their hash
// is stored; who keeps them bounds their life and the tries. Thread: any.
#include <string>
#include <string_view>

namespace otklik {

std::string make_one_time_code();
/// As typed by hand: small letters, spaces and a hyphen are forgiven. Empty: it can be no code.
std::string plain_one_time_code(std::string_view typed);

}  // namespace otklik
