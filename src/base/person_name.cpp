#include "base/person_name.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

/// Words apart by white space, and by the dot of an initial that a letter follows.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto close = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    while (!text.empty()) {
        const std::size_t n = std::max<std::size_t>(utf8_length(text), 1);
        const std::string_view letter = text.substr(0, n);
        const bool space =
            letter == no_break_space || (n == 1 && (letter[0] == ' ' || letter[0] == '\t' ||
                                                    letter[0] == '\n' || letter[0] == '\r'));
        if (space) {
            close();
        } else {
            word += letter;
            if (letter == ".") close();
        }
        text.remove_prefix(n);
    }
    close();
    return words;
}

void append_word(std::string& text, std::string_view word) {
    if (word.empty()) return;
    if (!text.empty()) text += ' ';
    text += word;
}

/// "A." of each part of "Anna-Maria".
std::string initials_of(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const std::string_view letter = name.substr(0, std::max<std::size_t>(utf8_length(name), 1));
        if (!out.empty()) out += '-';
        out += letter;
        out += '.';
        const auto hyphen = name.find('-');
        name = hyphen == std::string_view::npos ? std::string_view() : name.substr(hyphen + 1);
    }
    return out;
}

}  // namespace

PersonName split_name(std::string_view text) {
    PersonName name;
    const std::vector<std::string> words = words_of(text);
    if (!words.empty()) name.last = words[0];
    if (words.size() > 1) name.first = words[1];
    for (std::size_t i = 2; i < words.size(); ++i) append_word(name.patronymic, words[i]);
    return name;
}

std::string joined_name(const PersonName& name) {
    std::string text;
    for (const std::string* part : {&name.last, &name.first, &name.patronymic})
        for (const std::string& word : words_of(*part)) append_word(text, word);
    return text;
}

std::string short_name(const PersonName& name) {
    std::string text = name.last;
    for (const std::string* part : {&name.first, &name.patronymic}) {
        if (part->empty()) continue;
        if (!text.empty()) text += no_break_space;
        text += initials_of(*part);
    }
    return text;
}

}  // namespace otklik
