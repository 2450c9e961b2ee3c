#pragma once
// Telephone numbers as people write them, joined to one form (E.164): "8 (912) 345-67-89",
// "+7 912 345 67 89" and "79123456789" are one number. Numbers of other countries are kept when
// their country is written. Thread: any; pure functions.
#include <optional>
#include <string>
#include <string_view>

namespace otklik {

/// "+79123456789"; nothing when it is no whole number: too short, two at once, with words.
std::optional<std::string> phone_of(std::string_view text);
/// "+7 912 345-67-89" for numbers of the Russian plan, else as it is stored.
std::string shown_phone(std::string_view phone);

}  // namespace otklik
