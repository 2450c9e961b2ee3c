#pragma once
// What the file is, by its content alone: names are never asked.
#include <cstdint>
#include <string_view>

namespace otklik::decode {

class Input;

struct Sniffed {
    /// libav's name of the one demuxer that will be used; empty: not audio we take.
    std::string_view demuxer;
    std::string_view container;    // our word for it
    std::string_view begins_like;  // for a refusal: ZIP, PNG, text, ...
    bool torn = false;             // its head lies about its length, or its end is missing
};

Sniffed sniff(const Input& input);

}  // namespace otklik::decode
