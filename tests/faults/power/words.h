#pragma once
// Numbers in the words of a command line and of the expectations. Thread: any.
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace otklik::faults {

/// Throws std::runtime_error unless the whole text is a number.
template <class Number>
Number number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::runtime_error("no number: " + std::string(text));
    return number;
}

}  // namespace otklik::faults
