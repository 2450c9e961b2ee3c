#pragma once
// The words of a text, folded, for comparing and searching. Thread: any.
#include <string>
#include <string_view>
#include <vector>

namespace otklik {

/// Runs of letters and digits in their order. Letters are those of ASCII and all beyond it but the
/// punctuation that texts have: quotation marks, dashes, the ellipsis, hard spaces, the numero
/// sign.
std::vector<std::string> fold_words(std::string_view text);

}  // namespace otklik
