#pragma once
// Ids: 63 bits, milliseconds since 2020 (42 bits) then a counter (21 bits) seeded at random per
// process; unique by construction inside a process, by chance 1 : 2^21 a millisecond between
// processes that start together. In JSON an id is a word: prefix, underscore, 13 Crockford base32
// digits ("clip_0d3k2m8x4r7qz"). Thread: any.
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace otklik {

class Clock;

/// The prefix of T's ids in JSON, specialised next to T: template <> inline constexpr
/// std::string_view id_prefix<Clip> = "clip";
template <class T>
inline constexpr std::string_view id_prefix{};

template <class T>
struct Id {
    std::int64_t value = 0;  // 0 is no id
    auto operator<=>(const Id&) const = default;
    explicit operator bool() const { return value != 0; }
};

/// A new id, larger than all earlier ones of this process.
std::int64_t next_id(const Clock& clock);
template <class T>
Id<T> make_id(const Clock& clock) {
    return {next_id(clock)};
}

std::string id_word(std::string_view prefix, std::int64_t value);
/// Nothing when the prefix or a digit is wrong.
std::optional<std::int64_t> parse_id_word(std::string_view prefix, std::string_view word);

template <class T>
std::string word(Id<T> id) {
    return id_word(id_prefix<T>, id.value);
}

}  // namespace otklik

template <class T>
struct std::hash<otklik::Id<T>> {
    std::size_t operator()(const otklik::Id<T>& id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
