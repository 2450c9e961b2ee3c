#pragma once
// What a person types to find things: a time of day, a day, and the rest, words: "20.11 12:04
// dear".
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

struct FindQuery {
    std::optional<int> minute;        // of the local day, 0..1439
    std::optional<std::int64_t> day;  // local, days since 1970-01-01
    std::vector<std::string> words;   // folded; each begins some word of what is found
};

inline constexpr std::size_t find_bytes_max = 200, find_words_max = 8;

/// `today`: the local day that today, yesterday (in both languages) and a day without its year are
/// counted from.
/// Any bytes are words when they are no time and no day; never throws.
FindQuery parse_find(std::string_view text, std::int64_t today);

/// Every word of the query begins a word of the text.
bool find_fits(const FindQuery& query, std::string_view text);

}  // namespace otklik
