#include "base/words.h"

#include <algorithm>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::string_view marks[] = {"\u00a0", "\u00ab", "\u00b7", "\u00bb", "\u2009", "\u2011",
                                      "\u2013", "\u2014", "\u2018", "\u2019", "\u201c", "\u201d",
                                      "\u201e", "\u2022", "\u2026", "\u202f", "\u2116", "\u2212"};

/// Bytes of the letter or digit that the text begins with; 0: none.
std::size_t letter_length(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80) return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ? 1 : 0;
    const bool is_mark = std::any_of(std::begin(marks), std::end(marks),
                                     [&](std::string_view mark) { return text.starts_with(mark); });
    return is_mark ? 0 : std::max<std::size_t>(1, utf8_length(text));
}

}  // namespace

std::vector<std::string> fold_words(std::string_view text) {
    const std::string folded = fold(text);
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::string_view rest = folded; !rest.empty();) {
        const std::size_t length = letter_length(rest);
        if (length > 0)
            word += rest.substr(0, length);
        else
            end_word();
        rest.remove_prefix(std::max(length, std::max<std::size_t>(1, utf8_length(rest))));
    }
    end_word();
    return words;
}

}  // namespace otklik
