#pragma once
// A fingerprint as people compare it: pairs of hexadecimal digits, and words that can be read aloud
// over the counter. A word is five letters, consonant vowel consonant vowel consonant, 16 bits;
// eight words are the first 128 bits of the SHA-256, too many to be hit by trying. Pure; any
// thread.
#include <string>
#include <string_view>

namespace otklik {

inline constexpr std::string_view latin_letters = "bdfgklmnprstvzhjaiou";
inline constexpr std::size_t fingerprint_words = 8;

/// "AB:CD:…"
std::string fingerprint_hex(std::string_view hash);
/// `letters`: 16 consonants and 4 vowels, in UTF-8. Two alphabets in the same order of sounds give
/// words that sound alike. At least 16 bytes of hash.
std::string fingerprint_in_words(std::string_view hash, std::string_view letters = latin_letters);

}  // namespace otklik
