#pragma once
// How XLSX shows a number: by the number format of its cell (ECMA-376 part 1, 18.8.30 and .31).
// Private to paper.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

struct NumberLook {
    enum class Kind { plain, percent, date, time, date_time } kind = Kind::plain;
    std::size_t digits_min = 0;  // "00000" shows 123 as 00123
};
NumberLook look_of_format(int id, std::string_view code);

/// A number as the person sees it; `from_1904` for workbooks that count days so.
std::string shown_number(double value, const NumberLook& look, bool from_1904);

}  // namespace otklik
