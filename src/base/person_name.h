#pragma once
// Full names with a patronymic, Russian order: last name, first name, patronymic. Thread: any;
// pure functions.
#include <string>
#include <string_view>

namespace otklik {

struct PersonName {
    std::string last;
    std::string first;
    std::string patronymic;  // may be of two words, with a closing "son of" or "daughter of"
    bool operator==(const PersonName&) const = default;
};

/// One text as three parts; initials may stand together ("A.B."). One word is a last name.
PersonName split_name(std::string_view text);
/// "Last First Patronymic", single spaces.
std::string joined_name(const PersonName& name);
/// "Last F. P." with no-break spaces; a double first name keeps both initials.
std::string short_name(const PersonName& name);

}  // namespace otklik
