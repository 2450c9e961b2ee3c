#include "tls/fingerprint.h"

#include <cassert>
#include <cstdint>
#include <vector>

#include "base/text.h"

namespace otklik {

std::string fingerprint_hex(std::string_view hash) {
    const std::string digits = hex(hash);
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        if (i > 0) out += ':';
        for (const char c : {digits[i], digits[i + 1]})
            out += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

std::string fingerprint_in_words(std::string_view hash, std::string_view letters) {
    std::vector<std::string_view> sounds;
    while (!letters.empty()) {
        const std::size_t length = utf8_length(letters);
        if (length == 0) break;
        sounds.push_back(letters.substr(0, length));
        letters.remove_prefix(length);
    }
    assert(sounds.size() == 20 && hash.size() >= 2 * fingerprint_words);
    const auto consonant = [&](unsigned bits) { return sounds[bits & 15]; };
    const auto vowel = [&](unsigned bits) { return sounds[16 + (bits & 3)]; };
    std::string out;
    for (std::size_t i = 0; i < fingerprint_words; ++i) {
        const unsigned bits = static_cast<unsigned>(static_cast<std::uint8_t>(hash[2 * i])) << 8 |
                              static_cast<std::uint8_t>(hash[2 * i + 1]);
        if (i > 0) out += ' ';
        out += consonant(bits >> 12);
        out += vowel(bits >> 10);
        out += consonant(bits >> 6);
        out += vowel(bits >> 4);
        out += consonant(bits);
    }
    return out;
}

}  // namespace otklik
